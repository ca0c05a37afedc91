// SPDX-License-Identifier: Apache-2.0
#include "core/text/percent.h"

#include "atlink/url.h"
#include "core/text/ascii.h"

#include <array>
#include <cstring>

namespace atlink {

namespace {

/// RFC 3986 section 2.3.
constexpr bool is_unreserved(char c) {
  return text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// What a byte is written as: itself or an escape. Four bytes, so that one copy writes either.
struct Written {
  std::array<char, 3> text{};
  unsigned char size = 0;
};

constexpr std::array<Written, 256> make_table() {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::array<Written, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    table[i] =
        is_unreserved(c) ? Written{{c, 0, 0}, 1} : Written{{'%', hex[i >> 4U], hex[i & 0xFU]}, 3};
  }
  return table;
}

constexpr std::array<Written, 256> written = make_table();

/// Writes what `byte` is encoded as and gives the place behind it. Room for four is needed.
char* write_encoded(char* at, unsigned char byte) {
  const Written& entry = written[byte];
  std::memcpy(at, &entry, sizeof entry);
  return at + entry.size;
}

/// Makes room at the end for the encoding of `size` bytes, and gives its beginning.
char* make_room(std::string& out, std::size_t size) {
  const std::size_t begin = out.size();
  out.resize(begin + text::longest_encoding(size));
  return out.data() + begin;
}

void cut_behind(std::string& out, const char* end) {
  out.resize(static_cast<std::size_t>(end - out.data()));
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
  char* end = make_room(out, bytes.size());
  for (const char c : bytes) {
    end = write_encoded(end, static_cast<unsigned char>(c));
  }
  cut_behind(out, end);
}

void text::append_reencoded_form(std::string& out, std::string_view piece) {
  char* end = make_room(out, piece.size());
  while (!piece.empty()) {
    char c = piece.front();
    std::size_t taken = 1;
    if (c == '+') {
      c = ' ';
    } else if (const int byte = escaped_byte(piece); byte >= 0) {
      c = static_cast<char>(byte);
      taken = 3;
    }
    end = write_encoded(end, static_cast<unsigned char>(c));
    piece.remove_prefix(taken);
  }
  cut_behind(out, end);
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
