// SPDX-License-Identifier: Apache-2.0
#include "cli/report.h"

#include "atlink/text.h"
#include "cli/exit_code.h"
#include "cli/next_step.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

// Long enough for a server's own signature base string, which is there to be compared.
constexpr std::size_t longest_text = 4000;

std::string in_words(const Error& error) {
  std::string text = fmt::format("atlink: {}\n", printable(error.message, longest_text));
  for (const auto& [key, value] : error.context) {
    text += fmt::format("  {}: {}\n", printable(key), printable(value, longest_text));
  }
  return text + fmt::format("  next: {}\n", printable(next_step_of(error), longest_text));
}

}  // namespace

json::Value to_json(const Error& error) {
  json::Value object;
  object.set("code", name_of(error.code));
  object.set("message", printable(error.message, longest_text));
  object.set("next", printable(next_step_of(error), longest_text));
  json::Value context{json::Object{}};
  for (const auto& [key, value] : error.context) {
    context.set(printable(key), printable(value, longest_text));
  }
  object.set("context", std::move(context));
  return object;
}

Status Report::document(const json::Value& value) {
  return out_.write(json::write(value, 2));
}

Status Report::document_line(const json::Value& value) {
  return out_.write(json::write(value) + "\n");
}

// Where standard error cannot be written to there is nobody left to tell.
void Report::talk(std::string_view text) {
  static_cast<void>(err_.write(text));
}

void Report::note(std::string_view text) {
  if (!json()) {
    talk(fmt::format("atlink: {}\n", printable(text, longest_text)));
  }
}

void Report::hand_over(std::string_view name, std::string_view value) {
  const std::string clean = printable(value, longest_text);
  if (!json()) {
    talk(clean + "\n");
    return;
  }
  json::Value object;
  object.set(std::string(name), clean);
  talk(json::write(object) + "\n");
}

void Report::warn(std::string_view text) {
  if (json()) {
    warnings_.push_back(printable(text, longest_text));
  } else {
    talk(fmt::format("atlink: warning: {}\n", printable(text, longest_text)));
  }
}

json::Value Report::kept_warnings() const {
  json::Array list;
  for (const std::string& warning : warnings_) {
    list.emplace_back(warning);
  }
  return list;
}

int Report::failed(const Error& error) {
  if (error.code == ErrorCode::output_closed) {
    return exit_output_closed;
  }
  if (!json()) {
    talk(in_words(error));
    return exit_code_of(error);
  }
  json::Value object = to_json(error);
  if (!warnings_.empty()) {
    object.set("warnings", kept_warnings());
  }
  talk(json::write(object) + "\n");
  return exit_code_of(error);
}

int Report::finished() {
  if (!warnings_.empty()) {
    json::Value object;
    object.set("warnings", kept_warnings());
    talk(json::write(object) + "\n");
  }
  return exit_done;
}

}  // namespace atlink::cli
