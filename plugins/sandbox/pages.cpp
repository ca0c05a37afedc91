// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/pages.h"

#include "atlink/text.h"
#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

using Style = Pager::Style;

constexpr std::int64_t size_where_none_is_said = 50;
constexpr std::string_view token_front = "after:";

std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  const bool whole = read.ec == std::errc() && read.ptr == end && value >= 0;
  return whole ? std::optional(value) : std::nullopt;
}

/// Tokens need encoding on their way, as those of real servers do.
std::string token_of(std::int64_t index) {
  return to_base64(fmt::format("{}{}", token_front, index)) + "+/=";
}

std::optional<std::int64_t> index_of(std::string_view token) {
  if (token.size() < 3 || token.substr(token.size() - 3) != "+/=") {
    return std::nullopt;
  }
  const auto text = from_base64(token.substr(0, token.size() - 3));
  return text && text->rfind(token_front, 0) == 0
             ? whole_number(std::string_view(*text).substr(token_front.size()))
             : std::nullopt;
}

/// Which part of a list a page holds.
struct Window {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  /// Of the page, as the pager counts.
  std::int64_t position = 0;
  /// How long it could be.
  std::int64_t size = 0;
  bool last = true;
};

/// Finds the window that a query asks for.
class Asked {
 public:
  Asked(const Pager& pager, const Visit& visit, std::int64_t count)
      : pager_(pager), query_(parse_form(visit.query)), count_(count) {}

  /// None where the query makes no sense.
  [[nodiscard]] std::optional<Window> window() const {
    Window window;
    const auto size = read_size();
    if (!size) {
      return std::nullopt;
    }
    window.size = *size;
    if (!read_position(window)) {
      return std::nullopt;
    }
    window.begin = std::min(window.begin, count_);
    const std::int64_t rest = count_ - window.begin;
    window.end = window.begin + std::min(window.size, rest);
    const bool shortened = pager_.short_pages && pager_.style != Style::page && window.begin == 0 &&
                           window.size > 1 && rest > window.size;
    window.end -= shortened ? 1 : 0;
    window.last = window.end == count_;
    return window;
  }

  /// The query without the parameter of the position.
  [[nodiscard]] FormFields rest_of_query() const {
    FormFields rest = query_;
    std::erase_if(rest, [&](const auto& field) { return field.first == position_name(); });
    return rest;
  }

  [[nodiscard]] std::string position_name() const {
    return pager_.position.empty() ? "cursor" : pager_.position;
  }

 private:
  [[nodiscard]] std::optional<std::int64_t> read_size() const {
    const std::int64_t usual = pager_.usual_size > 0 ? pager_.usual_size : size_where_none_is_said;
    const auto text = pager_.size.empty() ? std::nullopt : form_value(query_, pager_.size);
    const auto asked = text ? whole_number(*text) : std::optional(usual);
    if (!asked) {
      return std::nullopt;
    }
    const std::int64_t size = *asked > 0 ? *asked : usual;
    return pager_.largest_size > 0 ? std::min(size, pager_.largest_size) : size;
  }

  [[nodiscard]] bool read_position(Window& window) const {
    window.position = pager_.first;
    const auto text = form_value(query_, position_name());
    if (!text) {
      return true;
    }
    const bool by_number = pager_.style == Style::offset || pager_.style == Style::page;
    const auto number = by_number ? whole_number(*text) : index_of(*text);
    if (!number || (by_number && *number < pager_.first)) {
      return false;
    }
    window.position = *number;
    const std::int64_t steps = by_number ? *number - pager_.first : *number;
    const std::int64_t width = pager_.style == Style::page ? window.size : 1;
    window.begin = steps > count_ ? count_ : steps * width;
    return true;
  }

  const Pager& pager_;
  FormFields query_;
  std::int64_t count_;
};

/// Writes a page with what it tells.
class PageWriter {
 public:
  PageWriter(const Visit& visit, const Pager& pager, const Asked& asked, const Window& window)
      : visit_(visit), pager_(pager), asked_(asked), window_(window) {}

  [[nodiscard]] ServerResponse write(std::string_view items,
                                     json::Array values,
                                     std::int64_t count) {
    if (items.empty()) {
      return with_link(json_answer(200, std::move(values)));
    }
    // "/things/*" is an array as well as an object with members of any name.
    const bool any_name = items.size() > 2 && items.substr(items.size() - 2) == "/*";
    put_at(document_, any_name ? items.substr(0, items.size() - 2) : items, std::move(values));
    tell(pager_.position_told, window_.position);
    tell(pager_.size_told, window_.size);
    tell(pager_.total, count);
    tell(pager_.last, !goes_on());
    tell(pager_.link_base, visit_.base_url);
    const bool by_number = pager_.style == Style::offset || pager_.style == Style::page;
    if (goes_on()) {
      tell(pager_.next, next());
    } else if (by_number) {
      tell(pager_.next, nullptr);
    }
    return with_link(json_answer(200, document_));
  }

 private:
  void tell(const std::string& pointer, json::Value value) {
    if (!pointer.empty()) {
      put_at(document_, pointer, std::move(value));
    }
  }

  [[nodiscard]] bool goes_on() const { return !window_.last || visit_.repeats_pages; }

  /// Index of the item that the next page begins with.
  [[nodiscard]] std::int64_t next_index() const {
    return visit_.repeats_pages ? window_.begin : window_.end;
  }

  [[nodiscard]] std::string next_url(std::string_view front) const {
    FormFields query = asked_.rest_of_query();
    query.emplace_back(asked_.position_name(), token_of(next_index()));
    const std::string_view path = visit_.path.substr(visit_.context.size());
    return fmt::format("{}{}?{}", front, path, to_form(query));
  }

  [[nodiscard]] json::Value next() const {
    switch (pager_.style) {
      case Style::offset:
        return pager_.first + next_index();
      case Style::page:
        return window_.position + (visit_.repeats_pages ? 0 : 1);
      case Style::token:
        return token_of(next_index());
      case Style::link:
        // Relative where the page says what it is put after.
        return next_url(pager_.link_base.empty() ? visit_.base_url : "");
    }
    return nullptr;
  }

  [[nodiscard]] ServerResponse with_link(ServerResponse response) const {
    if (pager_.link_header && goes_on()) {
      response.headers.add("Link", fmt::format("<{}>; rel=\"next\"", next_url(visit_.base_url)));
    }
    return response;
  }

  const Visit& visit_;
  const Pager& pager_;
  const Asked& asked_;
  const Window& window_;
  json::Value document_;
};

json::Array items_of(const PagedList& list, std::int64_t begin, std::int64_t end) {
  json::Array values;
  for (std::int64_t i = begin; i < end; ++i) {
    values.push_back(list.item(static_cast<std::size_t>(i)));
  }
  return values;
}

}  // namespace

ServerResponse page_answer(const Visit& visit, const Product& product, const PagedList& list) {
  const auto count = static_cast<std::int64_t>(list.count);
  if (list.pager == nullptr) {
    return json_answer(200, value_at(list.items.value_or("/values"), items_of(list, 0, count)));
  }
  const Pager& pager = *list.pager;
  const Asked asked(pager, visit, count);
  auto window = asked.window();
  if (!window) {
    return error_answer(product, 400, "the query asks for a page that there cannot be");
  }
  const bool by_number = pager.style == Style::offset || pager.style == Style::page;
  if (visit.repeats_pages && by_number && pager.next.empty()) {
    // Without a name for the next page it repeats by giving the first one whatever is asked for.
    *window = {0, std::min(window->size, count), pager.first, window->size, false};
  }
  const std::string items = list.items.value_or(pager.items.front());
  return PageWriter(visit, pager, asked, *window)
      .write(items, items_of(list, window->begin, window->end), count);
}

}  // namespace atlink::plugins::sandbox
