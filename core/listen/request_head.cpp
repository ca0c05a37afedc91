// SPDX-License-Identifier: Apache-2.0
#include "core/listen/request_head.h"

#include "atlink/text.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace atlink::listen {

namespace {

constexpr int bad_request = 400;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

bool is_target(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Narrower than RFC 9110 section 7.2: what a real client sends, and nothing that could mean
// something in a URL, a header or a page.
bool is_host(std::string_view text) {
  static constexpr std::string_view marks = ".-_:[]";
  return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
         });
}

/// Cuts the next line off `text`, without its CR LF.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

/// Turns "http://host/path" into "/path" and tells the host; none where that is not possible.
std::optional<std::string> take_authority(std::string& target) {
  constexpr std::string_view scheme = "http://";
  if (!equals_ignoring_case(std::string_view(target).substr(0, scheme.size()), scheme)) {
    return std::nullopt;
  }
  const std::size_t end = std::min(target.find_first_of("/?", scheme.size()), target.size());
  std::string host = target.substr(scheme.size(), end - scheme.size());
  target.erase(0, end);
  if (target.empty() || target.front() != '/') {
    target.insert(target.begin(), '/');
  }
  return host;
}

int read_version(std::string_view version, RequestHead& head) {
  if (version == "HTTP/1.1") {
    return 0;
  }
  head.keep_alive = false;
  if (version == "HTTP/1.0") {
    return 0;
  }
  return version.substr(0, 5) == "HTTP/" ? 505 : bad_request;
}

int read_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return bad_request;
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (method.size() > 32 || !is_token(method) || target.empty() || !is_target(target)) {
    return bad_request;
  }
  head.request.method = method;
  head.request.target = target;
  return read_version(line.substr(last + 1), head);
}

int read_field(std::string_view line, Headers& headers) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return bad_request;  // a folded line (RFC 9112 section 5.2) among others
  }
  const std::string_view value = line.substr(colon + 1);
  const bool clean = std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  });
  if (!clean) {
    return bad_request;
  }
  headers.add(std::string(line.substr(0, colon)), std::string(trim(value)));
  return 0;
}

// Two different ideas of the host are how requests get past a check, so there must be one.
int settle_host(RequestHead& head, bool old_version) {
  const auto hosts = head.request.headers.all("Host");
  if (hosts.size() > 1 || (hosts.empty() && !old_version)) {
    return bad_request;
  }
  if (auto authority = take_authority(head.request.target)) {
    head.request.headers.set("Host", *std::move(authority));
  }
  const bool asterisk = head.request.method == "OPTIONS" && head.request.target == "*";
  if (head.request.target.front() != '/' && !asterisk) {
    return bad_request;
  }
  return is_host(head.request.headers.find("Host").value_or("")) ? 0 : bad_request;
}

// RFC 9112 section 6.3: a length and chunks together, or two lengths, are an attack or a mistake.
int settle_body(RequestHead& head, bool old_version, std::uint64_t limit) {
  const auto lengths = head.request.headers.all("Content-Length");
  const auto codings = head.request.headers.all("Transfer-Encoding");
  if (lengths.size() > 1 || codings.size() > 1 || (!lengths.empty() && !codings.empty())) {
    return bad_request;
  }
  if (!codings.empty()) {
    head.chunked = true;
    if (old_version) {
      return bad_request;
    }
    return equals_ignoring_case(codings.front(), "chunked") ? 0 : 501;
  }
  if (lengths.empty()) {
    return 0;
  }
  const auto length = read_number(lengths.front(), 10);
  if (!length) {
    const bool digits = lengths.front().find_first_not_of("0123456789") == std::string_view::npos;
    return digits && !lengths.front().empty() ? 413 : bad_request;
  }
  head.content_length = *length;
  return *length > limit ? 413 : 0;
}

int settle_expectation(RequestHead& head, bool old_version) {
  const auto expectation = head.request.headers.find("Expect");
  if (!expectation || old_version) {
    return 0;  // RFC 9110 section 10.1.1: ignored from HTTP/1.0
  }
  head.expects_continue = equals_ignoring_case(*expectation, "100-continue");
  return head.expects_continue ? 0 : 417;
}

bool wants_close(const Headers& headers) {
  for (std::string_view list : headers.all("Connection")) {
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      if (equals_ignoring_case(trim(list.substr(0, comma)), "close")) {
        return true;
      }
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  return false;
}

int read_all(std::string_view text, std::uint64_t body_limit, RequestHead& head) {
  if (const int status = read_request_line(take_line(text), head)) {
    return status;
  }
  const bool old_version = !head.keep_alive;
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    if (const int status = read_field(line, head.request.headers)) {
      return status;
    }
  }
  if (const int status = settle_host(head, old_version)) {
    return status;
  }
  if (const int status = settle_body(head, old_version, body_limit)) {
    return status;
  }
  head.keep_alive = head.keep_alive && !wants_close(head.request.headers);
  return settle_expectation(head, old_version);
}

}  // namespace

std::optional<std::uint64_t> read_number(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  // Without a bound on the digits a number can wrap around.
  if (digits.empty() || digits.size() > (base == 16 ? 15U : 18U)) {
    return std::nullopt;
  }
  const auto result = std::from_chars(digits.data(), end, value, base);
  if (result.ec != std::errc() || result.ptr != end) {
    return std::nullopt;
  }
  return value;
}

RequestHead read_request_head(std::string_view text, std::uint64_t body_limit) {
  RequestHead head;
  head.refusal = read_all(text, body_limit, head);
  return head;
}

}  // namespace atlink::listen
