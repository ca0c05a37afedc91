// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"

#include <optional>
#include <string_view>

/// Who asks for something that only an administrator may do.
namespace atlink::plugins::sandbox {

/// Anybody may know these: the site is a stand-in on this machine alone.
inline constexpr std::string_view administrator_name = "admin";
inline constexpr std::string_view administrator_password = "admin";
inline constexpr std::string_view administrator_token = "admin-token";

enum class Account { none, wrong, ordinary, administrator };

/// By the Authorization header; one of another scheme than Basic and Bearer counts as none. `user` is an account with its name as password and no rights.
[[nodiscard]] Account account_of(const ServerRequest& request, std::string_view user);

/// The cookie of that name in a request, or none.
[[nodiscard]] std::optional<std::string_view> cookie_of(const ServerRequest& request,
                                                        std::string_view name);

}  // namespace atlink::plugins::sandbox
