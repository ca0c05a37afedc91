// SPDX-License-Identifier: Apache-2.0
// The input is a pattern, a NUL and an answer.
#include "atlink/json.h"
#include "atlink/text.h"
#include "core/text/json_slice.h"
#include "tests/fuzz/fuzz.h"

#include <string>

using namespace atlink;

namespace {

void check_items(std::string_view answer, const json::Slices& slices) {
  for (const auto& list : slices.lists) {
    for (const std::string_view item : list.value_or(std::vector<std::string_view>())) {
      fuzz::require(item.data() >= answer.data() &&
                        item.data() + item.size() <= answer.data() + answer.size(),
                    "an item is a part of the answer");
      fuzz::require(!item.empty() && trim(item) == item, "an item begins and ends with itself");
      const std::string alone = "[" + std::string(item) + "]";
      const auto again = json::slice(alone, {{""}, {}});
      fuzz::require(again.has_value() && again->lists[0]->size() == 1, "an item is well-formed");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t end = input.find('\0');
  if (end == std::string_view::npos) {
    return 0;
  }
  const std::string pattern(input.substr(0, end));
  const std::string_view answer = input.substr(end + 1);
  const auto slices = json::slice(answer, {{pattern, ""}, {pattern}});
  if (slices) {
    check_items(answer, *slices);
  }
  const auto document = json::parse(answer, answer.size());
  const auto whole = json::slice(answer, {{""}, {}});
  const bool container =
      document && (document->as_array() != nullptr || document->as_object() != nullptr);
  fuzz::require(!container || whole.has_value(), "what can be read whole can be sliced");
  if (container && document->as_array() != nullptr) {
    fuzz::require(whole->lists[0]->size() == document->as_array()->size(), "every item counts");
  }
  return 0;
}
