// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/decrypt.h"

#include "atlink/text.h"
#include "core/crypto/der_kind.h"
#include "core/crypto/openssl.h"
#include "core/crypto/wiped.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <limits>

namespace atlink::crypto {

namespace {

using Cipher = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;
using EncryptedKey = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;

Error passphrase_needed() {
  return make_error(ErrorCode::key_passphrase,
                    "the private key is protected by a passphrase",
                    "give the passphrase of the key")
      .with("passphrase", "needed");
}

Error passphrase_wrong() {
  return make_error(ErrorCode::key_passphrase,
                    "the passphrase does not open the private key",
                    "give the passphrase that the key was written with")
      .with("passphrase", "wrong");
}

Error cipher_unsupported(std::string_view what) {
  return make_error(ErrorCode::key_unsupported,
                    fmt::format("the key's passphrase protection cannot be undone here ({})", what),
                    "write the key anew where it opens: openssl pkcs8 -topk8 -v2 aes256 -in OLD "
                    "-out NEW");
}

bool last_error_is(int library, int reason) {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == library && ERR_GET_REASON(code) == reason;
}

/// PEM_do_header's way to ask: `context` is the Secret.
int give_passphrase(char* buffer, int size, int /*for_writing*/, void* context) {
  const std::string_view passphrase = static_cast<const Secret*>(context)->expose();
  if (passphrase.size() > static_cast<std::size_t>(size)) {
    return -1;
  }
  // Not memcpy, which must not see the null of an empty passphrase.
  std::copy(passphrase.begin(), passphrase.end(), buffer);
  return static_cast<int>(passphrase.size());
}

Secret take_and_wipe(unsigned char* bytes, int size) {
  Secret secret(
      std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)));
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  return secret;
}

/// Reads "AES-256-CBC,0123…" and makes sure that the cipher can be had.
Result<EVP_CIPHER_INFO> read_dek_info(const std::string& dek_info) {
  EVP_CIPHER_INFO info{};
  std::string header = "Proc-Type: 4,ENCRYPTED\nDEK-Info: " + dek_info + "\n";
  if (PEM_get_EVP_CIPHER_INFO(header.data(), &info) != 1 || info.cipher == nullptr ||
      Cipher(EVP_CIPHER_fetch(nullptr, EVP_CIPHER_get0_name(info.cipher), nullptr)) == nullptr) {
    const std::string name = printable(dek_info.substr(0, dek_info.find(',')), 40);
    return fail(cipher_unsupported(fmt::format("{}: {}", name, openssl_words())));
  }
  return info;
}

bool fits_int(std::size_t size) {
  return size <= static_cast<std::size_t>(std::numeric_limits<int>::max());
}

}  // namespace

Result<Secret> decrypt_pkcs8(std::string_view der, const Secret* passphrase) {
  if (passphrase == nullptr) {
    return fail(passphrase_needed());
  }
  const ErrorQueueScope scope;
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const EncryptedKey encrypted(d2i_X509_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  if (encrypted == nullptr || !fits_int(passphrase->size())) {
    return fail(ErrorCode::key_unreadable, "the protected private key is damaged");
  }
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_OCTET_STRING* data = nullptr;
  X509_SIG_get0(encrypted.get(), &algorithm, &data);
  unsigned char* plain = nullptr;
  int size = 0;
  if (PKCS12_pbe_crypt(algorithm,
                       passphrase->expose().data(),
                       static_cast<int>(passphrase->size()),
                       ASN1_STRING_get0_data(data),
                       ASN1_STRING_length(data),
                       &plain,
                       &size,
                       0) == nullptr) {
    return last_error_is(ERR_LIB_PKCS12, PKCS12_R_PKCS12_CIPHERFINAL_ERROR)
               ? fail(passphrase_wrong())
               : fail(cipher_unsupported(openssl_words()));
  }
  Secret key = take_and_wipe(plain, size);
  // One wrong passphrase in 256 decrypts to something: it is no key, though.
  return classify_der(key.expose()).kind == DerKind::pkcs8 ? Result<Secret>(std::move(key))
                                                           : fail(passphrase_wrong());
}

Result<Secret> decrypt_traditional(std::string_view content,
                                   const std::string& dek_info,
                                   const Secret* passphrase) {
  if (passphrase == nullptr) {
    return fail(passphrase_needed());
  }
  const ErrorQueueScope scope;
  ATLINK_ASSIGN(EVP_CIPHER_INFO info, read_dek_info(dek_info));
  // Decrypted in place, in a copy of our own.
  WipedString buffer{std::string(content)};
  auto size = static_cast<long>(buffer.text.size());
  Secret given = passphrase->clone();
  if (PEM_do_header(&info,
                    reinterpret_cast<unsigned char*>(buffer.text.data()),
                    &size,
                    give_passphrase,
                    &given) != 1) {
    const bool wrong = last_error_is(ERR_LIB_PEM, PEM_R_BAD_DECRYPT) ||
                       last_error_is(ERR_LIB_PEM, PEM_R_BAD_PASSWORD_READ);
    return wrong ? fail(passphrase_wrong())
                 : fail(refused("MD5, which opens a key of this old form"));
  }
  Secret key(std::string_view(buffer.text).substr(0, static_cast<std::size_t>(size)));
  return classify_der(key.expose()).kind != DerKind::unknown ? Result<Secret>(std::move(key))
                                                             : fail(passphrase_wrong());
}

}  // namespace atlink::crypto
