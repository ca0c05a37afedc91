// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/administrator.h"
#include "cli/commands/commands.h"
#include "cli/inner_run.h"
#include "cli/private_key.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

json::Value body_of(const LinkRequest& request) {
  auto parsed = json::parse(request.body);
  return parsed ? *std::move(parsed) : json::Value(request.body);
}

Status show_plan(Call& call, const Place& place, const LinkEntry& entry) {
  ATLINK_ASSIGN(const std::vector<LinkRequest> requests,
                requests_that_make_link(place.product, place.base, entry));
  if (!call.report.json()) {
    std::string text;
    for (const LinkRequest& request : requests) {
      text +=
          fmt::format("{} {}\n{}\n", request.method, request.url, json::write(body_of(request), 2));
    }
    call.report.note(
        "this would be sent with an administrator's credentials; LINK-ID is what the "
        "first request answers:");
    return call.report.bytes(text);
  }
  json::Array list;
  for (const LinkRequest& request : requests) {
    list.push_back(
        json::Object{{"method", request.method}, {"url", request.url}, {"body", body_of(request)}});
  }
  json::Value object;
  object.set("profile", place.profile.name);
  object.set("base_url", place.base.str());
  object.set("requests", std::move(list));
  return call.report.document(object);
}

Status report_made(Call& call, const Place& place, const LinkEntry& entry, const MadeLink& made) {
  if (call.report.json()) {
    json::Value object;
    object.set("profile", place.profile.name);
    object.set("base_url", place.base.str());
    object.set("outcome", to_string(made.outcome));
    object.set("link_id", made.id);
    object.set("application_url", entry.application_url);
    object.set("consumer_key", entry.consumer_key);
    return call.report.document(object);
  }
  const std::string_view what = made.outcome == MadeLink::Outcome::created ? "the link is made"
                                : made.outcome == MadeLink::Outcome::finished
                                    ? "the link that was begun before is whole now"
                                    : "the link is there already";
  call.report.note(fmt::format(
      "{}: consumer {} at {}", what, printable(entry.consumer_key, 80), place.base.str()));
  call.report.note(
      fmt::format("prove it: atlink link check --profile {0}; then atlink login --profile {0}",
                  shell_word(place.profile.name)));
  return {};
}

// What a person can do by hand; no server is asked for it.
bool is_for_the_guide(const Error& error) {
  const int group = static_cast<int>(error.code) / 100;
  return group == 8 || group == 9 || error.code == ErrorCode::product_unsupported;
}

Error with_guide(const Call& call, const Place& place, Error error) {
  const std::vector<std::string> words{"link", "show", "--profile", place.profile.name};
  const bool known = error.code == ErrorCode::link_exists ||
                     error.code == ErrorCode::link_unfinished || !is_for_the_guide(error);
  if (known || call.report.json()) {
    return error;
  }
  if (run_inner_shown(call, words)) {
    error.next += fmt::format("{}the screens above show how it is done by hand ({})",
                              error.next.empty() ? "" : "; ",
                              command_line(words));
  }
  return error;
}

Result<MadeLink> make(Call& call, const Place& place, const LinkEntry& entry) {
  ATLINK_ASSIGN(const auto journal, open_link_journal(call));
  ATLINK_ASSIGN(const Administrator administrator, open_administrator(call, place));
  return make_link(*administrator.links, *journal, place.base.str(), entry);
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Place place, open_place(call));
  ATLINK_ASSIGN(const LinkEntry entry, link_entry(call, place));
  if (call.arguments.has("--dry-run")) {
    return show_plan(call, place, entry);
  }
  MadeLink made;
  Status outcome = call.app.surroundings.until_signalled(
      [&]() -> Status {
        ATLINK_ASSIGN(made, make(call, place, entry));
        return {};
      },
      [] { interrupt_waiting(); });
  if (!outcome) {
    Error error = std::move(outcome).error().with("profile", place.profile.name);
    return fail(with_guide(call, place, std::move(error)));
  }
  return report_made(call, place, entry, made);
}

constexpr std::array options{
    admin_user_option,
    admin_secret_option,
    OptionSpec{"--dry-run", "", "show the requests, and send none"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink link create --admin-user root", "asks for the password, and makes the link"},
    Example{"atlink link create --admin-user root --admin-secret-file - < password",
            "the same for a script"},
    Example{"atlink link create --dry-run", "what would be sent"},
};

}  // namespace

const Command link_create{
    "link create",
    "make the application link as an administrator",
    "Makes the link over REST where the product lets an administrator do that: whole, or not at "
    "all. What an interrupted run has begun, the next one finishes or removes. The administrator's "
    "password or token goes to the profile's server alone and is kept nowhere. Where the server "
    "refuses, its words are shown, and the screens of atlink link show.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
