// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/head_reader.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

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
  in_head_ = true;
  return {};
}

void HeadReader::add_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return;
  }
  head_.headers.add(std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
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
  in_head_ = false;
  complete_ = head_.status >= 200;
  return complete_;
}

}  // namespace atlink::wire
