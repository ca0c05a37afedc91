// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/seal.h"

#include "core/crypto/openssl.h"

#include <limits>
#include <vector>

namespace atlink::crypto {

namespace {

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;

constexpr std::uint64_t most_memory = std::uint64_t{256} << 20;
constexpr std::uint32_t most_lanes = 16;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// The lengths of OpenSSL are int.
bool fits(std::string_view text) {
  return text.size() <= std::size_t{std::numeric_limits<int>::max()} - gcm_tag_size;
}

bool begin(EVP_CIPHER_CTX* context,
           const Secret& key,
           std::string_view nonce,
           std::string_view authenticated,
           int encrypt) {
  int size = 0;
  return key.size() == gcm_key_size && nonce.size() == gcm_nonce_size && fits(authenticated) &&
         EVP_CipherInit_ex2(context,
                            EVP_aes_256_gcm(),
                            bytes_of(key.expose()),
                            bytes_of(nonce),
                            encrypt,
                            nullptr) == 1 &&
         (authenticated.empty() || EVP_CipherUpdate(context,
                                                    nullptr,
                                                    &size,
                                                    bytes_of(authenticated),
                                                    static_cast<int>(authenticated.size())) == 1);
}

tl::unexpected<Error> changed() {
  return fail(ErrorCode::file_damaged, "the sealed data is not what was sealed");
}

}  // namespace

bool is_bearable(const ScryptParameters& parameters) {
  const auto [n, r, p] = parameters;
  const bool power = n > 1 && (n & (n - 1)) == 0;
  return power && r > 0 && p > 0 && p <= most_lanes && r <= most_memory / 128 &&
         n <= most_memory / 128 / r;
}

Result<Secret> scrypt(std::string_view password,
                      std::string_view salt,
                      const ScryptParameters& parameters,
                      std::size_t size) {
  const ErrorQueueScope scope;
  std::string derived(size, '\0');
  // OpenSSL counts some blocks beside the large one.
  const bool done =
      is_bearable(parameters) && EVP_PBE_scrypt(password.data(),
                                                password.size(),
                                                bytes_of(salt),
                                                salt.size(),
                                                parameters.n,
                                                parameters.r,
                                                parameters.p,
                                                2 * most_memory,
                                                reinterpret_cast<unsigned char*>(derived.data()),
                                                derived.size()) == 1;
  if (!done) {
    return fail(refused("scrypt"));
  }
  return Secret::take(derived);
}

Result<std::string> gcm_encrypt(const Secret& key,
                                std::string_view nonce,
                                std::string_view authenticated,
                                std::string_view plain) {
  const ErrorQueueScope scope;
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string sealed(plain.size() + gcm_tag_size, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  int size = 0;
  if (context == nullptr || !fits(plain) || !begin(context.get(), key, nonce, authenticated, 1) ||
      EVP_CipherUpdate(
          context.get(), out, &size, bytes_of(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), out + plain.size(), &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, gcm_tag_size, out + plain.size()) !=
          1) {
    return fail(refused("AES-256-GCM"));
  }
  return sealed;
}

Result<Secret> gcm_decrypt(const Secret& key,
                           std::string_view nonce,
                           std::string_view authenticated,
                           std::string_view sealed) {
  if (sealed.size() < gcm_tag_size || !fits(sealed)) {
    return changed();
  }
  const ErrorQueueScope scope;
  const CipherContext context(EVP_CIPHER_CTX_new());
  if (context == nullptr || !begin(context.get(), key, nonce, authenticated, 0)) {
    return fail(refused("AES-256-GCM"));
  }
  const std::string_view cipher = sealed.substr(0, sealed.size() - gcm_tag_size);
  std::string tag(sealed.substr(cipher.size()));
  std::string plain(sealed.size(), '\0');
  auto* const out = reinterpret_cast<unsigned char*>(plain.data());
  int size = 0;
  const bool whole =
      EVP_CipherUpdate(
          context.get(), out, &size, bytes_of(cipher), static_cast<int>(cipher.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, gcm_tag_size, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context.get(), out + cipher.size(), &size) == 1;
  const Secret all = Secret::take(plain);
  if (!whole) {
    return changed();
  }
  return Secret(all.expose().substr(0, cipher.size()));
}

}  // namespace atlink::crypto
