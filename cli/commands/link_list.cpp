// SPDX-License-Identifier: Apache-2.0
#include "cli/administrator.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/or_null.h"

namespace atlink::cli::commands {

namespace {

bool is_ours(const KnownLink& link, const std::string& application_url) {
  return !application_url.empty() &&
         (link.url == application_url || link.url == application_url + "/");
}

Status report_links(Call& call,
                    const Place& place,
                    const std::vector<KnownLink>& links,
                    const std::string& application_url) {
  if (call.report.json()) {
    json::Array list;
    for (const KnownLink& link : links) {
      list.push_back(json::Object{{"id", link.id},
                                  {"name", or_null(link.name)},
                                  {"url", or_null(link.url)},
                                  {"type", or_null(link.type)},
                                  {"of_profile", is_ours(link, application_url)}});
    }
    json::Value object;
    object.set("profile", place.profile.name);
    object.set("base_url", place.base.str());
    object.set("links", std::move(list));
    return call.report.document(object);
  }
  if (links.empty()) {
    call.report.note("the server has no application link");
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  rows.reserve(links.size());
  for (const KnownLink& link : links) {
    const bool ours = is_ours(link, application_url);
    rows.push_back(
        {link.id, link.name, link.type, ours ? link.url + " (this profile's)" : link.url});
  }
  return call.report.bytes(lay_out_table({"ID", "NAME", "TYPE", "URL"}, rows));
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Place place, open_place(call));
  // A profile without a consumer key has no link; the list is of use all the same.
  const std::string application_url = application_url_of(place).value_or(std::string());
  return call.app.surroundings.until_signalled(
      [&]() -> Status {
        ATLINK_ASSIGN(const Administrator administrator, open_administrator(call, place));
        ATLINK_ASSIGN(const std::vector<KnownLink> links, administrator.links->list());
        return report_links(call, place, links, application_url);
      },
      [] { interrupt_waiting(); });
}

constexpr std::array options{admin_user_option, admin_secret_option};
constexpr std::array examples{
    Example{"atlink link list --admin-user root", "every application link of the server"},
    Example{"atlink link list --admin-user root --admin-secret-file FILE --output json",
            "the same for a script"},
};

}  // namespace

const Command link_list{"link list",
                        "list the application links of the server",
                        "Asks with an administrator's credentials, which are kept nowhere, and "
                        "marks the link of the profile.",
                        {},
                        options,
                        examples,
                        run};

}  // namespace atlink::cli::commands
