// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string_view url = text.substr(0, text.find('\n'));
  const std::string_view form = text.substr(std::min(url.size() + 1, text.size()));
  const FormFields none;
  const auto uri = oauth1::base_string_uri(url);
  const auto base_string = oauth1::signature_base_string({"POST", url, none, form});
  fuzz::require(uri.has_value() == base_string.has_value(), "a URL has both or neither");
  if (!uri) {
    fuzz::require(fuzz::is_clean(uri.error().message), "an error is one clean line");
    return 0;
  }
  fuzz::require(oauth1::base_string_uri(*uri).value() == *uri, "a base string URI is its own");
  // Signing the form alone must be the same as decoding it and signing the fields.
  FormFields fields = parse_form(form);
  std::erase_if(fields, [](const auto& field) { return field.first == "oauth_signature"; });
  const auto of_form = oauth1::signature_base_string({"GET", "http://h/", none, form});
  fuzz::require(of_form.value() ==
                    "GET&http%3A%2F%2Fh%2F&" + percent_encode(oauth1::normalize_parameters(fields)),
                "a form signs as its fields do");
  return 0;
}
