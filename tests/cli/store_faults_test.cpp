// SPDX-License-Identifier: Apache-2.0
// Commands that write more than one file, with every call failing or killed in turn: what is left
// can be read, and running the command again ends it.
#include "tests/cli/program.h"
#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using namespace atlink::tests;

namespace {

constexpr const char* me = "https://acme.example/tools/rest/me";
constexpr int more_calls_than_any = 600;

/// A command, and what must hold after it was struck and healed.
struct Struck {
  std::function<void(Program& program)> prepare;
  std::vector<std::string> line;
  /// Told how the struck command ended; none where it was killed.
  std::function<void(Program& program, std::optional<int> code)> check;
};

std::optional<int> run_killed(Program& program, const std::vector<std::string>& line) {
  try {
    return program.run(line);
  } catch (const Killed&) {
    return std::nullopt;
  }
}

void strike_everywhere(const Struck& each) {
  for (const bool kills : {false, true}) {
    int call = 1;
    for (bool struck = true; struck; ++call) {
      REQUIRE(call < more_calls_than_any);
      CAPTURE(call);
      CAPTURE(kills);
      Program program;
      each.prepare(program);
      kills ? program.files.kill_at(call) : program.files.fail_at(call, ErrorCode::file_io);
      const auto code = run_killed(program, each.line);
      struck = kills ? !code.has_value() : program.files.struck();
      kills ? program.files.restart(Survives::all) : program.files.heal();
      CHECK((struck || code == 0));
      each.check(program, code);
    }
    CHECK(call > 10);
  }
}

bool holds_secrets(const Program& program) {
  for (const std::string& path : program.files.files()) {
    const bool own = path.find("/.local/state/") != std::string::npos;
    if (own && holds(program.files.content(path).value_or(""), "\"token\"")) {
      return true;
    }
  }
  return false;
}

void signed_in(Program& program) {
  program.make_profile();
  program.sign_in();
}

}  // namespace

TEST_CASE("faults: signing out ends with nothing kept, at the latest when it is run again") {
  strike_everywhere({signed_in, {"logout"}, [](Program& program, std::optional<int> code) {
                       const int left = program.run({"status", "--offline"});
                       CHECK((left == 0 || left == 4));
                       CHECK((code != 0 || left == 4));
                       CHECK(program.run({"logout"}) == 0);
                       CHECK_FALSE(holds_secrets(program));
                     }});
}

TEST_CASE("faults: a profile is removed after its secrets, at the latest the second time") {
  strike_everywhere(
      {signed_in, {"profile", "remove", "work"}, [](Program& program, std::optional<int> code) {
         const bool there = program.run({"profile", "show", "work"}) == 0;
         CHECK((code != 0 || !there));
         CHECK((there || !holds_secrets(program)));
         if (there) {
           CHECK(program.run({"profile", "remove", "work"}) == 0);
         }
         CHECK_FALSE(holds_secrets(program));
       }});
}

TEST_CASE("faults: a pin is trusted or not, and never half") {
  const auto prepare = [](Program& program) {
    program.make_profile();
    program.world.terminal.answers = {"y"};
    program.world.transport.on_look = [](const Url&, const ConnectionOptions& how) {
      PresentedChain chain;
      chain.pem = data("certificates/chain.pem");
      if (!holds(how.ca_pem, data("certificates/root.pem"))) {
        chain.distrust = make_error(ErrorCode::network_certificate, "not trusted", "look")
                             .with("reason", "unknown_authority");
      }
      return Result<PresentedChain>(chain);
    };
  };
  strike_everywhere(
      {prepare,
       {"trust", "https://acme.example", "--profile", "work"},
       [](Program& program, std::optional<int> code) {
         const json::Value shown = program.run_json({"profile", "show", "work"});
         const json::Value& file = *shown.find("ca_file");
         CHECK((code != 0 || !file.is_null()));
         if (!file.is_null()) {
           const auto pem = program.files.content(*file.as_string());
           REQUIRE(pem.has_value());
           CHECK(holds(*pem, data("certificates/root.pem")));
         }
         program.world.terminal.answers = {"y"};
         CHECK(program.run({"trust", "https://acme.example", "--profile", "work"}) == 0);
         program.world.terminal.answers.clear();
       }});
}

TEST_CASE("faults: that a credential was used is noted or not, and costs no request") {
  const auto prepare = [](Program& program) {
    signed_in(program);
    program.world.transport.expect("GET", me).answers(200, {}, "{}");
  };
  strike_everywhere(
      {prepare, {"request", "GET", "/rest/me"}, [](Program& program, std::optional<int> code) {
         const json::Value status = program.run_json({"status", "--offline"});
         const json::Value& used = *status.find("last_used_at");
         CHECK((used.is_null() || *used.as_string() == "2026-01-31T09:30:00Z"));
         const bool sent = program.world.transport.sent.size() > 3;
         CHECK((!sent || !code.has_value() || code == 0));
         if (!sent) {
           CHECK(program.run({"request", "GET", "/rest/me"}) == 0);
         }
       }});
}

TEST_SUITE_END();
