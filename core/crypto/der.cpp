// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/der.h"

#include <fmt/format.h>

namespace atlink::crypto {

namespace {

unsigned char byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

/// Takes a definite length (X.690 section 8.1.3) from the front of `bytes`.
std::optional<std::size_t> take_length(std::string_view& bytes) {
  if (bytes.empty()) {
    return std::nullopt;
  }
  const unsigned char first = byte_at(bytes, 0);
  bytes.remove_prefix(1);
  if (first < 0x80) {
    return first;
  }
  const std::size_t count = first & 0x7FU;
  if (count == 0 || count > 4 || count > bytes.size()) {
    return std::nullopt;
  }
  std::size_t length = 0;
  for (std::size_t i = 0; i < count; ++i) {
    length = length << 8U | byte_at(bytes, i);
  }
  bytes.remove_prefix(count);
  return length;
}

bool needs_sign_byte(std::string_view number) {
  return number.empty() || (byte_at(number, 0) & 0x80U) != 0;
}

}  // namespace

std::optional<DerReader::Element> DerReader::peek() const {
  if (rest_.empty()) {
    return std::nullopt;
  }
  std::string_view rest = rest_.substr(1);
  const auto length = take_length(rest);
  if (!length.has_value() || *length > rest.size()) {
    return std::nullopt;
  }
  return Element{byte_at(rest_, 0), rest.substr(0, *length), rest.substr(*length)};
}

bool DerReader::next_is(DerTag tag) const {
  return !rest_.empty() && byte_at(rest_, 0) == static_cast<unsigned char>(tag);
}

std::optional<std::string_view> DerReader::read(DerTag tag) {
  const auto element = peek();
  if (!element.has_value() || element->tag != static_cast<unsigned char>(tag)) {
    return std::nullopt;
  }
  rest_ = element->rest;
  return element->content;
}

std::optional<std::string_view> DerReader::read_unsigned() {
  DerReader ahead = *this;
  auto number = ahead.read(DerTag::integer);
  if (!number.has_value() || number->empty() || (byte_at(*number, 0) & 0x80U) != 0) {
    return std::nullopt;
  }
  while (!number->empty() && number->front() == '\0') {
    number->remove_prefix(1);
  }
  *this = ahead;
  return number;
}

bool DerReader::skip() {
  const auto element = peek();
  if (!element.has_value()) {
    return false;
  }
  rest_ = element->rest;
  return true;
}

std::size_t der_size(std::size_t content_size) {
  std::size_t size = 2 + content_size;
  if (content_size >= 0x80) {
    for (std::size_t left = content_size; left != 0; left >>= 8U) {
      ++size;
    }
  }
  return size;
}

void append_der_head(std::string& out, DerTag tag, std::size_t content_size) {
  out += static_cast<char>(tag);
  if (content_size < 0x80) {
    out += static_cast<char>(content_size);
    return;
  }
  const std::size_t count = der_size(content_size) - content_size - 2;
  out += static_cast<char>(0x80U | count);
  for (std::size_t i = count; i > 0; --i) {
    out += static_cast<char>(content_size >> (8U * (i - 1)) & 0xFFU);
  }
}

void append_der(std::string& out, DerTag tag, std::string_view content) {
  append_der_head(out, tag, content.size());
  out += content;
}

std::size_t der_unsigned_size(std::string_view number) {
  return der_size(number.size() + (needs_sign_byte(number) ? 1 : 0));
}

void append_der_unsigned(std::string& out, std::string_view number) {
  const bool sign_byte = needs_sign_byte(number);
  append_der_head(out, DerTag::integer, number.size() + (sign_byte ? 1 : 0));
  if (sign_byte) {
    out += '\0';
  }
  out += number;
}

std::string dotted_oid(std::string_view content) {
  std::string text;
  std::uint64_t arc = 0;
  bool open = false;
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    if (arc >> 56U != 0) {
      return "?";
    }
    arc = arc << 7U | (byte & 0x7FU);
    open = (byte & 0x80U) != 0;
    if (open) {
      continue;
    }
    if (text.empty()) {
      const std::uint64_t root = arc < 80 ? arc / 40 : 2;
      text = fmt::format("{}.{}", root, arc - 40 * root);
    } else {
      text += fmt::format(".{}", arc);
    }
    arc = 0;
  }
  return open || text.empty() ? "?" : text;
}

}  // namespace atlink::crypto
