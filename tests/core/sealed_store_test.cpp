// SPDX-License-Identifier: Apache-2.0
#include "atlink/sha256.h"
#include "atlink/stores.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"
#include "tests/support/records.h"
#include "tests/support/sealing.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";
const std::string file = state + "/sealed/credentials/work.sealed";

struct Fixture {
  FakeWorld world;
  FakeFileSystem files;

  [[nodiscard]] std::unique_ptr<CredentialStore> store(const std::string& passphrase = "open") {
    last = std::make_shared<FixedPassphrase>(passphrase);
    return make_sealed_store(world.platform(files), state, last);
  }

  std::shared_ptr<FixedPassphrase> last;
};

/// A sealed text whose checksum fits what was made of its header.
std::string with_checksum(std::string sealed) {
  const std::string sum = sha256(std::string_view(sealed).substr(0, 64)).value();
  for (std::size_t i = 0; i < 8; ++i) {
    sealed[64 + i] = static_cast<char>(std::stoi(sum.substr(2 * i, 2), nullptr, 16));
  }
  return sealed;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "sealed store: everything comes back, and nothing can be read in it") {
  const auto kept = store();
  REQUIRE(kept->save("work", some_credential("hunter2")).has_value());
  REQUIRE(kept->save_pending("work", some_pending("hunter3")).has_value());
  REQUIRE(kept->save_consumer("work", some_consumer("hunter4")).has_value());
  CHECK(kept->kind() == "sealed");
  for (const std::string& path : files.files()) {
    const std::string content = files.content(path).value();
    for (const char* piece : {"hunter", "acme", "token", "https"}) {
      CHECK(content.find(piece) == std::string::npos);
    }
    CHECK(files.mode(path) == 0600);
  }
  const auto again = store();
  CHECK(again->load("work").value()->token == "hunter2");
  CHECK(again->load("work").value()->version == 1);
  CHECK(again->load_pending("work").value()->request_token == "hunter3");
  CHECK(again->load_consumer("work").value()->secret.equals("hunter4"));
  CHECK(last->asked == std::vector<std::string>{"work"});
}

TEST_CASE_FIXTURE(Fixture, "sealed store: a passphrase is new once, and then it is the one") {
  CHECK_FALSE(store()->load("work").value().has_value());
  CHECK(last->asked.empty());
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  CHECK(last->asked == std::vector<std::string>{"work new"});
  REQUIRE(store()->save_consumer("work", some_consumer("c")).has_value());
  CHECK(last->asked == std::vector<std::string>{"work"});
  const Status other = store("another")->save_pending("work", some_pending("p"));
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == ErrorCode::store_passphrase);
  CHECK_FALSE(store()->load_pending("work").value().has_value());
}

TEST_CASE_FIXTURE(Fixture,
                  "sealed store: a wrong passphrase is said to be wrong and changes nothing") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  const std::string before = files.content(file).value();
  const auto loaded = store("guess")->load("work");
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::store_passphrase);
  CHECK(loaded.error().fact("passphrase") == "wrong");
  CHECK(loaded.error().next.find("atlink logout --profile work") != std::string::npos);
  CHECK(store("guess")->save("work", some_credential("u")).error().code ==
        ErrorCode::store_passphrase);
  CHECK(store("")->save("work", some_credential("u")).error().code == ErrorCode::no_terminal);
  CHECK(store("guess")->check_writable("work").error().code == ErrorCode::store_passphrase);
  CHECK(files.content(file) == before);
}

TEST_CASE_FIXTURE(Fixture, "sealed store: forgetting needs no passphrase, and then any is new") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  REQUIRE(store("")->erase("work").has_value());
  REQUIRE(store("another")->save("work", some_credential("u")).has_value());
  CHECK(last->asked == std::vector<std::string>{"work new"});
  CHECK(store("another")->load("work").value()->token == "u");
}

TEST_CASE_FIXTURE(Fixture, "sealed store: a change of any byte is damage, not a wrong passphrase") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  const std::string whole = files.content(file).value();
  REQUIRE(whole.size() > 200);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    for (const char flip : {'\x01', '\x80'}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      files.put(file, changed);
      const auto loaded = store()->load("work");
      REQUIRE_FALSE(loaded.has_value());
      REQUIRE(loaded.error().code == ErrorCode::file_damaged);
      CHECK(loaded.error().message.find(file) != std::string::npos);
    }
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    files.put(file, whole.substr(0, size));
    REQUIRE(store()->load("work").error().code == ErrorCode::file_damaged);
  }
  files.put(file, whole + "x");
  CHECK(store()->load("work").error().code == ErrorCode::file_damaged);
  files.put(file, whole);
  CHECK(store()->load("work").has_value());
}

TEST_CASE_FIXTURE(Fixture,
                  "sealed store: a hostile header does not get the memory that it asks for") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  const std::string whole = files.content(file).value();

  const struct {
    std::size_t at;
    std::string bytes;
  } demands[] = {{8, "\x02"},
                 {9, "\x02"},
                 {10, std::string("\0", 1)},
                 {10, "\x1e"},
                 {10, "\xff"},
                 {12, "\xff\xff\xff\xff"},
                 {12, std::string("\0\0\0\0", 4)},
                 {16, "\xff\xff\xff\xff"},
                 {16, std::string("\0\0\0\0", 4)}};

  for (const auto& demand : demands) {
    CAPTURE(demand.at);
    std::string changed = whole;
    files.put(file, with_checksum(changed.replace(demand.at, demand.bytes.size(), demand.bytes)));
    const auto loaded = store()->load("work");
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().code == ErrorCode::file_damaged);
    CHECK(last->asked.empty());
  }
  files.put(file, with_checksum(whole));
  CHECK(store()->load("work").has_value());
}

TEST_CASE_FIXTURE(Fixture, "sealed store: a file in another's place is not taken for it") {
  REQUIRE(store()->save("work", some_credential("mine")).has_value());
  REQUIRE(store()->save("other", some_credential("yours")).has_value());
  const std::string other = state + "/sealed/credentials/other.sealed";
  files.put(file, files.content(other).value());
  CHECK(store()->load("work").error().code == ErrorCode::file_damaged);
  files.put(state + "/sealed/consumers/other.sealed", files.content(other).value());
  CHECK(store()->load_consumer("other").error().code == ErrorCode::file_damaged);
}

TEST_CASE_FIXTURE(Fixture, "sealed store: no nonce comes twice") {
  const auto kept = store();
  std::string before;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(kept->save("work", some_credential("t")).has_value());
    const std::string now = files.content(file)->substr(52, 12);
    CHECK(now != before);
    before = now;
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "sealed store: files and folders are judged as those of the file store") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  files.set_mode(file, 0640);
  CHECK(store()->load("work").error().code == ErrorCode::file_permissions);
  files.set_mode(file, 0600);
  files.set_owner(file, 1001);
  CHECK(store()->load("work").error().code == ErrorCode::file_permissions);
  files.set_owner(file, 1000);
  files.set_mode(state + "/sealed/credentials", 0770);
  CHECK(store()->save("work", some_credential("u")).error().code == ErrorCode::file_permissions);
  files.set_mode(state + "/sealed/credentials", 0700);
  const std::string whole = files.content(file).value();
  files.remove(file);
  files.put("/elsewhere", whole);
  files.put_link(file, "/elsewhere");
  CHECK(store()->load("work").error().code == ErrorCode::file_damaged);
}

TEST_CASE_FIXTURE(Fixture, "sealed store: signing in again replaces what is damaged") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  files.put(file, "nonsense");
  REQUIRE(store()->save("work", some_credential("u")).has_value());
  CHECK(store()->load("work").value()->token == "u");
}

TEST_CASE("sealed store: a credential is replaced or not, whatever happens on the way") {
  FakeWorld world;
  const auto on = [&](FakeFileSystem& files) {
    return make_sealed_store(
        world.platform(files), state, std::make_shared<FixedPassphrase>("open"));
  };
  const auto old_one = [&](FakeFileSystem& files) {
    REQUIRE(on(files)->save("work", some_credential("old")).has_value());
  };
  const auto save_new = [&](FakeFileSystem& files) {
    return on(files)->save("work", some_credential("new"));
  };
  const auto token_in = [&](FakeFileSystem& files) {
    const auto loaded = on(files)->load("work");
    return !loaded ? loaded.error().message : (*loaded ? (*loaded)->token : std::string("old"));
  };
  const Undertaking replacing{old_one, save_new, token_in};
  CHECK(fail_everywhere(replacing) > 10);
  CHECK(kill_everywhere(replacing) > 10);
  const Undertaking creating{[](FakeFileSystem&) {}, save_new, token_in};
  CHECK(fail_everywhere(creating) > 8);
  CHECK(kill_everywhere(creating) > 8);
}

TEST_CASE_FIXTURE(Fixture, "sealed store: whether saving can work is found out call by call") {
  REQUIRE(store()->save("work", some_credential("t")).has_value());
  for (int call = 1; call < 100; ++call) {
    const auto kept = store();
    files.fail_at(call, ErrorCode::file_unwritable);
    const Status checked = kept->check_writable("work");
    const bool struck = files.struck();
    files.heal();
    if (!struck) {
      REQUIRE(call > 10);
      break;
    }
    CHECK(checked.error().code == ErrorCode::file_unwritable);
  }
  CHECK(store()->load("work").value()->token == "t");
}

TEST_SUITE_END();
