// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

#include <algorithm>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

// A runner: no home, no file, everything in the environment.
class Runner : public Program {
 public:
  Runner() {
    auto& variables = world.environment.variables;
    variables.clear();
    variables["ATLINK_URL"] = "https://acme.example/tools";
    variables["ATLINK_PRODUCT"] = "acme";
    variables["ATLINK_CONSUMER_KEY"] = "build";
    variables["ATLINK_PRIVATE_KEY"] = tests::test_private_key();
    variables["ATLINK_OAUTH_TOKEN"] = "env-token";
    variables["ATLINK_OAUTH_TOKEN_SECRET"] = "s";
  }

  std::string& operator[](const char* name) { return world.environment.variables[name]; }

  std::string authorization_of(const std::string& url) {
    world.transport.expect("GET", url).answers(200);
    CHECK_MESSAGE(run({"request", "GET", "/x"}) == 0, err);
    REQUIRE_FALSE(world.transport.sent.empty());
    return world.transport.sent.back().header("Authorization");
  }
};

// PKCS#8 PEM under the passphrase "open sesame", made by the OpenSSL program once.
constexpr std::string_view protected_key = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIeoUQcXI2mNYCAggA
MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAKJ+4LS3wHaK5WExqTd/jqBIIE
0P3JSx7sUuQP64587lEQRzxwcSoZ3SzMM76TypQbJAi9D4voTsK+DA3OkAoexPbU
UtUMx5BmjZ8iTmC+AVUBr71uLlP+hO0j7khzswkbmuMKwvvMdhXV+UjXKNwT5zGj
rFQ0MONcIjgUcF4pgrEX56vAaLWEM7s3QTv3ZAzcxE+A+ChQbRPei1mEgCDPcwi+
5Sj7sBwh7Vi+qFW/COmLMeWHWfrlzqTMemDqH+Zjk3iwPewGMgi+Iy/BLJsLc/KJ
jyqqKHobeNI5V/alOaY0/peUEMt1V3X329iCGJ7fiwp3mawha8BnR/TBgxBWZJ+q
C57Q3G+Y3olz95NvtOf4ToICbC6LTHBRKBDLi1K3TYn+hjKCt+/es8kTaBzqehWC
ctzPfFs6d6mJ9HCX9PMtbLgV1py/OlLq1SC7JvYp+ly9UAc9tpebelELIbU95dqZ
D3G8HPRJBsU8E9b76lXmj4/jsV5shvHU3drQTL0sQVTPQyXaLHlG31hoTrn6EQ7g
tjdBE19tIWxD6H7bRX6kv2slPG8BOKUs26oM9Lr2bowCe2gFY2zu3yeJDruppaVl
aDd7TiMp7OXqlLyB1/qLMJFml6zEkNVFlGHUK5/ThZiFM4pK3I7lrgCh+1rTtFMs
RoomR+VHAFTG5b7fAVUP6Tr1Xv/NNqfniMW047I0dJPEcA24iwO325vaoHAhOeO4
mKdqaydZnRBnMJyfSYiwPwb/zlchYx7e2uZf1iePyW+eA2+7M81SNDs8DF3JnkH5
a6Mfn8FWmMmiiob66y+z9LQpUtsslf66/mmtaQu8pOXutIAxE7vEhgohI8wYhOoK
Hjqs+eSNPpxM5iGcDpnKmK76HHtCIDTdl8DDXBtleJWxE+BXMJywlzo67Dhxo1tr
Ddn1d54CeAGbZEg4REaS+4oKaafZK+oUWbXujN6F1cxGaWQW/RGYD9uBR3mgdDjO
fcnP7hAQJ57LawxLZ6RQ2/QQTC3Pc6CNgUXLUcLeT09HhVvLdVfT0GRhfcE7c+J0
vcSbCZieFn1GOWLClclaYgyLf1+DcpNaOrY3jsP1szO6/Oz/CMdWqbyqaaYHGTdr
xzZ/W1wsYB4n6b1ztBbXA2/mZ6ah+/R0PVGYWOsRmo28Lqb+2td8wRBGJXUK4Vfs
XYsP8siPHooEQmQBxRIEWPe7irF5hR26ajrYz4V2+8i9Kb2RNEssvSoKNibDJ4Bd
sCFvTBYst7OT/GX4ivmvsIWZKVco+qV3uKJ94cqvAHiiY1Zutp+ucteLxb5Bj7ex
4kkKmJGcVEYQDYsoOXoUF1D+kP4ESMhv91/FUhQZGTz/eL6JoTT6dPW5p0usL/b8
r0Sk3gojxB2v8x44SGzb4FFK+Aw4UZTZKizpxCO2G4Mh/JMBtYCd63huJgLHifET
IBARjJuT68APy7kO76ZC4PQyzi8R8sX4musYlaNAiJzUdm+CyN48A+ofociKdcPJ
2DM/5thP2oNj1HudljcCRR+n0bdxVayCLEpZtvAk+zJ6KZx+VhuTl7J8R06gCVPH
PHTx5ZHgAbL2/qfNS5A+X7k/ds7KIqdV7/OmjKsIP2Ttyhg77mMBq2lyumwf98OE
rB1BS4WTO8AwIfUpOd/zskX2ougHOG19HtKgUjm5u9iH
-----END ENCRYPTED PRIVATE KEY-----
)";

void make_protected_profile(Program& program) {
  program.files.put("/keys/protected.pem", protected_key);
  REQUIRE_MESSAGE(program.run({"profile",
                               "set",
                               "p",
                               "--product",
                               "acme",
                               "--url",
                               "https://acme.example",
                               "--consumer-key",
                               "k",
                               "--private-key",
                               "/keys/protected.pem"}) == 0,
                  program.err);
}

}  // namespace

TEST_CASE("headless: the environment alone is enough, without home or file") {
  Runner program;
  CHECK(
      holds(program.authorization_of("https://acme.example/tools/x"), "oauth_token=\"env-token\""));
  CHECK(program.run({"sign", "GET", "https://acme.example/tools/x"}) == 0);
  CHECK(program.run({"status", "--offline"}) == 0);
  CHECK(program.run({"link", "show"}) == 0);
}

TEST_CASE("headless: the private key is PEM text, with line breaks written out, or a path") {
  Runner program;
  std::string one_line;
  for (const char byte : tests::test_private_key()) {
    one_line += byte == '\n' ? std::string("\\n") : std::string(1, byte);
  }
  program["ATLINK_PRIVATE_KEY"] = one_line;
  program.authorization_of("https://acme.example/tools/x");
  program.files.put("/desk/k.pem", tests::test_private_key());
  program["ATLINK_PRIVATE_KEY"] = "k.pem";
  program.authorization_of("https://acme.example/tools/x");
  program["ATLINK_PRIVATE_KEY"] = "none.pem";
  CHECK(program.run({"request", "GET", "/x"}) == 3);
}

TEST_CASE("headless: what is missing or wrong is named") {
  Runner program;
  const auto code_without = [&program](const char* name) {
    const std::string before = program[name];
    program[name] = "";
    const std::string code = text_at(program.run_json({"request", "GET", "/x"}, 3), "/code");
    program[name] = before;
    return code;
  };
  CHECK(code_without("ATLINK_PRODUCT") == "profile.invalid");
  CHECK(code_without("ATLINK_CONSUMER_KEY") == "consumer.missing");
  CHECK(code_without("ATLINK_PRIVATE_KEY") == "key.missing");
  program["ATLINK_DEPLOYMENT"] = "moon";
  CHECK(program.run({"request", "GET", "/x"}) == 3);
  CHECK(holds(program.err, "ATLINK_DEPLOYMENT"));
  program["ATLINK_DEPLOYMENT"] = "";
  program["ATLINK_URL"] = "acme.example";
  CHECK(text_at(program.run_json({"request", "GET", "/x"}, 3), "/code") == "profile.invalid");
  program["ATLINK_URL"] = "https://acme.example";
  program["ATLINK_PRODUCT"] = "none";
  CHECK(text_at(program.run_json({"request", "GET", "/x"}, 3), "/code") == "product.missing");
}

TEST_CASE("headless: a sign-in has no place to be kept, and says so before it sends") {
  Runner program;
  program["ATLINK_OAUTH_TOKEN"] = "";
  program["ATLINK_OAUTH_TOKEN_SECRET"] = "";
  CHECK(program.run({"request", "GET", "/x"}) == 4);
  CHECK(program.run({"login", "--begin"}) == 3);
  CHECK(holds(program.err, "HOME"));
}

TEST_CASE("headless: two-legged needs no token") {
  Runner program;
  program["ATLINK_OAUTH_TOKEN"] = "";
  program["ATLINK_TWO_LEGGED"] = "1";
  CHECK(holds(program.authorization_of("https://acme.example/tools/x"), "oauth_token=\"\""));
  program["ATLINK_TWO_LEGGED"] = "yes";
  CHECK(program.run({"request", "GET", "/x"}) == 3);
}

TEST_CASE("environment: counts before the profile, field by field") {
  Program program;
  program.make_profile();
  program.sign_in();
  auto& variables = program.world.environment.variables;
  const auto shown = [&program](const char* pointer) {
    return text_at(program.run_json({"link", "show", "--profile", "work"}), pointer);
  };
  variables["ATLINK_CONSUMER_KEY"] = "other";
  CHECK(shown("/consumer_key") == "other");
  variables["ATLINK_CONTEXT_PATH"] = "/deep/er";
  CHECK(shown("/base_url") == "https://acme.example/deep/er");
  variables["ATLINK_CONTEXT_PATH"] = "";
  CHECK(shown("/base_url") == "https://acme.example");
  variables.erase("ATLINK_CONTEXT_PATH");
  variables["ATLINK_URL"] = "https://else.example";
  CHECK(shown("/base_url") == "https://else.example");
}

TEST_CASE("environment: a credential is not sent to where a variable leads") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.world.transport.sent.clear();
  auto& variables = program.world.environment.variables;
  for (const auto& [name, value] : {std::pair("ATLINK_URL", "https://else.example"),
                                    std::pair("ATLINK_CONTEXT_PATH", "/other"),
                                    std::pair("ATLINK_CONSUMER_KEY", "other"),
                                    std::pair("ATLINK_PRODUCT", "beta")}) {
    const auto shown = std::string(name);  // clang 14 captures no binding
    CAPTURE(shown);
    variables["ATLINK_SIGNATURE_METHOD"] = "RSA-SHA1";
    variables[name] = value;
    CHECK(text_at(program.run_json({"request", "GET", "/x", "--profile", "work"}, 4), "/code") ==
          "credential.elsewhere");
    variables.erase(name);
  }
  CHECK(program.world.transport.sent.empty());
}

TEST_CASE("profiles: flag before variable before the chosen one") {
  Program program;
  program.make_profile();
  for (const char* name : {"b", "c"}) {
    REQUIRE(program.run({"profile",
                         "set",
                         name,
                         "--product",
                         "acme",
                         "--url",
                         std::string("https://") + name + ".example"}) == 0);
  }
  const auto shown = [&program](std::vector<std::string> more) {
    more.insert(more.begin(), {"profile", "show"});
    return text_at(program.run_json(more), "/name");
  };
  CHECK(shown({}) == "work");
  program.world.environment.variables["ATLINK_PROFILE"] = "b";
  CHECK(shown({}) == "b");
  CHECK(shown({"--profile", "c"}) == "c");
  program.world.environment.variables["ATLINK_PROFILE"] = "../x";
  CHECK(program.run({"profile", "show"}) == 2);
}

TEST_CASE("keys: a passphrase is asked for, comes from a variable, or from a descriptor") {
  Program program;
  make_protected_profile(program);
  CHECK(holds(program.err, "protected by a passphrase, which is asked for when it signs"));
  const std::vector<std::string> line{"link", "show"};
  SUBCASE("terminal, where a wrong one is asked for again") {
    program.world.terminal.answers = {"wrong", "open sesame"};
    CHECK(program.run(line) == 0);
    CHECK(holds(program.err, "not its passphrase"));
    CHECK_FALSE(holds(program.out + program.err, "sesame"));
  }
  SUBCASE("three wrong ones are enough") {
    program.world.terminal.answers = {"a", "b", "c"};
    CHECK(text_at(program.run_json(line, 3), "/code") == "key.passphrase");
  }
  SUBCASE("variable") {
    program.world.environment.variables["ATLINK_PRIVATE_KEY_PASSPHRASE"] = "open sesame";
    CHECK(program.run(line) == 0);
  }
  SUBCASE("a wrong variable is no reason to ask") {
    program.world.environment.variables["ATLINK_PRIVATE_KEY_PASSPHRASE"] = "wrong";
    CHECK(program.run(line) == 3);
    CHECK(holds(program.err, "next: check what"));
  }
  SUBCASE("descriptor") {
    program.put_descriptor(7, "open sesame\n");
    CHECK(program.run({"link", "show", "--passphrase-fd", "7"}) == 0);
    CHECK(program.run({"link", "show", "--passphrase-fd", "x"}) == 2);
  }
  SUBCASE("nobody to ask") {
    CHECK(program.run({"link", "show", "--no-input"}) == 3);
    CHECK(holds(program.err, "--passphrase-fd"));
    program.world.terminal.present = false;
    CHECK(program.run(line) == 3);
  }
}

TEST_CASE("keys: one that others can read works, with a warning") {
  Program program;
  program.make_profile();
  CHECK(program.run({"link", "show"}) == 0);
  CHECK_FALSE(holds(program.err, "chmod 600"));
  program.files.set_mode("/keys/private.pem", 0644);
  CHECK(program.run({"link", "show"}) == 0);
  CHECK(holds(program.err, "chmod 600"));
}

TEST_CASE("keys: the key itself where a path should stand is not shown") {
  Program program;
  program.make_profile();
  const std::string pem(tests::test_private_key());
  std::string body = pem.substr(pem.find('\n') + 1);
  body.erase(body.find("-----"));
  std::string line = body;
  line.erase(std::remove(line.begin(), line.end(), '\n'), line.end());
  const std::string part = line.substr(100, 20);
  for (const std::string& text : {body, line}) {
    program.world.environment.variables["ATLINK_PRIVATE_KEY"] = text;
    CHECK(text_at(program.run_json({"link", "show"}, 3), "/code") == "key.unreadable");
    CHECK_FALSE(holds(program.err, part));
    program.world.environment.variables.erase("ATLINK_PRIVATE_KEY");
    CHECK(program.run({"profile", "set", "work", "--private-key", text}) == 3);
    CHECK_FALSE(holds(program.err, part));
  }
  CHECK(program.run({"profile", "set", "work", "--private-key", pem}) == 3);
  CHECK_FALSE(holds(program.err, part));
  const std::string deep = "/" + std::string(200, 'd') + "/" + std::string(220, 'k');
  program.files.put(deep, pem);
  CHECK(program.run({"profile", "set", "work", "--private-key", deep}) == 0);
}

TEST_CASE("plain http: a warning, but not on loopback") {
  Program program;
  program.make_profile();
  const auto warned = [&program](const char* url) {
    REQUIRE(program.run({"profile", "set", "work", "--two-legged", "--url", url}) == 0);
    CHECK(program.run({"sign", "GET", std::string(url) + "/tools/x"}) == 0);
    return holds(program.err, "plain http");
  };
  CHECK(warned("http://acme.example"));
  CHECK_FALSE(warned("https://acme.example"));
  CHECK_FALSE(warned("http://127.0.0.1:8080"));
  CHECK_FALSE(warned("http://localhost"));
}

TEST_CASE("shared secrets: are used for the place that they were given for, and no other") {
  Program program;
  program.files.put("/secret", "s3cr3t");
  REQUIRE(program.run({"profile",
                       "set",
                       "b",
                       "--product",
                       "beta",
                       "--url",
                       "https://b.example",
                       "--consumer-key",
                       "k",
                       "--two-legged",
                       "--secret-file",
                       "/secret"}) == 0);
  program.world.transport.expect("GET", "https://b.example/x").answers(200);
  CHECK(program.run({"request", "GET", "/x"}) == 0);
  CHECK(holds(program.world.transport.sent[0].header("Authorization"), "HMAC-SHA1"));
  REQUIRE(program.run({"profile", "set", "b", "--url", "https://evil.example"}) == 0);
  const json::Value refused = program.run_json({"request", "GET", "/x"}, 4);
  CHECK(text_at(refused, "/code") == "credential.elsewhere");
  CHECK(text_at(refused, "/message") ==
        "the shared secret was given for https://b.example and is not used for "
        "https://evil.example");
  CHECK(holds(text_at(refused, "/next"), "atlink profile set b --secret-file"));
}

TEST_CASE("certificates: the CA file's bytes go with the request") {
  Program program;
  program.make_profile();
  const std::string pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
  program.files.put("/ca.pem", pem);
  REQUIRE(program.run({"profile", "set", "work", "--two-legged", "--ca-file", "/ca.pem"}) == 0);
  program.world.transport.expect("GET", "https://acme.example/tools/x").answers(200);
  CHECK(program.run({"request", "GET", "/x"}) == 0);
  CHECK(program.world.transport.sent[0].connection.ca_pem == pem);
  program.files.remove("/ca.pem");
  CHECK(program.run({"request", "GET", "/x"}) == 3);
}

TEST_CASE("a damaged credential file is named, and nothing is sent") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.files.put("/home/me/.local/state/atlink/credentials/work.json", "{");
  program.world.transport.sent.clear();
  CHECK(text_at(program.run_json({"request", "GET", "/x"}, 3), "/code") == "file.damaged");
  CHECK(program.world.transport.sent.empty());
}

TEST_SUITE_END();
