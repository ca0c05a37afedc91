// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "atlink/secret.h"
#include "core/crypto/digest.h"
#include "core/text/percent.h"

#include <fmt/format.h>

#include <array>

namespace atlink::oauth1 {

namespace {

struct MethodName {
  SignatureMethod method;
  std::string_view name;
};

constexpr std::array<MethodName, 5> method_names{{
    {SignatureMethod::rsa_sha1, "RSA-SHA1"},
    {SignatureMethod::rsa_sha256, "RSA-SHA256"},
    {SignatureMethod::hmac_sha1, "HMAC-SHA1"},
    {SignatureMethod::hmac_sha256, "HMAC-SHA256"},
    {SignatureMethod::plaintext, "PLAINTEXT"},
}};

RsaDigest rsa_digest(SignatureMethod method) {
  return method == SignatureMethod::rsa_sha1 ? RsaDigest::sha1 : RsaDigest::sha256;
}

/// Both shared secrets, encoded and joined: the key of section 3.4.2 and the signature of 3.4.4.
Secret shared_key(const Secret& consumer, const Secret* token) {
  const std::string_view token_secret = token != nullptr ? token->expose() : std::string_view();
  std::string key;
  // Room for the longest encoding: a buffer that is outgrown would not be wiped.
  key.reserve(text::longest_encoding(consumer.size()) + 1 +
              text::longest_encoding(token_secret.size()));
  text::append_percent_encoded(key, consumer.expose());
  key += '&';
  text::append_percent_encoded(key, token_secret);
  Secret secret(key);
  wipe_memory(key.data(), key.size());
  return secret;
}

Result<std::string> sign_rsa(SignatureMethod method,
                             std::string_view base_string,
                             const std::optional<RsaPrivateKey>& key) {
  if (!key.has_value()) {
    return fail(ErrorCode::key_missing,
                fmt::format("{} needs a private key, and none is set", wire_name(method)),
                "name the private key's file, or make a pair with: atlink keygen --out DIR");
  }
  ATLINK_ASSIGN(const std::string signature, key->sign(rsa_digest(method), base_string));
  return to_base64(signature);
}

/// HMAC of section 3.4.2, or the bare secrets of 3.4.4.
Result<std::string> sign_shared(SignatureMethod method,
                                std::string_view base_string,
                                const Secret& key) {
  if (method == SignatureMethod::plaintext) {
    return std::string(key.expose());
  }
  const auto hash =
      method == SignatureMethod::hmac_sha1 ? crypto::Hash::sha1 : crypto::Hash::sha256;
  ATLINK_ASSIGN(const auto value, crypto::hmac(hash, key.expose(), base_string));
  return to_base64(value.view());
}

}  // namespace

std::string_view wire_name(SignatureMethod method) {
  for (const MethodName& entry : method_names) {
    if (entry.method == method) {
      return entry.name;
    }
  }
  return {};
}

std::optional<SignatureMethod> signature_method(std::string_view wire_name) {
  for (const MethodName& entry : method_names) {
    if (entry.name == wire_name) {
      return entry.method;
    }
  }
  return std::nullopt;
}

bool uses_rsa(SignatureMethod method) {
  return method == SignatureMethod::rsa_sha1 || method == SignatureMethod::rsa_sha256;
}

Result<std::string> sign(SignatureMethod method,
                         std::string_view base_string,
                         const Consumer& consumer,
                         const Secret* token_secret) {
  if (uses_rsa(method)) {
    return sign_rsa(method, base_string, consumer.private_key);
  }
  return sign_shared(method, base_string, shared_key(consumer.secret, token_secret));
}

bool verify(SignatureMethod method,
            std::string_view base_string,
            std::string_view signature,
            const ConsumerVerifier& consumer,
            const Secret* token_secret) {
  if (uses_rsa(method)) {
    const auto bytes = from_base64(signature);
    return bytes.has_value() && consumer.public_key.has_value() &&
           consumer.public_key->verify(rsa_digest(method), base_string, *bytes);
  }
  // Whoever knows no secret could sign with the empty one.
  if (consumer.secret.empty()) {
    return false;
  }
  auto expected = sign_shared(method, base_string, shared_key(consumer.secret, token_secret));
  if (!expected.has_value()) {
    return false;
  }
  const Secret kept(*expected);
  wipe_memory(expected->data(), expected->size());
  return kept.equals(signature);
}

}  // namespace atlink::oauth1
