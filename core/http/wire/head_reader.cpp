// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/head_reader.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace atlink::wire {

namespace {

std::string_view without_line_break(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
    line.remove_suffix(1);
  }
  return line;
}

/// The three digits after "HTTP/x.y "; 0 where they are not there.
int status_of(std::string_view line) {
  const std::size_t space = line.find(' ');
  int status = 0;
  if (space != std::string_view::npos && line.size() >= space + 4) {
    std::from_chars(line.data() + space + 1, line.data() + space + 4, status);
  }
  return status >= 100 && status <= 999 ? status : 0;
}

}  // namespace

Status HeadReader::begin(std::string_view line) {
  const int status = status_of(line);
  if (status == 0) {
    return fail(ErrorCode::answer_not_understood,
                fmt::format("the answer begins with \"{}\", which is no status line of HTTP",
                            printable(line, 80)),
                "check scheme, host and port of the URL");
  }
  head_ = HttpResponseHead{status, {}};
  size_ = line.size();
  framed_ = line.substr(0, 6) == "HTTP/2";
  in_head_ = true;
  return {};
}

void HeadReader::flush_field() {
  if (!field_.first.empty()) {
    head_.headers.add(std::move(field_.first), std::move(field_.second));
  }
  field_ = {};
}

void HeadReader::add_field(std::string_view line) {
  // RFC 9112 section 5.2: a line that begins with white space continues the field before.
  if (line.front() == ' ' || line.front() == '\t') {
    field_.second.append(" ").append(trim(line));
    return;
  }
  flush_field();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    field_ = {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))};
  }
}

// RFC 9112 section 6.3: with two lengths nobody knows where this answer ends and the next begins.
Status HeadReader::check_length() const {
  const auto lengths = head_.headers.all("Content-Length");
  const bool agree = std::all_of(lengths.begin(), lengths.end(), [&lengths](std::string_view each) {
    return each == lengths.front();
  });
  return agree ? Status()
               : fail(ErrorCode::answer_not_understood,
                      "the answer has two Content-Length fields that contradict each other",
                      "tell the administrator of the server or of the proxy before it");
}

bool HeadReader::ends_with_connection() const {
  return !framed_ && !head_.headers.find("Content-Length") &&
         !head_.headers.find("Transfer-Encoding") && head_.status != 204 && head_.status != 304;
}

Result<bool> HeadReader::take(std::string_view line) {
  started_ = true;
  line = without_line_break(line);
  if (complete_) {
    return false;
  }
  if (!in_head_) {
    ATLINK_CHECK(begin(line));
    return false;
  }
  size_ += line.size();
  if (size_ > limit) {
    return fail(ErrorCode::answer_too_large,
                fmt::format("the head of the answer is larger than {} KiB", limit >> 10));
  }
  if (!line.empty()) {
    add_field(line);
    return false;
  }
  flush_field();
  in_head_ = false;
  ATLINK_CHECK(check_length());
  complete_ = head_.status >= 200;
  return complete_;
}

}  // namespace atlink::wire
