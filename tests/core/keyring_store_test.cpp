// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"
#include "tests/support/records.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

/// Entries in memory that may be locked.
struct Ring {
  std::map<std::string, std::string> entries;
  std::optional<ErrorCode> problem;
  /// The call of this number fails; where it is carried out all the same, its answer was lost.
  int strike = 0;
  bool carried_out = false;
  int calls = 0;
};

class MemoryKeyring final : public Keyring {
 public:
  explicit MemoryKeyring(Ring& ring) : ring_(ring) {}

  [[nodiscard]] Result<std::optional<Secret>> get(const Entry& entry) override {
    ATLINK_CHECK(check());
    if (++ring_.calls == ring_.strike) {
      return lost();
    }
    const auto found = ring_.entries.find(entry.profile + "/" + entry.record);
    return found == ring_.entries.end() ? std::optional<Secret>()
                                        : std::optional<Secret>(Secret(found->second));
  }

  Status put(const Entry& entry, const Secret& text) override {
    return change(
        [&] { ring_.entries[entry.profile + "/" + entry.record] = std::string(text.expose()); });
  }

  Status erase(const Entry& entry) override {
    return change([&] { ring_.entries.erase(entry.profile + "/" + entry.record); });
  }

  Status check() override {
    return ring_.problem ? Status(fail(*ring_.problem, "as planned")) : Status();
  }

 private:
  static tl::unexpected<Error> lost() { return fail(ErrorCode::store_timeout, "as planned"); }

  Status change(const std::function<void()>& make) {
    ATLINK_CHECK(check());
    const bool struck = ++ring_.calls == ring_.strike;
    if (!struck || ring_.carried_out) {
      make();
    }
    return struck ? Status(lost()) : Status();
  }

  Ring& ring_;
};

struct Fixture {
  FakeWorld world;
  FakeFileSystem files;
  Ring ring;
  std::unique_ptr<CredentialStore> store =
      make_keyring_store(world.platform(files), "/state", std::make_unique<MemoryKeyring>(ring));
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "keyring store: what is kept comes back, and no file holds a secret") {
  CHECK(store->kind() == "keyring");
  REQUIRE(store->save("work", some_credential("hunter2")).has_value());
  REQUIRE(store->save_consumer("work", some_consumer("hunter2")).has_value());
  REQUIRE(store->save_pending("work", some_pending("hunter2")).has_value());
  REQUIRE(store->save_renewal("work", {1, world.clock.now()}).has_value());
  CHECK(store->load("work").value()->token == "hunter2");
  CHECK(store->load_renewal("work").value()->version == 1);
  CHECK(ring.entries.size() == 3);
  for (const std::string& path : files.files()) {
    CHECK(files.content(path)->find("hunter2") == std::string::npos);
  }
  CHECK(store->replace("work", 1, some_credential("t2")).value());
  CHECK_FALSE(store->replace("work", 1, some_credential("t3")).value());
  REQUIRE(store->erase("work").has_value());
  CHECK_FALSE(store->load("work").value().has_value());
  CHECK(ring.entries.size() == 2);
}

TEST_CASE_FIXTURE(
    Fixture, "keyring store: one that does not open is told as it is, and nothing lies elsewhere") {
  for (const ErrorCode problem :
       {ErrorCode::store_locked, ErrorCode::store_unavailable, ErrorCode::store_timeout}) {
    ring.problem = problem;
    CHECK(store->load("work").error().code == problem);
    CHECK(store->check_writable("work").error().code == problem);
    CHECK(store->save("work", some_credential("hunter2")).error().code == problem);
    CHECK(store->save_consumer("work", some_consumer("hunter2")).error().code == problem);
    for (const std::string& path : files.files()) {
      CHECK(files.content(path)->find("hunter2") == std::string::npos);
    }
  }
}

TEST_CASE("keyring store: a write whose n-th call fails or loses its answer is made or not") {
  const std::function<Status(CredentialStore&)> works[] = {
      [](CredentialStore& store) { return store.save("work", some_credential("new")); },
      [](CredentialStore& store) {
        const auto replaced = store.replace("work", 1, some_credential("new"));
        return replaced ? Status() : fail(replaced.error());
      },
      [](CredentialStore& store) { return store.erase("work"); }};
  for (const auto& work : works) {
    for (const bool carried_out : {false, true}) {
      for (int strike = 1; true; ++strike) {
        CAPTURE(carried_out);
        CAPTURE(strike);
        Fixture each;
        REQUIRE(each.store->save("work", some_credential("old")).has_value());
        each.ring.calls = 0;
        each.ring.strike = strike;
        each.ring.carried_out = carried_out;
        const Status outcome = work(*each.store);
        const bool struck = each.ring.calls >= strike;
        CHECK(outcome.has_value() != struck);
        each.ring.strike = 0;
        const auto loaded = each.store->load("work");
        REQUIRE(loaded.has_value());
        const std::string token = *loaded ? (*loaded)->token : "new";
        CHECK((token == "old" || token == "new"));
        CHECK((struck || token == "new"));
        CHECK(work(*each.store).has_value());
        if (!struck) {
          REQUIRE(strike > 1);
          break;
        }
      }
    }
  }
}

TEST_SUITE_END();
