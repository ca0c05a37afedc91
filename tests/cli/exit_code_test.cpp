// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include "atlink/result.h"
#include "cli/next_step.h"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

TEST_SUITE_BEGIN("cli");

using namespace atlink;

namespace {

// Code → exit, as docs/errors.md promises: rows "| 100 | `usage` | 2 | …".
std::map<std::string, int> promised_exits() {
  std::ifstream page(ATLINK_SOURCE_DIR "/docs/errors.md");
  std::map<std::string, int> promised;
  for (std::string line; std::getline(page, line);) {
    std::istringstream cells(line);
    std::string bar;
    std::string number;
    std::string name;
    std::string exit;
    if (cells >> bar >> number >> bar >> name >> bar >> exit && name.front() == '`') {
      promised[name.substr(1, name.size() - 2)] = std::stoi(exit);
    }
  }
  return promised;
}

}  // namespace

TEST_CASE("exit codes: every error ends as docs/errors.md says") {
  const auto promised = promised_exits();
  REQUIRE(promised.size() == all_error_codes().size());
  for (const ErrorCode code : all_error_codes()) {
    CAPTURE(name_of(code));
    const auto found = promised.find(std::string(name_of(code)));
    REQUIRE(found != promised.end());
    CHECK(cli::exit_code_of(code) == found->second);
  }
}

TEST_CASE("exit codes: the numbers of the contract") {
  CHECK(cli::exit_code_of(ErrorCode::internal) == 1);
  CHECK(cli::exit_code_of(ErrorCode::usage) == 2);
  CHECK(cli::exit_code_of(ErrorCode::key_missing) == 3);
  CHECK(cli::exit_code_of(ErrorCode::credential_missing) == 4);
  CHECK(cli::exit_code_of(ErrorCode::credential_anonymous) == 4);
  CHECK(cli::exit_code_of(ErrorCode::login_denied) == 5);
  CHECK(cli::exit_code_of(ErrorCode::answer_forbidden) == 5);
  CHECK(cli::exit_code_of(ErrorCode::answer_not_found) == 6);
  CHECK(cli::exit_code_of(ErrorCode::answer_conflict) == 7);
  CHECK(cli::exit_code_of(ErrorCode::answer_rate_limited) == 8);
  CHECK(cli::exit_code_of(ErrorCode::network_refused) == 9);
  CHECK(cli::exit_code_of(ErrorCode::answer_server_error) == 10);
  CHECK(cli::exit_code_of(ErrorCode::answer_truncated) == 11);
}

TEST_CASE("exit codes: a signal counts from 128") {
  CHECK(cli::exit_code_of(make_error(ErrorCode::cancelled, "x")) == 130);
  CHECK(cli::exit_code_of(make_error(ErrorCode::cancelled, "x").with("signal", "15")) == 143);
  CHECK(cli::exit_code_of(make_error(ErrorCode::usage, "x").with("signal", "15")) == 2);
}

TEST_CASE("next steps: commands in them take the profile that was named") {
  const auto step = [](const char* next) {
    return cli::next_step_for("work", make_error(ErrorCode::credential_missing, "m", next));
  };
  CHECK(step("sign in again: atlink login") == "sign in again: atlink login --profile work");
  CHECK(step("atlink login --site URL; or atlink token list.") ==
        "atlink login --profile work --site URL; or atlink token list --profile work.");
  CHECK(step("atlink login --resume --profile x") == "atlink login --resume --profile x");
  CHECK(step("atlink profile set NAME --client-id ID") == "atlink profile set work --client-id ID");
  CHECK(step("atlink profile set other --name NAME") == "atlink profile set other --name NAME");
  CHECK(step("atlink keygen --out DIR, then atlink logins") ==
        "atlink keygen --out DIR, then atlink logins");
  CHECK(step("atlink profile use NAME") == "atlink profile use NAME");
  CHECK(step("") == "sign in again: atlink login --profile work");
  CHECK(step("try again later") == "try again later");
}

TEST_SUITE_END();
