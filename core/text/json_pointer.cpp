// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_pointer.h"

namespace atlink::json {

std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (at == 0 && pointer[at] != '/') {
      return std::nullopt;
    }
    if (pointer[at] == '/') {
      segments.emplace_back();
    } else if (pointer[at] != '~') {
      segments.back() += pointer[at];
    } else if (++at < pointer.size() && (pointer[at] == '0' || pointer[at] == '1')) {
      segments.back() += pointer[at] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return segments;
}

}  // namespace atlink::json
