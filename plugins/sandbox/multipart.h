// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// One part of a form. Refers to the body that it was read from.
struct FormPart {
  std::string name;
  /// None for a plain field.
  std::optional<std::string> file_name;
  /// The part's Content-Type; "text/plain" where it says none.
  std::string type = "text/plain";
  std::string_view bytes;
};

/// Reads a multipart/form-data body (RFC 7578, RFC 2046 section 5.1.1) to the letter: lines end
/// with CR LF, nothing stands before the first or behind the last boundary, every part has a
/// Content-Disposition with a name, at most a hundred parts with at most 8 KiB of headers each.
/// Fails with `usage`, saying what is wrong.
[[nodiscard]] Result<std::vector<FormPart>> read_multipart(std::string_view content_type,
                                                           std::string_view body);

}  // namespace atlink::plugins::sandbox
