// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "tests/fuzz/fuzz.h"

using namespace atlink;

namespace {

template <class T>
void check_refusal(const Result<T>& key) {
  fuzz::require(fuzz::is_clean(key.error().message), "a message is one clean line");
  fuzz::require(!key.error().message.empty(), "a refusal says why");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto private_key = RsaPrivateKey::parse(bytes, nullptr);
  if (private_key) {
    const auto again = RsaPrivateKey::parse(private_key->pem()->expose(), nullptr);
    fuzz::require(again && again->public_key().same_as(private_key->public_key()),
                  "a key that is written reads as itself");
  } else {
    check_refusal(private_key);
  }
  const auto public_key = RsaPublicKey::parse(bytes);
  if (public_key) {
    const auto again = RsaPublicKey::parse(public_key->base64());
    fuzz::require(again && again->same_as(*public_key), "a public key reads as itself");
    fuzz::require(!public_key->verify(RsaDigest::sha1, "x", std::string(bytes)),
                  "nothing verifies by chance");
  } else {
    check_refusal(public_key);
  }
  return 0;
}
