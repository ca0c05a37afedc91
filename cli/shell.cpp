// SPDX-License-Identifier: Apache-2.0
#include "cli/shell.h"

#include <algorithm>
#include <cctype>

namespace atlink::cli {

std::string shell_word(std::string_view text) {
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && (std::isalnum(byte) != 0 ||
                           std::string_view("-._/:@%+,=").find(c) != std::string_view::npos);
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) {
    return std::string(text);
  }
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace atlink::cli
