// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/link_admin.h"
#include "atlink/link_rules.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::link {

/// A call with the values of a link in it: every string that is nothing but a {name}.
[[nodiscard]] std::string fill_body(const LinkCall& call, const LinkEntry& entry);

/// Where the call goes; `link_id` is encoded for its place.
[[nodiscard]] Result<Url> url_of(const LinkCall& call,
                                 const BaseUrl& base,
                                 std::string_view link_id);

/// What the server lists, as the description says where it stands. Fails with
/// `answer_not_understood`.
[[nodiscard]] Result<std::vector<KnownLink>> read_listing(const LinkListing& listing,
                                                          std::string_view body);

/// What an answer of that step means, where the description knows it.
[[nodiscard]] std::optional<LinkRefusal::Meaning> meaning_of(
    const std::vector<LinkRefusal>& refusals,
    LinkRefusal::Step step,
    const HttpResponseHead& head,
    std::string_view body);

/// The words that a person gets for it, with the server's own.
[[nodiscard]] Error refusal_error(LinkRefusal::Meaning meaning,
                                  std::string_view servers_words,
                                  const Product& product);

/// The cookies that a server has set, to be sent back: name=value pairs, a later one in place of an
/// earlier one of its name. What could not stand in a header is left out.
class Cookies {
 public:
  void take(const Headers& answer);

  /// "a=b; c=d"; empty for none.
  [[nodiscard]] std::string header() const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace atlink::link
