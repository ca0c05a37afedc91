// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/inner_run.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::setup_parts {

namespace {

using Outcome = StepResult::Outcome;

constexpr int most_codes = 5;

// Nobody's browser reaches the loopback address of a machine at the other end of a connection.
bool is_remote(const Call& call) {
  return variable(call, "SSH_CONNECTION") && !variable(call, "DISPLAY") &&
         !variable(call, "WAYLAND_DISPLAY");
}

Words login_words(const Call& call, const SetupSite& site) {
  Words words = for_profile({"login"}, site);
  pass_flags(call, {"--no-browser", "--agree"}, words);
  pass_on(call, {"--port", "--timeout", "--secret-file"}, words);
  return words;
}

Words begin_words(const Call& call, const SetupSite& site) {
  Words words = for_profile({"login", "--begin"}, site);
  pass_flags(call, {"--agree"}, words);
  pass_on(call, {"--port", "--secret-file"}, words);
  return words;
}

// What to tell a person whose code was not taken and who can give another one; empty: nothing comes
// of this sign-in any more.
std::string hint_after(const Error& error) {
  switch (error.code) {
    case ErrorCode::oauth1_token_rejected:
      return "the server does not take this code; capital and small letters count";
    case ErrorCode::oauth1_permission_unknown:
      return "the server waits for \"Allow\" at that address; give the code that it shows then";
    case ErrorCode::login_wrong_answer:
      return error.message;
    default:
      return {};
  }
}

// Nothing but Enter is no code, and no reason to end.
Result<std::string> asked_code(const Call& call) {
  for (;;) {
    ATLINK_ASSIGN(const std::string code,
                  call.app.platform.terminal.ask("the code that it shows (or its address): "));
    if (!trim(code).empty()) {
      return std::string(trim(code));
    }
  }
}

Status login_by_code(const Call& call, const SetupSite& site) {
  ATLINK_ASSIGN(const json::Value begun, run_inner(call, begin_words(call, site)));
  const json::Value* const url = begun.find("url");
  call.report.note("open this address in any browser and allow access:");
  call.report.hand_over("url", url != nullptr && url->as_string() ? *url->as_string() : "");
  for (int i = 1;; ++i) {
    ATLINK_ASSIGN(const std::string code, asked_code(call));
    auto done = run_inner(call, for_profile({"login", "--verifier", code}, site), InnerTalk::shown);
    if (done) {
      return {};
    }
    const std::string hint = hint_after(done.error());
    if (hint.empty() || i == most_codes) {
      return fail(std::move(done).error());
    }
    call.report.note(hint);
  }
}

Status sign_in(const Call& call, const SetupSite& site) {
  const bool in_two_halves = site.needs_link() || site.way == "oauth2";
  const bool by_code = in_two_halves && (call.arguments.has("--paste") || is_remote(call));
  if (by_code && may_ask(call) && !call.report.json()) {
    return login_by_code(call, site);
  }
  if (call.report.json()) {
    ATLINK_CHECK(run_inner(call, login_words(call, site), InnerTalk::shown));
    return {};
  }
  return run_inner_shown(call, login_words(call, site));
}

bool is_signed_in(const Call& call, const SetupSite& site) {
  const auto status = run_inner(call, for_profile({"status"}, site));
  return status.has_value();
}

}  // namespace

Result<StepResult> login_step(const Call& call, SetupShared&, SetupSite& site, bool act) {
  const Words words = login_words(call, site);
  if (call.arguments.has("--two-legged")) {
    return result_of(Outcome::already, "the profile signs as the consumer alone");
  }
  if (!act) {
    return result_of(Outcome::planned, "signs in, unless a sign-in works already", words);
  }
  if (is_signed_in(call, site)) {
    return result_of(Outcome::already, "a sign-in works");
  }
  ATLINK_CHECK(sign_in(call, site));
  return result_of(Outcome::done,
                   site.needs_link() ? "the server has issued a token" : "the server lets you in",
                   words);
}

Result<StepResult> check_step(const Call& call, SetupShared&, SetupSite& site, bool act) {
  const Words words = for_profile({"status"}, site);
  if (!act) {
    return result_of(Outcome::planned, "asks the server who is signed in", words);
  }
  ATLINK_ASSIGN(const json::Value status, run_inner(call, words));
  for (const auto& [name, place] : {std::pair("user", &site.user), {"method", &site.method}}) {
    const json::Value* const member = status.find(name);
    if (member != nullptr && member->as_string() != nullptr) {
      *place = *member->as_string();
    }
  }
  return result_of(Outcome::done,
                   site.user.empty() ? "a signed request was accepted"
                                     : fmt::format("a signed request was accepted, from {}",
                                                   printable(site.user)),
                   words);
}

}  // namespace atlink::cli::setup_parts
