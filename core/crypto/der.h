// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::crypto {

/// The tags of X.690 that key files are made of.
enum class DerTag : unsigned char {
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  object_identifier = 0x06,
  sequence = 0x30,
  version = 0xA0,  ///< [0] EXPLICIT, the version of a certificate
};

/// Reads DER (X.690 section 10) one element after the other. Does not own the bytes. Lengths that
/// are longer than they need be pass, as some tools write them; indefinite ones do not.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// What has not been read yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }

  /// Whether an element of that tag is next.
  [[nodiscard]] bool next_is(DerTag tag) const;

  /// The content of the next element if it has that tag and is whole; else none, and nothing moves.
  [[nodiscard]] std::optional<std::string_view> read(DerTag tag);

  /// A non-negative INTEGER as big-endian bytes without leading zeros (zero is empty).
  [[nodiscard]] std::optional<std::string_view> read_unsigned();

  /// Skips the next element, whatever it is; false where there is no whole one.
  [[nodiscard]] bool skip();

 private:
  struct Element {
    unsigned char tag = 0;
    std::string_view content;
    std::string_view rest;
  };

  [[nodiscard]] std::optional<Element> peek() const;

  std::string_view rest_;
};

/// How many bytes an element of `content_size` bytes takes.
[[nodiscard]] std::size_t der_size(std::size_t content_size);

/// Appends tag and length; the content, `content_size` bytes, is the caller's to append.
void append_der_head(std::string& out, DerTag tag, std::size_t content_size);

/// Appends a whole element.
void append_der(std::string& out, DerTag tag, std::string_view content);

/// How many bytes a non-negative INTEGER takes, and the INTEGER itself, from big-endian bytes
/// without leading zeros.
[[nodiscard]] std::size_t der_unsigned_size(std::string_view number);
void append_der_unsigned(std::string& out, std::string_view number);

/// "1.2.840.10045.2.1" from the content of an OBJECT IDENTIFIER; "?" where it is malformed.
[[nodiscard]] std::string dotted_oid(std::string_view content);

}  // namespace atlink::crypto
