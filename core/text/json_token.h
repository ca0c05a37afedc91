// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// The grammar of single tokens (RFC 8259), for readers that pass over values without reading them.
namespace atlink::json {

/// Whether what stands between the quotes of a string has only escapes of JSON. Of the rest of its
/// bytes it says nothing.
[[nodiscard]] bool escapes_fit(std::string_view inside);

/// Section 6: a number of any size and precision.
[[nodiscard]] bool is_number(std::string_view token);

/// A string as far as `escapes_fit` goes, a number, or one of the three words.
[[nodiscard]] bool is_scalar(std::string_view token);

}  // namespace atlink::json
