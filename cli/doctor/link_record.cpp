// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/link_record.h"

#include "cli/administrator.h"

#include <algorithm>
#include <utility>

namespace atlink::cli::doctor {

namespace {

Result<LinkSeen> look_at_link(const Call& call) {
  ATLINK_ASSIGN(const Place place, open_place(call));
  ATLINK_ASSIGN(const LinkEntry entry, link_entry(call, place));
  ATLINK_ASSIGN(const Administrator administrator, open_administrator(call, place));
  ATLINK_ASSIGN(const auto link, administrator.links->find(entry.application_url));
  if (link) {
    ATLINK_ASSIGN(const auto consumer,
                  administrator.links->consumer_of(link->id, entry.consumer_key));
    const bool none = consumer == LinkAdministrator::Consumer::none;
    return LinkSeen{none ? LinkSeen::State::outgoing_only : LinkSeen::State::whole, link->name};
  }
  ATLINK_ASSIGN(const std::vector<KnownLink> others, administrator.links->others());
  const auto found = std::find_if(others.begin(), others.end(), [&](const KnownLink& each) {
    return each.id == entry.consumer_key || each.name == entry.consumer_name ||
           each.name == entry.consumer_key;
  });
  return found == others.end() ? LinkSeen() : LinkSeen{LinkSeen::State::external, found->name};
}

}  // namespace

void ask_administrator(const Call& call, Evidence& evidence) {
  const Error* refusal = evidence.refusal();
  const bool unknown =
      refusal != nullptr && refusal->code == ErrorCode::oauth1_consumer_key_unknown;
  if (!unknown || !names_administrator(call, evidence.profile)) {
    return;
  }
  auto seen = look_at_link(call);
  if (seen) {
    evidence.link_seen = std::move(*seen);
  } else {
    evidence.link_seen_error = std::move(seen).error();
  }
}

}  // namespace atlink::cli::doctor
