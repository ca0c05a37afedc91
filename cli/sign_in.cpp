// SPDX-License-Identifier: Apache-2.0
#include "cli/sign_in.h"

#include "cli/exit_code.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

Status try_out(const Call& call, Connection connection, Credential& credential) {
  Client client(call.app.platform,
                std::move(connection),
                oauth1::Token{credential.token, credential.token_secret.clone()});
  auto user = client.who_am_i();
  if (user) {
    credential.user = std::move(*user);
    return {};
  }
  if (exit_code_of(user.error().code) == exit_sign_in) {
    return fail(std::move(user).error());
  }
  if (user.error().code != ErrorCode::product_unsupported) {
    call.report.warn(
        fmt::format("the server did not say who is signed in: {}", user.error().message));
  }
  return {};
}

}  // namespace atlink::cli
