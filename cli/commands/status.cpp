// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/pins.h"
#include "cli/private_key.h"
#include "cli/standing.h"
#include "cli/time_span.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace atlink::cli::commands {

namespace {

std::string in_words(const std::optional<TimePoint>& time) {
  return time ? to_rfc3339(*time) : "not known";
}

std::string user_in_words(const Standing& standing) {
  if (standing.two_legged) {
    return "none (two-legged)";
  }
  const std::string user = standing.user.empty() ? "not known" : standing.user;
  return standing.valid ? user : user + " (the server was not asked)";
}

std::string method_in_words(const Standing& standing) {
  if (standing.product.empty()) {
    // Of a profile that cannot be used.
    return {};
  }
  switch (standing.method) {
    case SignInMethod::oauth1:
      return fmt::format("OAuth 1.0a, {}", standing.signature_method);
    case SignInMethod::oauth2:
      return "OAuth 2.0, authorization code";
    case SignInMethod::client_credentials:
      return "OAuth 2.0, client credentials";
    case SignInMethod::token:
      return "personal access token";
    case SignInMethod::api_token:
      return fmt::format("API token of {}", standing.consumer_key);
    case SignInMethod::basic:
      return fmt::format("Basic, password of {}", standing.consumer_key);
  }
  return {};
}

std::string to_text(const Standing& standing) {
  return lay_out_pairs({
      {"profile", standing.profile},
      {"site", fmt::format("{} ({})", standing.base_url, standing.product)},
      {"user", user_in_words(standing)},
      {"method", method_in_words(standing)},
      {"issued", in_words(standing.issued_at)},
      {"expires", in_words(standing.expires_at)},
      {"days left", standing.days_left ? std::to_string(*standing.days_left) : "not known"},
      {"session ends", in_words(standing.session_ends_at)},
      {"last used", in_words(standing.last_used_at)},
      {"store", standing.store},
  });
}

Status show_one(Call& call, const Question& question) {
  ATLINK_ASSIGN(Session session, open_session(call));
  Standing standing;
  Status outcome = look_at(call, std::move(session), question, false, standing);
  if (standing.store.empty() && !standing.two_legged) {
    return outcome;
  }
  ATLINK_CHECK(call.report.json() ? call.report.document(to_document(standing))
                                  : call.report.bytes(to_text(standing)));
  return outcome;
}

// What is stored is what counts for a list. A token or URL of the environment is meant for one
// profile, and would go to the sites of all others.
class StoredAlone final : public Environment {
 public:
  explicit StoredAlone(const Environment& all) : all_(all) {}

  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const bool ours = name.rfind("ATLINK_", 0) == 0;
    const bool harmless = name == "ATLINK_PLUGIN_PATH" || name == "ATLINK_PRIVATE_KEY_PASSPHRASE" ||
                          name.rfind("ATLINK_PASSPHRASE", 0) == 0;
    return ours && !harmless ? std::nullopt : all_.get(name);
  }

  [[nodiscard]] std::vector<std::string> names() const override { return all_.names(); }

 private:
  const Environment& all_;
};

Status look_at_stored(const Call& call,
                      ProfileStore& profiles,
                      const Question& question,
                      Standing& standing) {
  ATLINK_ASSIGN(const Profile known, profiles.load(standing.profile));
  ATLINK_ASSIGN(Place place, place_of(call, known));
  ATLINK_ASSIGN(Session session, open_session(call, std::move(place)));
  Status outcome = look_at(call, std::move(session), question, true, standing);
  if (!outcome) {
    return fail(with_pin(call, known, std::move(outcome).error()));
  }
  return outcome;
}

Result<std::vector<Standing>> all_standings(const Call& call, const Question& question) {
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const std::vector<std::string> names, profiles.list());
  std::vector<Standing> all;
  for (const std::string& name : names) {
    Standing standing;
    standing.profile = name;
    const Status outcome = look_at_stored(call, profiles, question, standing);
    if (!outcome) {
      standing.problem = outcome.error();
    }
    all.push_back(std::move(standing));
  }
  return all;
}

std::string state_in_words(const Standing& standing) {
  if (standing.problem) {
    return standing.problem->message;
  }
  if (standing.two_legged) {
    return "needs no sign-in";
  }
  return standing.valid ? "works" : "not asked";
}

std::string to_table(const std::vector<Standing>& all) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(all.size());
  for (const Standing& each : all) {
    const bool known = !each.store.empty();
    rows.push_back({each.profile,
                    each.two_legged ? "none (two-legged)" : each.user,
                    method_in_words(each),
                    each.store,
                    known ? in_words(each.issued_at) : "",
                    known ? in_words(each.expires_at) : "",
                    each.days_left ? std::to_string(*each.days_left) : "",
                    known ? in_words(each.session_ends_at) : "",
                    known ? in_words(each.last_used_at) : "",
                    state_in_words(each)});
  }
  return lay_out_table({"PROFILE",
                        "USER",
                        "METHOD",
                        "STORE",
                        "ISSUED",
                        "EXPIRES",
                        "DAYS LEFT",
                        "SESSION ENDS",
                        "LAST USED",
                        "STATE"},
                       rows);
}

Status print_all(Call& call, const std::vector<Standing>& all) {
  if (!call.report.json()) {
    return all.empty() ? Status() : call.report.bytes(to_table(all));
  }
  json::Array list;
  for (const Standing& each : all) {
    json::Value object = to_document(each);
    object.set("problem", each.problem ? to_json(*each.problem) : json::Value());
    list.push_back(std::move(object));
  }
  json::Value document;
  document.set("profiles", std::move(list));
  return call.report.document(document);
}

// One error for all of them: the first that is more than an end to come, else the first. What the
// others have is in the list.
Status verdict_on(const std::vector<Standing>& all) {
  const Error* worst = nullptr;
  int count = 0;
  for (const Standing& each : all) {
    count += each.problem ? 1 : 0;
    const bool worse =
        each.problem && (worst == nullptr || (worst->code == ErrorCode::credential_expires_soon &&
                                              each.problem->code != worst->code));
    worst = worse ? &*each.problem : worst;
  }
  if (worst == nullptr) {
    return {};
  }
  Error error = *worst;
  if (count > 1) {
    error.message += fmt::format("; {} of {} profiles have a problem", count, all.size());
  }
  return fail(std::move(error));
}

Status show_all(Call& call, const Question& question) {
  if (call.arguments.has("--profile")) {
    return fail(ErrorCode::usage, "--all shows every profile, and --profile one; give one of them");
  }
  StoredAlone environment(call.app.platform.environment);
  const Platform& real = call.app.platform;
  App app{{real.clock,
           real.random,
           environment,
           real.files,
           real.terminal,
           real.browser,
           real.transport,
           real.process,
           real.loader},
          call.app.out,
          call.app.err,
          call.app.surroundings};
  const Call stored{app, call.arguments, call.report, call.given};
  ATLINK_ASSIGN(const std::vector<Standing> all, all_standings(stored, question));
  if (all.empty()) {
    call.report.note("there is no profile yet: atlink profile set NAME --product ID --url URL");
  }
  ATLINK_CHECK(print_all(call, all));
  return verdict_on(all);
}

Status run(Call& call) {
  Question question;
  question.offline = call.arguments.has("--offline");
  if (const auto within = call.arguments.value("--fail-if-expires-within")) {
    ATLINK_ASSIGN(question.within, time_span("--fail-if-expires-within", *within));
  }
  return call.arguments.has("--all") ? show_all(call, question) : show_one(call, question);
}

constexpr std::array options{
    OptionSpec{"--all", "", "every profile, as it is stored"},
    OptionSpec{"--fail-if-expires-within",
               "TIME",
               "end with 12 where a credential expires within TIME, such as 30d, 12h or 90m"},
    OptionSpec{"--offline", "", "do not ask the server; show what was kept at the sign-in"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink status", "who is signed in, and until when"},
    Example{"atlink status --all --fail-if-expires-within 30d",
            "every profile; fails while there is time to act"},
    Example{"atlink status --offline --output json", "the same for a script, without a request"},
};

}  // namespace

const Command status{
    "status",
    "show who is signed in, and until when",
    "Asks the server for the user unless --offline is given. Times that the server "
    "did not say are worked out from what the product's description says.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
