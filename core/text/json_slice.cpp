// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_slice.h"

#include "atlink/text.h"
#include "core/text/json_pointer.h"
#include "core/text/json_token.h"
#include "core/text/simdjson.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace atlink::json {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t max_depth = 512;
constexpr std::size_t most_patterns = 64;

/// A set of patterns, one bit each.
using Mask = std::uint64_t;

/// Where a pattern leads.
struct Way {
  std::vector<std::string> segments;
  bool wildcard = false;
};

/// The bytes of a key between its quotes. That there is a second quote is known by then.
std::string_view key_between_quotes(const char* begin) {
  const char* end = begin;
  while (*end != '"') {
    end += *end == '\\' ? 2 : 1;
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

/// Visits every value of a document once and keeps what the ways lead to.
class Slicer {
 public:
  Slicer(std::vector<Way> ways, std::size_t lists, const simdjson::padded_string& padded)
      : ways_(std::move(ways)),
        padded_(padded),
        list_ways_(lists == most_patterns ? ~Mask{0} : (Mask{1} << lists) - 1) {
    slices.lists.resize(lists);
    slices.scalars.resize(ways_.size() - lists);
  }

  /// False for what is malformed.
  bool read(std::string_view original) {
    original_ = original.data();
    ondemand::value root;
    // A backslash outside a string is found later, where no value may begin so.
    if (!escapes_fit(padded_)) {
      return false;
    }
    if (parser_.iterate(padded_).get(document_) || document_.get_value().get(root)) {
      return false;
    }
    const Mask all = ways_.size() == most_patterns ? ~Mask{0} : (Mask{1} << ways_.size()) - 1;
    // Behind the root there is nothing.
    return walk(root, 0, all, nullptr) &&
           document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

  Slices slices;

 private:
  /// Reads a value to which the ways in `mask` lead so far. `whole` becomes its bytes.
  // NOLINTNEXTLINE(misc-no-recursion): to max_depth
  bool walk(ondemand::value value, std::size_t level, Mask mask, std::string_view* whole) {
    ondemand::json_type type{};
    if (level > max_depth || value.type().get(type)) {
      return false;
    }
    const Mask ended = ending_at(level, mask);
    const bool container =
        type == ondemand::json_type::object || type == ondemand::json_type::array;
    if (!container) {
      return take_scalar(value, ended, whole);
    }
    const char* const begin = value.raw_json_token().data();
    const bool fine = type == ondemand::json_type::object
                          ? walk_object(value, level, mask & ~ended)
                          : walk_array(value, level, mask & ~ended, ended & list_ways_);
    const Mask items = type == ondemand::json_type::object ? starred(ended & list_ways_) : 0;
    if (!fine || (whole == nullptr && items == 0)) {
      return fine;
    }
    const std::string_view bytes = since(begin);
    keep(items, bytes);
    if (whole != nullptr) {
      *whole = bytes;
    }
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): see walk
  bool walk_object(ondemand::value value, std::size_t level, Mask mask) {
    ondemand::object object;
    if (value.get_object().get(object)) {
      return false;
    }
    Mask met = 0;
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field)) {
        return false;
      }
      Mask inner = 0;
      if (mask != 0) {
        const std::string_view raw = key_between_quotes(field.key().raw());
        std::string_view name = raw;
        if (raw.find('\\') != std::string_view::npos && field.unescaped_key().get(name)) {
          return false;
        }
        // Of members with one name the first counts.
        inner = matching(level, mask, name) & ~met;
        met |= inner & ~starred_at(level, inner);
      }
      if (!walk(field.value(), level + 1, inner, nullptr)) {
        return false;
      }
    }
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): see walk
  bool walk_array(ondemand::value value, std::size_t level, Mask mask, Mask lists) {
    ondemand::array array;
    if (value.get_array().get(array)) {
      return false;
    }
    begin_lists(lists);
    std::size_t index = 0;
    for (auto element : array) {
      ondemand::value inner;
      std::string_view bytes;
      if (std::move(element).get(inner)) {
        return false;
      }
      const Mask ways = mask == 0 ? 0 : matching(level, mask, std::to_string(index));
      if (!walk(inner, level + 1, ways, lists == 0 ? nullptr : &bytes)) {
        return false;
      }
      keep(lists, bytes);
      ++index;
    }
    return true;
  }

  bool take_scalar(ondemand::value value, Mask ended, std::string_view* whole) {
    std::string_view token = value.raw_json_token();
    // Of a string all has been looked at: the quotes by the parser, the escapes at the beginning.
    if (token.front() != '"') {
      token = trim(token);
      if (!is_number_or_word(token)) {
        return false;
      }
    }
    if (whole != nullptr) {
      *whole = in_original(trim(token));
    }
    if (ended == 0 || token == "null") {
      return true;
    }
    keep(starred(ended & list_ways_), in_original(trim(token)));
    return keep_scalar(value, token, ended & ~list_ways_);
  }

  bool keep_scalar(ondemand::value value, std::string_view token, Mask ended) {
    if (ended == 0) {
      return true;
    }
    Scalar scalar{Scalar::Kind::number, std::string(token)};
    if (token.front() == '"') {
      std::string_view text;
      if (value.get_string().get(text)) {
        return false;
      }
      scalar = {Scalar::Kind::text, std::string(text)};
    } else if (token == "true" || token == "false") {
      scalar.kind = Scalar::Kind::boolean;
    }
    for (std::size_t i = slices.lists.size(); i < ways_.size(); ++i) {
      std::optional<Scalar>& place = slices.scalars[i - slices.lists.size()];
      if ((ended >> i & 1) != 0 && !place) {
        place = scalar;
      }
    }
    return true;
  }

  [[nodiscard]] Mask ending_at(std::size_t level, Mask mask) const {
    return choose(mask, [&](const Way& way) { return way.segments.size() == level; });
  }

  [[nodiscard]] Mask matching(std::size_t level, Mask mask, std::string_view name) const {
    return choose(mask, [&](const Way& way) {
      return way.segments[level] == name || (way.wildcard && way.segments[level] == "*");
    });
  }

  [[nodiscard]] Mask starred_at(std::size_t level, Mask mask) const {
    return choose(mask, [&](const Way& way) { return way.segments[level] == "*"; });
  }

  [[nodiscard]] Mask starred(Mask mask) const {
    return choose(mask, [](const Way& way) { return way.wildcard; });
  }

  template <class Wanted>
  [[nodiscard]] Mask choose(Mask mask, const Wanted& wanted) const {
    Mask chosen = 0;
    for (std::size_t i = 0; mask >> i != 0; ++i) {
      if ((mask >> i & 1) != 0 && wanted(ways_[i])) {
        chosen |= Mask{1} << i;
      }
      if (i + 1 == most_patterns) {
        break;
      }
    }
    return chosen;
  }

  void begin_lists(Mask lists) {
    for (std::size_t i = 0; lists != 0 && i < slices.lists.size(); ++i) {
      if ((lists >> i & 1) != 0 && !slices.lists[i]) {
        slices.lists[i].emplace();
      }
    }
  }

  void keep(Mask lists, std::string_view bytes) {
    begin_lists(lists);
    for (std::size_t i = 0; lists != 0 && i < slices.lists.size(); ++i) {
      if ((lists >> i & 1) != 0) {
        slices.lists[i]->push_back(bytes);
      }
    }
  }

  /// The bytes from `begin` up to where the reading stands now.
  std::string_view since(const char* begin) {
    const char* end = nullptr;
    if (document_.current_location().get(end)) {
      end = padded_.data() + padded_.size();
    }
    return in_original(trim({begin, static_cast<std::size_t>(end - begin)}));
  }

  [[nodiscard]] std::string_view in_original(std::string_view bytes) const {
    return {original_ + (bytes.data() - padded_.data()), bytes.size()};
  }

  std::vector<Way> ways_;
  const simdjson::padded_string& padded_;
  Mask list_ways_;
  const char* original_ = nullptr;
  ondemand::parser parser_;
  ondemand::document document_;
};

Result<std::vector<Way>> ways_of(const SlicePatterns& patterns) {
  std::vector<Way> ways;
  for (const auto* group : {&patterns.lists, &patterns.scalars}) {
    for (const std::string& pattern : *group) {
      auto segments = split_pointer(pattern);
      if (!segments || ways.size() == most_patterns) {
        return fail(ErrorCode::json_invalid,
                    fmt::format("\"{}\" is no JSON pointer, or one too many", printable(pattern)));
      }
      Way way{*std::move(segments), false};
      for (const std::string& segment : way.segments) {
        way.wildcard = way.wildcard || segment == "*";
      }
      ways.push_back(std::move(way));
    }
  }
  return ways;
}

}  // namespace

Result<Slices> slice(std::string_view answer, const SlicePatterns& patterns) {
  ATLINK_ASSIGN(std::vector<Way> ways, ways_of(patterns));
  const std::string_view text = text::without_mark(answer);
  const simdjson::padded_string padded(text);
  std::vector<bool> may_be_nowhere;
  for (std::size_t i = 0; i < patterns.lists.size(); ++i) {
    may_be_nowhere.push_back(ways[i].wildcard);
  }
  Slicer slicer(std::move(ways), patterns.lists.size(), padded);
  if (!slicer.read(text)) {
    return fail(ErrorCode::json_invalid,
                "the text is not one well-formed JSON object or array, or it was cut short");
  }
  for (std::size_t i = 0; i < may_be_nowhere.size(); ++i) {
    if (may_be_nowhere[i] && !slicer.slices.lists[i]) {
      slicer.slices.lists[i].emplace();
    }
  }
  return std::move(slicer.slices);
}

}  // namespace atlink::json
