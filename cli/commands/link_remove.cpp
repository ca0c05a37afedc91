// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/administrator.h"
#include "cli/commands/commands.h"
#include "cli/or_null.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::commands {

namespace {

// The one that was named, or the profile's own.
Result<KnownLink> chosen_link(const Call& call, const Place& place, LinkAdministrator& links) {
  const auto id = call.arguments.value("ID");
  if (!id) {
    ATLINK_ASSIGN(const std::string url, application_url_of(place));
    ATLINK_ASSIGN(auto found, links.find(url));
    return found
               ? Result<KnownLink>(*std::move(found))
               : fail(ErrorCode::link_missing,
                      fmt::format(
                          "the server has no link of profile {} (for {})", place.profile.name, url),
                      "see which there are: atlink link list; then atlink link remove ID");
  }
  ATLINK_ASSIGN(std::vector<KnownLink> all, links.list());
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const KnownLink& each) { return each.id == *id; });
  return found != all.end()
             ? Result<KnownLink>(std::move(*found))
             : fail(ErrorCode::link_missing,
                    fmt::format("the server has no link with the id {}", printable(*id, 100)),
                    "see which there are: atlink link list");
}

std::string name_of(const KnownLink& link) {
  return fmt::format("{} ({}, id {})",
                     link.name.empty() ? "the link" : printable(link.name, 80),
                     link.url.empty() ? "no URL told" : printable(link.url, 120),
                     printable(link.id, 100));
}

Status confirm(const Call& call, const KnownLink& link) {
  if (call.arguments.has("--yes")) {
    return {};
  }
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                fmt::format("somebody has to agree to the removal of {}", name_of(link)),
                "add --yes");
  }
  ATLINK_ASSIGN(const std::string answer,
                call.app.platform.terminal.ask(fmt::format(
                    "remove {}? Every sign-in through it ends. [y/N] ", name_of(link))));
  const bool agreed =
      equals_ignoring_case(trim(answer), "y") || equals_ignoring_case(trim(answer), "yes");
  return agreed ? Status()
                : fail(ErrorCode::cancelled, "the link stays", "answer y to have it removed");
}

Status remove(Call& call, const Place& place) {
  ATLINK_ASSIGN(const auto journal, open_link_journal(call));
  ATLINK_ASSIGN(const Administrator administrator, open_administrator(call, place));
  ATLINK_ASSIGN(const KnownLink link, chosen_link(call, place, *administrator.links));
  ATLINK_CHECK(confirm(call, link));
  ATLINK_CHECK(remove_link(*administrator.links, *journal, place.base.str(), link));
  if (call.report.json()) {
    json::Value object;
    object.set("profile", place.profile.name);
    object.set("base_url", place.base.str());
    object.set("link_id", link.id);
    object.set("name", or_null(link.name));
    object.set("url", or_null(link.url));
    return call.report.document(object);
  }
  call.report.note(fmt::format("removed {}; every sign-in through it has ended", name_of(link)));
  return {};
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Place place, open_place(call));
  return call.app.surroundings.until_signalled([&] { return remove(call, place); },
                                               [] { interrupt_waiting(); });
}

constexpr std::array positionals{
    PositionalSpec{"ID", "the link as atlink link list names it; the profile's own", false},
};
constexpr std::array options{
    admin_user_option,
    admin_secret_option,
    OptionSpec{"--yes", "", "do not ask whether it may be removed"},
};
constexpr std::array examples{
    Example{"atlink link remove --admin-user root", "the link of the profile, after a question"},
    Example{"atlink link remove 5b1c2d3e --admin-user root --yes", "another one, without"},
};

}  // namespace

const Command link_remove{
    "link remove",
    "remove an application link as an administrator",
    "Its consumer and every token that was issued through it end with it, for everybody. The "
    "administrator's password or token is kept nowhere.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
