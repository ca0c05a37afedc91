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

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto byte = i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U;
      bits = (bits << 8U) | byte;
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= count ? alphabet[(bits >> (18 - 6 * i)) & 0x3FU] : '=';
    }
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
