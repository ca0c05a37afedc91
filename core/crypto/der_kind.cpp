// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/der_kind.h"

#include "core/crypto/der.h"

#include <array>
#include <optional>
#include <utility>

namespace atlink::crypto {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view rsa_encryption = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"sv;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> names{{
    {rsa_encryption, "RSA"},
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A"sv, "RSA-PSS"},
    {"\x2A\x86\x48\xCE\x3D\x02\x01"sv, "EC"},
    {"\x2A\x86\x48\xCE\x38\x04\x01"sv, "DSA"},
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x03\x01"sv, "DH"},
    {"\x2B\x65\x6E"sv, "X25519"},
    {"\x2B\x65\x6F"sv, "X448"},
    {"\x2B\x65\x70"sv, "Ed25519"},
    {"\x2B\x65\x71"sv, "Ed448"},
}};

/// The algorithm of an AlgorithmIdentifier that is next in `reader`.
std::optional<std::string_view> read_algorithm(DerReader& reader) {
  const auto identifier = reader.read(DerTag::sequence);
  if (!identifier.has_value()) {
    return std::nullopt;
  }
  return DerReader(*identifier).read(DerTag::object_identifier);
}

/// The bytes of a BIT STRING that is whole bytes.
std::optional<std::string_view> read_bits(DerReader& reader) {
  const auto bits = reader.read(DerTag::bit_string);
  if (!bits.has_value() || bits->empty() || bits->front() != '\0') {
    return std::nullopt;
  }
  return bits->substr(1);
}

/// The SubjectPublicKeyInfo of a TBSCertificate's content, as a whole element.
std::optional<std::string_view> certificate_key(std::string_view tbs) {
  DerReader reader(tbs);
  if (reader.next_is(DerTag::version) && !reader.skip()) {
    return std::nullopt;
  }
  // Serial number, signature algorithm, issuer, validity, subject.
  if (!reader.next_is(DerTag::integer)) {
    return std::nullopt;
  }
  for (int i = 0; i < 5; ++i) {
    if (!reader.skip()) {
      return std::nullopt;
    }
  }
  const std::string_view rest = reader.rest();
  if (!reader.next_is(DerTag::sequence) || !reader.skip()) {
    return std::nullopt;
  }
  return rest;
}

/// What begins with a number: private keys, and the bare public one.
DerFile classify_numbers(std::string_view whole, std::string_view content) {
  DerReader reader(content);
  const auto first = reader.read_unsigned();
  if (!first.has_value()) {
    return {};
  }
  if (reader.next_is(DerTag::sequence)) {
    if (*first == "\x03"sv) {
      return {DerKind::pkcs12, {}, whole};
    }
    const auto algorithm = read_algorithm(reader);
    const auto key = reader.read(DerTag::octet_string);
    if (algorithm.has_value() && key.has_value()) {
      return {DerKind::pkcs8, *algorithm, *key};
    }
    return {};
  }
  if (reader.next_is(DerTag::octet_string)) {
    return {DerKind::ec_private, {}, whole};
  }
  int more = 0;
  while (reader.read(DerTag::integer).has_value()) {
    ++more;
  }
  if (more == 1 && reader.at_end()) {
    return {DerKind::pkcs1_public, {}, whole};
  }
  if (more == 5 && reader.at_end()) {
    return {DerKind::dsa_private, {}, whole};
  }
  return more >= 8 ? DerFile{DerKind::pkcs1, {}, whole} : DerFile{};
}

/// What begins with a sequence: public keys, certificates, encrypted keys.
DerFile classify_sequence(std::string_view whole, std::string_view content) {
  DerReader reader(content);
  DerReader tbs_reader = reader;
  const auto tbs = tbs_reader.read(DerTag::sequence);
  const auto algorithm = read_algorithm(reader);
  if (algorithm.has_value()) {
    if (reader.next_is(DerTag::octet_string)) {
      return {DerKind::pkcs8_encrypted, {}, whole};
    }
    const auto key = read_bits(reader);
    return key.has_value() ? DerFile{DerKind::spki, *algorithm, *key} : DerFile{};
  }
  const auto key = tbs.has_value() ? certificate_key(*tbs) : std::nullopt;
  return key.has_value() ? DerFile{DerKind::certificate, {}, *key} : DerFile{};
}

}  // namespace

DerFile classify_der(std::string_view der) {
  DerReader outer(der);
  const auto content = outer.read(DerTag::sequence);
  if (!content.has_value()) {
    return {};
  }
  const std::string_view whole = der.substr(0, der.size() - outer.rest().size());
  return DerReader(*content).next_is(DerTag::integer) ? classify_numbers(whole, *content)
                                                      : classify_sequence(whole, *content);
}

bool is_rsa(std::string_view algorithm) {
  return algorithm == rsa_encryption;
}

std::string algorithm_name(std::string_view algorithm) {
  for (const auto& [identifier, name] : names) {
    if (algorithm == identifier) {
      return std::string(name);
    }
  }
  return "algorithm " + dotted_oid(algorithm);
}

std::string_view rsa_identifier() {
  return rsa_encryption;
}

}  // namespace atlink::crypto
