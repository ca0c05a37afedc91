// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"
#include "tests/support/data.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* site = "https://site.example";
constexpr const char* pin = "/home/me/.config/atlink/certificates/work.pem";
constexpr const char* leaf = "2fcdfeb4c94456b9fb734e600cbbccea0a0986c8e50c11589b5be0c666fec65d";

Error distrust(const char* reason) {
  return make_error(ErrorCode::network_certificate, "not trusted, says the test", "look")
      .with("reason", reason);
}

// A server that presents these certificates, and is trusted where what it comes from is given.
void present(Program& program, const std::string& name, const std::string& trusted_by) {
  program.world.transport.on_look = [name, trusted_by](const Url&, const ConnectionOptions& how) {
    PresentedChain chain;
    chain.pem = tests::data("certificates/" + name);
    if (how.ca_pem.find(trusted_by) == std::string::npos) {
      chain.distrust = distrust("unknown_authority");
    }
    return Result<PresentedChain>(chain);
  };
}

void make_profile(Program& program) {
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--url", site, "--context-path", "/"}) == 0);
}

std::string pem_of_root() {
  return tests::data("certificates/root.pem");
}

}  // namespace

TEST_CASE("trust: without a profile nothing is changed, and all is shown") {
  Program program;
  present(program, "chain.pem", "nobody");
  CHECK(program.run({"trust", site}) == 0);
  CHECK(holds(program.out, "CN=Acme Root, O=Acme\\, Inc."));
  CHECK(holds(program.out, leaf));
  CHECK(holds(program.out, "what is wrong:"));
  CHECK_FALSE(program.files.content(pin).has_value());
  const json::Value shown = program.run_json({"trust", std::string(site) + "/x?y#z"});
  CHECK(text_at(shown, "/url") == site);
  CHECK(shown.find("certificates")->as_array()->size() == 3);
  CHECK(shown.find("added")->is_null());
}

TEST_CASE("trust: hostile texts do not reach the terminal as they are") {
  Program program;
  present(program, "hostile.pem", "nobody");
  CHECK(program.run({"trust", site}) == 0);
  CHECK_FALSE(holds(program.out, "\x1b"));
  CHECK_FALSE(holds(program.out, "\nX: y"));
  CHECK(program.run({"--output", "json", "trust", site}) == 0);
  CHECK_FALSE(holds(program.out, "\\u001b"));
}

TEST_CASE("trust: with a profile the highest authority is kept for it, after a yes") {
  Program program;
  make_profile(program);
  present(program, "chain.pem", pem_of_root());
  program.world.terminal.answers = {"n"};
  CHECK(program.run({"trust", site, "--profile", "work"}) == 130);
  CHECK_FALSE(program.files.content(pin).has_value());
  program.world.terminal.answers = {" Yes "};
  CHECK(program.run({"trust", site, "--profile", "work"}) == 0);
  CHECK(holds(program.world.terminal.questions.back(), "CN=Acme Root"));
  CHECK(holds(program.files.content(pin).value_or(""), pem_of_root()));
  CHECK(text_at(program.run_json({"profile", "show", "work"}), "/ca_file") == pin);
  CHECK(program.run({"trust", site, "--profile", "work"}) == 0);
  CHECK(holds(program.err, "trusts it already"));
}

TEST_CASE("trust: an authority that has not issued the certificate is not offered") {
  Program program;
  make_profile(program);
  const std::string own = tests::data("certificates/impostor.pem");
  present(program, "impostor.pem", own.substr(0, own.find("-----END")));
  const json::Value added = program.run_json({"trust", site, "--profile", "work", "--yes"});
  CHECK(text_at(added, "/added") == leaf);
}

TEST_CASE("trust: what trust alone does not mend is refused with the remedy") {
  Program program;
  make_profile(program);
  for (const auto& [reason, remedy] : std::initializer_list<std::pair<const char*, const char*>>{
           {"expired", "renew the certificate"},
           {"not_yet_valid", "clock"},
           {"wrong_name", "site.example, *.shop.example"},
           {"other", "--fingerprint"}}) {
    const std::string why = reason;  // clang 14 captures no binding
    CAPTURE(why);
    program.world.transport.on_look = [why](const Url&, const ConnectionOptions&) {
      return Result<PresentedChain>(
          PresentedChain{tests::data("certificates/chain.pem"), distrust(why.c_str())});
    };
    const json::Value error = program.run_json({"trust", site, "--profile", "work", "--yes"}, 9);
    CHECK(holds(text_at(error, "/message"), "trusting it would not help"));
    CHECK(holds(text_at(error, "/next"), remedy));
    CHECK_FALSE(program.files.content(pin).has_value());
  }
}

TEST_CASE("trust: a fingerprint that nobody presents is refused, and one with colons is found") {
  Program program;
  make_profile(program);
  present(program, "chain.pem", "BEGIN");
  const std::string nobody(64, '0');
  CHECK(program.run({"trust", site, "--fingerprint", nobody}) == 9);
  CHECK(holds(program.err, leaf));
  std::string colons;
  for (std::size_t i = 0; i < 64; i += 2) {
    colons += (i == 0 ? "" : ":") + std::string(leaf).substr(i, 2);
  }
  CHECK(program.run({"trust", site, "--fingerprint", colons}) == 0);
  CHECK(program.run({"trust", site, "--profile", "work", "--fingerprint", colons}) == 0);
  CHECK(program.run({"trust", site, "--fingerprint", "12:34"}) == 2);
}

TEST_CASE("trust: the profile's pin goes with the profile") {
  Program program;
  make_profile(program);
  present(program, "chain.pem", pem_of_root());
  REQUIRE(program.run({"trust", site, "--profile", "work", "--yes"}) == 0);
  REQUIRE(program.run({"profile", "remove", "work"}) == 0);
  CHECK_FALSE(program.files.content(pin).has_value());
}

TEST_CASE("trust: a profile for another site is not changed") {
  Program program;
  make_profile(program);
  CHECK(program.run({"trust", "https://site.example:8443", "--profile", "work", "--yes"}) == 2);
  CHECK(program.run({"trust", site, "--yes"}) == 2);
  CHECK(program.run({"trust", "site.example"}) == 2);
}

TEST_SUITE_END();
