// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view sandbox_pages = "/-/sandbox";
constexpr std::string_view callback = "http://127.0.0.1/atlink-check";
constexpr std::string_view no_verifier = "not-the-verifier";

/// What the person on the consent page says, and where that leads.
struct Decision {
  std::string verifier;
  std::string redirect;
};

Result<Decision> decide(Stage& stage, const PendingLogin& pending, std::string_view word) {
  ApiRequest request;
  request.method = "POST";
  request.path = fmt::format("{}/decide", sandbox_pages);
  request.form = {{"oauth_token", pending.request_token}, {"decision", std::string(word)}};
  ATLINK_ASSIGN(const json::Value answer, ask_sandbox(stage, request));
  return Decision{text_at(answer, "verifier"), text_at(answer, "redirect")};
}

/// A dance by one way. Keeps the connection that the dance refers to.
class Way {
 public:
  Way(Stage& stage, Connection connection)
      : connection_(std::move(connection)),
        dance_(stage.platform(), connection_, issued_for(connection_)) {}

  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;
  Way(Way&&) = delete;
  Way& operator=(Way&&) = delete;
  ~Way() = default;

  [[nodiscard]] Dance& dance() { return dance_; }

  [[nodiscard]] const Connection& connection() const { return connection_; }

 private:
  static IssuedFor issued_for(const Connection& connection) {
    return {connection.product.id, connection.base.str(), connection.consumer.key, {}};
  }

  Connection connection_;
  Dance dance_;
};

/// Where the answer of the consent page goes: nowhere, or where the description wants a callback.
std::string_view usual_callback(const OAuth1Rules& rules) {
  return rules.out_of_band ? "oob" : callback;
}

Result<Credential> sign_in(Stage& stage, Way& way) {
  ATLINK_ASSIGN(const PendingLogin pending, way.dance().begin(usual_callback(stage.rules())));
  ATLINK_ASSIGN([[maybe_unused]] const Url page, way.dance().authorize_url(pending));
  ATLINK_ASSIGN(const Decision decision, decide(stage, pending, "allow"));
  return way.dance().finish(pending, decision.verifier);
}

/// Whom the site takes for the sender of a request that is signed in the way of `like`.
Result<std::string> sender(Stage& stage, const Connection& like, const Credential& credential) {
  ATLINK_ASSIGN(Connection connection, stage.connect(like.method, like.transmission));
  Client client(stage.platform(),
                std::move(connection),
                oauth1::Token{credential.token, credential.token_secret.clone()});
  client.retry.attempts = 1;
  ApiRequest request;
  request.method = "GET";
  request.path = fmt::format("{}/echo", sandbox_pages);
  request.query = {{"what", "a b+c/é"}, {"nothing", ""}};
  ATLINK_ASSIGN(const Answer answer, ask(client, request));
  if (answer.error) {
    return fail(*answer.error);
  }
  return json::find_string(answer.body, "/user").value_or("");
}

Verdict play_way(Stage& stage,
                 oauth1::SignatureMethod method,
                 oauth1::Transmission transmission,
                 SignedIn& credential) {
  auto connection = stage.connect(method, transmission);
  if (!connection) {
    return failed("the sandbox cannot be reached", connection.error());
  }
  Way way(stage, std::move(*connection));
  auto granted = sign_in(stage, way);
  if (!granted) {
    return failed("the sign-in did not work", granted.error());
  }
  const auto user = sender(stage, way.connection(), *granted);
  if (!user) {
    return failed("a signed request did not work", user.error());
  }
  if (*user != Stage::user) {
    return failed(fmt::format("a signed request came from \"{}\"", printable(*user, 60)));
  }
  if (!credential) {
    credential = std::move(*granted);
  }
  return passed("signed in and sent a signed request");
}

std::string_view word_of(oauth1::Transmission transmission) {
  switch (transmission) {
    case oauth1::Transmission::header:
      return "header";
    case oauth1::Transmission::query:
      return "query";
    case oauth1::Transmission::form:
      break;
  }
  return "form";
}

/// A sign-in that is begun, and the way it goes.
struct Begun {
  std::unique_ptr<Way> way;
  PendingLogin pending;
};

Result<Begun> begin(Stage& stage, std::string_view callback_url) {
  ATLINK_ASSIGN(Connection connection, stage.connect());
  auto way = std::make_unique<Way>(stage, std::move(connection));
  ATLINK_ASSIGN(PendingLogin pending, way->dance().begin(callback_url));
  return Begun{std::move(way), std::move(pending)};
}

bool is_oauth_problem(ErrorCode code) {
  return static_cast<int>(code) / 100 == static_cast<int>(ErrorCode::oauth1_problem_other) / 100;
}

/// Passes where finishing fails in one of the ways that `expected` takes.
template <class Expected>
Verdict must_fail(const Result<Credential>& finished, std::string_view what, Expected expected) {
  if (finished) {
    return failed(fmt::format("{} ends in a credential", what));
  }
  return expected(finished.error().code) ? passed(std::string(meaning_of(finished.error().code)))
                                         : failed(what, finished.error());
}

Verdict play_denied(Stage& stage) {
  auto begun = begin(stage, callback);
  if (!begun) {
    return failed("the sign-in could not be begun", begun.error());
  }
  const auto decision = decide(stage, begun->pending, "deny");
  if (!decision) {
    return failed("access could not be denied", decision.error());
  }
  const std::string& word = stage.rules().denied_verifier;
  Dance& dance = begun->way->dance();
  if (word.empty()) {
    return must_fail(dance.finish(begun->pending, no_verifier), "a denied sign-in", [](auto code) {
      return code == ErrorCode::oauth1_permission_denied;
    });
  }
  if (decision->redirect.find("oauth_verifier=" + percent_encode(word)) == std::string::npos) {
    return failed(fmt::format("the callback of a denied sign-in is {}, without the verifier \"{}\"",
                              printable(decision->redirect),
                              word));
  }
  return must_fail(dance.finish(begun->pending, word), "a denied sign-in", [](auto code) {
    return code == ErrorCode::login_denied;
  });
}

Verdict play_wrong_verifier(Stage& stage) {
  auto begun = begin(stage, usual_callback(stage.rules()));
  if (!begun) {
    return failed("the sign-in could not be begun", begun.error());
  }
  if (const auto decision = decide(stage, begun->pending, "allow"); !decision) {
    return failed("access could not be allowed", decision.error());
  }
  return must_fail(begun->way->dance().finish(begun->pending, no_verifier),
                   "a sign-in with a wrong verifier",
                   is_oauth_problem);
}

Verdict play_expired(Stage& stage) {
  const auto lifetime = stage.rules().request_token_lifetime;
  if (lifetime.count() == 0) {
    return skipped("how long temporary credentials live is not known");
  }
  auto begun = begin(stage, usual_callback(stage.rules()));
  if (!begun) {
    return failed("the sign-in could not be begun", begun.error());
  }
  const auto decision = decide(stage, begun->pending, "allow");
  if (!decision) {
    return failed("access could not be allowed", decision.error());
  }
  stage.clock().pass(lifetime + std::chrono::seconds(1));
  // The client would not even send it; what the site says is of interest.
  begun->pending.expires_at += lifetime * 2;
  return must_fail(begun->way->dance().finish(begun->pending, decision->verifier),
                   "a sign-in with expired temporary credentials",
                   [](auto code) { return code == ErrorCode::oauth1_token_expired; });
}

Verdict play_callback(Stage& stage) {
  auto begun = begin(stage, callback);
  if (!begun) {
    return failed("the sign-in could not be begun", begun.error());
  }
  const auto decision = decide(stage, begun->pending, "allow");
  if (!decision) {
    return failed("access could not be allowed", decision.error());
  }
  const auto url = Url::parse(decision->redirect);
  const FormFields fields = url ? parse_form(url->query().value_or("")) : FormFields();
  if (form_value(fields, "oauth_token") != begun->pending.request_token) {
    return failed(fmt::format("the browser is sent to {}, without the token that was asked for",
                              printable(decision->redirect)));
  }
  const std::string verifier(form_value(fields, "oauth_verifier").value_or(""));
  const auto granted = begun->way->dance().finish(begun->pending, verifier);
  return granted ? passed() : failed("the sign-in did not work", granted.error());
}

}  // namespace

SignedIn play_dances(Recorder& recorder, Stage& stage) {
  SignedIn credential;
  for (const oauth1::SignatureMethod method : stage.rules().signature_methods) {
    for (const oauth1::Transmission transmission : stage.rules().transmissions) {
      const std::string name = fmt::format(
          "play.dance.{}.{}", name_part(oauth1::wire_name(method)), word_of(transmission));
      recorder.run(name, [&] { return play_way(stage, method, transmission, credential); });
    }
  }
  return credential;
}

void play_refusals(Recorder& recorder, Stage& stage) {
  recorder.run("play.dance.callback", [&] { return play_callback(stage); });
  recorder.run("play.dance.denied", [&] { return play_denied(stage); });
  recorder.run("play.dance.wrong-verifier", [&] { return play_wrong_verifier(stage); });
  recorder.run("play.dance.expired", [&] { return play_expired(stage); });
}

void play_renewal(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  recorder.run("play.renewal", [&]() -> Verdict {
    const OAuth1Rules& rules = stage.rules();
    if (!rules.renewal) {
      return skipped("tokens cannot be renewed");
    }
    if (!credential) {
      return skipped("no sign-in worked");
    }
    auto connection = stage.connect();
    if (!connection) {
      return failed("the sandbox cannot be reached", connection.error());
    }
    Way way(stage, std::move(*connection));
    stage.clock().pass(rules.access_token_lifetime + std::chrono::seconds(1));
    const auto expired = sender(stage, way.connection(), *credential);
    if (expired && rules.access_token_lifetime.count() > 0) {
      return failed("a credential counts longer than its lifetime");
    }
    const auto renewed = way.dance().renew(*credential);
    if (!renewed) {
      return failed("renewing did not work", renewed.error());
    }
    const auto user = sender(stage, way.connection(), *renewed);
    return user ? passed() : failed("a request with the renewed credential", user.error());
  });
}

}  // namespace atlink::plugins::kit
