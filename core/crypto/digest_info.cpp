// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest_info.h"

#include "core/crypto/digest.h"

#include <algorithm>
#include <span>

namespace atlink::crypto {

namespace {

// RFC 8017 section 9.2, note 1: the DER up to the hash value.
// clang-format off
constexpr std::array<unsigned char, 15> sha1_prefix{
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14};
constexpr std::array<unsigned char, 19> sha256_prefix{
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20};
// clang-format on

}  // namespace

Result<DigestInfo> digest_info(RsaDigest digest, std::string_view message) {
  const bool sha1 = digest == RsaDigest::sha1;
  ATLINK_ASSIGN(const DigestValue value, crypto::digest(sha1 ? Hash::sha1 : Hash::sha256, message));
  const std::span<const unsigned char> prefix =
      sha1 ? std::span<const unsigned char>(sha1_prefix) : sha256_prefix;
  DigestInfo info;
  auto end = std::copy(prefix.begin(), prefix.end(), info.bytes.begin());
  std::copy_n(value.bytes.begin(), value.size, end);
  info.size = prefix.size() + value.size;
  return info;
}

}  // namespace atlink::crypto
