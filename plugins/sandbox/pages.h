// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/visit.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace atlink::plugins::sandbox {

/// A list that is given out in pages.
struct PagedList {
  /// Null for all of it in one answer.
  const Pager* pager = nullptr;
  /// Where the items stand; none for the first place of the pager, or "/values" without one.
  std::optional<std::string> items;
  std::size_t count = 0;
  /// The item of that number.
  std::function<json::Value(std::size_t)> item;
};

/// The page that the query asks for, as the product's pager says it: position, size, caps, and what
/// a page tells of itself. Where pages may be short, the first is one shorter than asked for.
[[nodiscard]] ServerResponse page_answer(const Visit& visit,
                                         const Product& product,
                                         const PagedList& list);

}  // namespace atlink::plugins::sandbox
