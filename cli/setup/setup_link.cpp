// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/exit_code.h"
#include "cli/inner_run.h"
#include "cli/next_step.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::setup_parts {

namespace {

using Outcome = StepResult::Outcome;

// What somebody can mend in the screens of the server; all else is no reason to ask again.
bool is_of_the_link(const Error& error) {
  const int code = exit_code_of(error.code);
  return static_cast<int>(error.code) / 100 == 6 || code == exit_sign_in ||
         code == exit_not_allowed || code == exit_not_found || code == exit_refused;
}

Words link_show_words(const SetupSite& site) {
  Words words = for_profile({"link", "show"}, site);
  if (!site.version.empty()) {
    words.insert(words.end(), {"--site-version", site.version});
  }
  return words;
}

// A version that no guide is for is no reason to show none.
Status show_link(const Call& call, const SetupSite& site) {
  const Status shown = run_inner_shown(call, link_show_words(site));
  if (!shown && shown.error().code == ErrorCode::usage && !site.version.empty()) {
    return run_inner_shown(call, for_profile({"link", "show"}, site));
  }
  return shown;
}

tl::unexpected<Error> link_missing(const SetupSite& site, Error error) {
  error.next = fmt::format(
      "make the link with the values of \"{}\", then run setup again: it goes on from here",
      command_line(link_show_words(site)));
  return fail(std::move(error));
}

// Shows what to type, and asks the server again each time that the person says that it is done.
Result<StepResult> wait_for_link(const Call& call, const SetupSite& site, Error error) {
  if (call.report.json() || !may_ask(call)) {
    return link_missing(site, std::move(error));
  }
  ATLINK_CHECK(show_link(call, site));
  const Words words = for_profile({"link", "check"}, site);
  for (;;) {
    ATLINK_ASSIGN(const std::string answer,
                  call.app.platform.terminal.ask(
                      "press Enter once the link is saved (q stops here; setup goes on later): "));
    if (trim(answer) == "q") {
      return link_missing(site, std::move(error));
    }
    auto checked = run_inner(call, words);
    if (checked) {
      return result_of(Outcome::done, "the server knows the consumer and the key", words);
    }
    error = std::move(checked).error();
    if (!is_of_the_link(error)) {
      return fail(std::move(error));
    }
    call.report.note(fmt::format("not yet: {}", error.message));
    call.report.note(std::string(next_step_of(error)));
  }
}

}  // namespace

Result<StepResult> link_step(const Call& call, SetupShared&, SetupSite& site, bool act) {
  const Words words = for_profile({"link", "check"}, site);
  if (!act) {
    return result_of(Outcome::planned, "asks the server, and shows what to type if need be", words);
  }
  auto checked = run_inner(call, words);
  if (checked) {
    return result_of(Outcome::already, "the server knows the consumer and the key", words);
  }
  if (checked.error().code == ErrorCode::method_no_signature) {
    return result_of(Outcome::already, "this way to sign in needs no link");
  }
  return is_of_the_link(checked.error()) ? wait_for_link(call, site, std::move(checked).error())
                                         : Result<StepResult>(fail(std::move(checked).error()));
}

}  // namespace atlink::cli::setup_parts
