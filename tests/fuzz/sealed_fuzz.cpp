// SPDX-License-Identifier: Apache-2.0
// Sealed files and bundles. The first byte chooses: bytes as they are; bytes whose checksum of the
// header is made right, so that the rest of it is judged too; or what stands inside a bundle, which
// is sealed as it is and then opened.
#include "atlink/sha256.h"
#include "atlink/stores.h"
#include "core/secrets/sealed_format.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>
#include <utility>

using namespace atlink;

namespace {

constexpr std::size_t checksum_at = sealed::header_size - 8;
constexpr const char* passphrase = "open";

class CountingRandom final : public RandomSource {
 public:
  Status fill(std::span<unsigned char> out) override {
    std::for_each(out.begin(), out.end(), [this](unsigned char& byte) { byte = next_++; });
    return {};
  }

 private:
  unsigned char next_ = 0;
};

void check_refusal(const Error& error) {
  fuzz::require(fuzz::is_clean(error.message), "a message is one clean line");
  fuzz::require(!error.next.empty(), "there is a next step");
}

std::string with_checksum(std::string bytes) {
  if (bytes.size() < sealed::header_size) {
    return bytes;
  }
  const auto sum = sha256(std::string_view(bytes).substr(0, checksum_at));
  for (std::size_t i = 0; sum && i < 8; ++i) {
    bytes[checksum_at + i] = static_cast<char>(std::stoi(sum->substr(2 * i, 2), nullptr, 16));
  }
  return bytes;
}

// What nobody sealed with this passphrase does not open.
void read_file(const std::string& bytes) {
  const auto header = sealed::read_header(bytes, "b", "n");
  fuzz::require(check_bundle(bytes, "b").has_value() == header.has_value(),
                "a bundle begins as every sealed file");
  if (!header) {
    check_refusal(header.error());
    fuzz::require(header.error().code == ErrorCode::file_damaged, "a bad header is damage");
    return;
  }
  const SealCost& cost = header->cost;
  const std::uint64_t memory = (std::uint64_t{128} << cost.log2_n) * cost.r;
  fuzz::require(memory <= (std::uint64_t{256} << 20U), "memory is bounded");
  if (cost.log2_n > 6 || cost.r > 8 || cost.p > 2) {
    return;  // as it should be, and too slow here
  }
  const auto opened = open_bundle(bytes, Secret(passphrase), "b");
  if (!opened) {
    check_refusal(opened.error());
  }
}

void read_inside(std::string_view text) {
  CountingRandom random;
  const Passphrase cheap{Secret(passphrase), SealCost{1, 1, 1}};
  const auto key = sealed::make_key(random, cheap);
  fuzz::require(key.has_value(), "there is a key");
  const auto bytes = sealed::seal(random, *key, "atlink bundle\n", Secret(text));
  fuzz::require(bytes.has_value(), "everything can be sealed");
  const auto opened = open_bundle(*bytes, Secret(passphrase), "b");
  if (!opened) {
    check_refusal(opened.error());
    return;
  }
  const Profile& profile = opened->profile;
  const bool portable = profile.private_key.empty() && profile.ca_file.empty() &&
                        profile.client_cert.empty() && profile.client_key.empty() &&
                        profile.proxy.empty() && profile.store == StoreChoice();
  fuzz::require(portable, "a bundle names no path, program or store");
  const auto again = seal_bundle(random, *opened, cheap);
  fuzz::require(again.has_value(), "a bundle that was read can be written");
  const auto reopened = open_bundle(*again, Secret(passphrase), "b");
  fuzz::require(reopened && reopened->profile == profile, "and reads as itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view rest = fuzz::text_of(data, size).substr(1);
  switch (data[0] % 3) {
    case 0:
      read_file(std::string(rest));
      break;
    case 1:
      read_file(with_checksum(std::string(rest)));
      break;
    default:
      read_inside(rest);
      break;
  }
  return 0;
}
