// SPDX-License-Identifier: Apache-2.0
#include "atlink/error.h"

#include <array>

namespace atlink {

namespace {

struct Row {
  ErrorCode code;
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array rows{
#define ATLINK_ERROR_CODE(identifier, number, dotted_name, sentence) \
  Row{ErrorCode::identifier, dotted_name, sentence},
#include "atlink/error_codes.def"
#undef ATLINK_ERROR_CODE
};

const Row& row_of(ErrorCode code) {
  for (const Row& row : rows) {
    if (row.code == code) {
      return row;
    }
  }
  return row_of(ErrorCode::internal);
}

}  // namespace

std::string_view name_of(ErrorCode code) {
  return row_of(code).name;
}

std::string_view meaning_of(ErrorCode code) {
  return row_of(code).sentence;
}

const std::vector<ErrorCode>& all_error_codes() {
  static const std::vector<ErrorCode> codes = [] {
    std::vector<ErrorCode> all;
    all.reserve(rows.size());
    for (const Row& row : rows) {
      all.push_back(row.code);
    }
    return all;
  }();
  return codes;
}

Error Error::with(std::string key, std::string value) && {
  context.emplace_back(std::move(key), std::move(value));
  return std::move(*this);
}

std::string_view Error::fact(std::string_view key) const {
  for (const auto& [name, value] : context) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

Error make_error(ErrorCode code, std::string message, std::string next) {
  return Error{code, std::move(message), std::move(next), {}};
}

}  // namespace atlink
