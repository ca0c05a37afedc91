// SPDX-License-Identifier: Apache-2.0
// Every write of every store that keeps its records in files, with every call failing or killed in
// turn; store_crash_test.cpp and sealed_store_test.cpp have those of a first credential.
#include "atlink/link_admin.h"
#include "atlink/stores.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_world.h"
#include "tests/support/records.h"
#include "tests/support/sealing.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";

using Store = std::unique_ptr<CredentialStore>;
using Maker = std::function<Store(FakeFileSystem& files)>;

/// One kind of write, on whatever store.
struct Write {
  std::string name;
  std::function<Status(CredentialStore& store)> prepare;
  std::function<Status(CredentialStore& store)> work;
  /// "old", "new" or what is wrong.
  std::function<std::string(CredentialStore& store)> state;
};

template <class Record, class Text>
std::string told(const Result<std::optional<Record>>& loaded, const char* none, Text text) {
  if (!loaded) {
    return loaded.error().message;
  }
  return *loaded ? std::string(text(**loaded)) : std::string(none);
}

std::string credential_in(CredentialStore& store, const char* none) {
  return told(store.load("work"), none, [](const Credential& each) { return each.token; });
}

std::string pending_in(CredentialStore& store, const char* none) {
  return told(store.load_pending("work"), none, [](const PendingLogin& each) {
    return each.request_token;
  });
}

std::string consumer_in(CredentialStore& store, const char* none) {
  return told(store.load_consumer("work"), none, [](const CredentialStore::ConsumerSecret& each) {
    return std::string(each.secret.expose());
  });
}

std::string renewal_in(CredentialStore& store, const char* none) {
  return told(store.load_renewal("work"), none, [](const CredentialStore::Renewal& each) {
    return each.version == 1 ? "old" : "new";
  });
}

Status replace(CredentialStore& store) {
  const auto loaded = store.load("work");
  if (loaded && *loaded && (*loaded)->token == "new") {
    return {};  // run again after it was done
  }
  const auto replaced = store.replace("work", 1, some_credential("new"));
  return replaced ? Status() : fail(replaced.error());
}

std::vector<Write> every_write() {
  const TimePoint now = from_rfc3339("2026-01-31T09:30:00Z").value();
  const auto save = [](const char* token) {
    return [=](CredentialStore& store) { return store.save("work", some_credential(token)); };
  };
  const auto pend = [](const char* token) {
    return [=](CredentialStore& store) { return store.save_pending("work", some_pending(token)); };
  };
  const auto consume = [](const char* token) {
    return
        [=](CredentialStore& store) { return store.save_consumer("work", some_consumer(token)); };
  };
  const auto note = [now](std::int64_t version) {
    return [=](CredentialStore& store) { return store.save_renewal("work", {version, now}); };
  };
  const auto nothing = [](CredentialStore&) { return Status(); };
  const auto in = [](std::string (*look)(CredentialStore&, const char*), const char* none) {
    return [=](CredentialStore& store) { return look(store, none); };
  };
  return {
      {"replace", save("old"), replace, in(credential_in, "none")},
      {"save over", save("old"), save("new"), in(credential_in, "none")},
      {"forget",
       save("old"),
       [](CredentialStore& store) { return store.erase("work"); },
       in(credential_in, "new")},
      {"begin", nothing, pend("new"), in(pending_in, "old")},
      {"begin again", pend("old"), pend("new"), in(pending_in, "none")},
      {"end what was begun",
       pend("old"),
       [](CredentialStore& store) { return store.erase_pending("work"); },
       in(pending_in, "new")},
      {"first secret", nothing, consume("new"), in(consumer_in, "old")},
      {"other secret", consume("old"), consume("new"), in(consumer_in, "none")},
      {"forget the secret",
       consume("old"),
       [](CredentialStore& store) { return store.erase_consumer("work"); },
       in(consumer_in, "new")},
      {"first renewal", nothing, note(2), in(renewal_in, "old")},
      {"next renewal", note(1), note(2), in(renewal_in, "none")},
      {"end of the renewal",
       note(1),
       [](CredentialStore& store) { return store.erase_renewal("work"); },
       in(renewal_in, "new")},
  };
}

void strike_everywhere(const Maker& make) {
  for (const Write& each : every_write()) {
    const std::string name = each.name;
    CAPTURE(name);
    const Undertaking undertaking{
        [&](FakeFileSystem& files) { REQUIRE(each.prepare(*make(files)).has_value()); },
        [&](FakeFileSystem& files) { return each.work(*make(files)); },
        [&](FakeFileSystem& files) { return each.state(*make(files)); }};
    CHECK(fail_everywhere(undertaking) > 4);
    CHECK(kill_everywhere(undertaking) > 4);
  }
}

LinkJournal::Intent intent(const std::string& id) {
  return {"https://acme.example", "https://build.example", "build", id};
}

}  // namespace

TEST_CASE("faults: every write of the file store leaves the old or the new record") {
  strike_everywhere([](FakeFileSystem& files) { return make_file_store(files, state); });
}

TEST_CASE("faults: every write of the sealed store leaves the old or the new record") {
  FakeWorld world;
  strike_everywhere([&](FakeFileSystem& files) {
    return make_sealed_store(
        world.platform(files), state, std::make_shared<FixedPassphrase>("open"));
  });
}

TEST_CASE("faults: the journal of a link is written and ended whole") {
  const auto save = [](const char* id) {
    return
        [=](FakeFileSystem& files) { return LinkJournal(files, "/state/links").save(intent(id)); };
  };
  const auto look = [](const char* none) {
    return [=](FakeFileSystem& files) {
      return told(LinkJournal(files, "/state/links").load(intent("")),
                  none,
                  [](const LinkJournal::Intent& each) { return each.link_id; });
    };
  };
  const auto prepare = [&](FakeFileSystem& files) { REQUIRE(save("old")(files).has_value()); };
  const Undertaking over{prepare, save("new"), look("none")};
  CHECK(fail_everywhere(over) > 8);
  CHECK(kill_everywhere(over) > 8);
  const Undertaking first{[](FakeFileSystem&) {}, save("new"), look("old")};
  CHECK(fail_everywhere(first) > 8);
  CHECK(kill_everywhere(first) > 8);
  const Undertaking end{
      prepare,
      [](FakeFileSystem& files) { return LinkJournal(files, "/state/links").erase(intent("")); },
      look("new")};
  CHECK(fail_everywhere(end) > 4);
  CHECK(kill_everywhere(end) > 4);
}

TEST_SUITE_END();
