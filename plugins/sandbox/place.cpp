// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/place.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::plugins::sandbox {

tl::unexpected<Error> Place::wrong(std::string_view what) const {
  return fail(ErrorCode::plugin_invalid,
              fmt::format("{}: {}", where, what),
              "mend the file, or take it away to play without its resources");
}

Place Place::at(std::string_view name) const {
  static const json::Value none;
  const json::Value* member = value.find(name);
  return {member == nullptr ? none : *member, fmt::format("{}/{}", where, name)};
}

Status check_members(const Place& place, std::initializer_list<std::string_view> known) {
  const json::Object* object = place.value.as_object();
  if (object == nullptr) {
    return place.wrong("must be an object");
  }
  for (const auto& member : *object) {
    if (std::find(known.begin(), known.end(), member.first) == known.end()) {
      return place.wrong(fmt::format("has the unknown member \"{}\"", printable(member.first, 60)));
    }
  }
  return {};
}

Result<std::string> read_string(const Place& place, std::string_view fallback) {
  if (place.value.is_null()) {
    return std::string(fallback);
  }
  const std::string* text = place.value.as_string();
  return text == nullptr ? Result<std::string>(place.wrong("must be a string"))
                         : Result<std::string>(*text);
}

Result<bool> read_flag(const Place& place) {
  if (place.value.is_null()) {
    return false;
  }
  const bool* flag = place.value.as_bool();
  return flag == nullptr ? Result<bool>(place.wrong("must be true or false")) : Result<bool>(*flag);
}

Result<std::int64_t> read_integer(const Place& place,
                                  std::int64_t least,
                                  std::int64_t most,
                                  std::int64_t fallback) {
  if (place.value.is_null()) {
    return fallback;
  }
  const std::int64_t* number = place.value.as_integer();
  if (number == nullptr || *number < least || *number > most) {
    return place.wrong(fmt::format("must be a whole number from {} to {}", least, most));
  }
  return *number;
}

Result<std::optional<std::string>> read_pointer(const Place& place) {
  if (place.value.is_null()) {
    return std::optional<std::string>();
  }
  const std::string* pointer = place.value.as_string();
  const bool fits = pointer != nullptr && (pointer->empty() || pointer->front() == '/');
  if (!fits) {
    return place.wrong("must be a JSON pointer");
  }
  return std::optional(*pointer);
}

}  // namespace atlink::plugins::sandbox
