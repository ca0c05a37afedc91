// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/administrator.h"
#include "cli/inner_run.h"
#include "cli/next_step.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::cli::setup_parts {

namespace {

using Outcome = StepResult::Outcome;

// What somebody can mend in the screens of the server: the checks that a link which is missing or
// wrong fails. All else is no reason to show them, or to ask again.
bool is_of_the_link(const Error& error) {
  constexpr std::array<std::string_view, 3> checks{"consumer", "signature", "link"};
  return std::find(checks.begin(), checks.end(), error.fact("check")) != checks.end();
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
  Status shown = run_inner_shown(call, link_show_words(site));
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

// Whether the product lets an administrator make links over REST.
bool can_be_made(const Call& call, const SetupSite& site) {
  auto profiles = open_profiles(call);
  auto profile = profiles ? profiles->load(site.profile) : Result<Profile>(fail(profiles.error()));
  const auto place =
      profile ? place_of(call, *std::move(profile)) : Result<Place>(fail(profile.error()));
  return place && place->product.link_administration.has_value();
}

Words create_words(const Call& call, const SetupSite& site) {
  Words words = for_profile({"link", "create"}, site);
  pass_on(call, {"--admin-user", "--admin-secret-file"}, words);
  return words;
}

// With an administrator's credentials: the link is whole afterwards, or the server's refusal is
// what the step ends with.
Result<StepResult> make_link_now(const Call& call, const SetupSite& site) {
  const Words words = create_words(call, site);
  ATLINK_ASSIGN([[maybe_unused]] const json::Value made, run_inner(call, words));
  ATLINK_ASSIGN([[maybe_unused]] const json::Value checked,
                run_inner(call, for_profile({"link", "check"}, site)));
  return result_of(Outcome::done, "the link is made, and the server knows it", words);
}

std::string_view question(bool can_be_made) {
  return can_be_made ? "press Enter once the link is saved (c makes it here with an "
                       "administrator's password, q stops here; setup goes on later): "
                     : "press Enter once the link is saved (q stops here; setup goes on later): ";
}

void tell(const Call& call, std::string_view what, const Error& error) {
  call.report.note(fmt::format("{}: {}", what, error.message));
  call.report.note(fmt::format("next: {}", next_step_of(error)));
}

// Makes the link for a person who could still do it by hand: what goes wrong is told, unless they
// have given up. The screens are there already.
Status try_to_make(const Call& call, const SetupSite& site) {
  auto made = run_inner(call, create_words(call, site));
  if (!made && made.error().code == ErrorCode::cancelled) {
    return fail(std::move(made).error());
  }
  if (!made) {
    tell(call, "not made", made.error());
  }
  return {};
}

// Shows what to type, and asks the server again each time that the person says that it is done.
Result<StepResult> wait_for_link(const Call& call, const SetupSite& site, Error error) {
  if (call.report.json() || !may_ask(call)) {
    return link_missing(site, std::move(error));
  }
  ATLINK_CHECK(show_link(call, site));
  if (error.code != ErrorCode::oauth1_consumer_key_unknown) {
    tell(call, "the link is not right yet", error);
  }
  const Words words = for_profile({"link", "check"}, site);
  const bool makes = can_be_made(call, site);
  for (;;) {
    ATLINK_ASSIGN(const std::string answer,
                  call.app.platform.terminal.ask(std::string(question(makes))));
    if (trim(answer) == "q") {
      return link_missing(site, std::move(error));
    }
    if (makes && trim(answer) == "c") {
      ATLINK_CHECK(try_to_make(call, site));
    }
    auto checked = run_inner(call, words);
    if (checked) {
      return result_of(Outcome::done, "the server knows the consumer and the key", words);
    }
    error = std::move(checked).error();
    if (!is_of_the_link(error)) {
      return fail(std::move(error));
    }
    tell(call, "not yet", error);
  }
}

}  // namespace

Result<StepResult> link_step(const Call& call, SetupShared&, SetupSite& site, bool act) {
  if (!site.needs_link()) {
    return result_of(Outcome::already, "this way to sign in needs no link");
  }
  const Words words = for_profile({"link", "check"}, site);
  if (!act) {
    return names_administrator(call, site.profile)
               ? result_of(Outcome::planned,
                           "asks the server, and makes the link if need be",
                           create_words(call, site))
               : result_of(
                     Outcome::planned, "asks the server, and shows what to type if need be", words);
  }
  auto checked = run_inner(call, words);
  if (checked) {
    return result_of(Outcome::already, "the server knows the consumer and the key", words);
  }
  if (checked.error().code == ErrorCode::method_no_signature) {
    return result_of(Outcome::already, "this way to sign in needs no link");
  }
  if (is_of_the_link(checked.error()) && names_administrator(call, site.profile)) {
    auto made = make_link_now(call, site);
    const bool given_up = !made && made.error().code == ErrorCode::cancelled;
    if (made || given_up || call.report.json() || !may_ask(call)) {
      return made;
    }
    tell(call, "not made", made.error());
  }
  return is_of_the_link(checked.error()) ? wait_for_link(call, site, std::move(checked).error())
                                         : Result<StepResult>(fail(std::move(checked).error()));
}

}  // namespace atlink::cli::setup_parts
