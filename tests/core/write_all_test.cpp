// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string path = "/home/me/file";
const std::string old_text(5000, 'o');
const std::string new_text(7000, 'n');

std::string state_of(FakeFileSystem& files) {
  const auto content = files.content(path);
  if (content == old_text) {
    return "old";
  }
  if (content == new_text) {
    return files.mode(path) == 0600 ? "new" : "of another mode";
  }
  return content ? "something else" : "missing";
}

Undertaking replacing() {
  return {[](FakeFileSystem& files) { files.put(path, old_text, 0644); },
          [](FakeFileSystem& files) { return files.write_all(path, new_text, 0600); },
          state_of};
}

Undertaking creating() {
  Undertaking undertaking = replacing();
  undertaking.prepare = [](FakeFileSystem&) {};
  undertaking.state = [](FakeFileSystem& files) {
    const std::string state = state_of(files);
    return state == "missing" ? "old" : state;
  };
  return undertaking;
}

}  // namespace

TEST_CASE("write_all: a failure at any call leaves the old or the new content, whole") {
  CHECK(fail_everywhere(replacing()) == 7);
  CHECK(fail_everywhere(creating()) == 7);
}

TEST_CASE("write_all: a kill or power failure at any call leaves the old or the new content") {
  CHECK(kill_everywhere(replacing()) == 7);
  CHECK(kill_everywhere(creating()) == 7);
}

TEST_CASE("write_all: the leftover of a killed run makes no difference") {
  Undertaking undertaking = replacing();
  undertaking.prepare = [](FakeFileSystem& files) {
    files.put(path, old_text);
    files.put("/home/me/.file.new", "half a f", 0666);
  };
  CHECK(fail_everywhere(undertaking) == 9);
  CHECK(kill_everywhere(undertaking) == 9);
}

TEST_CASE("write_all: a full disk leaves the old content and nothing else") {
  FakeFileSystem files;
  files.put(path, old_text);
  files.fail_at(3, ErrorCode::file_unwritable);
  const Status written = files.write_all(path, new_text, 0600);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::file_unwritable);
  CHECK(written.error().fact("file") == path);
  CHECK(files.files() == std::vector<std::string>{path});
  CHECK(files.content(path) == old_text);
}

// The double must be able to show what these tests look for.
TEST_CASE("the disk of these tests forgets what was not flushed") {
  for (const auto survives : {Survives::names, Survives::flushed}) {
    FakeFileSystem files;
    files.put("/a", "old");
    const auto file = files.open("/b", OpenMode::create_new, 0600).value();
    REQUIRE(file->write("new").has_value());
    REQUIRE(files.rename("/b", "/a").has_value());
    files.restart(survives);
    CHECK(files.content("/a") == (survives == Survives::names ? "" : "old"));
  }
}

TEST_SUITE_END();
