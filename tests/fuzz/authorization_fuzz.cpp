// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = oauth1::parse_authorization(fuzz::text_of(data, size));
  if (!parsed) {
    return 0;
  }
  FormFields expected = *parsed;
  std::stable_partition(
      expected.begin(), expected.end(), [](const auto& field) { return field.first == "realm"; });
  // A name may be empty once decoded only if it was never one: such a header is not read again.
  const bool nameless = std::any_of(
      expected.begin(), expected.end(), [](const auto& field) { return field.first.empty(); });
  const std::string written = oauth1::format_authorization(*parsed);
  fuzz::require(fuzz::is_clean(written), "a written header is one clean line");
  const auto again = oauth1::parse_authorization(written);
  fuzz::require(nameless || again == expected, "what was written reads as what it was made of");
  return 0;
}
