// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

/// What the files of this folder share about OpenSSL. No other folder includes it.
namespace atlink::crypto {

/// A deleter from OpenSSL's free function.
template <auto free_function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using Pkey = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
/// A number that is wiped when it goes.
using Bignum = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;

/// Takes back from the thread's error queue what OpenSSL adds while this lives, and leaves what was
/// there before: others in the process read that queue too.
class ErrorQueueScope {
 public:
  ErrorQueueScope() { ERR_set_mark(); }

  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;

  ~ErrorQueueScope() { ERR_pop_to_mark(); }
};

/// The newest error of the thread's queue in OpenSSL's own words, with the details it gives
/// ("unsupported: Algorithm (SHA1 : 96), Properties ()"), or "no reason given".
[[nodiscard]] std::string openssl_words();

/// `crypto_refused` for an operation ("an RSA signature") that OpenSSL would not do, with its words
/// and the ways out.
[[nodiscard]] Error refused(std::string_view operation);

}  // namespace atlink::crypto
