// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"
#include "core/posix/posix_files.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <unistd.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;

namespace {

std::string drain(BodySource& body) {
  std::string all;
  std::array<char, 3> buffer{};
  for (std::size_t got = 1; got != 0;) {
    got = body.read(buffer).value();
    all.append(buffer.data(), got);
  }
  return all;
}

}  // namespace

TEST_CASE("body from a file: it knows its length and can be sent twice") {
  const tests::TemporaryFolder folder;
  posix::PosixFiles files;
  REQUIRE(files.write_all(folder / "x", "0123456789", 0600).has_value());
  const auto body = body_from_file(files.open(folder / "x", OpenMode::read, 0).value());
  CHECK(body->length() == 10);
  CHECK(drain(*body) == "0123456789");
  CHECK(body->rewind());
  CHECK(body->length() == 10);
  CHECK(drain(*body) == "0123456789");
}

TEST_CASE("body from a pipe: its length is unknown and it goes out once") {
  posix::PosixFiles files;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "once", 4) == 4);
  ::close(ends[1]);
  const auto body = body_from_file(files.open_descriptor(ends[0]).value());
  CHECK(body->length() == std::nullopt);
  CHECK(drain(*body) == "once");
  CHECK_FALSE(body->rewind());
  ::close(ends[0]);
}

TEST_SUITE_END();
