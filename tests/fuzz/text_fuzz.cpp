// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const std::size_t limit : {std::size_t{0}, std::size_t{5}, std::size_t{40}}) {
    const std::string shown = printable(text, limit);
    fuzz::require(shown.size() <= limit && is_utf8(shown) && fuzz::is_clean(shown),
                  "shown text is short, clean and UTF-8");
  }
  fuzz::require(percent_decode(percent_encode(text)) == text, "encoding can be undone");
  const FormFields fields = parse_form(text);
  fuzz::require(parse_form(to_form(fields)) == fields, "a form reads back equal");
  fuzz::require(from_base64(to_base64(text)) == text, "base64 can be undone");
  if (const auto bytes = from_base64(text)) {
    fuzz::require(to_base64(*bytes) == text, "base64 has one text for the same bytes");
  }
  if (const auto time = from_rfc3339(text)) {
    fuzz::require(from_rfc3339(to_rfc3339(*time)) == time, "a time reads back equal");
  }
  if (const auto time = from_http_date(text)) {
    fuzz::require(from_rfc3339(to_rfc3339(*time)) == time, "a date reads back equal");
  }
  return 0;
}
