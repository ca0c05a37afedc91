// SPDX-License-Identifier: Apache-2.0
#include "core/listen/chunked_body.h"

#include "atlink/text.h"
#include "core/listen/request_head.h"

#include <algorithm>

namespace atlink::listen {

namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_trailer = 16384;

}  // namespace

void ChunkedBody::read_size(std::string_view line, std::uint64_t held) {
  const auto size = read_number(trim(line.substr(0, line.find(';'))), 16);
  if (!size || line.find_first_of("\r\n") != std::string_view::npos) {
    refusal_ = 400;
  } else if (*size > limit_ - std::min(held, limit_)) {
    refusal_ = 413;
  } else {
    left_in_chunk_ = *size;
    part_ = *size == 0 ? Part::trailer : Part::data;
  }
}

std::size_t ChunkedBody::take_line(std::string_view input) {
  const std::size_t end = input.find("\r\n");
  if (end == std::string_view::npos || end > longest_line) {
    refusal_ = input.size() > longest_line ? 400 : 0;
    return 0;
  }
  const std::string_view line = input.substr(0, end);
  switch (part_) {
    case Part::size:
      read_size(line, held_);
      break;
    case Part::data_end:
      refusal_ = line.empty() ? 0 : 400;
      part_ = Part::size;
      break;
    default:
      trailer_bytes_ += line.size() + 2;
      refusal_ = trailer_bytes_ > longest_trailer ? 431 : 0;
      part_ = line.empty() ? Part::end : Part::trailer;
  }
  return end + 2;
}

std::size_t ChunkedBody::take_data(std::string_view input, std::string& body) {
  const std::size_t some =
      static_cast<std::size_t>(std::min<std::uint64_t>(left_in_chunk_, input.size()));
  body.append(input.substr(0, some));
  held_ += some;
  left_in_chunk_ -= some;
  part_ = left_in_chunk_ == 0 ? Part::data_end : Part::data;
  return some;
}

std::size_t ChunkedBody::take(std::string_view input, std::string& body) {
  std::size_t taken = 0;
  while (refusal_ == 0 && part_ != Part::end && taken < input.size()) {
    const std::string_view rest = input.substr(taken);
    const std::size_t some = part_ == Part::data ? take_data(rest, body) : take_line(rest);
    taken += some;
    if (some == 0) {
      break;
    }
  }
  return taken;
}

}  // namespace atlink::listen
