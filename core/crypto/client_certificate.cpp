// SPDX-License-Identifier: Apache-2.0
#include "atlink/client_certificate.h"

#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace atlink {

namespace {

using crypto::Pkey;
using Memory = std::unique_ptr<BIO, crypto::FreeWith<BIO_free_all>>;
using Bundle = std::unique_ptr<PKCS12, crypto::FreeWith<PKCS12_free>>;
using X509Pointer = std::unique_ptr<X509, crypto::FreeWith<X509_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};

using X509Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

Error passphrase_error(const Secret* passphrase) {
  if (passphrase == nullptr) {
    return make_error(ErrorCode::client_certificate_passphrase,
                      "the key of the client certificate is protected by a passphrase",
                      "give its passphrase")
        .with("passphrase", "needed");
  }
  return make_error(ErrorCode::client_certificate_passphrase,
                    "the passphrase does not open the key of the client certificate",
                    "give the passphrase that its file was written with")
      .with("passphrase", "wrong");
}

tl::unexpected<Error> invalid(std::string message, std::string next) {
  return fail(ErrorCode::client_certificate_invalid, std::move(message), std::move(next));
}

tl::unexpected<Error> no_key() {
  return invalid("there is no private key with the client certificate",
                 "name the file with its key: --client-key FILE");
}

/// OpenSSL's way to ask; `context` says whether it has, and what to answer.
struct Asked {
  const Secret* passphrase = nullptr;
  bool asked = false;
};

int answer_passphrase(char* buffer, int size, int /*for_writing*/, void* context) {
  auto& asked = *static_cast<Asked*>(context);
  asked.asked = true;
  if (asked.passphrase == nullptr || asked.passphrase->size() > static_cast<std::size_t>(size)) {
    return -1;
  }
  const std::string_view text = asked.passphrase->expose();
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

Memory reader_of(std::string_view bytes) {
  return Memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

bool holds_key(std::string_view pem) {
  const auto blocks = crypto::find_pem_blocks(pem);
  return std::any_of(blocks.begin(), blocks.end(), [](const crypto::PemBlock& block) {
    return block.label.find("PRIVATE KEY") != std::string_view::npos;
  });
}

Result<Pkey> read_pem_key(std::string_view pem, const Secret* passphrase) {
  if (!holds_key(pem)) {
    return no_key();
  }
  const crypto::ErrorQueueScope scope;
  Asked asked{passphrase};
  const Memory memory = reader_of(pem);
  Pkey key(PEM_read_bio_PrivateKey(memory.get(), nullptr, &answer_passphrase, &asked));
  if (!key && asked.asked) {
    return fail(passphrase_error(passphrase));
  }
  if (!key) {
    return invalid(fmt::format("the key of the client certificate cannot be read ({})",
                               crypto::openssl_words()),
                   "name a file with a whole PRIVATE KEY block, or PKCS#12");
  }
  return key;
}

Result<Pkey> read_der_key(std::string_view der) {
  const crypto::ErrorQueueScope scope;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  Pkey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  return key ? Result<Pkey>(std::move(key)) : Result<Pkey>(no_key());
}

/// PKCS#8 without a passphrase, as PEM, in memory that is wiped.
Result<Secret> key_text(const Pkey& key) {
  const Memory memory(BIO_new(BIO_s_secmem()));
  if (!memory || PEM_write_bio_PrivateKey(
                     memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return invalid("the key of the client certificate is of a kind that cannot be used",
                   "use a certificate with an RSA or elliptic-curve key");
  }
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  Secret text(std::string_view(bytes, static_cast<std::size_t>(size)));
  wipe_memory(bytes, static_cast<std::size_t>(size));
  return text;
}

Status append_certificate(std::string& pem, X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) {
    return invalid("a certificate of the file cannot be read", "have the file made again");
  }
  crypto::append_pem(
      pem,
      "CERTIFICATE",
      to_base64({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}));
  OPENSSL_free(der);
  return {};
}

/// The certificate whose key this is comes first; the rest as it was.
Result<ClientCertificate> together(std::vector<Certificate> certificates, const Pkey& key) {
  const auto is_its_own = [&key](const Certificate& each) {
    const Memory memory = reader_of(each.pem);
    const X509Pointer parsed(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    return parsed && X509_check_private_key(parsed.get(), key.get()) == 1;
  };
  const crypto::ErrorQueueScope scope;
  const auto own = std::find_if(certificates.begin(), certificates.end(), is_its_own);
  if (own == certificates.end()) {
    return invalid(fmt::format("the key does not belong to the client certificate ({})",
                               certificates.front().subject),
                   "name the key that the certificate was made for: --client-key FILE");
  }
  std::rotate(certificates.begin(), own, own + 1);
  ClientCertificate whole;
  for (const Certificate& each : certificates) {
    whole.certificates += each.pem;
  }
  ATLINK_ASSIGN(whole.key, key_text(key));
  whole.own = std::move(certificates.front());
  return whole;
}

Result<std::vector<Certificate>> certificates_in(std::string_view pem) {
  auto read = read_certificates(pem);
  if (!read) {
    return invalid(fmt::format("the client certificate cannot be read: {}", read.error().message),
                   "name a file with BEGIN CERTIFICATE lines, or PKCS#12");
  }
  return *std::move(read);
}

/// OpenSSL 3 leaves some of the ciphers of old files to a provider that is not loaded.
tl::unexpected<Error> bundle_error() {
  const unsigned long code = ERR_peek_last_error();
  const bool old = ERR_GET_LIB(code) == ERR_LIB_EVP || ERR_GET_REASON(code) == ERR_R_UNSUPPORTED;
  return invalid(
      fmt::format("the PKCS#12 file of the client certificate cannot be read ({})",
                  crypto::openssl_words()),
      old ? "it was written with an old cipher; write it anew: openssl pkcs12 -legacy -in OLD "
            "-nodes | openssl pkcs12 -export -out NEW"
          : "have the file made again");
}

/// An empty passphrase and none are different things to PKCS#12.
bool opens(PKCS12* bundle, const Secret* passphrase) {
  if (passphrase == nullptr) {
    return PKCS12_verify_mac(bundle, nullptr, 0) == 1 || PKCS12_verify_mac(bundle, "", 0) == 1;
  }
  return PKCS12_verify_mac(
             bundle, passphrase->expose().data(), static_cast<int>(passphrase->size())) == 1;
}

Result<ClientCertificate> read_bundle(PKCS12* bundle, const Secret* passphrase) {
  if (PKCS12_mac_present(bundle) == 1 && !opens(bundle, passphrase)) {
    return fail(passphrase_error(passphrase));
  }
  Secret text;
  text.append(passphrase == nullptr ? "" : passphrase->expose());
  text.append(std::string_view("\0", 1));
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  if (PKCS12_parse(bundle, text.expose().data(), &key, &own, &others) != 1) {
    return bundle_error();
  }
  const Pkey key_owner(key);
  const X509Pointer own_owner(own);
  const X509Stack others_owner(others);
  if (key == nullptr || own == nullptr) {
    return key == nullptr ? no_key()
                          : invalid("the PKCS#12 file holds no certificate for its key",
                                    "have the file made again with the certificate in it");
  }
  std::string pem;
  ATLINK_CHECK(append_certificate(pem, own));
  for (int i = 0; i < sk_X509_num(others); ++i) {
    ATLINK_CHECK(append_certificate(pem, sk_X509_value(others, i)));
  }
  ATLINK_ASSIGN(std::vector<Certificate> certificates, certificates_in(pem));
  return together(std::move(certificates), key_owner);
}

Bundle bundle_in(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return Bundle(d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())));
}

}  // namespace

bool ClientCertificate::is_for(const Url& url) const {
  return std::find(origins.begin(), origins.end(), url.origin()) != origins.end();
}

Result<ClientCertificate> read_client_certificate(std::string_view certificate,
                                                  std::string_view key,
                                                  const Secret* passphrase) {
  const crypto::ErrorQueueScope scope;
  if (const Bundle bundle = bundle_in(certificate)) {
    return read_bundle(bundle.get(), passphrase);
  }
  ATLINK_ASSIGN(std::vector<Certificate> certificates, certificates_in(certificate));
  const std::string_view where = key.empty() ? certificate : key;
  const bool is_pem = where.find("-----BEGIN") != std::string_view::npos;
  ATLINK_ASSIGN(const Pkey private_key,
                is_pem ? read_pem_key(where, passphrase) : read_der_key(where));
  return together(std::move(certificates), private_key);
}

}  // namespace atlink
