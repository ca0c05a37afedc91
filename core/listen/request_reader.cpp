// SPDX-License-Identifier: Apache-2.0
#include "core/listen/request_reader.h"

#include <algorithm>
#include <utility>

namespace atlink::listen {

RequestReader::Progress RequestReader::refuse(int status) {
  refusal_ = status;
  keep_alive_ = false;
  input_.clear();
  head_.reset();
  return Progress::refused;
}

// Judges each byte as it comes, so that what is no HTTP at all (a TLS greeting, say) is refused at
// once instead of at the deadline.
bool RequestReader::scan_head() {
  for (; scanned_ < input_.size(); ++scanned_) {
    const char c = input_[scanned_];
    if (c != '\n') {
      if ((static_cast<unsigned char>(c) < ' ' && c != '\r' && c != '\t') || c == '\x7f') {
        refusal_ = 400;
        return false;
      }
      continue;
    }
    if (scanned_ == line_begin_ || input_[scanned_ - 1] != '\r') {
      refusal_ = 400;  // a line break that only some readers would see
      return false;
    }
    if (scanned_ == 1) {
      input_.erase(0, 2);  // RFC 9112 section 2.2: an empty line before the request line
      scanned_ = 0;
      return scan_head();
    }
    const bool empty_line = scanned_ == line_begin_ + 1;
    line_begin_ = scanned_ + 1;
    if (empty_line) {
      ++scanned_;
      return true;
    }
  }
  return false;
}

RequestReader::Progress RequestReader::read_head() {
  const bool complete = scan_head();
  if (refusal_ != 0) {
    return refuse(refusal_);
  }
  if (scanned_ > limits_.head_bytes) {
    return refuse(431);
  }
  if (!complete) {
    return Progress::waiting;
  }
  RequestHead head =
      read_request_head(std::string_view(input_).substr(0, scanned_), limits_.body_bytes);
  input_.erase(0, scanned_);
  scanned_ = 0;
  line_begin_ = 0;
  if (head.refusal != 0) {
    return refuse(head.refusal);
  }
  keep_alive_ = head.keep_alive;
  if (head.chunked) {
    chunks_.emplace(limits_.body_bytes);
  }
  head_ = std::move(head);
  return read_body();
}

RequestReader::Progress RequestReader::read_body() {
  std::string& body = head_->request.body;
  if (chunks_) {
    input_.erase(0, chunks_->take(input_, body));
    if (chunks_->refusal() != 0) {
      return refuse(chunks_->refusal());
    }
    return chunks_->complete() ? Progress::complete : Progress::waiting;
  }
  const auto missing = static_cast<std::size_t>(head_->content_length) - body.size();
  const std::size_t some = std::min(missing, input_.size());
  body.append(input_, 0, some);
  input_.erase(0, some);
  return some == missing ? Progress::complete : Progress::waiting;
}

RequestReader::Progress RequestReader::feed(std::string_view bytes) {
  if (refusal_ != 0) {
    return Progress::refused;
  }
  input_.append(bytes);
  return head_ ? read_body() : read_head();
}

ServerRequest RequestReader::take() {
  ServerRequest request = std::move(head_->request);
  head_.reset();
  chunks_.reset();
  return request;
}

bool RequestReader::take_continue() {
  // Who has begun to send the body does not wait any more.
  return head_ && std::exchange(head_->expects_continue, false) && head_->request.body.empty() &&
         input_.empty();
}

std::size_t RequestReader::held() const {
  return input_.size() + (head_ ? head_->request.body.size() : 0);
}

}  // namespace atlink::listen
