// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* state = "/home/me/.local/state/atlink";

std::vector<std::string> profiles_of(Program& program) {
  const json::Value list = program.run_json({"profile", "list"});
  std::vector<std::string> names;
  for (const json::Value& each : *list.find("profiles")->as_array()) {
    names.push_back(text_at(each, "/name"));
  }
  return names;
}

bool flag_at(const json::Value& value, std::string_view name) {
  REQUIRE(value.find(name) != nullptr);
  REQUIRE(value.find(name)->as_bool() != nullptr);
  return *value.find(name)->as_bool();
}

}  // namespace

TEST_CASE("profile set: a new profile needs a product and a URL") {
  Program program;
  CHECK(program.run({"profile", "set", "work", "--url", "https://acme.example"}) == 2);
  CHECK(holds(program.err, "--product"));
  CHECK(program.run({"profile", "set", "work", "--product", "acme"}) == 2);
  CHECK(holds(program.err, "--url"));
  CHECK(profiles_of(program).empty());
}

TEST_CASE("profile set: a URL with the context path is understood, and the first one is chosen") {
  Program program;
  program.make_profile();
  const json::Value shown = program.run_json({"profile", "show", "work"});
  CHECK(text_at(shown, "/site") == "https://acme.example");
  CHECK(text_at(shown, "/context_path") == "/tools");
  CHECK(text_at(shown, "/private_key") == "/keys/private.pem");
  CHECK(flag_at(shown, "default"));
  const json::Value second = program.run_json(
      {"profile", "set", "other", "--product", "acme", "--url", "https://other.example"});
  CHECK(flag_at(second, "created"));
  CHECK(text_at(program.run_json({"profile", "list"}), "/default") == "work");
}

TEST_CASE("profile set: a path that the product is not known by is taken, and said") {
  Program program;
  const auto set = [&program](std::vector<std::string> more) {
    more.insert(more.begin(), {"profile", "set", "work", "--product", "acme"});
    REQUIRE(program.run(more) == 0);
    return holds(program.err, "taken as the context path");
  };
  CHECK(set({"--url", "https://acme.example/secure/start"}));
  CHECK(holds(program.err, "--context-path"));
  CHECK_FALSE(set({"--url", "https://acme.example/tools/page"}));
  CHECK_FALSE(set({"--url", "https://acme.example/elsewhere", "--context-path", "/elsewhere"}));
  CHECK_FALSE(set({"--consumer-key", "k"}));
}

TEST_CASE("profile set: changes only what is named") {
  Program program;
  program.make_profile();
  const json::Value changed =
      program.run_json({"profile", "set", "work", "--consumer-key", "other"});
  CHECK_FALSE(flag_at(changed, "created"));
  CHECK(text_at(changed, "/consumer_key") == "other");
  CHECK(text_at(changed, "/base_url") == "https://acme.example/tools");
  CHECK(text_at(changed, "/private_key") == "/keys/private.pem");
  CHECK(text_at(program.run_json({"profile", "set", "work", "--url", "https://new.example"}),
                "/base_url") == "https://new.example/tools");
  CHECK(text_at(program.run_json({"profile", "set", "work", "--context-path", "/x"}),
                "/base_url") == "https://new.example/x");
  CHECK(text_at(program.run_json({"profile", "set", "work", "--context-path", ""}), "/base_url") ==
        "https://new.example");
  CHECK(program.run_json({"profile", "set", "work", "--private-key", ""})
            .find("private_key")
            ->is_null());
}

TEST_CASE("profile set: legs, method and transmission are set and taken away") {
  Program program;
  program.make_profile();
  json::Value shown = program.run_json({"profile",
                                        "set",
                                        "work",
                                        "--two-legged",
                                        "--transmission",
                                        "query",
                                        "--signature-method",
                                        "RSA-SHA256"});
  CHECK(flag_at(shown, "two_legged"));
  CHECK(text_at(shown, "/transmission") == "query");
  CHECK(text_at(shown, "/signature_method") == "RSA-SHA256");
  CHECK(holds(program.err, "does not list RSA-SHA256"));
  shown = program.run_json({"profile", "set", "work", "--consumer-key", "build"});
  CHECK(flag_at(shown, "two_legged"));
  shown = program.run_json(
      {"profile", "set", "work", "--three-legged", "--transmission", "", "--signature-method", ""});
  CHECK_FALSE(flag_at(shown, "two_legged"));
  CHECK(shown.find("transmission")->is_null());
  CHECK(shown.find("signature_method")->is_null());
  CHECK(program.run({"profile", "set", "work", "--two-legged", "--three-legged"}) == 2);
  CHECK(program.run({"profile", "set", "work", "--transmission", "body"}) == 2);
  CHECK(program.run({"profile", "set", "work", "--signature-method", "rsa"}) == 2);
  CHECK(program.run({"profile", "set", "work", "--deployment", "moon"}) == 2);
}

TEST_CASE("profile set: what cannot be right is refused, and nothing is kept") {
  Program program;
  const auto refused = [&program](std::vector<std::string> more) {
    more.insert(more.begin(), {"profile", "set", "work", "--product", "acme"});
    const int code = program.run(more);
    CHECK(profiles_of(program).empty());
    return code;
  };
  CHECK(refused({"--url", "https://me:secret@acme.example"}) == 2);
  CHECK(refused({"--url", "ftp://acme.example"}) == 2);
  CHECK(refused({"--url", "https://acme.example", "--private-key", "/none.pem"}) == 3);
  program.files.put("/public.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  CHECK(refused({"--url", "https://acme.example", "--private-key", "/public.pem"}) == 3);
  program.files.put("/ca.pem",
                    "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  CHECK(refused({"--url", "https://acme.example", "--ca-file", "/ca.pem"}) == 3);
  program.files.put("/ca.der", "0\x82\x01");
  CHECK(refused({"--url", "https://acme.example", "--ca-file", "/ca.der"}) == 3);
  CHECK(program.run({"profile", "set", "work", "--product", "none", "--url", "https://a.b"}) == 3);
  CHECK(program.run({"profile", "set", "../x", "--product", "acme", "--url", "https://a.b"}) == 2);
  CHECK(profiles_of(program).empty());
}

TEST_CASE("profile set: a secret in a URL is not said again") {
  Program program;
  CHECK(program.run({"profile",
                     "set",
                     "work",
                     "--product",
                     "acme",
                     "--url",
                     "https://me:hunter2@acme.example"}) == 2);
  CHECK_FALSE(holds(program.err, "hunter2"));
}

TEST_CASE("profile set: says what kind of key was read") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--private-key", "/keys/private.pem"}) == 0);
  CHECK(holds(program.err, "/keys/private.pem holds an RSA key of 2048 bits (PKCS#"));
}

TEST_CASE("profile set: relative paths are stored absolute") {
  Program program;
  program.files.put("/desk/k.pem", tests::test_private_key());
  program.files.put("/desk/ca.pem",
                    "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
  const json::Value shown = program.run_json({"profile",
                                              "set",
                                              "work",
                                              "--product",
                                              "acme",
                                              "--url",
                                              "https://acme.example",
                                              "--private-key",
                                              "k.pem",
                                              "--ca-file",
                                              "./ca.pem"});
  CHECK(text_at(shown, "/private_key") == "/desk/k.pem");
  CHECK(text_at(shown, "/ca_file") == "/desk/ca.pem");
}

TEST_CASE("profile set: a change of place, consumer or key asks for a new sign-in") {
  Program program;
  program.make_profile();
  program.sign_in();
  const auto needed = [&program](std::vector<std::string> more) {
    more.insert(more.begin(), {"profile", "set", "work"});
    return flag_at(program.run_json(more), "sign_in_needed");
  };
  CHECK_FALSE(needed({"--two-legged"}));
  CHECK_FALSE(needed({"--three-legged", "--private-key", "/keys/private.pem"}));
  CHECK(needed({"--consumer-key", "other"}));
  CHECK_FALSE(needed({"--consumer-key", "build"}));
  CHECK(needed({"--url", "https://new.example"}));
  CHECK_FALSE(needed({"--url", "https://acme.example"}));
  REQUIRE(program.run({"keygen", "--out", "/other"}) == 0);
  CHECK(needed({"--private-key", "/other/private.pem"}));
  CHECK(program.run({"request", "GET", "/x"}) == 4);
  CHECK(holds(program.err, "issued for"));
}

TEST_CASE("profile set: a shared secret comes from a file, standard input, variable or prompt") {
  const std::vector<std::string> line{"profile",
                                      "set",
                                      "hmac",
                                      "--product",
                                      "beta",
                                      "--url",
                                      "https://beta.example",
                                      "--consumer-key",
                                      "k"};
  const auto with = [&line](std::vector<std::string> more) {
    more.insert(more.begin(), line.begin(), line.end());
    return more;
  };
  const auto stored = [](Program& program) {
    std::string all;
    for (const std::string& path : program.files.files()) {
      all += path.rfind(state, 0) == 0 ? program.files.content(path).value_or("") : "";
    }
    return all;
  };
  SUBCASE("file") {
    Program program;
    program.files.put("/secret", "s3cr3t\n");
    CHECK(program.run(with({"--secret-file", "/secret"})) == 0);
    CHECK(holds(stored(program), "\"s3cr3t\""));
  }
  SUBCASE("standard input") {
    Program program;
    program.put_descriptor(0, "s3cr3t");
    CHECK(program.run(with({"--secret-file", "-"})) == 0);
    CHECK(holds(stored(program), "\"s3cr3t\""));
  }
  SUBCASE("standard input gives one secret and no two") {
    Program program;
    program.put_descriptor(0, "s3cr3t");
    CHECK(program.run(with({"--secret-file",
                            "-",
                            "--proxy",
                            "http://me@proxy.example:3128",
                            "--proxy-secret-file",
                            "-"})) == 2);
    CHECK(holds(program.err, "standard input cannot give both"));
    CHECK_FALSE(holds(stored(program), "s3cr3t"));
  }
  SUBCASE("variable") {
    Program program;
    program.world.environment.variables["ATLINK_CONSUMER_SECRET"] = "s3cr3t";
    CHECK(program.run(line) == 0);
    CHECK(holds(stored(program), "\"s3cr3t\""));
  }
  SUBCASE("prompt") {
    Program program;
    program.world.terminal.answers = {"s3cr3t"};
    CHECK(program.run(line) == 0);
    CHECK(holds(stored(program), "\"s3cr3t\""));
    CHECK_FALSE(holds(program.out + program.err, "s3cr3t"));
    CHECK(program.run({"profile", "set", "hmac", "--consumer-key", "k"}) == 0);
    CHECK(program.world.terminal.questions.size() == 1);
  }
  SUBCASE("an empty answer is none") {
    Program program;
    program.world.terminal.answers = {""};
    CHECK(program.run(line) == 3);
    CHECK(profiles_of(program).empty());
  }
  SUBCASE("nobody to ask") {
    Program program;
    CHECK(program.run(with({"--no-input"})) == 2);
    CHECK(holds(program.err, "--secret-file"));
    program.world.terminal.present = false;
    CHECK(program.run(line) == 2);
    CHECK(profiles_of(program).empty());
  }
  SUBCASE("an empty file is none") {
    Program program;
    program.files.put("/secret", "\n");
    CHECK(program.run(with({"--secret-file", "/secret"})) == 3);
  }
}

TEST_CASE("profile set: a shared secret for a profile that signs by key is refused") {
  Program program;
  program.make_profile();
  program.files.put("/secret", "x");
  CHECK(program.run({"profile", "set", "work", "--secret-file", "/secret"}) == 2);
}

TEST_CASE("profile set: the deployment is told from the host unless it is named") {
  Program program;
  const json::Value cloud = program.run_json(
      {"profile", "set", "c", "--product", "acme", "--url", "https://team.acme.cloud"});
  CHECK(text_at(cloud, "/base_url") == "https://team.acme.cloud/c");
  CHECK(cloud.find("deployment")->is_null());
  const json::Value forced = program.run_json({"profile",
                                               "set",
                                               "d",
                                               "--product",
                                               "acme",
                                               "--url",
                                               "https://team.acme.cloud",
                                               "--deployment",
                                               "data-center"});
  CHECK(text_at(forced, "/base_url") == "https://team.acme.cloud");
}

TEST_CASE("profile list: a damaged profile is listed and hides none of the others") {
  Program program;
  program.make_profile();
  program.files.put("/home/me/.config/atlink/profiles/broken.json", "{");
  CHECK(profiles_of(program) == std::vector<std::string>{"broken", "work"});
  CHECK(program.run({"profile", "list"}) == 0);
  CHECK(holds(program.out, "https://acme.example/tools"));
  CHECK(program.run({"profile", "show", "broken"}) == 3);
}

TEST_CASE("profile show: says which variables count more") {
  Program program;
  program.make_profile();
  program.world.environment.variables["ATLINK_URL"] = "https://else.example";
  CHECK(program.run({"profile", "show"}) == 2);
  CHECK(program.run({"profile", "show", "work"}) == 0);
  CHECK(holds(program.err, "ATLINK_URL"));
  CHECK(program.run({"profile", "show", "none"}) == 3);
}

TEST_CASE("profile use: chooses among those that there are") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "b", "--product", "acme", "--url", "https://b.example"}) ==
          0);
  CHECK(program.run({"profile", "use", "b"}) == 0);
  CHECK(text_at(program.run_json({"profile", "show"}), "/name") == "b");
  CHECK(program.run({"profile", "use", "none"}) == 3);
  CHECK(text_at(program.run_json({"profile", "show"}), "/name") == "b");
}

TEST_CASE("profile remove: takes the credential along and leaves key files") {
  Program program;
  program.make_profile();
  program.sign_in();
  CHECK(program.run({"profile", "remove", "none"}) == 3);
  CHECK(flag_at(program.run_json({"profile", "remove", "work"}), "credential_removed"));
  CHECK(program.files.content("/keys/private.pem").has_value());
  for (const std::string& path : program.files.files()) {
    CAPTURE(path);
    CHECK_FALSE(holds(program.files.content(path).value_or(""), "\"at\""));
  }
  CHECK(text_at(program.run_json({"status"}, 3), "/code") == "profile.missing");
}

TEST_CASE("profiles: without a home nothing can be stored, and it says so") {
  Program program;
  program.world.environment.variables.clear();
  CHECK(program.run({"profile", "list"}) == 3);
  CHECK(holds(program.err, "HOME"));
}

TEST_CASE("profile set: settings of the product are filled in, shown and taken away") {
  Program program;
  program.make_profile();
  json::Value shown = program.run_json(
      {"profile", "set", "work", "--set", "team=blue", "--set", "accounts=https://id.example"});
  CHECK(text_at(shown, "/settings/team") == "blue");
  CHECK(text_at(program.run_json({"profile", "show", "work"}), "/settings/accounts") ==
        "https://id.example");
  CHECK(program.run({"profile", "show", "work"}) == 0);
  CHECK(holds(program.out, "setting team      blue\n"));
  shown = program.run_json({"profile", "set", "work", "--set", "team="});
  CHECK(shown.find("settings")->find("team") == nullptr);
  CHECK(shown.find("settings")->find("accounts") != nullptr);
}

TEST_CASE("profile set: a setting that cannot be is refused, and nothing is changed") {
  Program program;
  program.make_profile();
  const auto refused = [&program](const char* setting) {
    const int code = program.run({"profile", "set", "work", "--set", setting});
    const std::string err = program.err;
    CHECK(program.run_json({"profile", "show", "work"}).find("settings")->as_object()->empty());
    return std::pair(code, err);
  };
  CHECK(refused("teem=x").first == 2);
  CHECK(holds(refused("teem=x").second, "did you mean team?"));
  CHECK(refused("team").first == 2);
  CHECK(refused("accounts=http://id.example").first == 2);
  CHECK(refused("authorize=https://evil.example/x").first == 2);
  CHECK(holds(refused("authorize=/x").second, "base:/PATH"));
}

TEST_CASE("profile set: another product must have the settings that there are") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--set", "team=blue"}) == 0);
  program.put_plugin("bare",
                     R"({"schema": 1, "id": "bare", "version": "1", "name": "Bare", "sign_in": {
                         "oauth1": {"request_token": {"path": "/r"}, "authorize": {"path": "/a"},
                                    "access_token": {"path": "/t"}}}})");
  CHECK(program.run({"profile", "set", "work", "--product", "bare"}) == 2);
  CHECK(holds(program.err, "team"));
  CHECK(program.run({"profile", "set", "work", "--product", "bare", "--set", "team="}) == 0);
}

TEST_CASE("settings: what stands in a profile by hand is judged when it is used") {
  Program program;
  program.make_profile();
  program.files.put("/home/me/.config/atlink/profiles/work.json",
                    R"({"format": 1, "product": "acme", "site": "https://acme.example",
                        "consumer_key": "k", "private_key": "/keys/private.pem",
                        "settings": {"authorize": "https://evil.example/"}})");
  CHECK(program.run({"link", "show"}) == 3);
  CHECK(holds(program.err, "setting authorize"));
  program.files.put("/home/me/.config/atlink/profiles/work.json",
                    R"({"format": 1, "product": "acme", "site": "https://acme.example",
                        "settings": {"team": 7}})");
  CHECK(program.run({"link", "show"}) == 3);
  CHECK(holds(program.err, "settings.team"));
}

TEST_CASE("settings: endpoints of the profile are shown, asked and signed for") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile",
                       "set",
                       "work",
                       "--set",
                       "request_token=site:/sso/request",
                       "--set",
                       "authorize=base:/sso/authorize",
                       "--set",
                       "team=blue"}) == 0);
  const json::Value link = program.run_json({"link", "show"});
  CHECK(text_at(link, "/request_token_url") == "https://acme.example/sso/request");
  CHECK(text_at(link, "/authorize_url") == "https://acme.example/tools/sso/authorize");
  CHECK(program.run({"link", "show"}) == 0);
  CHECK(holds(program.out, "Fill in for blue."));
  program.world.transport.expect("POST", "https://acme.example/sso/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  const json::Value begun = program.run_json({"login", "--begin"});
  CHECK(holds(text_at(begun, "/url"), "https://acme.example/tools/sso/authorize?oauth_token=rt"));
}

TEST_CASE("settings: another endpoint or origin asks for a new sign-in, a text does not") {
  Program program;
  program.make_profile();
  program.sign_in();
  const auto needed = [&program](const char* setting) {
    return flag_at(program.run_json({"profile", "set", "work", "--set", setting}),
                   "sign_in_needed");
  };
  CHECK_FALSE(needed("team=blue"));
  CHECK_FALSE(needed("authorize=base:/oauth/authorize"));
  CHECK(needed("authorize=base:/other/authorize"));
  CHECK(program.run({"status", "--offline"}) == 4);
  CHECK(program.run({"request", "GET", "/x"}) == 4);
  CHECK(holds(program.err, "settings"));
  CHECK_FALSE(needed("authorize="));
  CHECK(needed("accounts=https://id.example"));
  CHECK_FALSE(needed("accounts="));
}

TEST_CASE(
    "settings: a shared secret stays with the profile when an endpoint moves, not an origin") {
  Program program;
  program.put_descriptor(0, "consumer-secret\n");
  REQUIRE(program.run({"profile",
                       "set",
                       "hmac",
                       "--product",
                       "beta",
                       "--url",
                       "https://acme.example/tools",
                       "--consumer-key",
                       "build",
                       "--secret-file",
                       "-",
                       "--set",
                       "accounts=https://id.example"}) == 0);
  const auto sign = [&program] {
    return program.run(
        {"sign", "GET", "https://acme.example/tools/x", "--profile", "hmac", "--no-input"});
  };
  REQUIRE(program.run({"profile", "set", "hmac", "--two-legged"}) == 0);
  CHECK(sign() == 0);
  REQUIRE(program.run({"profile", "set", "hmac", "--set", "authorize=base:/elsewhere"}) == 0);
  CHECK(sign() == 0);
  REQUIRE(program.run({"profile", "set", "hmac", "--set", "accounts=https://other.example"}) == 0);
  CHECK(sign() == 4);
}

TEST_SUITE_END();
