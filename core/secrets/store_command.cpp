// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/store_command.h"

#include "atlink/text.h"
#include "core/secrets/record_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

constexpr std::int64_t protocol = 1;
constexpr std::chrono::seconds patience{20};
constexpr std::size_t most_output = std::size_t{1} << 20;
constexpr std::size_t longest_version = 256;
constexpr std::size_t longest_words = 300;
constexpr unsigned others_may_write = 0022;
/// So much of a secret record must not come back in an error.
constexpr std::size_t telling_piece = 8;

const char* const see_contract =
    "run the program by hand with a request of docs/stores.md, and compare what it prints with the "
    "answer there";

Error failed(const std::string& program, std::string_view what) {
  return make_error(ErrorCode::store_failed,
                    fmt::format("the store command {} {}", printable(program, 1000), what),
                    see_contract)
      .with("file", program);
}

bool repeats_secret(std::string_view words, const Secret* value) {
  if (value == nullptr || words.size() < telling_piece) {
    return false;
  }
  for (std::size_t at = 0; at + telling_piece <= words.size(); ++at) {
    if (value->expose().find(words.substr(at, telling_piece)) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// What the program says of a failure, unless that repeats what it was given.
std::string in_its_words(std::string_view words, const Secret* value) {
  words = words.substr(0, longest_words);
  while (!words.empty() && (words.back() == '\n' || words.back() == '\r')) {
    words.remove_suffix(1);
  }
  if (words.empty()) {
    return " and says nothing";
  }
  if (repeats_secret(words, value)) {
    return "; its words are left out, for they repeat the record";
  }
  return fmt::format(": {}", printable(words, longest_words));
}

/// A program that others can replace would be handed every secret.
Status judge(FileSystem& files, const std::string& program) {
  const auto info = files.stat(program, true);
  if (!info || info->kind != FileKind::regular) {
    return fail(
        make_error(ErrorCode::store_unavailable,
                   fmt::format("the store command {} is not there", program),
                   "install it, or choose another store: atlink profile set NAME --store file")
            .with("file", program));
  }
  const bool ours = info->owner == files.user() || info->owner == 0;
  if (!ours || (info->mode & others_may_write) != 0) {
    return fail(
        make_error(ErrorCode::store_unavailable,
                   fmt::format("the store command {} can be changed by others", program),
                   fmt::format("see whose it is (ls -l '{0}'), then chmod go-w '{0}'", program))
            .with("file", program));
  }
  return {};
}

Status check_end(const std::string& program, const ProcessEnd& end, const Secret* value) {
  switch (end.why) {
    case ProcessEnd::Why::patience:
      return fail(make_error(ErrorCode::store_timeout,
                             fmt::format("the store command {} did not answer within {} seconds",
                                         printable(program, 1000),
                                         patience.count()),
                             "see what it waits for: it has no terminal to ask at")
                      .with("file", program));
    case ProcessEnd::Why::output:
      return fail(failed(program, "printed more than a record can hold"));
    case ProcessEnd::Why::signal:
      return fail(failed(program, fmt::format("was ended by signal {}", end.signal)));
    case ProcessEnd::Why::exit:
      break;
  }
  if (end.exit_code != 0) {
    return fail(failed(
        program, fmt::format("ended with {}{}", end.exit_code, in_its_words(end.err, value))));
  }
  return {};
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= longest_version &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

/// One line of JSON that the program printed, wiped when it goes.
class StoreCommand::Answer {
 public:
  Answer(std::string program, json::Value value)
      : program_(std::move(program)),
        document_(std::make_unique<records::WipedDocument>(std::move(value))) {}

  [[nodiscard]] Status check(const Secret* value) const {
    const json::Value* version = find("atlink");
    const std::int64_t* number = version != nullptr ? version->as_integer() : nullptr;
    if (number == nullptr || *number != protocol) {
      return fail(failed(program_, "does not say that it speaks version 1 (\"atlink\": 1)"));
    }
    if (const json::Value* error = find("error")) {
      const std::string* words = error->as_string();
      return fail(failed(
          program_, "failed" + in_its_words(words != nullptr ? *words : std::string(), value)));
    }
    return {};
  }

  [[nodiscard]] Result<bool> flag(std::string_view name) const {
    const json::Value* value = find(name);
    if (value == nullptr || value->as_bool() == nullptr) {
      return fail(failed(program_, fmt::format("says nothing of \"{}\"", name)));
    }
    return *value->as_bool();
  }

  [[nodiscard]] Result<std::string> version() const {
    const json::Value* value = find("version");
    const std::string* text = value != nullptr ? value->as_string() : nullptr;
    if (text == nullptr || !is_version(*text)) {
      return fail(failed(program_, "gives no \"version\" of 1 to 256 visible ASCII characters"));
    }
    return *text;
  }

  [[nodiscard]] Result<Secret> value() const {
    const json::Value* value = find("value");
    const std::string* text = value != nullptr ? value->as_string() : nullptr;
    if (text == nullptr) {
      return fail(failed(program_, "gives no \"value\""));
    }
    return Secret(*text);
  }

 private:
  [[nodiscard]] const json::Value* find(std::string_view name) const {
    return document_->value().find(name);
  }

  std::string program_;
  std::unique_ptr<records::WipedDocument> document_;
};

StoreCommand::StoreCommand(const Platform& platform, std::vector<std::string> command)
    : platform_(platform), command_(std::move(command)) {}

Status StoreCommand::check() const {
  return judge(platform_.files, program());
}

Result<StoreCommand::Answer> StoreCommand::ask(json::Value request, const Secret* value) {
  ATLINK_CHECK(check());
  records::WipedDocument document(std::move(request));
  std::string line = json::write(document.value()) + "\n";
  const Secret input = Secret::take(line);
  ProcessStart start;
  start.program = program();
  start.arguments.assign(command_.begin() + 1, command_.end());
  for (const std::string& name : platform_.environment.names()) {
    // Secrets for us are none of its business.
    if (name.rfind("ATLINK_", 0) != 0) {
      start.environment.emplace_back(name, platform_.environment.get(name).value_or(""));
    }
  }
  start.input = input.expose();
  start.patience = patience;
  start.most_output = most_output;
  auto end = platform_.process.run(start);
  if (!end) {
    Error error = std::move(end).error();
    if (error.code == ErrorCode::process_failed) {
      error.code = ErrorCode::store_unavailable;
    }
    return fail(std::move(error));
  }
  const Secret printed = Secret::take(end->out);
  ATLINK_CHECK(check_end(program(), *end, value));
  auto parsed = json::parse(printed.expose(), most_output);
  const std::size_t break_at = printed.expose().find('\n');
  if (!parsed || parsed->as_object() == nullptr ||
      (break_at != std::string_view::npos && break_at + 1 != printed.size())) {
    return fail(failed(program(), "did not print one line with a JSON object"));
  }
  Answer answer(program(), *std::move(parsed));
  ATLINK_CHECK(answer.check(value));
  return answer;
}

namespace {

json::Value request_for(std::string_view action, const StoreCommand::Name& name) {
  json::Value request;
  request.set("atlink", protocol);
  request.set("action", action);
  request.set("profile", name.profile);
  request.set("record", name.record);
  return request;
}

}  // namespace

Result<std::optional<StoreCommand::Found>> StoreCommand::get(const Name& name) {
  ATLINK_ASSIGN(const Answer answer, ask(request_for("get", name), nullptr));
  ATLINK_ASSIGN(const bool found, answer.flag("found"));
  if (!found) {
    return std::nullopt;
  }
  ATLINK_ASSIGN(Secret value, answer.value());
  ATLINK_ASSIGN(std::string version, answer.version());
  return std::optional<Found>(Found{std::move(value), std::move(version)});
}

Result<std::optional<std::string>> StoreCommand::store(const Name& name,
                                                       const Secret& value,
                                                       const std::optional<std::string>& expected,
                                                       const std::optional<std::string>& expires) {
  json::Value request = request_for("store", name);
  request.set("value", value.expose());
  if (expected) {
    request.set("if_version", *expected);
  }
  if (expires) {
    request.set("expires_at", *expires);
  }
  ATLINK_ASSIGN(const Answer answer, ask(std::move(request), &value));
  ATLINK_ASSIGN(const bool stored, answer.flag("stored"));
  if (!stored) {
    if (!expected) {
      return fail(failed(program(), "did not store a record, although nothing was in the way"));
    }
    return std::optional<std::string>();
  }
  ATLINK_ASSIGN(std::string version, answer.version());
  return std::optional<std::string>(std::move(version));
}

Result<bool> StoreCommand::erase(const Name& name, const std::optional<std::string>& expected) {
  json::Value request = request_for("erase", name);
  if (expected) {
    request.set("if_version", *expected);
  }
  ATLINK_ASSIGN(const Answer answer, ask(std::move(request), nullptr));
  return answer.flag("erased");
}

}  // namespace atlink
