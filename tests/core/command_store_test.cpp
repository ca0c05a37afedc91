// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
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

const std::string program = "/usr/libexec/keep";

/// A well-behaved program behind the store, in this process.
class Keeper {
 public:
  Result<ProcessEnd> run(const ProcessStart& start) {
    starts.push_back(start.arguments);
    environments.push_back(start.environment);
    inputs.emplace_back(start.input);
    const json::Value request = json::parse(start.input).value();
    ProcessEnd end;
    end.out = json::write(answer(request)) + "\n";
    return end;
  }

  json::Value answer(const json::Value& request) {
    const auto text = [&](const char* name) {
      const json::Value* value = request.find(name);
      return value == nullptr ? std::string() : *value->as_string();
    };
    const std::string key = text("profile") + "/" + text("record");
    const auto known = records.find(key);
    const std::string version = known == records.end() ? "" : std::to_string(known->second.first);
    json::Value answer;
    answer.set("atlink", 1);
    const json::Value* expected = request.find("if_version");
    const bool fits = expected == nullptr || *expected->as_string() == version;
    if (text("action") == "get") {
      answer.set("found", known != records.end());
      if (known != records.end()) {
        answer.set("value", known->second.second);
        answer.set("version", version);
      }
    } else if (text("action") == "store") {
      answer.set("stored", fits);
      if (fits) {
        records[key] = {++count, text("value")};
        answer.set("version", std::to_string(count));
      }
    } else {
      answer.set("erased", fits);
      if (fits) {
        records.erase(key);
      }
    }
    return answer;
  }

  std::map<std::string, std::pair<int, std::string>> records;
  std::vector<std::vector<std::string>> starts;
  std::vector<std::vector<std::pair<std::string, std::string>>> environments;
  std::vector<std::string> inputs;
  int count = 0;
};

struct Fixture {
  Fixture() {
    files.put(program, "#!/bin/sh", 0755);
    world.process.on_run = [this](const ProcessStart& start) { return keeper.run(start); };
  }

  /// What loading says when the program does this.
  Error said(const ProcessEnd& end) {
    world.process.on_run = [&](const ProcessStart&) -> Result<ProcessEnd> { return end; };
    auto loaded = store->load("work");
    REQUIRE_FALSE(loaded.has_value());
    return loaded.error();
  }

  Error printed(const std::string& out) {
    ProcessEnd end;
    end.out = out;
    return said(end);
  }

  FakeWorld world;
  FakeFileSystem files;
  Keeper keeper;
  std::unique_ptr<CredentialStore> store =
      make_command_store(world.platform(files), "/state", {program, "--dir", "a b"});
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "command store: what is kept comes back, by version") {
  CHECK(store->kind() == "command");
  CHECK_FALSE(store->load("work").value().has_value());
  REQUIRE(store->save("work", some_credential("t1")).has_value());
  CHECK(store->load("work").value()->token == "t1");
  CHECK(store->replace("work", 1, some_credential("t2")).value());
  CHECK_FALSE(store->replace("work", 1, some_credential("t3")).value());
  CHECK(store->load("work").value()->version == 2);
  REQUIRE(store->save_consumer("work", some_consumer("c")).has_value());
  REQUIRE(store->save_pending("work", some_pending("p")).has_value());
  CHECK(store->load_consumer("work").value()->secret.equals("c"));
  CHECK(store->load_pending("work").value()->request_token == "p");
  REQUIRE(store->erase("work").has_value());
  CHECK_FALSE(store->load("work").value().has_value());
  CHECK(keeper.starts.front() == std::vector<std::string>{"--dir", "a b"});
}

TEST_CASE_FIXTURE(Fixture,
                  "command store: secrets go in by standard input alone, and ours stay here") {
  world.environment.variables = {
      {"PATH", "/bin"}, {"ATLINK_PASSPHRASE", "hunter2"}, {"ATLINK_TOKEN_WORK", "hunter2"}};
  REQUIRE(store->save("work", some_credential("hunter2")).has_value());
  CHECK(keeper.inputs.back().find("hunter2") != std::string::npos);
  for (const auto& environment : keeper.environments) {
    CHECK(environment == std::vector<std::pair<std::string, std::string>>{{"PATH", "/bin"}});
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "command store: a request is one line, with protocol, version and expiry") {
  Credential credential = some_credential("t");
  credential.session_handle = Secret();
  REQUIRE(store->save("work", credential).has_value());
  const std::string& line = keeper.inputs.back();
  CHECK(line.find('\n') == line.size() - 1);
  const json::Value request = json::parse(line).value();
  CHECK(*request.find("atlink")->as_integer() == 1);
  CHECK(*request.find("action")->as_string() == "store");
  CHECK(*request.find("record")->as_string() == "credential");
  CHECK(*request.find("if_version")->as_string() == "");
  CHECK(*request.find("expires_at")->as_string() == "2031-01-30T09:30:00Z");
}

TEST_CASE_FIXTURE(Fixture,
                  "command store: a write that another machine was faster with is not made") {
  REQUIRE(store->save("work", some_credential("t")).has_value());
  bool meddled = false;
  world.process.on_run = [&](const ProcessStart& start) {
    if (!meddled && start.input.find("\"store\"") != std::string_view::npos) {
      meddled = true;
      auto& record = keeper.records["work/credential"];
      record.first = ++keeper.count;
    }
    return keeper.run(start);
  };
  CHECK_FALSE(store->replace("work", 1, some_credential("u")).value());
  CHECK(store->load("work").value()->token == "t");
  meddled = false;
  CHECK(store->save("work", some_credential("v")).has_value());
  CHECK(store->load("work").value()->token == "v");
}

TEST_CASE_FIXTURE(Fixture, "command store: the right to renew is one machine's, until it ends") {
  const auto other = make_command_store(world.platform(files), "/other", {program});
  {
    const auto held = store->lock_renewal("work", std::chrono::seconds(180));
    REQUIRE(held.has_value());
    const auto refused = other->lock_renewal("work", std::chrono::seconds(20));
    CHECK(refused.error().code == ErrorCode::file_locked);
    CHECK(world.clock.sleeps.size() > 5);
    CHECK(other->lock_renewal("elsewhere", std::chrono::seconds(1)).has_value());
  }
  {
    const auto held = other->lock_renewal("work", std::chrono::seconds(1));
    REQUIRE(held.has_value());
    // Its machine is gone for good: whoever waits as long as a renewal does gets it.
    CHECK(store->lock_renewal("work", std::chrono::seconds(180)).has_value());
  }
  // The one that came too late gives back nothing that is not its own.
  CHECK(store->lock_renewal("work", std::chrono::seconds(1)).has_value());
}

TEST_CASE_FIXTURE(
    Fixture, "command store: a hostile, silent, crashing or chatty program is one clear error") {
  ProcessEnd end;
  end.why = ProcessEnd::Why::patience;
  CHECK(said(end).code == ErrorCode::store_timeout);
  end.why = ProcessEnd::Why::output;
  CHECK(said(end).code == ErrorCode::store_failed);
  end.why = ProcessEnd::Why::signal;
  end.signal = 11;
  CHECK(said(end).message.find("signal 11") != std::string::npos);
  end.why = ProcessEnd::Why::exit;
  end.exit_code = 3;
  end.err = "no such \x1b[31mvault\n";
  const Error failed = said(end);
  CHECK(failed.code == ErrorCode::store_failed);
  CHECK(failed.message.find("no such ") != std::string::npos);
  CHECK(failed.message.find('\x1b') == std::string::npos);
  for (const char* out : {"",
                          "\n",
                          "nonsense",
                          "[]\n",
                          "{\"atlink\":1,\"found\":false}\n{\"atlink\":1}\n",
                          "{\"found\":false}\n",
                          "{\"atlink\":2,\"found\":false}\n",
                          "{\"atlink\":\"1\",\"found\":false}\n",
                          "{\"atlink\":1}\n",
                          "{\"atlink\":1,\"found\":\"no\"}\n",
                          "{\"atlink\":1,\"found\":true}\n",
                          "{\"atlink\":1,\"found\":true,\"value\":\"x\"}\n",
                          "{\"atlink\":1,\"found\":true,\"value\":\"x\",\"version\":\"\"}\n",
                          "{\"atlink\":1,\"found\":true,\"value\":\"x\",\"version\":\"a b\"}\n",
                          "{\"atlink\":1,\"found\":true,\"value\":7,\"version\":\"1\"}\n",
                          "{\"atlink\":1,\"error\":\"closed\"}\n"}) {
    CAPTURE(out);
    CHECK(printed(out).code == ErrorCode::store_failed);
  }
  CHECK(printed("{\"atlink\":1,\"found\":true,\"value\":\"{}\",\"version\":\"1\"}\n").code ==
        ErrorCode::file_damaged);
  CHECK(printed("{\"atlink\":1,\"error\":\"closed\"}\n").message.find("closed") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "command store: an error that repeats the record is not repeated") {
  world.process.on_run = [&](const ProcessStart& start) -> Result<ProcessEnd> {
    if (start.input.find("\"store\"") == std::string_view::npos) {
      return keeper.run(start);
    }
    ProcessEnd end;
    end.exit_code = 1;
    end.err = "cannot write " + std::string(start.input);
    return end;
  };
  const Status saved = store->save("work", some_credential("hunter2hunter2"));
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().message.find("hunter2") == std::string::npos);
  CHECK(saved.error().message.find("left out") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "command store: a program that others can change is not run") {
  for (const unsigned mode : {0775U, 0757U}) {
    files.set_mode(program, mode);
    CHECK(store->load("work").error().code == ErrorCode::store_unavailable);
  }
  files.set_mode(program, 0755);
  files.set_owner(program, 1001);
  CHECK(store->load("work").error().code == ErrorCode::store_unavailable);
  files.set_owner(program, 0);
  CHECK(store->load("work").has_value());
  files.remove(program);
  CHECK(store->load("work").error().code == ErrorCode::store_unavailable);
  CHECK(keeper.starts.size() == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "command store: one that only reads is found out before a browser opens") {
  world.process.on_run = [&](const ProcessStart& start) -> Result<ProcessEnd> {
    if (start.input.find("\"store\"") == std::string_view::npos) {
      return keeper.run(start);
    }
    ProcessEnd end;
    end.out = "{\"atlink\":1,\"error\":\"read-only\"}\n";
    return end;
  };
  CHECK(store->check_writable("work").error().code == ErrorCode::store_failed);
  world.process.on_run = [&](const ProcessStart& start) { return keeper.run(start); };
  CHECK(store->check_writable("work").has_value());
  CHECK(keeper.records.empty());
}

TEST_CASE("command store: a write whose n-th call fails or loses its answer is made or not") {
  const auto save = [](const char* token) {
    return [token](CredentialStore& store) { return store.save("work", some_credential(token)); };
  };
  const auto replace = [](CredentialStore& store) {
    const auto replaced = store.replace("work", 1, some_credential("new"));
    return replaced ? Status() : fail(replaced.error());
  };
  const auto erase = [](CredentialStore& store) { return store.erase("work"); };
  for (const std::function<Status(CredentialStore&)>& work :
       {std::function<Status(CredentialStore&)>(save("new")),
        std::function<Status(CredentialStore&)>(replace),
        std::function<Status(CredentialStore&)>(erase)}) {
    for (const bool carried_out : {false, true}) {
      for (int strike = 1; true; ++strike) {
        CAPTURE(carried_out);
        CAPTURE(strike);
        Fixture each;
        REQUIRE(save("old")(*each.store).has_value());
        int calls = 0;
        each.world.process.on_run = [&](const ProcessStart& start) -> Result<ProcessEnd> {
          const bool struck = ++calls == strike;
          Result<ProcessEnd> end =
              struck && !carried_out ? Result<ProcessEnd>(ProcessEnd()) : each.keeper.run(start);
          if (struck) {
            end->why = ProcessEnd::Why::signal;
            end->signal = 9;
          }
          return end;
        };
        const Status outcome = work(*each.store);
        const bool struck = calls >= strike;
        CHECK(outcome.has_value() != struck);
        each.world.process.on_run = [&](const ProcessStart& start) {
          return each.keeper.run(start);
        };
        const auto loaded = each.store->load("work");
        REQUIRE(loaded.has_value());
        const std::string token = *loaded ? (*loaded)->token : "new";
        CHECK((token == "old" || token == "new"));
        CHECK((struck || token == "new"));
        CHECK(work(*each.store).has_value());
        if (!struck) {
          REQUIRE(strike > 2);
          break;
        }
      }
    }
  }
}

TEST_SUITE_END();
