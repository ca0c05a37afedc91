// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "core/crypto/digest_info.h"
#include "core/crypto/key_file.h"
#include "core/crypto/rsa_build.h"
#include "core/crypto/rsa_key_impl.h"

#include <fmt/format.h>
#include <openssl/rsa.h>

#include <utility>

namespace atlink {

namespace {

/// Raw RSASSA-PKCS1-v1_5: padding and no digest set, so that what is signed is what is given.
crypto::PkeyContext new_context(EVP_PKEY* key) {
  crypto::PkeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  if (context == nullptr || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) {
    return nullptr;
  }
  return context;
}

std::string signature_name(RsaDigest digest) {
  return digest == RsaDigest::sha1 ? "an RSA signature with SHA-1"
                                   : "an RSA signature with SHA-256";
}

}  // namespace

crypto::PkeyContext RsaPrivateKey::Impl::take_context() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      crypto::PkeyContext context = std::move(idle_.back());
      idle_.pop_back();
      return context;
    }
  }
  return new_context(key.get());
}

void RsaPrivateKey::Impl::give_back(crypto::PkeyContext context) const {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(context));
}

Result<RsaPrivateKey> RsaPrivateKey::generate(int bits) {
  if (bits != 2048 && bits != 3072 && bits != 4096) {
    return fail(ErrorCode::usage,
                fmt::format("an RSA key of {} bits cannot be made", bits),
                "choose 2048, 3072 or 4096 bits");
  }
  auto impl = std::make_shared<Impl>();
  ATLINK_ASSIGN(impl->key, crypto::generate_key(bits));
  auto half = std::make_shared<RsaPublicKey::Impl>();
  ATLINK_CHECK(crypto::public_numbers_of(impl->key.get(), half->modulus, half->exponent));
  impl->public_half = std::move(half);
  return RsaPrivateKey(std::move(impl));
}

Result<RsaPrivateKey> RsaPrivateKey::parse(std::string_view bytes, const Secret* passphrase) {
  ATLINK_ASSIGN(const crypto::PrivateKeyFile file, crypto::open_private_key(bytes, passphrase));
  ATLINK_ASSIGN(const crypto::PrivateNumbers numbers, crypto::read_pkcs1(file.pkcs1.expose()));
  auto impl = std::make_shared<Impl>();
  ATLINK_ASSIGN(impl->key, crypto::make_private_key(numbers));
  impl->encoding = file.encoding;
  auto half = std::make_shared<RsaPublicKey::Impl>();
  half->modulus = numbers.numbers[0];
  half->exponent = numbers.numbers[1];
  impl->public_half = std::move(half);
  return RsaPrivateKey(std::move(impl));
}

int RsaPrivateKey::bits() const {
  return crypto::bit_length(impl_->public_half->modulus);
}

KeyEncoding RsaPrivateKey::encoding() const {
  return impl_->encoding;
}

RsaPublicKey RsaPrivateKey::public_key() const {
  return RsaPublicKey(impl_->public_half);
}

Result<Secret> RsaPrivateKey::pem() const {
  return crypto::private_key_pem(impl_->key.get());
}

Result<std::string> RsaPrivateKey::sign(RsaDigest digest, std::string_view message) const {
  const crypto::ErrorQueueScope scope;
  ATLINK_ASSIGN(const crypto::DigestInfo info, crypto::digest_info(digest, message));
  crypto::PkeyContext context = impl_->take_context();
  std::string signature(impl_->public_half->modulus.size(), '\0');
  std::size_t size = signature.size();
  if (context == nullptr || EVP_PKEY_sign(context.get(),
                                          reinterpret_cast<unsigned char*>(signature.data()),
                                          &size,
                                          info.bytes.data(),
                                          info.size) != 1) {
    return fail(crypto::refused(signature_name(digest)));
  }
  impl_->give_back(std::move(context));
  signature.resize(size);
  return signature;
}

std::string_view describe(KeyEncoding encoding) {
  switch (encoding) {
    case KeyEncoding::pkcs8:
      return "PKCS#8 PEM";
    case KeyEncoding::pkcs8_encrypted:
      return "passphrase-protected PKCS#8 PEM";
    case KeyEncoding::pkcs1:
      return "PKCS#1 PEM";
    case KeyEncoding::pkcs1_encrypted:
      return "passphrase-protected PKCS#1 PEM";
    case KeyEncoding::pkcs8_der:
      return "PKCS#8 DER";
    case KeyEncoding::pkcs1_der:
      return "PKCS#1 DER";
    case KeyEncoding::pkcs8_encrypted_der:
      break;
  }
  return "passphrase-protected PKCS#8 DER";
}

}  // namespace atlink
