// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::plugins::kit {

namespace {

using Meaning = ResponseSignal::Meaning;

constexpr std::string_view faults_path = "/-/sandbox/faults";
constexpr std::string_view echo_path = "/-/sandbox/echo";
constexpr std::string_view pause = "7";

/// What the sandbox can do by a fault, and what has to be understood.
struct Signal {
  Meaning meaning;
  std::string_view fault;
  std::string_view value;
  std::string_view method;
  ErrorCode code;
};

constexpr std::array signals{
    Signal{Meaning::login_page, "login-page", "", "GET", ErrorCode::answer_login_page},
    Signal{Meaning::captcha, "captcha", "", "GET", ErrorCode::answer_captcha},
    Signal{Meaning::authentication_failed,
           "authentication-failed",
           "",
           "GET",
           ErrorCode::answer_unauthorized},
    Signal{Meaning::xsrf, "xsrf", "", "POST", ErrorCode::answer_xsrf},
    Signal{Meaning::rate_limited, "rate-limit", pause, "GET", ErrorCode::answer_rate_limited},
    Signal{Meaning::anonymous, "anonymous", "", "GET", ErrorCode::credential_anonymous},
};

/// Faults of the sandbox, for as long as this lives.
class Fault {
 public:
  Fault(Stage& stage, const Signal& signal) : stage_(stage) {
    json::Value fault;
    fault.set("name", signal.fault);
    if (!signal.value.empty()) {
      fault.set("value", signal.value);
    }
    outcome_ = put(json::Array{std::move(fault)});
  }

  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  Fault(Fault&&) = delete;
  Fault& operator=(Fault&&) = delete;

  // What is wrong with this is seen by the next check.
  ~Fault() { static_cast<void>(put({})); }

  [[nodiscard]] const Status& outcome() const { return outcome_; }

 private:
  Status put(json::Array faults) {
    json::Value document;
    document.set("faults", std::move(faults));
    const auto body = body_from_string(json::write(document));
    ApiRequest request;
    request.method = "PUT";
    request.path = faults_path;
    request.headers.add("Content-Type", "application/json");
    request.body = body.get();
    ATLINK_ASSIGN([[maybe_unused]] const json::Value answer, ask_sandbox(stage_, request));
    return {};
  }

  Stage& stage_;
  Status outcome_;
};

/// Whether the product says anything by which this can be understood.
bool is_described(const Product& product, Meaning meaning) {
  if (meaning == Meaning::rate_limited) {
    return true;  // 429 means it anywhere
  }
  if (meaning == Meaning::anonymous && !product.identity) {
    return false;
  }
  return std::any_of(product.signals.begin(), product.signals.end(), [&](const auto& signal) {
    return signal.meaning == meaning;
  });
}

/// What a request says while the fault is on; none where it succeeds.
Result<std::optional<Error>> meet(Client& client, const Signal& signal) {
  if (signal.meaning == Meaning::anonymous) {
    const auto user = client.who_am_i();
    return user ? std::optional<Error>() : std::optional(user.error());
  }
  ApiRequest request;
  request.method = signal.method;
  request.path = echo_path;
  ATLINK_ASSIGN(Answer answer, ask(client, request));
  return std::move(answer.error);
}

Verdict play_signal(Stage& stage, Client& client, const Signal& signal) {
  if (!is_described(stage.product(), signal.meaning)) {
    return skipped("no signal means it");
  }
  const Fault fault(stage, signal);
  if (!fault.outcome()) {
    return failed("the sandbox refuses the fault", fault.outcome().error());
  }
  const auto met = meet(client, signal);
  if (!met) {
    return failed("a request did not work", met.error());
  }
  if (!*met) {
    return failed("the answer is taken for a good one", "check /signals");
  }
  if ((*met)->code != signal.code) {
    return failed(fmt::format("the answer is understood as {}", name_of((*met)->code)),
                  (*met)->message);
  }
  if (signal.meaning == Meaning::rate_limited && (*met)->fact("retry_after") != pause) {
    return failed("how long to wait is not understood", (*met)->message);
  }
  return passed(std::string(meaning_of(signal.code)));
}

}  // namespace

void play_signals(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  const auto client =
      credential ? client_of(stage, *credential) : Result<std::unique_ptr<Client>>();
  for (const Signal& signal : signals) {
    recorder.run(fmt::format("play.signal.{}", signal.fault), [&] {
      return credential && client ? play_signal(stage, **client, signal)
                                  : skipped("no sign-in worked");
    });
  }
}

}  // namespace atlink::plugins::kit
