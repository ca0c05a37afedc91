// SPDX-License-Identifier: Apache-2.0
#include "tests/wire/bodies.h"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

namespace atlink::tests {

namespace {

class PlannedBody final : public BodySource {
 public:
  explicit PlannedBody(BodyPlan plan) : plan_(std::move(plan)) {
    if (!plan_.text.empty()) {
      plan_.bytes = plan_.text.size();
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> length() const override { return plan_.announced; }

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    std::this_thread::sleep_for(plan_.pause);
    if (plan_.fail_after && given_ >= *plan_.fail_after) {
      return fail(ErrorCode::file_io, "the planned body fails here", "plan another one");
    }
    std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), plan_.bytes - given_));
    count = plan_.piece > 0 ? std::min(count, plan_.piece) : count;
    for (std::size_t i = 0; i < count; ++i) {
      buffer[i] = letter(given_ + i);
    }
    given_ += count;
    return count;
  }

  [[nodiscard]] bool rewind() override {
    given_ = 0;
    return true;
  }

 private:
  [[nodiscard]] char letter(std::uint64_t place) const {
    return plan_.text.empty() ? static_cast<char>('a' + place % 23) : plan_.text[place];
  }

  BodyPlan plan_;
  std::uint64_t given_ = 0;
};

}  // namespace

std::unique_ptr<BodySource> make_body(const BodyPlan& plan) {
  return std::make_unique<PlannedBody>(plan);
}

Status Answer::head(const HttpResponseHead& head) {
  ++heads_;
  head_ = head;
  if (refuse_ == "head") {
    return fail(ErrorCode::answer_login_page, "the handler refuses this head", "sign in");
  }
  return {};
}

Status Answer::write(std::string_view bytes) {
  bytes_ += bytes.size();
  if (refuse_ == "body") {
    return fail(ErrorCode::file_unwritable, "the handler refuses this body", "make room");
  }
  if (refuse_ == "throw") {
    throw std::runtime_error("the handler throws");
  }
  text_.append(bytes.substr(0, keep_ - std::min(keep_, text_.size())));
  return {};
}

}  // namespace atlink::tests
