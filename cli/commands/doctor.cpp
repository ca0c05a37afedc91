// SPDX-License-Identifier: Apache-2.0
#include "cli/administrator.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/doctor/present.h"
#include "cli/or_null.h"
#include "cli/private_key.h"

#include <fmt/format.h>

namespace atlink::cli::commands {

namespace {

using doctor::Diagnosis;
using doctor::Evidence;

json::Value to_document(const Evidence& evidence, const Diagnosis& diagnosis) {
  json::Value object;
  object.set("profile", evidence.profile);
  object.set("base_url", evidence.base ? json::Value(evidence.base->str()) : json::Value());
  object.set("cause", cause_to_json(diagnosis));
  object.set("checks", checks_to_json(diagnosis));
  object.set("requests", static_cast<std::int64_t>(evidence.seen.size()));
  return object;
}

Status keep_report(Call& call,
                   const std::optional<std::string>& path,
                   const Evidence& evidence,
                   const Diagnosis& diagnosis) {
  if (!path) {
    return {};
  }
  ATLINK_CHECK(doctor::write_report(call, *path, doctor::report_text(call, evidence, diagnosis)));
  call.report.note(
      fmt::format("{} holds the report, without secrets; read it before you share it", *path));
  return {};
}

Result<std::optional<std::string>> report_path(const Call& call) {
  const auto given = call.arguments.value("--report");
  if (!given) {
    return std::optional<std::string>();
  }
  if (given->empty()) {
    return fail(ErrorCode::usage, "--report names no file");
  }
  ATLINK_ASSIGN(std::string path, absolute_path(call, *given));
  ATLINK_CHECK(doctor::check_report_path(call, path));
  return std::optional(std::move(path));
}

Status run(Call& call) {
  ATLINK_ASSIGN(const std::optional<std::string> path, report_path(call));
  ATLINK_ASSIGN(const Evidence evidence, doctor::gather(call, doctor::Scope::all));
  const Diagnosis diagnosis = doctor::judge(evidence, doctor::Scope::all);
  ATLINK_CHECK(keep_report(call, path, evidence, diagnosis));
  ATLINK_CHECK(call.report.json() ? call.report.document(to_document(evidence, diagnosis))
                                  : call.report.bytes(checks_to_text(diagnosis)));
  if (diagnosis.cause) {
    return fail(*diagnosis.cause);
  }
  call.report.note(fmt::format("nothing is wrong with profile {}", evidence.profile));
  return {};
}

constexpr std::array options{
    OptionSpec{"--report", "FILE", "also write all that was found, without secrets, to a new file"},
    admin_user_option,
    admin_secret_option,
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink doctor", "what is wrong, and the one thing to do about it"},
    Example{"atlink doctor --profile work --report work.txt", "the same, and a file to share"},
    Example{"atlink doctor --output json", "for a script: null as cause, and 0, when healthy"},
};

}  // namespace

const Command doctor{
    "doctor",
    "find out why it does not work",
    "Checks in the order of cause, from the profile over network, certificate, clock, base URL and "
    "link to the token, in at most fifteen requests, and ends in one cause and one next step. Ends "
    "with 0 only where nothing is wrong, else as the cause does.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
