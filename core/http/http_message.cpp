// SPDX-License-Identifier: Apache-2.0
#include "atlink/http_message.h"

#include "atlink/text.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink {

BodySource::~BodySource() = default;
BodySink::~BodySink() = default;

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  fields_.erase(
      std::remove_if(fields_.begin(),
                     fields_.end(),
                     [&](const Field& field) { return equals_ignoring_case(field.first, name); }),
      fields_.end());
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (equals_ignoring_case(key, name)) {
      return value;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : fields_) {
    if (equals_ignoring_case(key, name)) {
      values.emplace_back(value);
    }
  }
  return values;
}

namespace {

/// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return text::is_alnum(c) || marks.find(c) != std::string_view::npos;
}

bool is_value_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

/// A body that is a string.
class StringSource final : public BodySource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}

  [[nodiscard]] std::optional<std::uint64_t> length() const override { return bytes_.size(); }

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::copy_n(bytes_.data() + at_, count, buffer.data());
    at_ += count;
    return count;
  }

  [[nodiscard]] bool rewind() override {
    at_ = 0;
    return true;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Status check_header(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character)) {
    return fail(ErrorCode::header_invalid,
                fmt::format("\"{}\" cannot be the name of a header", printable(name, 80)),
                "a header's name has letters, digits and dashes only");
  }
  if (!std::all_of(value.begin(), value.end(), is_value_character)) {
    // The value is not shown: it may be a secret.
    return fail(ErrorCode::header_invalid,
                fmt::format("the value of header {} has a line break or control character",
                            printable(name, 80)));
  }
  return {};
}

Status check_method(std::string_view method) {
  const bool capitals =
      std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (method.empty() || method.size() > 32 || !capitals) {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" is no HTTP method", printable(method, 40)),
                "write it in capital letters, for example GET or POST");
  }
  return {};
}

std::unique_ptr<BodySource> body_from_string(std::string bytes) {
  return std::make_unique<StringSource>(std::move(bytes));
}

Status StringSink::write(std::string_view bytes) {
  if (bytes.size() > limit_ - text_.size()) {
    return fail(ErrorCode::answer_too_large,
                fmt::format("the answer is larger than {} bytes", limit_));
  }
  text_ += bytes;
  return {};
}

}  // namespace atlink
