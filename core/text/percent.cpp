// SPDX-License-Identifier: Apache-2.0
#include "core/text/percent.h"

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

/// How many characters at the front stay as they are.
std::size_t unreserved_run(std::string_view bytes) {
  std::size_t length = 0;
  while (length < bytes.size() && unreserved[static_cast<unsigned char>(bytes[length])]) {
    ++length;
  }
  return length;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  const char escape[] = {'%', hex[byte >> 4U], hex[byte & 0xFU]};
  out.append(escape, sizeof escape);
}

/// The byte that a percent sign at the front stands for, or -1 where two hex digits do not follow.
int escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') {
    return -1;
  }
  const int high = text::hex_value(text[1]);
  const int low = text::hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace

void text::append_percent_encoded(std::string& out, std::string_view bytes) {
  for (;;) {
    const std::size_t run = unreserved_run(bytes);
    out.append(bytes.data(), run);
    if (run == bytes.size()) {
      return;
    }
    append_escape(out, bytes[run]);
    bytes.remove_prefix(run + 1);
  }
}

void text::append_reencoded_form(std::string& out, std::string_view piece) {
  for (;;) {
    const std::size_t run = unreserved_run(piece);
    out.append(piece.data(), run);
    piece.remove_prefix(run);
    if (piece.empty()) {
      return;
    }
    const int byte = escaped_byte(piece);
    if (byte >= 0) {
      const char c = static_cast<char>(byte);
      append_percent_encoded(out, {&c, 1});
      piece.remove_prefix(3);
    } else {
      append_escape(out, piece.front() == '+' ? ' ' : piece.front());
      piece.remove_prefix(1);
    }
  }
}

std::string percent_encode(std::string_view bytes) {
  std::string encoded;
  encoded.reserve(bytes.size() + bytes.size() / 2);
  text::append_percent_encoded(encoded, bytes);
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    const int byte = escaped_byte(text);
    decoded += byte >= 0 ? static_cast<char>(byte) : text.front();
    text.remove_prefix(byte >= 0 ? 3 : 1);
  }
  return decoded;
}

}  // namespace atlink
