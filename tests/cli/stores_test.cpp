// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";
const std::string plain = state + "/credentials/work.json";
const std::string sealed = state + "/sealed/credentials/work.sealed";

}  // namespace

TEST_CASE("stores: a profile has the usual one unless it says otherwise") {
  Program program;
  program.make_profile();
  const json::Value shown = program.run_json({"profile", "show", "work"});
  CHECK(text_at(shown, "/store") == "file");
  CHECK(shown.find("key_file")->is_null());
  CHECK(program.files.content("/home/me/.config/atlink/profiles/work.json")->find("store") ==
        std::string::npos);
}

TEST_CASE("stores: what cannot be a store is refused before anything is kept") {
  Program program;
  program.make_profile();
  const std::string before = *program.files.content("/home/me/.config/atlink/profiles/work.json");
  const std::vector<std::vector<std::string>> wrong{
      {"--store", "vault"},
      {"--store", "command"},
      {"--key-file", "/k"},
      {"--store-command", "/bin/keep"},
      {"--store", "sealed", "--store-command", "/bin/keep"},
  };
  for (const auto& options : wrong) {
    std::vector<std::string> line{"profile", "set", "work"};
    line.insert(line.end(), options.begin(), options.end());
    CAPTURE(options.back());
    CHECK(program.run(line) == 2);
  }
  CHECK(program.run({"profile", "set", "work", "--store", "command", "--store-command", "/none"}) ==
        3);
  CHECK(*program.files.content("/home/me/.config/atlink/profiles/work.json") == before);
}

TEST_CASE("stores: a key file must be private and long") {
  Program program;
  program.make_profile();
  program.files.put("/k", std::string(32, 'k'), 0640);
  CHECK(program.run({"profile", "set", "work", "--store", "sealed", "--key-file", "/k"}) == 3);
  CHECK(holds(program.err, "chmod 600"));
  program.files.set_mode("/k", 0600);
  CHECK(program.run({"profile", "set", "work", "--store", "sealed", "--key-file", "/k"}) == 0);
  const json::Value shown = program.run_json({"profile", "show", "work"});
  CHECK(text_at(shown, "/store") == "sealed");
  CHECK(text_at(shown, "/key_file") == "/k");
  program.files.remove("/k");
  program.files.put("/k", "short", 0600);
  CHECK(program.run({"profile", "set", "work", "--key-file", "/k"}) == 3);
}

TEST_CASE("stores: a store that holds something is left by moving alone") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.files.put("/k", std::string(32, 'k'), 0600);
  REQUIRE(program.files.content(plain).has_value());
  CHECK(program.run({"profile", "set", "work", "--store", "sealed", "--key-file", "/k"}) == 3);
  CHECK(holds(program.err, "profile move-secrets work --to sealed"));
  CHECK(program.run({"profile", "move-secrets", "work", "--to", "sealed", "--key-file", "/k"}) ==
        0);
  CHECK_FALSE(program.files.content(plain).has_value());
  CHECK(program.files.content(sealed).has_value());
  CHECK(text_at(program.run_json({"status", "--offline"}), "/store") == "sealed");
  CHECK(program.run({"profile", "move-secrets", "work", "--to", "file"}) == 0);
  CHECK(program.files.content(plain).has_value());
  CHECK_FALSE(program.files.content(sealed).has_value());
  CHECK(program.run({"profile", "move-secrets", "work", "--to", "file"}) == 2);
}

TEST_CASE("stores: moving that fails at any call leaves the profile with a whole store") {
  for (int call = 1; call < 600; ++call) {
    CAPTURE(call);
    Program program;
    program.make_profile();
    program.sign_in();
    program.files.put("/k", std::string(32, 'k'), 0600);
    program.files.fail_at(call, ErrorCode::file_io);
    const int code =
        program.run({"profile", "move-secrets", "work", "--to", "sealed", "--key-file", "/k"});
    const bool struck = program.files.struck();
    program.files.heal();
    CHECK((code == 0 || struck));
    CHECK(program.run({"status", "--offline"}) == 0);
    if (!struck) {
      REQUIRE(call > 50);
      return;
    }
  }
  FAIL("moving has no end");
}

TEST_CASE("stores: login says where the credential is kept") {
  Program program;
  program.make_profile();
  program.sign_in();
  CHECK(holds(program.err, "kept in a file of mode 0600, not encrypted"));
}

TEST_CASE("stores: one descriptor for store and key, one line each") {
  Program program;
  program.make_profile();
  program.put_descriptor(5, "open\nkey\n");
  CHECK(program.run({"profile", "set", "work", "--store", "sealed"}) == 0);
  program.expect_sign_in();
  CHECK(program.run({"login", "--begin", "--passphrase-fd", "5"}) == 0);
  program.put_descriptor(6, "open");
  CHECK(program.run({"login", "--verifier", "v", "--passphrase-fd", "6"}) == 0);
  program.put_descriptor(7, "guess");
  CHECK(program.run({"status", "--offline", "--passphrase-fd", "7"}) == 3);
  CHECK(holds(program.err, "is wrong"));
}

TEST_CASE("stores: a bundle overwrites nothing, and an import leaves a whole profile or none") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.files.put_folder("/desk", 0755);
  program.files.put("/k", std::string(32, 'k'), 0600);
  CHECK(program.run({"profile", "export", "work", "--out", "/desk/b", "--key-file", "/k"}) == 0);
  CHECK(program.files.mode("/desk/b") == 0600);
  CHECK(program.run({"profile", "export", "work", "--out", "/desk/b", "--key-file", "/k"}) == 3);
  CHECK(program.run({"profile", "import", "/desk/b", "--key-file", "/k"}) == 3);
  for (int call = 1; call < 600; ++call) {
    CAPTURE(call);
    program.files.fail_at(call, ErrorCode::file_io);
    const int code =
        program.run({"profile", "import", "/desk/b", "--name", "copy", "--key-file", "/k"});
    const bool struck = program.files.struck();
    program.files.heal();
    // What fails when all is done already leaves a profile, and that one is whole.
    if (program.run({"profile", "show", "copy"}) == 0) {
      CHECK(program.run({"status", "--offline", "--profile", "copy"}) == 0);
      CHECK(program.run({"profile", "remove", "copy"}) == 0);
      CHECK_FALSE(program.files.content("/home/me/.config/atlink/imported/copy.pem").has_value());
    } else {
      CHECK(code != 0);
    }
    if (!struck) {
      REQUIRE(code == 0);
      REQUIRE(call > 30);
      return;
    }
  }
  FAIL("importing has no end");
}

TEST_CASE("stores: an export that fails at any call leaves a whole bundle or none") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.files.put_folder("/desk", 0755);
  program.files.put("/k", std::string(32, 'k'), 0600);
  for (int call = 1; call < 200; ++call) {
    CAPTURE(call);
    program.files.fail_at(call, ErrorCode::file_unwritable);
    const int code =
        program.run({"profile", "export", "work", "--out", "/desk/b", "--key-file", "/k"});
    const bool struck = program.files.struck();
    program.files.heal();
    CHECK(program.files.content("/desk/b").has_value() == (code == 0));
    if (code == 0) {
      CHECK(program.run({"profile", "import", "/desk/b", "--name", "copy", "--key-file", "/k"}) ==
            0);
      CHECK(program.run({"profile", "remove", "copy"}) == 0);
      CHECK_FALSE(program.files.content("/home/me/.config/atlink/imported/copy.pem").has_value());
      program.files.remove("/desk/b");
    }
    if (!struck) {
      REQUIRE(code == 0);
      REQUIRE(call > 5);
      return;
    }
  }
  FAIL("exporting has no end");
}

TEST_SUITE_END();
