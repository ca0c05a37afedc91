// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

#include "atlink/profile.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/next_step.h"
#include "cli/parser.h"
#include "cli/pins.h"
#include "cli/questions.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

// Also for command lines that cannot be read: their error has a format too.
OutputFormat format_meant_by(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (arguments[i] == "--output=json" ||
        (arguments[i] == "--output" && i + 1 < arguments.size() && arguments[i + 1] == "json")) {
      return OutputFormat::json;
    }
  }
  return OutputFormat::table;
}

Status check_output(const Arguments& arguments) {
  const std::string output = arguments.value("--output").value_or("table");
  if (output == "json" || output == "table") {
    return {};
  }
  return fail(ErrorCode::usage,
              fmt::format("--output takes json or table, not \"{}\"", printable(output, 80)));
}

// A bare "atlink" shows what there is, but is no success: a script that ran it left something out.
Status nothing_asked(App& app) {
  ATLINK_CHECK(app.err.write(help_of_program()));
  return fail(ErrorCode::usage, "no command is given", "atlink help");
}

// Whoever named a profile wants to go on with that one.
Error with_profile_named(Error error, const Arguments& arguments) {
  const auto profile = arguments.value("--profile");
  if (profile && check_profile_name(*profile)) {
    error.next = next_step_for(*profile, error);
  }
  return error;
}

// A command line that a command refuses has a page that explains it.
Error with_page(Error error, const Command* command) {
  if (exit_code_of(error.code) == exit_usage && error.next.empty() && command != nullptr) {
    error.next = fmt::format("atlink help {}", command->name);
  }
  return error;
}

// What speaks of a profile without its name means the one that the command was for.
Error with_profile(const Call& call, Error error) {
  if (!leaves_profile_open(error) || !error.fact("profile").empty()) {
    return error;
  }
  const auto profile = chosen_profile(call);
  return profile && !profile->name.empty() ? std::move(error).with("profile", profile->name)
                                           : error;
}

Status carry_out(const Arguments& arguments, App& app, Report& report) {
  ATLINK_CHECK(check_output(arguments));
  if (arguments.help) {
    return show_help(report, arguments.topic);
  }
  Call call{app, arguments, report};
  if (arguments.version) {
    return commands::version.run(call);
  }
  if (arguments.command == nullptr) {
    return nothing_asked(app);
  }
  Status outcome = arguments.command->run(call);
  // These two speak of what a URL says, not of what a profile trusts.
  const bool of_url =
      arguments.command == &commands::detect || arguments.command == &commands::trust;
  if (!outcome && !of_url) {
    return fail(with_profile(call, with_chosen_pin(call, std::move(outcome).error())));
  }
  return outcome;
}

// What a command makes of an answer that did not come does not matter to who gave it up.
Status carry_out_with_person(const Arguments& arguments, App& app, Report& report) {
  const Platform& outside = app.platform;
  Questions questions(outside.terminal);
  App asking{Platform{outside.clock,
                      outside.random,
                      outside.environment,
                      outside.files,
                      questions,
                      outside.browser,
                      outside.transport,
                      outside.process,
                      outside.loader},
             app.out,
             app.err,
             app.surroundings};
  Status outcome = carry_out(arguments, asking, report);
  const bool told = !outcome && outcome.error().code == ErrorCode::cancelled;
  return questions.given_up() && !told ? Status(fail(*questions.given_up())) : outcome;
}

}  // namespace

int run(const std::vector<std::string>& arguments, App& app) {
  Report report(app.out, app.err);
  report.format = format_meant_by(arguments);
  Result<Arguments> parsed = parse(arguments);
  if (!parsed) {
    return report.failed(parsed.error());
  }
  report.format = parsed->text("--output") == "json" ? OutputFormat::json : OutputFormat::table;
  const Status outcome = carry_out_with_person(*parsed, app, report);
  return outcome ? report.finished()
                 : report.failed(
                       with_profile_named(with_page(outcome.error(), parsed->command), *parsed));
}

}  // namespace atlink::cli
