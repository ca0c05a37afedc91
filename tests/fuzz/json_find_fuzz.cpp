// SPDX-License-Identifier: Apache-2.0
// The input is a JSON pointer, a NUL and an answer.
#include "atlink/json.h"
#include "atlink/text.h"
#include "tests/fuzz/fuzz.h"

#include <optional>
#include <string>

using namespace atlink;

namespace {

/// The next segment of a pointer, unescaped; moves the pointer behind it. None if malformed.
std::optional<std::string> next_segment(std::string_view& pointer) {
  if (pointer.front() != '/') {
    return std::nullopt;
  }
  pointer.remove_prefix(1);
  const std::string_view raw = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(raw.size());
  std::string segment;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '~') {
      segment += raw[i];
    } else if (++i < raw.size() && (raw[i] == '0' || raw[i] == '1')) {
      segment += raw[i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return segment;
}

/// The same search in a document that was read whole.
const std::string* search(const json::Value& root, std::string_view pointer) {
  const json::Value* value = &root;
  while (!pointer.empty() && value != nullptr) {
    const auto segment = next_segment(pointer);
    if (!segment) {
      return nullptr;
    }
    const json::Value* inner = value->find(*segment);
    if (const json::Array* array = value->as_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        inner = std::to_string(i) == *segment ? &(*array)[i] : inner;
      }
    }
    value = inner;
  }
  return value == nullptr ? nullptr : value->as_string();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t end = input.find('\0');
  if (end == std::string_view::npos) {
    return 0;
  }
  const std::string_view pointer = input.substr(0, end);
  const std::string_view answer = input.substr(end + 1);
  const auto found = json::find_string(answer, pointer);
  fuzz::require(json::find_strings(answer, pointer, 3).size() <= 3, "no more than asked for");
  const auto document = json::parse(answer);
  if (!document) {
    return 0;
  }
  if (const std::string* wanted = search(*document, pointer)) {
    fuzz::require(found == *wanted, "what stands in a good document is found");
  }
  return 0;
}
