// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "tests/fuzz/fuzz.h"

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto value = json::parse(text);
  if (!value) {
    fuzz::require(fuzz::is_clean(value.error().message), "an error is one clean line");
    return 0;
  }
  fuzz::require(is_utf8(text), "what is read is UTF-8");
  for (const int indent : {0, 2}) {
    const std::string written = json::write(*value, indent);
    fuzz::require(is_utf8(written), "what is written is UTF-8");
    const auto again = json::parse(written, std::size_t{1} << 30);
    fuzz::require(again.has_value() && *again == *value, "what was written reads back equal");
  }
  return 0;
}
