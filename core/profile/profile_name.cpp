// SPDX-License-Identifier: Apache-2.0
#include "atlink/profile.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink {

namespace {

constexpr std::size_t longest = 64;

bool fits(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

Status check_profile_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= longest && name.front() != '.' &&
                    name.front() != '-' && std::all_of(name.begin(), name.end(), fits);
  if (!good) {
    return fail(
        ErrorCode::usage,
        fmt::format("\"{}\" cannot be the name of a profile", printable(name, 80)),
        fmt::format("use letters, digits, \".\", \"_\" and \"-\", at most {}, not beginning "
                    "with \".\" or \"-\"",
                    longest));
  }
  return {};
}

}  // namespace atlink
