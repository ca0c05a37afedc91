// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "core/text/ascii.h"

#include <array>

namespace atlink {

namespace {

/// RFC 3986 section 2.3.
constexpr bool is_unreserved(char c) {
  return text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr std::array<bool, 256> make_unreserved_table() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = is_unreserved(static_cast<char>(i));
  }
  return table;
}

constexpr std::array<bool, 256> unreserved = make_unreserved_table();

std::string decode_form_piece(std::string_view piece) {
  std::string spaced(piece);
  for (char& c : spaced) {
    c = c == '+' ? ' ' : c;
  }
  return percent_decode(spaced);
}

}  // namespace

std::string percent_encode(std::string_view bytes) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(bytes.size() + bytes.size() / 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved[byte]) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += hex[byte >> 4U];
      encoded += hex[byte & 0xFU];
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = text::hex_value(text[i + 1]);
      const int low = text::hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

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
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) {
      text += '&';
    }
    text += percent_encode(name);
    text += '=';
    text += percent_encode(value);
  }
  return text;
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
