// SPDX-License-Identifier: Apache-2.0
#include "atlink/paging.h"

#include "atlink/url.h"
#include "core/http/link_header.h"
#include "core/http/redact.h"
#include "core/http/redirect.h"
#include "core/text/ascii.h"
#include "core/text/json_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace atlink {

namespace {

using Style = Pager::Style;

/// Beyond that no list goes, and sums stay far from their limits.
constexpr std::int64_t largest_number = 1'000'000'000'000'000;
/// A server that names ever more pages without anything in them does not end by itself.
constexpr int most_empty_pages = 100;

/// A whole number from 0 to `largest_number`, in digits only.
std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) {
    if (!text::is_digit(c) || value > largest_number / 10) {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return digits.empty() ? std::nullopt : std::optional(value);
}

/// A number of a server; strings of digits are taken for numbers.
std::optional<std::int64_t> number_in(const std::optional<json::Scalar>& scalar) {
  return scalar ? whole_number(scalar->text) : std::nullopt;
}

/// A boolean of a server; strings of that word are taken for it.
std::optional<bool> flag_in(const std::optional<json::Scalar>& scalar) {
  if (!scalar || scalar->kind == json::Scalar::Kind::number) {
    return std::nullopt;
  }
  const bool yes = equals_ignoring_case(scalar->text, "true");
  return yes || equals_ignoring_case(scalar->text, "false") ? std::optional(yes) : std::nullopt;
}

/// A position, token or link; an empty text and false name nothing.
std::optional<std::string> name_in(const std::optional<json::Scalar>& scalar) {
  const bool none = !scalar || scalar->text.empty() ||
                    (scalar->kind == json::Scalar::Kind::boolean && scalar->text == "false");
  return none ? std::nullopt : std::optional(scalar->text);
}

/// Takes the fields of that name out of a query; the value of the last.
std::optional<std::string> take_field(FormFields& query, std::string_view name) {
  std::optional<std::string> value;
  for (const auto& field : query) {
    if (field.first == name) {
      value = field.second;
    }
  }
  std::erase_if(query, [&](const auto& field) { return field.first == name; });
  return value;
}

/// The same for the query of a path, whose other fields stay byte for byte.
std::optional<std::string> take_from_path(std::string& path, std::string_view name) {
  const std::size_t mark = std::min(path.find('?'), path.size());
  std::string_view rest = std::string_view(path).substr(std::min(mark + 1, path.size()));
  std::optional<std::string> value;
  std::string kept;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view piece = rest.substr(0, end);
    const FormFields fields = parse_form(piece);
    if (!fields.empty() && fields.front().first == name) {
      value = fields.front().second;
    } else {
      kept += fmt::format("{}{}", kept.empty() ? "" : "&", piece);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (value) {
    path = path.substr(0, mark) + (kept.empty() ? "" : "?") + kept;
  }
  return value;
}

bool is_below(std::string_view path, std::string_view front) {
  const std::string_view rest = path.substr(std::min(front.size(), path.size()));
  return path.substr(0, front.size()) == front &&
         (rest.empty() || rest.front() == '/' || rest.front() == '?');
}

tl::unexpected<Error> no_number(std::string_view name, std::string_view value) {
  return fail(ErrorCode::usage,
              fmt::format("{}={} is no whole number that a page could have",
                          printable(name, 60),
                          printable(value, 60)),
              "leave it out to read the whole list");
}

}  // namespace

PageWalk::PageWalk(const Pager& pager, const BaseUrl& base, PageRequest list)
    : pager_(pager), base_(base), request_(std::move(list)), position_(pager.first) {}

Result<PageWalk> PageWalk::begin(const Pager& pager,
                                 const BaseUrl& base,
                                 PageRequest list,
                                 std::int64_t size,
                                 std::optional<BaseUrl> gateway) {
  PageWalk walk(pager, base, std::move(list));
  walk.gateway_ = std::move(gateway);
  ATLINK_CHECK(walk.take_wishes(size));
  ATLINK_ASSIGN(const Url whole, base.request_url(walk.request_.path));
  if (pager.style == Style::link) {
    ATLINK_ASSIGN(const Url first, whole.with_query(to_form(walk.request_.query)));
    ATLINK_CHECK(walk.remember(first.str()));
  }
  return walk;
}

bool PageWalk::by_number() const {
  return pager_.style == Style::offset || pager_.style == Style::page;
}

Status PageWalk::take_wishes(std::int64_t size) {
  const auto wish = [&](const std::string& name) -> std::optional<std::string> {
    if (name.empty()) {
      return std::nullopt;
    }
    auto in_path = take_from_path(request_.path, name);
    auto in_query = take_field(request_.query, name);
    return in_query ? std::move(in_query) : std::move(in_path);
  };
  const auto start = wish(pager_.position);
  const auto length = wish(pager_.size);
  size_ = size > 0 ? size : pager_.largest_size;
  if (length && size <= 0) {
    const auto number = whole_number(*length);
    if (!number || *number == 0) {
      return no_number(pager_.size, *length);
    }
    size_ = *number;
  }
  size_ = pager_.largest_size > 0 ? std::min(size_, pager_.largest_size) : size_;
  if (pager_.size.empty() || size_ == 0) {
    size_ = pager_.usual_size;
  } else {
    ask(pager_.size, std::to_string(size_));
  }
  if (!start) {
    return {};
  }
  from_start_ = false;
  ask(pager_.position, *start);
  if (by_number()) {
    const auto number = whole_number(*start);
    if (!number) {
      return no_number(pager_.position, *start);
    }
    position_ = *number;
    return {};
  }
  return remember(*start);
}

Result<Page> PageWalk::take(std::string_view body, const Headers& headers) {
  Told told;
  ATLINK_ASSIGN(Page page, read(body, headers, told));
  seen_ += told.count;
  empty_pages_ = told.count == 0 ? empty_pages_ + 1 : 0;
  ATLINK_CHECK(check_new(page, told));
  done_ = ends(told);
  if (!done_) {
    ATLINK_CHECK(go_on(told));
  }
  return page;
}

Result<Page> PageWalk::read(std::string_view body, const Headers& headers, Told& told) const {
  auto slices = json::slice(body,
                            {pager_.items,
                             {pager_.total,
                              pager_.last,
                              pager_.next,
                              pager_.position_told,
                              pager_.size_told,
                              pager_.link_base}});
  if (!slices) {
    return fail(error(ErrorCode::answer_not_understood,
                      "the answer is no page of a list: " + slices.error().message,
                      "check the path; a pager fits only the lists that it was described for"));
  }
  Page page;
  const auto list = std::find_if(slices->lists.begin(), slices->lists.end(), [](const auto& found) {
    return found.has_value();
  });
  if (list == slices->lists.end()) {
    return fail(error(ErrorCode::answer_not_understood,
                      fmt::format("the answer has no list at {}", pager_.items.front()),
                      "check the path; a pager fits only the lists that it was described for"));
  }
  page.items = *std::move(*list);
  const auto& scalars = slices->scalars;
  // A pattern that the description leaves out is "", where a page has no scalar.
  page.total = number_in(scalars[0]);
  told.count = static_cast<std::int64_t>(page.items.size());
  told.total = page.total;
  told.last = flag_in(scalars[1]);
  told.next = name_in(scalars[2]);
  told.position = number_in(scalars[3]);
  const std::int64_t lowered = number_in(scalars[4]).value_or(0);
  told.size = lowered > 0 && size_ > 0 ? std::min(lowered, size_) : std::max(lowered, size_);
  told.link_base = name_in(scalars[5]).value_or("");
  if (!told.next && pager_.style == Style::link && pager_.link_header) {
    told.next = http::link_target(headers, "next");
    told.by_header = told.next.has_value();
  }
  return page;
}

Status PageWalk::check_new(const Page& page, const Told& told) {
  if (!by_number() || told.next) {
    return {};
  }
  bool again = false;
  if (told.position) {
    again = *told.position < position_;
  } else if (!page.items.empty() && page.items.front().front() == '{') {
    // Such a list says nothing of where it is: what gives the same things twice does not move.
    const char* const begin = page.items.front().data();
    const char* const end = page.items.back().data() + page.items.back().size();
    const std::size_t hash =
        std::hash<std::string_view>()({begin, static_cast<std::size_t>(end - begin)});
    again = std::exchange(last_items_, hash) == hash;
  }
  if (!again) {
    return {};
  }
  return fail(error(ErrorCode::answer_pages_repeat,
                    "the server gives a page once more that was read before",
                    "the description's pager does not fit this list, or the server ignores it"));
}

bool PageWalk::ends(const Told& told) const {
  if (told.last.value_or(false)) {
    return true;
  }
  if (told.next) {
    return told.count == 0 && !pager_.short_pages;
  }
  const bool names_next = !by_number() || !pager_.next.empty();
  if (names_next || reached(told) || told.count == 0) {
    return true;
  }
  const bool says_more = told.last.has_value() || told.total.has_value();
  return !pager_.short_pages && !says_more && told.count < told.size;
}

bool PageWalk::reached(const Told& told) const {
  if (!told.total) {
    return false;
  }
  if (pager_.style == Style::offset) {
    return told.position.value_or(position_) - pager_.first + told.count >= *told.total;
  }
  if (from_start_ || told.size == 0) {
    return from_start_ && seen_ >= *told.total;
  }
  const std::int64_t pages_before = (*told.total - told.count + told.size - 1) / told.size;
  return position_ - pager_.first >= pages_before;
}

Status PageWalk::go_on(const Told& told) {
  if (empty_pages_ >= most_empty_pages) {
    return fail(error(
        ErrorCode::answer_pages_repeat,
        fmt::format("the last {} pages were empty, and there is always one more", most_empty_pages),
        "ask the server's administrator, or begin further on"));
  }
  if (by_number()) {
    return go_to_number(told);
  }
  if (pager_.style == Style::link) {
    return go_to_link(told);
  }
  ATLINK_CHECK(remember(*told.next));
  ask(pager_.position, *told.next);
  return {};
}

Status PageWalk::go_to_number(const Told& told) {
  const bool by_items = pager_.style == Style::offset;
  std::int64_t next = by_items ? told.position.value_or(position_) + told.count : position_ + 1;
  if (told.next) {
    const auto number = whole_number(*told.next);
    if (!number) {
      return fail(error(ErrorCode::answer_not_understood,
                        fmt::format("the server names \"{}\" as the next page, which is no number",
                                    printable(*told.next, 60)),
                        "the description's pager does not fit this list"));
    }
    next = *number;
  }
  if (next <= position_) {
    return fail(error(ErrorCode::answer_pages_repeat,
                      fmt::format("after the page at {} the server leads to {}", position_, next),
                      "the description's pager does not fit this list, or the server ignores it"));
  }
  position_ = next;
  ask(pager_.position, std::to_string(next));
  return {};
}

Result<Url> PageWalk::url_of_link(const Told& told) const {
  ATLINK_ASSIGN(const Url asked, base_.request_url(request_.path));
  const std::string& link = *told.next;
  const bool rooted = link.front() == '/' && link.substr(0, 2) != "//";
  const std::string& context = base_.context_path();
  const bool has_context = !context.empty() && is_below(link, context);
  std::string reference = link;
  if (gateway_ && rooted && is_below(link, gateway_->context_path())) {
    reference = std::string(gateway_->site().origin()) + link;
  } else if (!told.by_header && rooted && !has_context) {
    std::string before = told.link_base.empty() ? base_.str() : told.link_base;
    while (!before.empty() && before.back() == '/') {
      before.pop_back();
    }
    reference = before + link;
  }
  ATLINK_ASSIGN(const Url resolved, asked.resolve(reference));
  ATLINK_ASSIGN(const Url clean, http::without_oauth(resolved));
  return below_base(clean);
}

Result<Url> PageWalk::below_base(const Url& url) const {
  if (gateway_) {
    const std::string& front = gateway_->str();
    if (is_below(url.str(), front)) {
      return base_.request_url(base_.str() + url.str().substr(front.size()));
    }
  }
  return base_.request_url(url.str());
}

Status PageWalk::go_to_link(const Told& told) {
  auto url = url_of_link(told);
  if (!url) {
    return fail(error(url.error().code,
                      "the list goes on where it must not: " + url.error().message,
                      "compare the base URL with the one that the server believes it has"));
  }
  ATLINK_CHECK(remember(url->str()));
  request_ = {url->str(), {}};
  return {};
}

Status PageWalk::remember(std::string_view where) {
  if (visited_.insert(std::hash<std::string_view>()(where)).second) {
    return {};
  }
  return fail(error(ErrorCode::answer_pages_repeat,
                    "the server leads back to a page that was read before",
                    "the list changes too fast, or the server has a defect; try again"));
}

Error PageWalk::error(ErrorCode code, std::string_view what, std::string_view next) const {
  const auto url = base_.request_url(request_.path);
  const std::string shown = url ? http::shown_url(*url) : printable(request_.path);
  return make_error(code, fmt::format("{}: {}", shown, what), std::string(next))
      .with("url", shown)
      .with("items", std::to_string(seen_));
}

void PageWalk::ask(const std::string& name, std::string value) {
  take_field(request_.query, name);
  request_.query.emplace_back(name, std::move(value));
}

}  // namespace atlink
