// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/rsa_build.h"

#include "atlink/secret.h"
#include "core/crypto/wiped.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace atlink::crypto {

namespace {

constexpr int smallest_bits = 1024;
constexpr int largest_bits = 16384;  // OpenSSL's own limit
constexpr std::size_t largest_exponent_bytes = 8;

using BignumContext = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;

bool is_odd(std::string_view number) {
  return !number.empty() && (static_cast<unsigned char>(number.back()) & 1U) != 0;
}

Bignum to_bignum(std::string_view number) {
  return Bignum(BN_bin2bn(reinterpret_cast<const unsigned char*>(number.data()),
                          static_cast<int>(number.size()),
                          nullptr));
}

/// Whether a·b leaves 1 when divided by m.
bool product_is_one(const Bignum& a, const Bignum& b, const BIGNUM* m, BN_CTX* context) {
  const Bignum product(BN_new());
  return product != nullptr && BN_mod_mul(product.get(), a.get(), b.get(), m, context) == 1 &&
         BN_is_one(product.get()) == 1;
}

/// Whether the numbers belong together (RFC 8017 section 3.2), so that a damaged file is named as
/// such here instead of failing at a server. Primality is taken on trust.
bool numbers_agree(const PrivateNumbers& key) {
  std::array<Bignum, 8> numbers;
  std::transform(key.numbers.begin(), key.numbers.end(), numbers.begin(), to_bignum);
  const auto& [n, e, d, p, q, dp, dq, q_inverse] = numbers;
  const BignumContext context(BN_CTX_new());
  const Bignum product(BN_new());
  const Bignum p_minus_1(BN_dup(p.get()));
  const Bignum q_minus_1(BN_dup(q.get()));
  return context != nullptr && product != nullptr && p_minus_1 != nullptr && q_minus_1 != nullptr &&
         BN_mul(product.get(), p.get(), q.get(), context.get()) == 1 &&
         BN_cmp(product.get(), n.get()) == 0 && BN_sub_word(p_minus_1.get(), 1) == 1 &&
         BN_sub_word(q_minus_1.get(), 1) == 1 &&
         product_is_one(e, d, p_minus_1.get(), context.get()) &&
         product_is_one(e, d, q_minus_1.get(), context.get()) &&
         product_is_one(e, dp, p_minus_1.get(), context.get()) &&
         product_is_one(e, dq, q_minus_1.get(), context.get()) &&
         product_is_one(q, q_inverse, p.get(), context.get());
}

/// Hands numbers to OpenSSL. It wants them in the machine's byte order, so they are copied to one
/// buffer that is wiped.
Result<Pkey> build(const std::string_view* numbers, std::size_t count, int selection) {
  WipedString buffer;
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    total += numbers[i].size();
  }
  buffer.text.reserve(total);
  std::vector<OSSL_PARAM> parameters;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = buffer.text.size();
    buffer.text += numbers[i];
    if constexpr (std::endian::native == std::endian::little) {
      std::reverse(buffer.text.begin() + static_cast<std::ptrdiff_t>(begin), buffer.text.end());
    }
    parameters.push_back(
        OSSL_PARAM_construct_BN(rsa_parameter_names.at(i),
                                reinterpret_cast<unsigned char*>(buffer.text.data()) + begin,
                                numbers[i].size()));
  }
  parameters.push_back(OSSL_PARAM_construct_end());
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, parameters.data()) != 1) {
    return fail(refused("RSA keys"));
  }
  return Pkey(key);
}

}  // namespace

const std::array<const char*, 8> rsa_parameter_names{OSSL_PKEY_PARAM_RSA_N,
                                                     OSSL_PKEY_PARAM_RSA_E,
                                                     OSSL_PKEY_PARAM_RSA_D,
                                                     OSSL_PKEY_PARAM_RSA_FACTOR1,
                                                     OSSL_PKEY_PARAM_RSA_FACTOR2,
                                                     OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                                     OSSL_PKEY_PARAM_RSA_EXPONENT2,
                                                     OSSL_PKEY_PARAM_RSA_COEFFICIENT1};

int bit_length(std::string_view number) {
  if (number.empty()) {
    return 0;
  }
  return static_cast<int>(8 * (number.size() - 1)) +
         std::bit_width(static_cast<unsigned char>(number.front()));
}

Status check_public_numbers(const PublicNumbers& key) {
  const int bits = bit_length(key.modulus);
  if (!is_odd(key.modulus) || !is_odd(key.exponent) || key.exponent == "\x01" ||
      key.exponent.size() > largest_exponent_bytes) {
    return fail(ErrorCode::key_unreadable,
                "the numbers in it are no RSA key",
                "take the key from where it was made again");
  }
  if (bits < smallest_bits) {
    return fail(
        ErrorCode::key_too_small,
        fmt::format("this RSA key has {} bits, and under {} is not safe", bits, smallest_bits),
        "make a new pair with: atlink keygen --out DIR");
  }
  if (bits > largest_bits) {
    return fail(ErrorCode::key_unsupported,
                fmt::format("this RSA key has {} bits; at most {} can be used", bits, largest_bits),
                "make a new pair with: atlink keygen --out DIR");
  }
  return {};
}

Result<Pkey> make_private_key(const PrivateNumbers& key) {
  const ErrorQueueScope scope;
  ATLINK_CHECK(check_public_numbers({key.numbers[0], key.numbers[1]}));
  if (!numbers_agree(key)) {
    return fail(ErrorCode::key_unreadable,
                "the numbers of this RSA key do not belong together",
                "take the key from where it was made again; a character was lost or changed");
  }
  return build(key.numbers.data(), key.numbers.size(), EVP_PKEY_KEYPAIR);
}

Result<Pkey> make_public_key(const PublicNumbers& key) {
  const ErrorQueueScope scope;
  ATLINK_CHECK(check_public_numbers(key));
  const std::array<std::string_view, 2> numbers{key.modulus, key.exponent};
  return build(numbers.data(), numbers.size(), EVP_PKEY_PUBLIC_KEY);
}

Result<Pkey> generate_key(int bits) {
  const ErrorQueueScope scope;
  Pkey key(EVP_RSA_gen(static_cast<unsigned>(bits)));
  if (key == nullptr) {
    return fail(refused(fmt::format("making an RSA key of {} bits", bits)));
  }
  return key;
}

}  // namespace atlink::crypto
