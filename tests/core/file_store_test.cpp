// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "tests/support/fake_files.h"
#include "tests/support/records.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";
const std::string file = state + "/credentials/work.json";

struct Fixture {
  FakeFileSystem files;
  std::unique_ptr<CredentialStore> store = make_file_store(files, state);

  void replace(const std::string& path, const std::string& what, const std::string& by) {
    std::string text = files.content(path).value();
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    files.put(path, text.replace(at, what.size(), by));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "file store: where nothing was saved there is nothing, and erasing is fine") {
  CHECK_FALSE(store->load("work").value().has_value());
  CHECK_FALSE(store->load_pending("work").value().has_value());
  CHECK_FALSE(store->load_consumer("work").value().has_value());
  CHECK(store->erase("work").has_value());
  CHECK(store->erase_pending("work").has_value());
  CHECK(store->erase_consumer("work").has_value());
  CHECK(files.files().empty());
  CHECK(store->kind() == "file");
}

TEST_CASE_FIXTURE(Fixture, "file store: a credential comes back with all that was known of it") {
  REQUIRE(store->save("work", some_credential("t0ken")).has_value());
  const Credential loaded = store->load("work").value().value();
  const Credential wanted = some_credential("t0ken");
  CHECK(loaded.issued_for == wanted.issued_for);
  CHECK(loaded.token == "t0ken");
  CHECK(loaded.token_secret.equals("secret of t0ken"));
  CHECK(loaded.session_handle.equals("handle of t0ken"));
  CHECK(loaded.user == wanted.user);
  CHECK(loaded.issued_at == wanted.issued_at);
  CHECK(loaded.expires_at == wanted.expires_at);
  CHECK(loaded.session_ends_at == wanted.session_ends_at);
  CHECK(loaded.version == 1);
  CHECK_FALSE(loaded.read_only);
}

TEST_CASE_FIXTURE(Fixture, "file store: what the server did not say stays unknown") {
  Credential bare;
  bare.issued_for = some_credential("x").issued_for;
  bare.token = "t";
  REQUIRE(store->save("work", bare).has_value());
  const Credential loaded = store->load("work").value().value();
  CHECK(loaded.token_secret.empty());
  CHECK(loaded.session_handle.empty());
  CHECK_FALSE(loaded.issued_at.has_value());
  CHECK_FALSE(loaded.expires_at.has_value());
  CHECK_FALSE(loaded.session_ends_at.has_value());
}

TEST_CASE_FIXTURE(Fixture, "file store: secrets of any bytes come back") {
  for (const std::string& bytes : {std::string("\xff\xfe\0\x80", 4),
                                   std::string("\0\n\x1b\x7f\"\\", 6),
                                   std::string("\xed\xa0\x80"),
                                   std::string(5000, 's')}) {
    Credential credential = some_credential("t");
    credential.token_secret = Secret(bytes);
    REQUIRE(store->save("work", credential).has_value());
    CHECK(store->load("work").value()->token_secret.equals(bytes));
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "file store: pending sign-ins and consumer secrets have places of their own") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  REQUIRE(store->save_pending("work", some_pending("p")).has_value());
  REQUIRE(store->save_consumer("work", some_consumer("k")).has_value());
  const PendingLogin pending = store->load_pending("work").value().value();
  CHECK(pending.issued_for == some_pending("p").issued_for);
  CHECK(pending.request_token == "p");
  CHECK(pending.request_token_secret.equals("secret of p"));
  CHECK(pending.callback == "oob");
  CHECK(pending.begun_at == some_pending("p").begun_at);
  CHECK(pending.expires_at == some_pending("p").expires_at);
  const auto consumer = store->load_consumer("work").value().value();
  CHECK(consumer.issued_for == some_consumer("k").issued_for);
  CHECK(consumer.secret.equals("k"));
  REQUIRE(store->erase_pending("work").has_value());
  CHECK_FALSE(store->load_pending("work").value().has_value());
  CHECK(store->load("work").value().has_value());
  CHECK(store->load_consumer("work").value().has_value());
}

TEST_CASE_FIXTURE(Fixture, "file store: files are for their owner alone, and so are the folders") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  REQUIRE(store->save_pending("work", some_pending("p")).has_value());
  REQUIRE(store->save_consumer("work", some_consumer("k")).has_value());
  for (const std::string kind : {"credentials", "pending", "consumers"}) {
    CHECK(files.mode(state + "/" + kind) == 0700);
    CHECK(files.mode(state + "/" + kind + "/work.json") == 0600);
    CHECK(files.mode(state + "/" + kind + ".lock") == 0600);
  }
}

TEST_CASE_FIXTURE(Fixture, "file store: the version counts the writes of a record") {
  Credential credential = some_credential("c");
  for (int writes = 1; writes <= 3; ++writes) {
    REQUIRE(store->save("work", credential).has_value());
    CHECK(store->load("work").value()->version == writes);
  }
  credential.version = 10;
  REQUIRE(store->save("work", credential).has_value());
  CHECK(store->load("work").value()->version == 11);
}

TEST_CASE_FIXTURE(Fixture, "file store: erasing takes the leftover of a killed run with it") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  files.put(state + "/credentials/.work.json.new", "half a secret");
  REQUIRE(store->erase("work").has_value());
  CHECK(files.files() == std::vector<std::string>{state + "/credentials.lock"});
}

TEST_CASE_FIXTURE(Fixture,
                  "file store: what others can read is refused, with the command that mends it") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  for (const unsigned mode : {0640U, 0604U, 0620U, 0601U, 0660U}) {
    files.set_mode(file, mode);
    const auto loaded = store->load("work");
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().code == ErrorCode::file_permissions);
    CHECK(loaded.error().next == "chmod 600 '" + file + "'");
  }
  files.set_mode(file, 0400);
  CHECK(store->load("work").has_value());
}

TEST_CASE_FIXTURE(Fixture, "file store: a file or folder of somebody else is refused") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  files.set_owner(file, 1001);
  CHECK(store->load("work").error().code == ErrorCode::file_permissions);
  files.set_owner(file, 1000);
  files.set_owner(state + "/credentials", 1001);
  CHECK(store->load("work").error().code == ErrorCode::file_permissions);
  CHECK(store->save("work", some_credential("d")).error().code == ErrorCode::file_permissions);
}

TEST_CASE_FIXTURE(Fixture, "file store: a folder that others can write to is refused") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  files.set_mode(state + "/credentials", 0770);
  const auto loaded = store->load("work");
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().next == "chmod 700 '" + state + "/credentials'");
  CHECK(store->save("work", some_credential("d")).error().code == ErrorCode::file_permissions);
  CHECK(store->check_writable("work").error().code == ErrorCode::file_permissions);
}

TEST_CASE_FIXTURE(Fixture, "file store: a symbolic link or folder in a file's place is not read") {
  files.put("/elsewhere", "{}");
  files.put_link(file, "/elsewhere");
  CHECK(store->load("work").error().code == ErrorCode::file_damaged);
  files.remove(file);
  files.put_folder(file);
  CHECK(store->load("work").error().code == ErrorCode::file_damaged);
}

TEST_CASE_FIXTURE(
    Fixture, "file store: a damaged file is named with member and way out, and shows no secret") {
  const struct {
    std::string what, by, said;
  } damages[] = {
      {"\"token\": \"hunter2\"", "\"token\": 7", "member \"token\""},
      {"\"token\": \"hunter2\",", "", "member \"token\""},
      {"\"secret of hunter2\"", "[\"hunter2\"]", "member \"token_secret\""},
      {"\"secret of hunter2\"", "{\"base64\": \"hunter2!\"}", "member \"token_secret\""},
      {"\"base_url\"", "\"base_uri\"", "member \"issued_for.base_url\""},
      {"\"issued_for\"", "\"issued_to\"", "member \"issued_for\""},
      {"\"site:/a\"", "[\"hunter2\"]", "member \"issued_for.settings.authorize\""},
      {"2031-01-30T09:30:00Z", "hunter2", "member \"expires_at\""},
      {"\"version\": 1", "\"version\": \"hunter2\"", "member \"version\""},
      {"\"format\": 1", "\"format\": 3", "member \"format\""},
      {"\"format\": 1,", "", "member \"format\""},
      {"\"user\":", "\"token\": \"x\", \"user\":", "is damaged"},
      {"}", "", "is damaged"},
  };

  for (const auto& damage : damages) {
    CAPTURE(damage.by);
    files.remove(file);
    REQUIRE(store->save("work", some_credential("hunter2")).has_value());
    replace(file, damage.what, damage.by);
    const auto loaded = store->load("work");
    REQUIRE_FALSE(loaded.has_value());
    const Error& error = loaded.error();
    CHECK(error.code == ErrorCode::file_damaged);
    CHECK(error.message.find(damage.said) != std::string::npos);
    CHECK(error.message.find(file) != std::string::npos);
    CHECK(error.message.find("hunter2") == std::string::npos);
    CHECK(error.next.find("atlink login --profile work") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Fixture, "file store: signing in again replaces a file that cannot be read") {
  for (const std::string content : {"", "\xff\xfe", "{\"format\": 9}"}) {
    files.put(file, content, 0644);
    CHECK_FALSE(store->load("work").has_value());
    REQUIRE(store->save("work", some_credential("c")).has_value());
    CHECK(store->load("work").value()->token == "c");
    CHECK(files.mode(file) == 0600);
  }
}

TEST_CASE_FIXTURE(Fixture, "file store: a name that is none goes nowhere") {
  CHECK(store->load("../x").error().code == ErrorCode::usage);
  CHECK(store->save("../x", some_credential("c")).error().code == ErrorCode::usage);
  CHECK(store->save_pending("a/b", some_pending("p")).error().code == ErrorCode::usage);
  CHECK(store->erase("").error().code == ErrorCode::usage);
  CHECK(files.files().empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "file store: a credential from the environment does not reach the disk") {
  Credential credential = some_credential("c");
  credential.read_only = true;
  CHECK(store->save("work", credential).error().code == ErrorCode::credential_read_only);
  CHECK(files.files().empty());
}

TEST_CASE_FIXTURE(Fixture, "file store: whether saving can work is found out without a trace") {
  CHECK(store->check_writable("work").has_value());
  CHECK(files.files() ==
        std::vector<std::string>{state + "/credentials.lock", state + "/pending.lock"});
  for (int call = 1; call < 100; ++call) {
    files.fail_at(call, ErrorCode::file_unwritable);
    const Status checked = store->check_writable("work");
    if (!files.struck()) {
      REQUIRE(call > 10);
      break;
    }
    CHECK(checked.error().code == ErrorCode::file_unwritable);
    files.heal();
    REQUIRE(store->check_writable("work").has_value());
  }
}

TEST_CASE("issued for: the first difference is named with both values") {
  const IssuedFor recorded{"acme", "https://a.example", "key", "f1"};
  CHECK(check_issued_for(recorded, recorded).has_value());
  const auto said = [&](const IssuedFor& now) {
    const Status checked = check_issued_for(recorded, now);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::credential_elsewhere);
    return checked.error().message;
  };
  CHECK(said({"other", "https://b.example", "key", "f1"}).find("product acme") !=
        std::string::npos);
  const std::string base = said({"acme", "https://b.example", "yek", "f1"});
  CHECK(base.find("base URL https://a.example") != std::string::npos);
  CHECK(base.find("https://b.example") != std::string::npos);
  CHECK(said({"acme", "https://a.example", "", "f1"}).find("none") != std::string::npos);
  CHECK(said({"acme", "https://a.example", "key", "f2"}).find("fingerprint f1") !=
        std::string::npos);
  const std::string moved =
      said({"acme", "https://a.example", "key", "f1", {{"authorize", "site:/x"}, {"b", "c"}}});
  CHECK(moved.find("settings none") != std::string::npos);
  CHECK(moved.find("authorize=site:/x, b=c") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "file store: a credential of a release without settings still counts") {
  REQUIRE(store->save("work", some_credential("c")).has_value());
  const std::string text = files.content(file).value();
  const std::size_t begin = text.rfind(',', text.find("\"settings\""));
  const std::size_t end = text.find('}', begin) + 1;
  files.remove(file);
  files.put(file, text.substr(0, begin) + text.substr(end), 0600);
  const auto loaded = store->load("work");
  REQUIRE(loaded.has_value());
  CHECK(loaded->value().issued_for.settings.empty());
  CHECK(loaded->value().issued_for.product == "acme");
}

TEST_CASE_FIXTURE(Fixture, "file store: a credential of another method comes back") {
  Credential credential;
  credential.issued_for.method = SignInMethod::oauth2;
  credential.issued_for.authorization_server = "https://accounts.example/token";
  credential.issued_for.gateway = "https://gateway.example/{site_id}";
  credential.access = Secret("a");
  credential.refresh_token = Secret("r");
  credential.scopes = {"read", "write"};
  credential.site_id = "7";
  REQUIRE(store->save("work", credential).has_value());
  CHECK(files.content(file)->find("\"format\": 2") != std::string::npos);
  const Credential loaded = store->load("work").value().value();
  CHECK(loaded.issued_for == credential.issued_for);
  CHECK(loaded.access.equals("a"));
  CHECK(loaded.refresh_token.equals("r"));
  CHECK(loaded.scopes == credential.scopes);
  CHECK(loaded.site_id == "7");
}

TEST_CASE_FIXTURE(Fixture, "file store: OAuth 1.0a keeps the format that older releases read") {
  REQUIRE(store->save("work", some_credential("t")).has_value());
  CHECK(files.content(file)->find("\"format\": 1") != std::string::npos);
  CHECK(files.content(file)->find("method") == std::string::npos);
  CHECK(store->load("work").value()->issued_for.method == SignInMethod::oauth1);
}

TEST_CASE_FIXTURE(Fixture, "file store: a method of a later release is said, not guessed") {
  Credential credential;
  credential.issued_for.method = SignInMethod::token;
  REQUIRE(store->save("work", credential).has_value());
  replace(file, "\"method\": \"token\"", "\"method\": \"magic\"");
  CHECK(store->load("work").error().code == ErrorCode::file_damaged);
}

TEST_CASE_FIXTURE(Fixture, "file store: replacing goes by the version") {
  CHECK_FALSE(store->replace("work", 0, some_credential("x")).value());
  REQUIRE(store->save("work", some_credential("t1")).has_value());
  CHECK(store->replace("work", 1, some_credential("t2")).value());
  CHECK_FALSE(store->replace("work", 1, some_credential("t3")).value());
  CHECK(store->load("work").value()->token == "t2");
  CHECK(store->load("work").value()->version == 2);
}

TEST_CASE_FIXTURE(Fixture, "file store: a renewal under way, until it is over or signed out") {
  CHECK_FALSE(store->load_renewal("work").value().has_value());
  const TimePoint then = from_rfc3339("2026-01-31T09:30:00Z").value();
  REQUIRE(store->save_renewal("work", {3, then}).has_value());
  const auto renewal = store->load_renewal("work").value();
  REQUIRE(renewal.has_value());
  CHECK(renewal->version == 3);
  CHECK(renewal->begun_at == then);
  REQUIRE(store->erase_renewal("work").has_value());
  CHECK_FALSE(store->load_renewal("work").value().has_value());
  REQUIRE(store->save_renewal("work", {3, then}).has_value());
  REQUIRE(store->erase("work").has_value());
  CHECK_FALSE(store->load_renewal("work").value().has_value());
}

TEST_CASE_FIXTURE(Fixture, "file store: one profile's renewal holds up no other") {
  const auto held = store->lock_renewal("work", std::chrono::milliseconds(0));
  REQUIRE(held.has_value());
  CHECK(store->lock_renewal("other", std::chrono::milliseconds(0)).has_value());
  CHECK(store->lock_renewal("work", std::chrono::milliseconds(0)).error().code ==
        ErrorCode::file_locked);
}

TEST_SUITE_END();
