// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "core/oauth1/parameters.h"
#include "core/text/percent.h"

namespace atlink::oauth1 {

namespace {

/// The query of a URL as on the wire; empty where there is none.
std::string_view query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  return mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
}

/// Section 3.4.1.3.1: what is signed, from wherever it is carried.
ParameterCollector collect(const SignatureInput& input) {
  ParameterCollector collector(input.url.size() + input.form_body.value_or("").size() + 512);
  collector.add_form(query_of(input.url));
  for (const auto& [name, value] : input.oauth_parameters) {
    if (name != "realm" && name != "oauth_signature") {
      collector.add(name, value);
    }
  }
  collector.add_form(input.form_body.value_or(std::string_view()));
  return collector;
}

std::string upper(std::string_view method) {
  std::string text(method);
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

}  // namespace

Result<std::string> signature_base_string(const SignatureInput& input) {
  ATLINK_ASSIGN(const std::string uri, base_string_uri(input.url));
  const std::string parameters = collect(input).normalized();
  std::string text;
  text.reserve(16 + text::longest_encoding(uri.size()) + text::longest_encoding(parameters.size()));
  text::append_percent_encoded(text, upper(input.method));
  text += '&';
  text::append_percent_encoded(text, uri);
  text += '&';
  text::append_percent_encoded(text, parameters);
  return text;
}

}  // namespace atlink::oauth1
