// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/result.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink::plugins::sandbox {

/// A value of a JSON document and where it stands, for messages.
struct Place {
  const json::Value& value;
  std::string where;

  /// Fails with `plugin_invalid`.
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view what) const;

  /// The member of that name; null where there is none.
  [[nodiscard]] Place at(std::string_view name) const;

  [[nodiscard]] bool has(std::string_view name) const { return value.find(name) != nullptr; }
};

/// Fails unless it is an object with no other members than these.
[[nodiscard]] Status check_members(const Place& place,
                                   std::initializer_list<std::string_view> known);

/// A string, or `fallback` where nothing stands.
[[nodiscard]] Result<std::string> read_string(const Place& place, std::string_view fallback);

/// True or false; false where nothing stands.
[[nodiscard]] Result<bool> read_flag(const Place& place);

/// A whole number within the bounds, or `fallback` where nothing stands.
[[nodiscard]] Result<std::int64_t> read_integer(const Place& place,
                                                std::int64_t least,
                                                std::int64_t most,
                                                std::int64_t fallback);

/// A JSON pointer; none where nothing stands.
[[nodiscard]] Result<std::optional<std::string>> read_pointer(const Place& place);

/// The elements of an array, each read by `read`; none where nothing stands.
template <class Read>
[[nodiscard]] auto read_each(const Place& place, const Read& read)
    -> Result<std::vector<std::decay_t<decltype(*read(place))>>> {
  std::vector<std::decay_t<decltype(*read(place))>> all;
  if (place.value.is_null()) {
    return all;
  }
  const json::Array* elements = place.value.as_array();
  if (elements == nullptr) {
    return place.wrong("must be an array");
  }
  for (const json::Value& element : *elements) {
    ATLINK_ASSIGN(auto one, read(Place{element, place.where + "/" + std::to_string(all.size())}));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace atlink::plugins::sandbox
