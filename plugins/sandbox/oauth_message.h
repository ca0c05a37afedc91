// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "plugins/sandbox/visit.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// What a request says in terms of OAuth.
struct OAuthMessage {
  std::string method;
  /// The URL as the visitor named it, without the OAuth parameters of its query.
  std::string url;
  /// The form body without its OAuth parameters; none where the body is no form.
  std::optional<std::string> form_body;
  /// The OAuth parameters from wherever they are accepted, decoded, repeated ones included.
  FormFields parameters;
  /// Every other parameter of query and form, decoded.
  FormFields others;

  /// The first parameter of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const {
    return form_value(parameters, name);
  }

  /// The same, or empty.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    return find(name).value_or(std::string_view());
  }
};

/// Reads the OAuth parameters of header, query and form, as far as the product takes them from
/// there. What it does not take stays an ordinary parameter.
[[nodiscard]] OAuthMessage read_message(const Visit& visit,
                                        const std::vector<oauth1::Transmission>& accepted);

/// The body of a request if it is a form.
[[nodiscard]] std::optional<std::string_view> form_of(const ServerRequest& request);

}  // namespace atlink::plugins::sandbox
