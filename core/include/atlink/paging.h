// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/answer_rules.h"
#include "atlink/export.h"
#include "atlink/http_message.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "atlink/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// Long lists, page by page, as a product's description says them. Sends nothing: the caller does.
namespace atlink {

/// What to ask for, in the words of `ApiRequest`.
struct PageRequest {
  /// Encoded, relative to the base URL or a full URL at or below it; its query stays as it is but
  /// for the parameters of the pager.
  std::string path;
  /// Raw; parameters of the pager are the caller's wishes for where to begin and for the size.
  FormFields query;
};

/// One page. Refers to the body that it was read from.
struct Page {
  /// Each item, byte for byte as it came: well-formed JSON.
  std::vector<std::string_view> items;
  /// Items of the whole list, where the server says so.
  std::optional<std::int64_t> total;
};

/// A walk over the pages of one list. Ask for `request`, `take` what comes, and go on until `done`.
/// Keeps nothing of the pages but where it has been.
class ATLINK_API PageWalk {
 public:
  /// A walk over the list that `list` asks for; `base` is that of the profile, also where requests
  /// go to a `gateway` (`Connection::gateway`), whose links then mean the same as those below the
  /// base URL. `size` is how long pages should be; 0 leaves it to
  /// the query, and otherwise to the pager: as long as the server gives. Fails with `usage` for a
  /// position or size in the query that is none, and with `url_*` for a path that leads away.
  [[nodiscard]] static Result<PageWalk> begin(const Pager& pager,
                                              const BaseUrl& base,
                                              PageRequest list,
                                              std::int64_t size = 0,
                                              std::optional<BaseUrl> gateway = std::nullopt);

  /// What asks for the next page: the first one at the beginning. Without a meaning once `done`.
  [[nodiscard]] const PageRequest& request() const { return request_; }

  /// Whether the list is complete.
  [[nodiscard]] bool done() const { return done_; }

  /// Reads the answer to `request`: its body, whole, and its headers. Fails with
  /// `answer_not_understood` for what is no page of this list, `answer_pages_repeat` where the
  /// server leads back to where the walk has been, and `url_other_origin` or `url_invalid` where it
  /// leads away from the base URL; then the list is not complete and the walk is over.
  [[nodiscard]] Result<Page> take(std::string_view body, const Headers& headers);

 private:
  /// What a page says of itself.
  struct Told {
    std::int64_t count = 0;
    std::optional<std::int64_t> total;
    std::optional<bool> last;
    /// The next position, token or link; `by_header` where a Link header names it.
    std::optional<std::string> next;
    bool by_header = false;
    std::optional<std::int64_t> position;
    /// How long the page was allowed to be; 0 where not known.
    std::int64_t size = 0;
    std::string link_base;
  };

  PageWalk(const Pager& pager, const BaseUrl& base, PageRequest list);
  [[nodiscard]] bool by_number() const;
  [[nodiscard]] Status take_wishes(std::int64_t size);
  [[nodiscard]] Result<Page> read(std::string_view body, const Headers& headers, Told& told) const;
  [[nodiscard]] Status check_new(const Page& page, const Told& told);
  [[nodiscard]] bool ends(const Told& told) const;
  [[nodiscard]] bool reached(const Told& told) const;
  [[nodiscard]] Status go_on(const Told& told);
  [[nodiscard]] Status go_to_number(const Told& told);
  [[nodiscard]] Status go_to_link(const Told& told);
  [[nodiscard]] Result<Url> url_of_link(const Told& told) const;
  [[nodiscard]] Result<Url> below_base(const Url& url) const;
  [[nodiscard]] Status remember(std::string_view where);
  [[nodiscard]] Error error(ErrorCode code, std::string_view what, std::string_view next) const;
  void ask(const std::string& name, std::string value);

  Pager pager_;
  BaseUrl base_;
  std::optional<BaseUrl> gateway_;
  PageRequest request_;
  bool done_ = false;
  /// Of a list that is read by numbers: the position that `request_` asks for.
  std::int64_t position_ = 0;
  /// Items a page that are asked for; 0 where not known.
  std::int64_t size_ = 0;
  /// Items so far, and whether these are all from the beginning of the list.
  std::int64_t seen_ = 0;
  bool from_start_ = true;
  int empty_pages_ = 0;
  /// Hashes of the tokens or links that were followed.
  std::unordered_set<std::size_t> visited_;
  /// Hash of the items of the page before.
  std::size_t last_items_ = 0;
};

}  // namespace atlink
