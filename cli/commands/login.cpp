// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/method.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr std::int64_t longest_timeout = 86400;

Status check_one_way(const Call& call) {
  const int ways = (call.arguments.has("--begin") ? 1 : 0) +
                   (call.arguments.has("--verifier") ? 1 : 0) +
                   (call.arguments.has("--resume") ? 1 : 0);
  if (ways > 1) {
    return fail(ErrorCode::usage,
                "--begin starts a sign-in, --verifier finishes it, and --resume waits for its "
                "answer; give one of them");
  }
  if (call.arguments.has("--resume") && call.arguments.has("--port")) {
    return fail(ErrorCode::usage, "--resume listens where the sign-in was begun; leave --port out");
  }
  return {};
}

bool is_going_on(const Call& call) {
  return call.arguments.has("--verifier") || call.arguments.has("--resume");
}

// What was begun is finished in the way that it was begun.
Result<PickedMethod> method_to_use(const Call& call, const Place& place) {
  if (is_going_on(call) && !call.arguments.has("--method")) {
    const auto pending = open_store(call, place.profile)->load_pending(place.profile.name);
    if (pending && pending->has_value()) {
      return PickedMethod{(*pending)->issued_for.method, {}};
    }
  }
  return method_for_login(call, place);
}

Status check_begin(const Call& call, SignInMethod method) {
  const bool two_halves = method == SignInMethod::oauth1 || method == SignInMethod::oauth2;
  if (two_halves || !(call.arguments.has("--begin") || is_going_on(call))) {
    return {};
  }
  return fail(
      ErrorCode::usage,
      fmt::format(
          "a sign-in by {} has no two halves, so --begin, --verifier and --resume have no use",
          to_string(method)));
}

Status by_method(Call& call, Session& session, std::string_view version) {
  switch (session.method) {
    case SignInMethod::oauth1:
      return login_with_signature(call, session);
    case SignInMethod::oauth2:
      return login_with_code(call, session);
    case SignInMethod::client_credentials:
      return login_as_client(call, session);
    default:
      return login_with_secret(call, session, version);
  }
}

Status run(Call& call) {
  ATLINK_CHECK(check_one_way(call));
  ATLINK_CHECK(call.arguments.integer("--timeout", 1, longest_timeout, 1));
  ATLINK_ASSIGN(Place place, open_place(call));
  ATLINK_ASSIGN(const PickedMethod picked, method_to_use(call, place));
  ATLINK_CHECK(check_begin(call, picked.method));
  if (!picked.why.empty() && !picked.obvious) {
    call.report.note(fmt::format("signing in by {}, since {} (--method takes another)",
                                 to_string(picked.method),
                                 picked.why));
  }
  const bool matters = picked.method == SignInMethod::basic && place.product.basic &&
                       !place.product.basic->off_from.empty() &&
                       !call.arguments.has("--switched-on");
  const std::string version = matters ? version_of(call, place) : std::string();
  ATLINK_ASSIGN(Session session, open_session(call, std::move(place), picked.method));
  return by_method(call, session, version);
}

constexpr std::array options{
    OptionSpec{"--method",
               "METHOD",
               "oauth1, oauth2, client-credentials, token, api-token or basic (what the profile "
               "says, else what fits)"},
    OptionSpec{
        "--secret-file", "FILE|-", "the token, password or client's secret, instead of a question"},
    OptionSpec{"--site", "URL|ID", "which site, where a sign-in opens several"},
    OptionSpec{
        "--agree", "", "secrets may go to the addresses that the product's description names"},
    OptionSpec{"--switched-on", "", "the administrator has switched Basic on"},
    OptionSpec{"--no-browser", "", "print the address instead of opening it, and wait"},
    OptionSpec{"--begin", "", "only start: print the address to open and end"},
    OptionSpec{"--verifier",
               "CODE",
               "finish what --begin started, with the code (or address) that the browser shows"},
    OptionSpec{"--resume",
               "",
               "go on with a sign-in that was begun: wait for the browser again, or ask for the "
               "code"},
    OptionSpec{"--port", "N", "listen on this loopback port (any free one)"},
    OptionSpec{
        "--timeout", "SECONDS", "wait this long for the browser (as long as the server does)"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink login", "sign in through the browser of this machine"},
    Example{"atlink login --no-browser", "the same, opening the printed address yourself"},
    Example{"atlink login --begin", "on a machine without a browser: open the address elsewhere …"},
    Example{"atlink login --verifier 4f7Qx2", "… and finish with the code that it shows"},
    Example{"atlink login --resume", "go on after an interruption"},
    Example{"atlink login --method token --secret-file token.txt", "with a personal access token"},
};

}  // namespace

const Command login{
    "login",
    "sign in as a user",
    "Opens the browser and listens on loopback for its answer. A credential that is "
    "there is replaced only after the new one has worked.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
