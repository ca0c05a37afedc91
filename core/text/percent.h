// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Percent-encoding onto the end of a text, for those who build long ones.
namespace atlink::text {

/// How much room `append_percent_encoded` takes while it works, for buffers that must not grow.
[[nodiscard]] constexpr std::size_t longest_encoding(std::size_t size) {
  return 3 * size + 1;
}

/// Appends `bytes` as `percent_encode` writes them.
void append_percent_encoded(std::string& out, std::string_view bytes);

/// Appends a name or value of a form (its wire form: "+" is a space, "%41" an "A") as
/// `percent_encode` writes what it stands for.
void append_reencoded_form(std::string& out, std::string_view piece);

}  // namespace atlink::text
