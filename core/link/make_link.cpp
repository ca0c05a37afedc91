// SPDX-License-Identifier: Apache-2.0
#include "atlink/link_admin.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

namespace {

using Intent = LinkJournal::Intent;
using Outcome = MadeLink::Outcome;

Error unfinished(const Error& cause, std::string_view what) {
  const bool stopped = cause.code == ErrorCode::cancelled;
  return make_error(stopped ? ErrorCode::cancelled : ErrorCode::link_unfinished,
                    fmt::format("{}: {}", what, cause.message),
                    "run it again once the server answers: what was begun is noted here, and then "
                    "finished or removed");
}

/// The steps from nothing to a whole link, each of which can be the last that happens.
class Making {
 public:
  Making(LinkAdministrator& administrator,
         LinkJournal& journal,
         const LinkEntry& entry,
         Intent intent)
      : administrator_(administrator),
        journal_(journal),
        entry_(entry),
        intent_(std::move(intent)) {}

  Result<MadeLink> run() {
    ATLINK_ASSIGN(const std::optional<Intent> begun, journal_.load(intent_));
    ATLINK_ASSIGN(const std::optional<KnownLink> there,
                  administrator_.find(entry_.application_url, begun ? begun->link_id : ""));
    if (there && begun) {
      return complete(there->id, Outcome::finished);
    }
    return there ? take_over(*there) : begin();
  }

 private:
  /// A link of ours that nobody here remembers having begun: whole, or somebody else's work.
  Result<MadeLink> take_over(const KnownLink& link) {
    using Consumer = LinkAdministrator::Consumer;
    ATLINK_ASSIGN(const Consumer consumer,
                  administrator_.consumer_of(link.id, entry_.consumer_key));
    if (consumer == Consumer::of_key) {
      return MadeLink{Outcome::already, link.id};
    }
    if (consumer == Consumer::none) {
      // Not ours to remove again where it is refused.
      ATLINK_CHECK(administrator_.put_consumer(link.id, entry_));
      return MadeLink{Outcome::finished, link.id};
    }
    return fail(make_error(ErrorCode::link_exists,
                           fmt::format("the server has a link for {} already, named {}, and it was "
                                       "not begun here",
                                       entry_.application_url,
                                       printable(link.name, 80)),
                           "see it with atlink link list; if it is nobody's, remove it with atlink "
                           "link remove, and run this again")
                    .with("link_id", printable(link.id, 100)));
  }

  Result<MadeLink> begin() {
    ATLINK_CHECK(journal_.save(intent_));
    auto id = administrator_.create(entry_);
    if (id && !id->empty()) {
      return complete(*id, Outcome::created);
    }
    // Refused, or the answer was lost or tells no id: the list knows.
    const auto there = administrator_.find(entry_.application_url);
    if (!there && (id || is_open(id.error()))) {
      return fail(unfinished(there.error(), "the server may have made the link"));
    }
    if (there && *there) {
      return complete((*there)->id, Outcome::created);
    }
    ATLINK_CHECK(journal_.erase(intent_));
    return id ? fail(ErrorCode::answer_not_understood,
                     "the server says that it has made the link, and does not list it",
                     "make it by hand: atlink link show")
              : Result<MadeLink>(fail(std::move(id).error()));
  }

  /// Whether a request that failed so may have been carried out all the same.
  [[nodiscard]] static bool is_open(const Error& error) {
    switch (error.code) {
      case ErrorCode::network_name:
      case ErrorCode::network_refused:
      case ErrorCode::network_tls:
      case ErrorCode::network_certificate:
      case ErrorCode::network_unreachable:
      case ErrorCode::link_exists:
      case ErrorCode::link_missing:
      case ErrorCode::link_key_refused:
      case ErrorCode::link_session:
      case ErrorCode::answer_forbidden:
      case ErrorCode::answer_unauthorized:
      case ErrorCode::answer_invalid:
        return false;
      default:
        return true;
    }
  }

  Result<MadeLink> complete(const std::string& id, Outcome outcome) {
    intent_.link_id = id;
    const Status noted = journal_.save(intent_);
    const Status put = noted ? administrator_.put_consumer(id, entry_) : noted;
    if (put) {
      ATLINK_CHECK(journal_.erase(intent_));
      return MadeLink{outcome, id};
    }
    return fail(take_back(id, put.error()));
  }

  /// Removes what stands half, so that the answer can be the refusal alone.
  Error take_back(const std::string& id, Error cause) {
    const Status removed = administrator_.remove(id);
    // Also a server that says that there is no such link is not taken at its word.
    const auto there = removed ? Result<std::optional<KnownLink>>(std::optional<KnownLink>())
                               : administrator_.find(entry_.application_url, id);
    if (!there || *there) {
      return unfinished(cause, "the link was made, its consumer was not, and it stays for now");
    }
    const Status erased = journal_.erase(intent_);
    return erased ? std::move(cause).with("link", "removed again") : erased.error();
  }

  LinkAdministrator& administrator_;
  LinkJournal& journal_;
  const LinkEntry& entry_;
  Intent intent_;
};

Intent intent_of(std::string_view base_url, std::string_view application_url) {
  return {std::string(base_url), std::string(application_url), {}, {}};
}

}  // namespace

std::string_view to_string(MadeLink::Outcome outcome) {
  switch (outcome) {
    case MadeLink::Outcome::created:
      return "created";
    case MadeLink::Outcome::finished:
      return "finished";
    case MadeLink::Outcome::already:
      return "already";
  }
  return "";
}

Result<MadeLink> make_link(LinkAdministrator& administrator,
                           LinkJournal& journal,
                           std::string_view base_url,
                           const LinkEntry& entry) {
  Intent intent = intent_of(base_url, entry.application_url);
  intent.consumer_key = entry.consumer_key;
  ATLINK_ASSIGN([[maybe_unused]] const auto held, journal.lock(intent));
  return Making(administrator, journal, entry, std::move(intent)).run();
}

Status remove_link(LinkAdministrator& administrator,
                   LinkJournal& journal,
                   std::string_view base_url,
                   const KnownLink& link) {
  const Intent intent = intent_of(base_url, link.url);
  ATLINK_ASSIGN([[maybe_unused]] const auto held, journal.lock(intent));
  ATLINK_CHECK(administrator.remove(link.id));
  return journal.erase(intent);
}

}  // namespace atlink
