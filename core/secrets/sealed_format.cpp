// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/sealed_format.h"

#include "core/crypto/digest.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink::sealed {

namespace {

constexpr std::string_view magic = "ATLSEAL\n";
constexpr char newest_version = 1;
constexpr char by_scrypt = 1;
constexpr std::size_t checksum_size = 8;
constexpr std::size_t checksum_at = header_size - checksum_size;
constexpr unsigned largest_log2 = 30;

Error damaged(const std::string& name, std::string_view what, const std::string& next) {
  return make_error(ErrorCode::file_damaged, fmt::format("{} is damaged: {}", name, what), next)
      .with("file", name);
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
  return bytes;
}

std::uint32_t from_big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) {
    number = number << 8U | static_cast<unsigned char>(c);
  }
  return number;
}

Result<std::string> checksum(std::string_view header) {
  ATLINK_ASSIGN(const crypto::DigestValue value, crypto::digest(crypto::Hash::sha256, header));
  return std::string(value.view().substr(0, checksum_size));
}

crypto::ScryptParameters parameters_of(const SealCost& cost) {
  return {std::uint64_t{1} << cost.log2_n, cost.r, cost.p};
}

Result<std::string> random_bytes(RandomSource& random, std::size_t size) {
  std::string bytes(size, '\0');
  ATLINK_CHECK(random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()}));
  return bytes;
}

Result<Key> derive(const Secret& passphrase, const SealCost& cost, std::string salt) {
  ATLINK_ASSIGN(
      const Secret both,
      crypto::scrypt(
          passphrase.expose(), salt, parameters_of(cost), crypto::gcm_key_size + check_size));
  return Key{cost,
             std::move(salt),
             Secret(both.expose().substr(0, crypto::gcm_key_size)),
             std::string(both.expose().substr(crypto::gcm_key_size))};
}

Result<std::string> header_for(const Key& key, std::string_view nonce) {
  std::string header(magic);
  header += {newest_version, by_scrypt, static_cast<char>(key.cost.log2_n), '\0'};
  header += big_endian(key.cost.r) + big_endian(key.cost.p);
  header += key.salt + key.check;
  header += nonce;
  ATLINK_ASSIGN(const std::string sum, checksum(header));
  return header + sum;
}

std::string authenticated(std::string_view header, std::string_view about) {
  return fmt::format("{}{}", header, about);
}

}  // namespace

Key clone(const Key& key) {
  return Key{key.cost, key.salt, key.key.clone(), key.check};
}

Result<Header> read_header(std::string_view sealed,
                           const std::string& name,
                           const std::string& next) {
  if (sealed.size() < header_size + crypto::gcm_tag_size ||
      sealed.substr(0, magic.size()) != magic) {
    return fail(damaged(name, "it does not begin as a sealed file does", next));
  }
  ATLINK_ASSIGN(const std::string sum, checksum(sealed.substr(0, checksum_at)));
  if (sealed.substr(checksum_at, checksum_size) != sum) {
    return fail(damaged(name, "its beginning was changed", next));
  }
  if (sealed[8] != newest_version || sealed[9] != by_scrypt) {
    return fail(damaged(name, "it was sealed in a way that this release does not know", next));
  }
  Header header;
  header.cost.log2_n = static_cast<unsigned char>(sealed[10]);
  header.cost.r = from_big_endian(sealed.substr(12, 4));
  header.cost.p = from_big_endian(sealed.substr(16, 4));
  if (header.cost.log2_n > largest_log2 || !crypto::is_bearable(parameters_of(header.cost))) {
    return fail(damaged(name, "opening it would take more memory than is given to it", next));
  }
  header.salt = sealed.substr(20, salt_size);
  header.check = sealed.substr(36, check_size);
  header.nonce = sealed.substr(52, crypto::gcm_nonce_size);
  return header;
}

Result<Key> make_key(RandomSource& random, const Passphrase& passphrase) {
  ATLINK_ASSIGN(std::string salt, random_bytes(random, salt_size));
  return derive(passphrase.bytes, passphrase.cost, std::move(salt));
}

Result<std::optional<Key>> key_for(const Header& header, const Secret& passphrase) {
  ATLINK_ASSIGN(Key key, derive(passphrase, header.cost, header.salt));
  if (!fits(key, header)) {
    return std::nullopt;
  }
  return std::optional<Key>(std::move(key));
}

bool fits(const Key& key, const Header& header) {
  return key.cost.log2_n == header.cost.log2_n && key.cost.r == header.cost.r &&
         key.cost.p == header.cost.p && key.salt == header.salt &&
         Secret(key.check).equals(header.check);
}

Result<std::string> seal(RandomSource& random,
                         const Key& key,
                         std::string_view about,
                         const Secret& text) {
  ATLINK_ASSIGN(const std::string nonce, random_bytes(random, crypto::gcm_nonce_size));
  ATLINK_ASSIGN(const std::string header, header_for(key, nonce));
  ATLINK_ASSIGN(const std::string body,
                crypto::gcm_encrypt(key.key, nonce, authenticated(header, about), text.expose()));
  return header + body;
}

Result<Secret> unseal(const Key& key,
                      const Header& header,
                      std::string_view about,
                      std::string_view sealed,
                      const std::string& name,
                      const std::string& next) {
  auto text = crypto::gcm_decrypt(key.key,
                                  header.nonce,
                                  authenticated(sealed.substr(0, header_size), about),
                                  sealed.substr(header_size));
  if (!text && text.error().code == ErrorCode::file_damaged) {
    return fail(damaged(name, "its content was changed, or is that of another file", next));
  }
  return text;
}

Error wrong_passphrase(const std::string& name, std::string next) {
  return make_error(ErrorCode::store_passphrase,
                    fmt::format("the passphrase for {} is wrong", name),
                    std::move(next))
      .with("file", name)
      .with("passphrase", "wrong");
}

}  // namespace atlink::sealed
