// SPDX-License-Identifier: Apache-2.0
#include "atlink/base_string.h"
#include "atlink/text.h"
#include "core/http/redact.h"

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::oauth1 {

namespace {

using Part = BaseStringDifference::Part;

struct Taken {
  std::string method;
  std::string scheme;
  std::string host;
  std::string port;
  std::string path;
  FormFields parameters;
};

bool take_url(std::string_view url, Taken& taken) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) {
    return false;
  }
  taken.scheme = url.substr(0, colon);
  url.remove_prefix(colon + 3);
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, slash);
  taken.path = url.substr(slash);
  // A colon inside brackets belongs to an IPv6 address.
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  taken.host = authority.substr(0, port);
  taken.port = port == std::string_view::npos ? "" : std::string(authority.substr(port + 1));
  return true;
}

std::optional<Taken> take_apart(std::string_view base_string) {
  const std::size_t first = base_string.find('&');
  const std::size_t second =
      first == std::string_view::npos ? first : base_string.find('&', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  Taken taken;
  taken.method = base_string.substr(0, first);
  const std::string url = percent_decode(base_string.substr(first + 1, second - first - 1));
  if (!take_url(url, taken)) {
    return std::nullopt;
  }
  taken.parameters = parse_form(percent_decode(base_string.substr(second + 1)));
  return taken;
}

std::string shown(std::string_view name, std::string_view value) {
  constexpr std::size_t longest = 200;
  return http::is_secret_name(name) ? "(hidden)" : printable(value, longest);
}

BaseStringDifference of_parameter(const std::pair<std::string, std::string>* ours,
                                  const std::pair<std::string, std::string>* theirs) {
  // Both lists are sorted, so the smaller name is the one that the other side lacks.
  if (ours != nullptr && theirs != nullptr && ours->first != theirs->first) {
    (ours->first < theirs->first ? theirs : ours) = nullptr;
  }
  BaseStringDifference difference;
  difference.part = Part::parameter;
  if (theirs != nullptr) {
    difference.name = printable(theirs->first, 200);
    difference.theirs = shown(theirs->first, theirs->second);
  }
  if (ours != nullptr) {
    difference.name = printable(ours->first, 200);
    difference.ours = shown(ours->first, ours->second);
  }
  return difference;
}

std::optional<BaseStringDifference> compare_parameters(const FormFields& ours,
                                                       const FormFields& theirs) {
  const std::size_t most = std::max(ours.size(), theirs.size());
  for (std::size_t i = 0; i < most; ++i) {
    const auto* const a = i < ours.size() ? &ours[i] : nullptr;
    const auto* const b = i < theirs.size() ? &theirs[i] : nullptr;
    if (a == nullptr || b == nullptr || *a != *b) {
      return of_parameter(a, b);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Part part) {
  constexpr std::array<std::string_view, 7> names{
      "whole", "method", "scheme", "host", "port", "path", "parameter"};
  return names[static_cast<std::size_t>(part)];
}

std::optional<BaseStringDifference> first_difference(std::string_view ours,
                                                     std::string_view theirs) {
  if (ours == theirs) {
    return std::nullopt;
  }
  const auto a = take_apart(ours);
  const auto b = take_apart(theirs);
  if (!a || !b) {
    return BaseStringDifference{};
  }
  const std::array<std::pair<Part, std::string Taken::*>, 5> parts{{
      {Part::method, &Taken::method},
      {Part::scheme, &Taken::scheme},
      {Part::host, &Taken::host},
      {Part::port, &Taken::port},
      {Part::path, &Taken::path},
  }};
  for (const auto& [part, member] : parts) {
    if ((*a).*member != (*b).*member) {
      return BaseStringDifference{part, {}, printable((*a).*member), printable((*b).*member)};
    }
  }
  // What decodes to the same and is written in another way is still another base string.
  const auto different = compare_parameters(a->parameters, b->parameters);
  return different ? different : BaseStringDifference{};
}

}  // namespace atlink::oauth1
