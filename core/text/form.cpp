// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "core/text/percent.h"

namespace atlink {

namespace {

std::string decode_form_piece(std::string_view piece) {
  std::string spaced(piece);
  for (char& c : spaced) {
    c = c == '+' ? ' ' : c;
  }
  return percent_decode(spaced);
}

}  // namespace

FormFields parse_form(std::string_view text) {
  FormFields fields;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (piece.empty()) {
      continue;
    }
    const std::size_t equals = piece.find('=');
    const bool has_value = equals != std::string_view::npos;
    fields.emplace_back(decode_form_piece(piece.substr(0, equals)),
                        has_value ? decode_form_piece(piece.substr(equals + 1)) : std::string());
  }
  return fields;
}

std::string to_form(const FormFields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) {
      out += '&';
    }
    text::append_percent_encoded(out, name);
    out += '=';
    text::append_percent_encoded(out, value);
  }
  return out;
}

std::optional<std::string_view> form_value(const FormFields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace atlink
