// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/settings.h"
#include "plugins/kit/kit.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::Check;
using plugins::CheckOptions;
using plugins::CheckReport;
using plugins::Finding;
using plugins::Outcome;

constexpr unsigned report_mode = 0644;

json::Value or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(printable(text, text.size() * 4));
}

json::Value to_document(const Finding& finding) {
  json::Value object;
  object.set("message", printable(finding.message, finding.message.size() * 4));
  object.set("next", or_null(finding.next));
  object.set("file", or_null(finding.file));
  object.set("line",
             finding.line == 0 ? json::Value() : json::Value(static_cast<int>(finding.line)));
  object.set("pointer", or_null(finding.pointer));
  return object;
}

json::Value to_document(const Check& check) {
  json::Array findings;
  for (const Finding& finding : check.findings) {
    findings.push_back(to_document(finding));
  }
  json::Value object;
  object.set("name", check.name);
  object.set("deployment",
             check.deployment ? json::Value(to_string(*check.deployment)) : json::Value());
  object.set("outcome", to_string(check.outcome));
  object.set("message", or_null(check.message));
  object.set("findings", std::move(findings));
  object.set("seconds", std::chrono::duration<double>(check.took).count());
  return object;
}

json::Value to_document(const CheckReport& report) {
  json::Array checks;
  for (const Check& check : report.checks) {
    checks.push_back(to_document(check));
  }
  json::Value object;
  object.set("id", printable(report.id));
  object.set("version", or_null(report.version));
  object.set("folder", report.folder);
  object.set("passed", static_cast<int>(report.count(Outcome::pass)));
  object.set("skipped", static_cast<int>(report.count(Outcome::skip)));
  object.set("warned", static_cast<int>(report.count(Outcome::warn)));
  object.set("failed", static_cast<int>(report.count(Outcome::fail)));
  object.set("checks", std::move(checks));
  return object;
}

std::string in_words(const Finding& finding) {
  std::string where = finding.file;
  where += finding.line == 0 ? "" : fmt::format(":{}", finding.line);
  where += finding.pointer.empty() ? "" : ", " + finding.pointer;
  const std::string text = where.empty() ? finding.message : where + ": " + finding.message;
  return printable(text, text.size() * 4);
}

// One line a check; what else it found, and the remedies, are indented below it.
std::string to_text(const Check& check) {
  std::string text = fmt::format("{}  {}", to_string(check.outcome), printable(check.name));
  text += check.deployment ? fmt::format(" ({})", to_string(*check.deployment)) : "";
  text += check.message.empty() ? "" : ": " + printable(check.message);
  for (std::size_t i = 0; i < check.findings.size(); ++i) {
    const Finding& finding = check.findings[i];
    text += fmt::format("{}{}", i == 0 ? ": " : "\n      and ", in_words(finding));
    text += finding.next.empty() ? "" : "\n      next: " + printable(finding.next);
  }
  return text + "\n";
}

std::string to_text(const CheckReport& report) {
  std::string text;
  for (const Check& check : report.checks) {
    text += to_text(check);
  }
  return text + fmt::format("{} passed, {} skipped, {} warned, {} failed\n",
                            report.count(Outcome::pass),
                            report.count(Outcome::skip),
                            report.count(Outcome::warn),
                            report.count(Outcome::fail));
}

// An id has no slash and no dot; everything else is a path.
Status choose_target(const Call& call, CheckOptions& options) {
  const std::string text = call.arguments.text("PLUGIN");
  if (text.find_first_of("/.") == std::string::npos) {
    options.id = text;
    return {};
  }
  ATLINK_ASSIGN(options.folder, tidy_path(call, text));
  return options.folder.empty() ? fail(ErrorCode::usage, "the root of all files is no plugin")
                                : Status();
}

Result<CheckOptions> options_of(const Call& call) {
  CheckOptions options;
  ATLINK_ASSIGN(options.folders, plugin_folders(call));
  ATLINK_CHECK(choose_target(call, options));
  options.site_version = call.arguments.text("--site-version");
  if (const auto text = call.arguments.value("--deployment")) {
    options.deployment = deployment_from(*text);
    if (!options.deployment) {
      return fail(ErrorCode::usage, "--deployment takes cloud or data-center");
    }
  }
  return options;
}

Status write_junit(const Call& call, const CheckReport& report) {
  const auto file = call.arguments.value("--junit");
  if (!file) {
    return {};
  }
  ATLINK_ASSIGN(const std::string path, absolute_path(call, *file));
  return call.app.platform.files.write_all(path, plugins::to_junit(report), report_mode);
}

Status run(Call& call) {
  ATLINK_ASSIGN(const CheckOptions options, options_of(call));
  auto checked = plugins::check_plugin(call.app.platform, options);
  if (!checked && !options.id.empty() && checked.error().code == ErrorCode::product_missing) {
    Error error = std::move(checked).error();
    error.next += fmt::format("; for a folder write ./{}", options.id);
    return fail(std::move(error));
  }
  ATLINK_ASSIGN(const CheckReport report, std::move(checked));
  ATLINK_CHECK(write_junit(call, report));
  ATLINK_CHECK(call.report.json() ? call.report.document(to_document(report))
                                  : call.report.bytes(to_text(report)));
  if (const std::size_t failed = report.count(Outcome::fail); failed > 0) {
    return fail(ErrorCode::plugin_invalid,
                fmt::format("{} of {} checks of the plugin {} failed",
                            failed,
                            report.checks.size(),
                            printable(report.id, 70)),
                "mend what is said above and check again");
  }
  return {};
}

constexpr std::array positionals{
    PositionalSpec{"PLUGIN", "its id, or the path of its folder (with a slash: ./acme)"}};
constexpr std::array options{
    OptionSpec{"--deployment", "cloud|data-center", "play only this kind of installation"},
    OptionSpec{"--site-version", "V", "play only this version of the product"},
    OptionSpec{"--junit", "FILE", "write a report in JUnit XML as well"},
};
constexpr std::array examples{
    Example{"atlink plugin check ./acme", "the plugin in this folder, installed or not"},
    Example{"atlink plugin check acme --junit check.xml", "an installed one, with a report for CI"},
};

}  // namespace

const Command plugin_check{
    "plugin check",
    "check a product plugin, and play it on the sandbox",
    "First every rule for descriptions, then for each kind of installation sign-ins and requests "
    "on a sandbox of the description. Nothing is sent beyond this machine, and no other command "
    "has to run. Ends with 3 where a check failed.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
