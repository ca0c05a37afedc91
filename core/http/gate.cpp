// SPDX-License-Identifier: Apache-2.0
#include "core/http/gate.h"

#include "core/http/redirect.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::http {

namespace {

/// What is read of an answer that nobody gets; beyond that the connection is given up.
constexpr std::size_t most_dropped = std::size_t{1} << 20;

}  // namespace

Gate::Gate(const Question& question,
           ResponseHandler& handler,
           IsInterim is_interim,
           Clock& clock,
           std::chrono::milliseconds patience)
    : question_(question),
      handler_(handler),
      is_interim_(std::move(is_interim)),
      clock_(clock),
      patience_(patience) {}

bool Gate::out_of_patience() const {
  return patience_.count() > 0 && clock_.steady() - since_ > patience_;
}

Status Gate::head(const HttpResponseHead& head) {
  head_ = head;
  since_ = clock_.steady();
  state_ = State::holding;
  if (body_matters(question_, head_)) {
    return {};
  }
  return settle();
}

Status Gate::write(std::string_view bytes) {
  if (state_ == State::holding) {
    const std::size_t room = looked_at - held_.size();
    held_ += bytes.substr(0, room);
    if (held_.size() < looked_at && !out_of_patience()) {
      return {};
    }
    ATLINK_CHECK(settle());
    bytes.remove_prefix(std::min(room, bytes.size()));
  }
  if (state_ == State::dropping) {
    return drop(bytes.size());
  }
  return state_ == State::withholding || bytes.empty() ? Status() : handler_.write(bytes);
}

Status Gate::drop(std::size_t bytes) {
  dropped_ += bytes;
  if (dropped_ > most_dropped || out_of_patience()) {
    return fail(ErrorCode::cancelled, "more of this answer is not read");
  }
  return {};
}

Status Gate::settle() {
  verdict_ = classify(question_, head_, held_);
  if (is_interim_(head_, verdict_)) {
    state_ = State::dropping;
    held_.clear();
    return {};
  }
  // A login page in place of data is nobody's data; with an error status it is what was said.
  const bool page = verdict_.signal == ResponseSignal::Meaning::login_page && head_.status < 400;
  state_ = page ? State::withholding : State::streaming;
  ATLINK_CHECK(handler_.head(head_));
  if (page || held_.empty()) {
    return {};
  }
  return handler_.write(std::exchange(held_, {}));
}

Status Gate::finish(Status outcome) {
  if (interim()) {
    return {};
  }
  if (!outcome) {
    return outcome;
  }
  if (state_ == State::waiting) {
    return fail(ErrorCode::internal, "the transport reports an answer without a head");
  }
  return settled() ? Status() : settle();
}

}  // namespace atlink::http
