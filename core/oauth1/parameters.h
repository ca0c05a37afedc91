// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::oauth1 {

/// Collects parameters for a signature (RFC 5849 section 3.4.1.3). They are encoded once, as they
/// come in, into one buffer; sorting moves positions only.
class ParameterCollector {
 public:
  /// `expected`: about how many bytes will come.
  explicit ParameterCollector(std::size_t expected);

  /// One decoded parameter.
  void add(std::string_view name, std::string_view value);

  /// All of a query or form body as on the wire (section 3.4.1.3.1): empty pieces are no
  /// parameters, pieces without "=" have an empty value. oauth_signature is left out wherever it
  /// stands.
  void add_form(std::string_view text);

  /// The normal form of section 3.4.1.3.2.
  [[nodiscard]] std::string normalized();

 private:
  struct Entry {
    std::size_t name = 0;
    std::size_t value = 0;
    std::size_t end = 0;
  };

  void add_piece(std::string_view piece);
  [[nodiscard]] std::string_view name_of(const Entry& entry) const;
  [[nodiscard]] std::string_view value_of(const Entry& entry) const;
  [[nodiscard]] bool before(const Entry& a, const Entry& b) const;

  std::string encoded_;
  std::vector<Entry> entries_;
};

}  // namespace atlink::oauth1
