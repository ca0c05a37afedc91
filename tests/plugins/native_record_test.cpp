// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_record.h"

#include "atlink/json.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";
const std::string path = state + "/trusted-modules.json";

TrustRecord record(const std::string& id, char digit) {
  return {id, "/plugins/" + id, std::string(64, digit), *from_rfc3339("2026-01-31T09:30:00Z")};
}

Status add(FakeFileSystem& files, const TrustRecord& added) {
  return NativeRecord(files, state).change([&added](std::vector<TrustRecord>& records) {
    records.push_back(added);
  });
}

ErrorCode code_of_reading(FakeFileSystem& files) {
  const auto records = NativeRecord(files, state).read();
  REQUIRE_FALSE(records.has_value());
  CHECK(records.error().message.find(state) != std::string::npos);
  CHECK_FALSE(records.error().next.empty());
  return records.error().code;
}

void an_old_record(FakeFileSystem& files) {
  REQUIRE(add(files, record("old", 'a')).has_value());
}

Status add_new(FakeFileSystem& files) {
  return add(files, record("new", 'b'));
}

std::string newest(FakeFileSystem& files) {
  const auto records = NativeRecord(files, state).read();
  if (!records) {
    return records.error().message;
  }
  return records->empty() ? "none" : records->back().id;
}

}  // namespace

TEST_CASE("native record: nothing is known where nothing was recorded") {
  FakeFileSystem files;
  CHECK(NativeRecord(files, state).read().value().empty());
  CHECK(NativeRecord(files, "").read().value().empty());
  CHECK_FALSE(NativeRecord(files, "").change([](auto& /*records*/) {}).has_value());
}

TEST_CASE("native record: what was recorded reads back, in a file of the user's own") {
  FakeFileSystem files;
  an_old_record(files);
  REQUIRE(add_new(files).has_value());
  const auto records = NativeRecord(files, state).read();
  REQUIRE(records.has_value());
  REQUIRE(records->size() == 2);
  CHECK((*records)[1].id == "new");
  CHECK((*records)[1].folder == "/plugins/new");
  CHECK((*records)[1].sha256 == std::string(64, 'b'));
  CHECK(to_rfc3339((*records)[1].when) == "2026-01-31T09:30:00Z");
  CHECK(files.mode(path) == 0600);
  CHECK(files.mode(state) == 0700);
  const auto document = json::parse(files.content(path).value());
  REQUIRE(document.has_value());
  CHECK(*document->find("format") == json::Value(1));
}

TEST_CASE("native record: what others could have written counts for nothing") {
  FakeFileSystem files;
  an_old_record(files);
  files.set_mode(path, 0622);
  CHECK(code_of_reading(files) == ErrorCode::file_permissions);
  files.set_mode(path, 0600);
  files.set_owner(path, 1001);
  CHECK(code_of_reading(files) == ErrorCode::file_permissions);
  files.set_owner(path, 0);
  CHECK(NativeRecord(files, state).read().has_value());
  files.set_mode(state, 0777);
  CHECK(code_of_reading(files) == ErrorCode::file_permissions);
  files.set_mode(state, 0700);
  files.remove(path);
  files.put("/elsewhere", "{}");
  files.put_link(path, "/elsewhere");
  CHECK(code_of_reading(files) == ErrorCode::file_damaged);
}

TEST_CASE("native record: a damaged file is no permission") {
  FakeFileSystem files;
  const std::string whole = R"({"format":1,"trusted":[{"id":"a","folder":"/a","sha256":")" +
                            std::string(64, 'a') + R"(","when":"2026-01-31T09:30:00Z"}]})";
  files.put(path, whole);
  CHECK(NativeRecord(files, state).read().value().size() == 1);
  for (const char* text : {"",
                           "{",
                           "[]",
                           R"({"format":2,"trusted":[]})",
                           R"({"format":1})",
                           R"({"format":1,"trusted":[{}]})",
                           R"({"format":1,"trusted":["a"]})"}) {
    CAPTURE(text);
    files.put(path, text);
    CHECK(code_of_reading(files) == ErrorCode::file_damaged);
  }
  files.put(path, "{");
  const Status changed = add_new(files);
  REQUIRE_FALSE(changed.has_value());
  CHECK(files.content(path) == "{");
}

TEST_CASE("native record: it is the old or the new one, whatever happens on the way") {
  const Undertaking recording{an_old_record, add_new, newest};
  CHECK(fail_everywhere(recording) > 8);
  CHECK(kill_everywhere(recording) > 8);
}

TEST_SUITE_END();
