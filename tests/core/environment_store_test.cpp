// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "tests/support/fake_files.h"
#include "tests/support/map_environment.h"
#include "tests/support/records.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

struct Fixture {
  FakeFileSystem files;
  MapEnvironment environment;
  std::unique_ptr<CredentialStore> store =
      make_environment_store(environment, make_file_store(files, "/state"));

  std::string token(std::string_view profile) {
    const auto loaded = store->load(profile).value();
    return loaded ? loaded->token + "/" + std::string(loaded->token_secret.expose()) : "none";
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "environment store: without variables it is the store behind") {
  CHECK(token("work") == "none");
  REQUIRE(store->save("work", some_credential("t")).has_value());
  CHECK(token("work") == "t/secret of t");
  CHECK(store->kind() == "file");
  REQUIRE(store->erase("work").has_value());
  CHECK(token("work") == "none");
  CHECK(store->check_writable("work").has_value());
}

TEST_CASE_FIXTURE(Fixture, "environment store: variables come first and are read-only") {
  REQUIRE(store->save("work", some_credential("t")).has_value());
  environment.variables = {{"ATLINK_OAUTH_TOKEN", "e"}, {"ATLINK_OAUTH_TOKEN_SECRET", "s"}};
  CHECK(token("work") == "e/s");
  const Credential loaded = store->load("work").value().value();
  CHECK(loaded.read_only);
  CHECK(loaded.issued_for.base_url.empty());
  const Status saved = store->save("work", some_credential("x"));
  CHECK(saved.error().code == ErrorCode::credential_read_only);
  CHECK(saved.error().message.find("ATLINK_OAUTH_TOKEN") != std::string::npos);
  CHECK(store->erase("work").error().code == ErrorCode::credential_read_only);
  environment.variables.clear();
  CHECK(token("work") == "t/secret of t");
}

TEST_CASE_FIXTURE(Fixture, "environment store: the variable with the profile's name wins") {
  environment.variables = {{"ATLINK_OAUTH_TOKEN", "general"},
                           {"ATLINK_OAUTH_TOKEN_MY_SITE_2", "specific"},
                           {"ATLINK_OAUTH_TOKEN_SECRET_MY_SITE_2", "s"}};
  CHECK(token("my-site.2") == "specific/s");
  CHECK(token("other") == "general/");
}

TEST_CASE_FIXTURE(Fixture, "environment store: an empty variable counts as unset") {
  environment.variables = {{"ATLINK_OAUTH_TOKEN", ""}, {"ATLINK_OAUTH_TOKEN_WORK", ""}};
  CHECK(token("work") == "none");
  environment.variables["ATLINK_OAUTH_TOKEN"] = "general";
  CHECK(token("work") == "general/");
}

TEST_CASE_FIXTURE(Fixture, "environment store: no secret is taken for the token of a profile") {
  environment.variables = {{"ATLINK_OAUTH_TOKEN_SECRET", "s"},
                           {"ATLINK_OAUTH_TOKEN_SECRET_X", "sx"}};
  CHECK(token("secret") == "none");
  CHECK(token("secret-x") == "none");
  environment.variables["ATLINK_OAUTH_TOKEN_SECRETARY"] = "t";
  CHECK(token("secretary") == "t/s");
}

TEST_CASE_FIXTURE(Fixture,
                  "environment store: consumer secrets come from it, pending sign-ins never") {
  REQUIRE(store->save_consumer("work", some_consumer("behind")).has_value());
  environment.variables = {{"ATLINK_CONSUMER_SECRET", "general"},
                           {"ATLINK_CONSUMER_SECRET_WORK", "specific"}};
  CHECK(store->load_consumer("work").value()->secret.equals("specific"));
  CHECK(store->load_consumer("other").value()->secret.equals("general"));
  environment.variables.clear();
  CHECK(store->load_consumer("work").value()->secret.equals("behind"));
  REQUIRE(store->save_pending("work", some_pending("p")).has_value());
  CHECK(store->load_pending("work").value()->request_token == "p");
  REQUIRE(store->erase_pending("work").has_value());
  REQUIRE(store->erase_consumer("work").has_value());
  CHECK_FALSE(store->load_pending("work").value().has_value());
  CHECK_FALSE(store->load_consumer("work").value().has_value());
}

TEST_CASE_FIXTURE(Fixture, "environment store: a method takes only what it has a use for") {
  environment.variables = {{"ATLINK_TOKEN", "t"}, {"ATLINK_PASSWORD", "p"}};
  const auto access = [&](std::optional<SignInMethod> method) {
    const auto asked =
        make_environment_store(environment, make_file_store(files, "/state"), method);
    const auto loaded = asked->load("work").value();
    return loaded ? std::string(loaded->access.expose()) : std::string("none");
  };
  CHECK(access(std::nullopt) == "t");
  CHECK(access(SignInMethod::token) == "t");
  CHECK(access(SignInMethod::api_token) == "t");
  CHECK(access(SignInMethod::oauth2) == "t");
  CHECK(access(SignInMethod::basic) == "p");
  CHECK(access(SignInMethod::oauth1) == "none");
}

TEST_CASE_FIXTURE(Fixture,
                  "environment store: the secret of a client is another than a consumer's") {
  environment.variables = {{"ATLINK_CONSUMER_SECRET", "consumer"},
                           {"ATLINK_CLIENT_SECRET", "client"}};
  CHECK(store->load_consumer("work").value()->secret.equals("consumer"));
  const auto asked = make_environment_store(
      environment, make_file_store(files, "/state"), SignInMethod::client_credentials);
  CHECK(asked->load_consumer("work").value()->secret.equals("client"));
}

TEST_SUITE_END();
