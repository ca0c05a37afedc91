// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key_file.h"

#include "atlink/text.h"
#include "core/crypto/decrypt.h"
#include "core/crypto/der.h"
#include "core/crypto/der_kind.h"
#include "core/crypto/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace atlink::crypto {

namespace {

constexpr std::string_view make_new = "make an RSA key pair with: atlink keygen --out DIR";

tl::unexpected<Error> unsupported(std::string_view what) {
  return fail(ErrorCode::key_unsupported,
              fmt::format("this is an {} key, and signing here takes RSA", what),
              std::string(make_new));
}

tl::unexpected<Error> public_given(std::string_view what) {
  return fail(ErrorCode::key_public,
              fmt::format("this is {}; the private key is needed", what),
              "name the file with the PRIVATE KEY block, usually private.pem");
}

tl::unexpected<Error> pkcs12_given() {
  return fail(ErrorCode::key_unsupported,
              "this is a PKCS#12 file (.p12, .pfx)",
              "take the key out of it with: openssl pkcs12 -in FILE -nocerts -out private.pem");
}

/// What text without a PEM block is, as far as it can be told. `wanted` is the label of the block
/// that would do.
tl::unexpected<Error> no_pem(std::string_view bytes, std::string_view wanted) {
  const std::string_view text = trim(bytes);
  std::string_view what = "this is neither PEM nor DER";
  std::string next = fmt::format("name a PEM file with a {} block, or its DER form", wanted);
  if (text.empty()) {
    what = "there is nothing in it";
  } else if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    what = "this is UTF-16 text";
    next = "save the file as ASCII or UTF-8";
  } else if (text.starts_with("PuTTY-User-Key-File")) {
    what = "this is a PuTTY key";
    next = "export it from PuTTYgen in OpenSSH's PEM form, or make a new pair with atlink keygen";
  }
  return fail(ErrorCode::key_unreadable, std::string(what), std::move(next));
}

bool is_ssh_public(std::string_view bytes) {
  const std::string_view text = trim(bytes);
  return text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") ||
         text.starts_with("---- BEGIN SSH2 PUBLIC KEY");
}

bool is_public_label(std::string_view label) {
  return label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") ||
         label == "CERTIFICATE REQUEST";
}

std::string blocks_in_words(const std::vector<PemBlock>& blocks) {
  std::string words;
  for (const PemBlock& block : blocks) {
    if (words.size() > 200) {
      return words + " …";
    }
    words += fmt::format("{}\"{}\"", words.empty() ? "" : ", ", block.label);
  }
  return words;
}

/// The private key's block, or why there is none.
Result<PemBlock> choose_private(const std::vector<PemBlock>& blocks) {
  for (const PemBlock& block : blocks) {
    if (block.label.ends_with("PRIVATE KEY")) {
      return block;
    }
  }
  for (const PemBlock& block : blocks) {
    if (is_public_label(block.label)) {
      return public_given(block.label.ends_with("PUBLIC KEY") ? "a public key" : "a certificate");
    }
  }
  return fail(ErrorCode::key_unreadable,
              fmt::format("there is no private key in it, only {}", blocks_in_words(blocks)),
              "name the file with the PRIVATE KEY block, usually private.pem");
}

/// "EC" of "EC PRIVATE KEY": the algorithm that a label names, where that is not RSA.
Status check_private_label(std::string_view label) {
  if (label == "OPENSSH PRIVATE KEY") {
    return fail(ErrorCode::key_unsupported,
                "this is a key in OpenSSH's own form",
                "convert a copy of it with: ssh-keygen -p -m PEM -f COPY");
  }
  const std::string_view kind =
      trim(label.substr(0, label.size() - std::string_view("PRIVATE KEY").size()));
  if (kind.empty() || kind == "RSA" || kind == "ENCRYPTED" || kind == "ANY") {
    return {};
  }
  return unsupported(kind);
}

Result<PrivateKeyFile> private_from_der(std::string_view der, const Secret* passphrase, bool pem) {
  const DerFile file = classify_der(der);
  switch (file.kind) {
    case DerKind::pkcs8:
      if (!is_rsa(file.algorithm)) {
        return unsupported(algorithm_name(file.algorithm));
      }
      return PrivateKeyFile{pem ? KeyEncoding::pkcs8 : KeyEncoding::pkcs8_der, Secret(file.inner)};
    case DerKind::pkcs1:
      return PrivateKeyFile{pem ? KeyEncoding::pkcs1 : KeyEncoding::pkcs1_der, Secret(file.inner)};
    case DerKind::pkcs8_encrypted: {
      ATLINK_ASSIGN(const Secret plain, decrypt_pkcs8(file.inner, passphrase));
      ATLINK_ASSIGN(PrivateKeyFile opened, private_from_der(plain.expose(), nullptr, pem));
      opened.encoding = pem ? KeyEncoding::pkcs8_encrypted : KeyEncoding::pkcs8_encrypted_der;
      return opened;
    }
    case DerKind::ec_private:
      return unsupported("EC");
    case DerKind::dsa_private:
      return unsupported("DSA");
    case DerKind::spki:
    case DerKind::pkcs1_public:
      return public_given("a public key");
    case DerKind::certificate:
      return public_given("a certificate");
    case DerKind::pkcs12:
      return pkcs12_given();
    case DerKind::unknown:
      break;
  }
  return fail(ErrorCode::key_unreadable,
              "it does not hold the structure of a key",
              "take the key from where it was made again; the file is damaged or something else");
}

Result<PrivateKeyFile> private_from_pem(const PemBlock& block, const Secret* passphrase) {
  ATLINK_CHECK(check_private_label(block.label));
  ATLINK_ASSIGN(const PemContent content, decode_pem(block));
  if (content.dek_info.empty()) {
    return private_from_der(content.der.expose(), passphrase, true);
  }
  ATLINK_ASSIGN(const Secret plain,
                decrypt_traditional(content.der.expose(), content.dek_info, passphrase));
  ATLINK_ASSIGN(PrivateKeyFile opened, private_from_der(plain.expose(), nullptr, true));
  opened.encoding = KeyEncoding::pkcs1_encrypted;
  return opened;
}

Result<std::string> public_from_der(std::string_view der) {
  const DerFile file = classify_der(der);
  switch (file.kind) {
    case DerKind::spki:
      if (!is_rsa(file.algorithm)) {
        return unsupported(algorithm_name(file.algorithm));
      }
      return std::string(file.inner);
    case DerKind::pkcs1_public:
      return std::string(file.inner);
    case DerKind::certificate:
      return public_from_der(file.inner);
    case DerKind::pkcs12:
      return pkcs12_given();
    case DerKind::pkcs8:
    case DerKind::pkcs8_encrypted:
    case DerKind::pkcs1:
    case DerKind::ec_private:
    case DerKind::dsa_private:
      return fail(ErrorCode::key_unreadable,
                  "this is a private key; the public one is needed",
                  "name the file with the PUBLIC KEY block, usually public.pem");
    case DerKind::unknown:
      break;
  }
  return fail(ErrorCode::key_unreadable,
              "it does not hold the structure of a public key",
              "take the key from where it was made again; the file is damaged or something else");
}

tl::unexpected<Error> primes_unsupported(std::string_view what) {
  return fail(ErrorCode::key_unsupported,
              fmt::format("this is an RSA key {}", what),
              std::string(make_new));
}

/// DER without PEM around it: as it is, or as bare base64.
std::optional<Secret> bare_der(std::string_view bytes) {
  if (bytes.starts_with('\x30')) {
    return Secret(bytes);
  }
  Secret decoded = decode_loose_base64(bytes);
  return decoded.empty() ? std::nullopt : std::optional<Secret>(std::move(decoded));
}

}  // namespace

Result<PrivateKeyFile> open_private_key(std::string_view bytes, const Secret* passphrase) {
  const auto blocks = find_pem_blocks(bytes);
  if (!blocks.empty()) {
    ATLINK_ASSIGN(const PemBlock block, choose_private(blocks));
    return private_from_pem(block, passphrase);
  }
  if (is_ssh_public(bytes)) {
    return public_given("a public key of OpenSSH");
  }
  const auto der = bare_der(bytes);
  if (!der.has_value()) {
    return no_pem(bytes, "PRIVATE KEY");
  }
  return private_from_der(der->expose(), passphrase, !bytes.starts_with('\x30'));
}

Result<PrivateNumbers> read_pkcs1(std::string_view der) {
  const auto damaged = [] {
    return fail(ErrorCode::key_unreadable,
                "the RSA private key in it is cut short or damaged",
                "take the key from where it was made again");
  };
  const auto content = DerReader(der).read(DerTag::sequence);
  if (!content.has_value()) {
    return damaged();
  }
  DerReader reader(*content);
  const auto version = reader.read_unsigned();
  PrivateNumbers key;
  for (std::string_view& number : key.numbers) {
    const auto read = reader.read_unsigned();
    if (!read.has_value()) {
      return damaged();
    }
    number = *read;
  }
  if (!version.has_value() || !version->empty()) {
    return primes_unsupported("of more than two primes");
  }
  if (std::any_of(key.numbers.begin() + 3, key.numbers.end(), [](auto n) { return n.empty(); })) {
    return primes_unsupported("without its primes");
  }
  return key;
}

Result<std::string> open_public_key(std::string_view bytes) {
  const auto blocks = find_pem_blocks(bytes);
  for (const PemBlock& block : blocks) {
    if (is_public_label(block.label) && block.label != "CERTIFICATE REQUEST") {
      ATLINK_ASSIGN(const PemContent content, decode_pem(block));
      return public_from_der(content.der.expose());
    }
  }
  if (!blocks.empty()) {
    return fail(ErrorCode::key_unreadable,
                fmt::format("there is no public key in it, only {}", blocks_in_words(blocks)),
                "name the file with the PUBLIC KEY block, usually public.pem");
  }
  const auto der = bare_der(bytes);
  if (!der.has_value()) {
    return is_ssh_public(bytes) ? fail(ErrorCode::key_unsupported,
                                       "this is a public key in OpenSSH's own form",
                                       "convert it with: ssh-keygen -e -m PKCS8 -f FILE")
                                : no_pem(bytes, "PUBLIC KEY");
  }
  return public_from_der(der->expose());
}

Result<PublicNumbers> read_pkcs1_public(std::string_view der) {
  const auto content = DerReader(der).read(DerTag::sequence);
  DerReader reader(content.value_or(std::string_view()));
  const auto modulus = reader.read_unsigned();
  const auto exponent = reader.read_unsigned();
  if (!modulus.has_value() || !exponent.has_value()) {
    return fail(ErrorCode::key_unreadable,
                "the RSA public key in it is cut short or damaged",
                "take the key from where it was made again");
  }
  return PublicNumbers{*modulus, *exponent};
}

}  // namespace atlink::crypto
