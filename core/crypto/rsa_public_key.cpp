// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "atlink/sha256.h"
#include "atlink/text.h"
#include "core/crypto/digest.h"
#include "core/crypto/digest_info.h"
#include "core/crypto/key_file.h"
#include "core/crypto/pem.h"
#include "core/crypto/rsa_build.h"
#include "core/crypto/rsa_key_impl.h"

#include <openssl/rsa.h>

#include <utility>

namespace atlink {

EVP_PKEY* RsaPublicKey::Impl::key() const {
  std::call_once(once_, [this] {
    auto made = crypto::make_public_key({modulus, exponent});
    if (made.has_value()) {
      key_ = std::move(*made);
    }
  });
  return key_.get();
}

std::string RsaPublicKey::Impl::info() const {
  return crypto::subject_public_key_info(modulus, exponent);
}

Result<RsaPublicKey> RsaPublicKey::parse(std::string_view bytes) {
  ATLINK_ASSIGN(const std::string der, crypto::open_public_key(bytes));
  ATLINK_ASSIGN(const crypto::PublicNumbers numbers, crypto::read_pkcs1_public(der));
  ATLINK_CHECK(crypto::check_public_numbers(numbers));
  auto impl = std::make_shared<Impl>();
  impl->modulus = numbers.modulus;
  impl->exponent = numbers.exponent;
  return RsaPublicKey(std::move(impl));
}

int RsaPublicKey::bits() const {
  return crypto::bit_length(impl_->modulus);
}

std::string RsaPublicKey::pem() const {
  std::string out;
  crypto::append_pem(out, "PUBLIC KEY", base64());
  return out;
}

std::string RsaPublicKey::base64() const {
  return to_base64(impl_->info());
}

std::string RsaPublicKey::fingerprint() const {
  return sha256(impl_->info()).value_or(std::string());
}

bool RsaPublicKey::verify(RsaDigest digest,
                          std::string_view message,
                          std::string_view signature) const {
  const crypto::ErrorQueueScope scope;
  const auto info = crypto::digest_info(digest, message);
  EVP_PKEY* key = impl_->key();
  // RFC 8017 section 8.2.2, step 1: the length is that of the modulus, no shorter one will do.
  if (!info.has_value() || key == nullptr || signature.size() != impl_->modulus.size()) {
    return false;
  }
  const crypto::PkeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  return context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_verify(context.get(),
                         reinterpret_cast<const unsigned char*>(signature.data()),
                         signature.size(),
                         info->bytes.data(),
                         info->size) == 1;
}

bool RsaPublicKey::same_as(const RsaPublicKey& other) const {
  return impl_->modulus == other.impl_->modulus && impl_->exponent == other.impl_->exponent;
}

}  // namespace atlink
