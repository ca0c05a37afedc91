// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"

#include "core/crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <string>

namespace atlink::crypto {

namespace {

using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;

const char* openssl_name(Hash hash) {
  return hash == Hash::sha1 ? "SHA1" : "SHA256";
}

/// An implementation that is looked up once (a look-up costs more than a short hash) and kept until
/// the process ends, or the error that the look-up gave.
struct Fetched {
  const EVP_MD* md = nullptr;
  Error error;
};

Fetched fetch(Hash hash) {
  Fetched fetched;
  fetched.md = EVP_MD_fetch(nullptr, openssl_name(hash), nullptr);
  if (fetched.md == nullptr) {
    fetched.error = refused(openssl_name(hash));
  }
  return fetched;
}

const Fetched& fetched(Hash hash) {
  if (hash == Hash::sha1) {
    static const Fetched sha1 = fetch(Hash::sha1);
    return sha1;
  }
  static const Fetched sha256 = fetch(Hash::sha256);
  return sha256;
}

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return algorithm;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string_view DigestValue::view() const {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

Result<DigestValue> digest(Hash hash, std::string_view message) {
  const ErrorQueueScope scope;
  const Fetched& algorithm = fetched(hash);
  if (algorithm.md == nullptr) {
    return fail(algorithm.error);
  }
  DigestValue value;
  unsigned size = 0;
  if (EVP_Digest(
          message.data(), message.size(), value.bytes.data(), &size, algorithm.md, nullptr) != 1) {
    return fail(refused(openssl_name(hash)));
  }
  value.size = size;
  return value;
}

Result<DigestValue> hmac(Hash hash, std::string_view key, std::string_view message) {
  if (key.empty()) {
    return fail(refused("HMAC without a key"));
  }
  const ErrorQueueScope scope;
  std::string name = openssl_name(hash);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size()),
      OSSL_PARAM_construct_end()};
  EVP_MAC* algorithm = hmac_algorithm();
  const MacContext context(algorithm != nullptr ? EVP_MAC_CTX_new(algorithm) : nullptr);
  DigestValue value;
  if (context == nullptr ||
      EVP_MAC_init(context.get(), bytes_of(key), key.size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), bytes_of(message), message.size()) != 1 ||
      EVP_MAC_final(context.get(), value.bytes.data(), &value.size, value.bytes.size()) != 1) {
    return fail(refused("HMAC with " + name));
  }
  return value;
}

}  // namespace atlink::crypto
