// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "core/crypto/der.h"
#include "core/crypto/der_kind.h"
#include "core/crypto/pem.h"
#include "core/crypto/rsa_build.h"
#include "core/crypto/wiped.h"

#include <openssl/core_names.h>

namespace atlink::crypto {

namespace {

/// Gives one of a key's numbers as big-endian bytes; false where OpenSSL does not.
bool read_number(const EVP_PKEY* key, const char* name, std::string& bytes) {
  BIGNUM* raw = nullptr;
  const bool given = EVP_PKEY_get_bn_param(key, name, &raw) == 1;
  const Bignum number(raw);
  if (!given) {
    return false;
  }
  bytes.resize(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return true;
}

tl::unexpected<Error> no_numbers() {
  return fail(ErrorCode::internal, "the key does not give its numbers: " + openssl_words());
}

/// AlgorithmIdentifier of rsaEncryption: NULL parameters (RFC 8017 appendix A.1).
void append_rsa_algorithm(std::string& out) {
  const std::string_view null_value("\x05\x00", 2);
  append_der_head(out, DerTag::sequence, der_size(rsa_identifier().size()) + null_value.size());
  append_der(out, DerTag::object_identifier, rsa_identifier());
  out += null_value;
}

}  // namespace

Status public_numbers_of(const EVP_PKEY* key, std::string& modulus, std::string& exponent) {
  const ErrorQueueScope scope;
  if (!read_number(key, OSSL_PKEY_PARAM_RSA_N, modulus) ||
      !read_number(key, OSSL_PKEY_PARAM_RSA_E, exponent)) {
    return no_numbers();
  }
  return {};
}

std::string subject_public_key_info(std::string_view modulus, std::string_view exponent) {
  std::string numbers;
  append_der_unsigned(numbers, modulus);
  append_der_unsigned(numbers, exponent);
  std::string key("\0", 1);  // no unused bits in the BIT STRING
  append_der(key, DerTag::sequence, numbers);
  std::string content;
  append_rsa_algorithm(content);
  append_der(content, DerTag::bit_string, key);
  std::string info;
  append_der(info, DerTag::sequence, content);
  return info;
}

Result<Secret> private_key_pem(const EVP_PKEY* key) {
  const ErrorQueueScope scope;
  // Room for all of it at once: the eight numbers take under six times the modulus.
  const auto room = 6 * static_cast<std::size_t>(EVP_PKEY_get_size(key)) + 128;
  WipedString numbers;
  WipedString pkcs1;
  WipedString content;
  WipedString info;
  for (WipedString* buffer : {&numbers, &pkcs1, &content, &info}) {
    buffer->text.reserve(room);
  }
  append_der_unsigned(numbers.text, {});
  for (const char* name : rsa_parameter_names) {
    WipedString number;
    if (!read_number(key, name, number.text)) {
      return no_numbers();
    }
    append_der_unsigned(numbers.text, number.text);
  }
  append_der(pkcs1.text, DerTag::sequence, numbers.text);
  append_der_unsigned(content.text, {});
  append_rsa_algorithm(content.text);
  append_der(content.text, DerTag::octet_string, pkcs1.text);
  append_der(info.text, DerTag::sequence, content.text);
  const WipedString base64(to_base64(info.text));
  WipedString pem;
  pem.text.reserve(pem_size("PRIVATE KEY", base64.text.size()));
  append_pem(pem.text, "PRIVATE KEY", base64.text);
  return Secret(pem.text);
}

}  // namespace atlink::crypto
