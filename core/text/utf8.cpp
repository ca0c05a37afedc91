// SPDX-License-Identifier: Apache-2.0
#include "core/text/utf8.h"

#include "atlink/text.h"

namespace atlink {

namespace text {

namespace {

/// What a lead byte announces: how many bytes, its own payload, and the bounds of the second byte.
struct Lead {
  std::size_t bytes = 0;
  char32_t payload = 0;
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

std::optional<Lead> read_lead(unsigned char byte) {
  if (byte < 0x80) {
    return Lead{1, byte};
  }
  if (byte >= 0xC2 && byte <= 0xDF) {
    return Lead{2, byte & 0x1FU};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    const unsigned char low = byte == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = byte == 0xED ? 0x9F : 0xBF;
    return Lead{3, byte & 0x0FU, low, high};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    const unsigned char low = byte == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = byte == 0xF4 ? 0x8F : 0xBF;
    return Lead{4, byte & 0x07U, low, high};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Utf8Character> decode_utf8(std::string_view text, std::size_t at) {
  const auto lead = read_lead(static_cast<unsigned char>(text[at]));
  if (!lead || lead->bytes > text.size() - at) {
    return std::nullopt;
  }
  char32_t code = lead->payload;
  for (std::size_t i = 1; i < lead->bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    const unsigned char low = i == 1 ? lead->second_low : 0x80;
    const unsigned char high = i == 1 ? lead->second_high : 0xBF;
    if (byte < low || byte > high) {
      return std::nullopt;
    }
    code = (code << 6) | (byte & 0x3FU);
  }
  return Utf8Character{code, lead->bytes};
}

}  // namespace text

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = text::decode_utf8(text, at);
    if (!character) {
      return false;
    }
    at += character->bytes;
  }
  return true;
}

}  // namespace atlink
