// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "core/text/ascii.h"

#include <cstdint>

namespace atlink {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (text::is_digit(c)) {
    return c - '0' + 52;
  }
  return c == '+' ? 62 : (c == '/' ? 63 : -1);
}

/// Appends the bytes of four digits of which the last `padding` are "="; false if they are none.
bool decode_group(std::string_view group, std::size_t padding, std::string& bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int value = i < 4 - padding ? value_of(group[i]) : 0;
    if (value < 0) {
      return false;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
  }
  // Bits that padding leaves over must be zero, else two texts would stand for the same bytes.
  if ((bits & ((1U << (8 * padding)) - 1)) != 0) {
    return false;
  }
  for (std::size_t i = 0; i < 3 - padding; ++i) {
    bytes += static_cast<char>((bits >> (16 - 8 * i)) & 0xFFU);
  }
  return true;
}

/// Up to three bytes as the upper ones of 24 bits.
std::uint32_t bits_of(std::string_view bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bits |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (16 - 8 * i);
  }
  return bits;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  char* out = text.data();
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t bits = bits_of(bytes.substr(at, 3));
    *out++ = alphabet[bits >> 18U];
    *out++ = alphabet[bits >> 12U & 0x3FU];
    *out++ = alphabet[bits >> 6U & 0x3FU];
    *out++ = alphabet[bits & 0x3FU];
  }
  // One or two bytes that are left over give two or three digits; the rest stays "=".
  const std::string_view left = bytes.substr(at);
  const std::uint32_t bits = bits_of(left);
  for (std::size_t i = 0; !left.empty() && i <= left.size(); ++i) {
    *out++ = alphabet[bits >> (18 - 6 * i) & 0x3FU];
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::string_view group = text.substr(at, 4);
    const bool last = at + 4 == text.size();
    const std::size_t padding = !last || group[3] != '=' ? 0 : (group[2] == '=' ? 2 : 1);
    if (!decode_group(group, padding, bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace atlink
