// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/or_null.h"
#include "cli/private_key.h"
#include "cli/session.h"

#include <fmt/format.h>

namespace atlink::cli::commands {

namespace {

Status check_lendable(const Session& session) {
  const bool signs = session.method == SignInMethod::oauth1;
  if (!signs && session.method != SignInMethod::basic) {
    return {};
  }
  return fail(ErrorCode::method_unavailable,
              fmt::format("profile {} signs in by {}, which has no token that could be lent",
                          session.profile,
                          to_string(session.method)),
              signs ? "lend a signature instead: atlink sign METHOD URL"
                    : "sign in by a token: atlink login --method token");
}

Status run(Call& call) {
  if (!call.arguments.has("--reveal")) {
    return fail(ErrorCode::usage,
                "whoever has the token can use it, and it would be printed",
                "add --reveal, and keep what it prints out of logs");
  }
  ATLINK_ASSIGN(Session session, open_session(call));
  ATLINK_CHECK(check_lendable(session));
  ATLINK_ASSIGN(Credential known, credential_to_use(call, session));
  const auto source = source_of(call, session, std::move(known));
  ATLINK_ASSIGN(const auto credential, source->current());
  if (!call.report.json()) {
    ATLINK_CHECK(call.report.bytes(credential->access.expose()));
    return call.report.bytes("\n");
  }
  json::Value object;
  object.set("profile", session.profile);
  object.set("method", to_string(session.method));
  object.set("token", credential->access.expose());
  object.set("expires_at", or_null(credential->expires_at));
  return call.report.document(object);
}

constexpr std::array options{
    OptionSpec{"--reveal", "", "the token may be printed"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink token print --reveal", "lend it to another program, as $(…) in its command"},
};

}  // namespace

const Command token_print{
    "token print",
    "print the token that the profile signs in with",
    "For programs that take a token and know nothing of signing in. One that ends soon is renewed "
    "first.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
