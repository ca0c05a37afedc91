// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_process.h"
#include "tests/modules/sample.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using namespace atlink::posix;

namespace {

std::string bytes_of(const std::string& module) {
  std::ifstream file(std::string(ATLINK_BINARY_DIR) + "/tests/atlink/modules/" + module,
                     std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string why_not(std::string_view object, const std::string& symbol) {
  const auto loaded = PosixLoader().load(object, symbol);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::native_invalid);
  CHECK_FALSE(loaded.error().next.empty());
  CHECK(loaded.error().message.find("/proc/") == std::string::npos);
  return loaded.error().message;
}

}  // namespace

TEST_CASE("loader: what is loaded is the bytes, whatever stands in any file") {
  const auto sample = PosixLoader().load(bytes_of("sample.so"), "atlink_module_sample");
  REQUIRE_MESSAGE(sample.has_value(), sample.error().message);
  CHECK(static_cast<const tests::SampleTable*>(*sample)->answer() == 42);
  // Another object right after it is another one, not the first under the same name.
  const auto stale = PosixLoader().load(bytes_of("stale.so"), "atlink_module_stale");
  REQUIRE_MESSAGE(stale.has_value(), stale.error().message);
  CHECK(static_cast<const tests::SampleTable*>(*stale)->head.release == std::string_view("0.0.1"));
  // They are mapped from memory, and from no file that somebody could have put there.
  std::ifstream maps("/proc/self/maps");
  const std::string all{std::istreambuf_iterator<char>(maps), {}};
  CHECK(all.find("/memfd:atlink") != std::string::npos);
  CHECK(all.find("sample.so") == std::string::npos);
}

TEST_CASE("loader: what it cannot load it refuses with the system's reason") {
  CHECK(why_not("", "x").find("file too short") != std::string::npos);
  CHECK(why_not(std::string(4096, 'x'), "x").find("invalid ELF header") != std::string::npos);
  CHECK(why_not(bytes_of("empty.so"), "atlink_module_sample").find("undefined symbol") !=
        std::string::npos);
}

TEST_SUITE_END();
