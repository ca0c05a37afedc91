// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/administrator.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::plugins::sandbox {

Account account_of(const ServerRequest& request, std::string_view user) {
  const auto given = request.headers.find("Authorization");
  const bool known_scheme =
      given && (given->substr(0, 6) == "Basic " || given->substr(0, 7) == "Bearer ");
  if (!known_scheme) {
    return Account::none;
  }
  const auto basic = [](std::string_view name, std::string_view password) {
    return "Basic " + to_base64(fmt::format("{}:{}", name, password));
  };
  if (*given == basic(administrator_name, administrator_password) ||
      *given == fmt::format("Bearer {}", administrator_token)) {
    return Account::administrator;
  }
  return *given == basic(user, user) ? Account::ordinary : Account::wrong;
}

std::optional<std::string_view> cookie_of(const ServerRequest& request, std::string_view name) {
  std::string_view cookies = request.headers.find("Cookie").value_or("");
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    const std::string_view pair = trim(cookies.substr(0, end));
    if (pair.substr(0, name.size()) == name && pair.substr(name.size(), 1) == "=") {
      return pair.substr(name.size() + 1);
    }
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
  }
  return std::nullopt;
}

}  // namespace atlink::plugins::sandbox
