// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/export.h"
#include "atlink/link_rules.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Application links, administered over REST.
namespace atlink {

/// What a link says of its consumer. Nothing of it is secret.
struct LinkEntry {
  std::string consumer_key;
  /// What people see on the consent page; also the link's name.
  std::string consumer_name;
  /// Tells this link from all others of the server.
  std::string application_url;
  /// PEM, and the same on one line.
  std::string public_key;
  std::string public_key_body;
};

/// One link as the server lists it. A text is empty where the server does not tell it.
struct KnownLink {
  std::string id;
  std::string name;
  std::string url;
  std::string type;
};

/// A request as it would be sent.
struct LinkRequest {
  std::string method;
  std::string url;
  /// JSON text; empty for none.
  std::string body;
};

/// Carries out an administrator's requests. What a server refuses fails with `link_exists`,
/// `link_key_refused`, `link_missing`, `link_session`, `answer_forbidden` and whatever `Client`
/// says, with the server's words.
class ATLINK_API LinkAdministrator {
 public:
  /// `client` sends with the administrator's credential, to `base` alone; it and the product must
  /// outlive this. `password` is what a session wants again; empty where there is none, as with a
  /// token. Fails with `product_unsupported` where the description says nothing of administration.
  [[nodiscard]] static Result<std::unique_ptr<LinkAdministrator>> make(Client& client,
                                                                       const Product& product,
                                                                       BaseUrl base,
                                                                       Secret password);
  ~LinkAdministrator();
  LinkAdministrator(const LinkAdministrator&) = delete;
  LinkAdministrator& operator=(const LinkAdministrator&) = delete;

  [[nodiscard]] Result<std::vector<KnownLink>> list();
  /// The link with that URL, a slash at the end aside, or with that id; else none.
  [[nodiscard]] Result<std::optional<KnownLink>> find(std::string_view application_url,
                                                      std::string_view link_id = {});
  /// Makes a link without a consumer and gives its id, which is empty where the answer tells none.
  [[nodiscard]] Result<std::string> create(const LinkEntry& entry);
  /// Gives the link its consumer.
  [[nodiscard]] Status put_consumer(std::string_view link_id, const LinkEntry& entry);
  /// Whose the consumer of a link is.
  enum class Consumer { not_told, none, of_key, another };
  [[nodiscard]] Result<Consumer> consumer_of(std::string_view link_id,
                                             std::string_view consumer_key);
  [[nodiscard]] Status remove(std::string_view link_id);
  /// Programs registered for another way to sign in; none where the product does not tell.
  [[nodiscard]] Result<std::vector<KnownLink>> others();

 private:
  struct Impl;
  explicit LinkAdministrator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The requests that make a link; LINK-ID stands for what the first answers.
[[nodiscard]] ATLINK_API Result<std::vector<LinkRequest>> requests_that_make_link(
    const Product& product, const BaseUrl& base, const LinkEntry& entry);

/// Remembers on disk which links this user has begun to make, so that whatever ends the program
/// leaves no half link behind for good. One file a link, below `folder`.
class ATLINK_API LinkJournal {
 public:
  LinkJournal(FileSystem& files, std::string folder);
  ~LinkJournal();
  LinkJournal(const LinkJournal&) = delete;
  LinkJournal& operator=(const LinkJournal&) = delete;

  /// That a link was begun; `link_id` is empty until the server has told it.
  struct Intent {
    std::string base_url;
    std::string application_url;
    std::string consumer_key;
    std::string link_id;
  };

  /// Held by the one who makes or removes that link. Fails with `file_locked`.
  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock(const Intent& which);
  [[nodiscard]] Result<std::optional<Intent>> load(const Intent& which);
  Status save(const Intent& intent);
  Status erase(const Intent& which);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// How a link came to be whole.
struct MadeLink {
  enum class Outcome {
    created,
    /// It was there without a consumer, as an interrupted run or a person left it, and has been
    /// given one.
    finished,
    /// The link was there, with this consumer.
    already,
  };
  Outcome outcome = Outcome::created;
  std::string id;
};

/// "created", "finished" or "already".
[[nodiscard]] ATLINK_API std::string_view to_string(MadeLink::Outcome outcome);

/// Makes a link whole, or leaves none: what it made it removes where the rest is refused. Where the
/// outcome cannot be found out the intent stays in the journal, which fails with `link_unfinished`;
/// the next run finishes or removes it. A link of that URL which was not begun here and has no
/// consumer is given ours, and stays where that is refused. Fails with `link_exists` for one with
/// another consumer, and with what the server refused.
[[nodiscard]] ATLINK_API Result<MadeLink> make_link(LinkAdministrator& administrator,
                                                    LinkJournal& journal,
                                                    std::string_view base_url,
                                                    const LinkEntry& entry);

/// Removes a link and what the journal has of it. Fails with `link_missing`.
[[nodiscard]] ATLINK_API Status remove_link(LinkAdministrator& administrator,
                                            LinkJournal& journal,
                                            std::string_view base_url,
                                            const KnownLink& link);

}  // namespace atlink
