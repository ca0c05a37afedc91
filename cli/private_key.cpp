// SPDX-License-Identifier: Apache-2.0
#include "cli/private_key.h"

#include "atlink/text.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace atlink::cli {

namespace {

constexpr unsigned others_may_read = 0044;
constexpr std::size_t largest_secret = std::size_t{1} << 20;
constexpr int most_questions = 3;
// The smallest key that is taken has more characters in base64 than this.
constexpr std::size_t longest_likely_path = 400;

Result<Secret> read_whole(File& file, const std::string& name) {
  Secret content;
  std::vector<char> buffer(4096);
  for (;;) {
    auto count = file.read(buffer);
    if (!count || *count == 0) {
      wipe_memory(buffer.data(), buffer.size());
      if (!count) {
        return fail(std::move(count).error());
      }
      return content;
    }
    content.append({buffer.data(), *count});
    if (content.size() > largest_secret) {
      wipe_memory(buffer.data(), buffer.size());
      return fail(ErrorCode::file_damaged, fmt::format("{} is too large for a key", name));
    }
  }
}

std::string_view without_line_break(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// Some build systems hand over a PEM text with its line breaks written as \n.
Secret with_line_breaks(std::string text) {
  for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) {
    text.replace(at, 2, 1, '\n');
  }
  return Secret::take(text);
}

bool is_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos;
}

bool needs_passphrase(const Error& error) {
  return error.code == ErrorCode::key_passphrase && error.fact("passphrase") == "needed";
}

Error explained(Error error, const std::string& name) {
  if (error.code == ErrorCode::key_passphrase) {
    error.next = needs_passphrase(error)
                     ? "set ATLINK_PRIVATE_KEY_PASSPHRASE or give --passphrase-fd N"
                     : "check what was typed, or what ATLINK_PRIVATE_KEY_PASSPHRASE or "
                       "--passphrase-fd gave";
  }
  return error.fact("file").empty() ? std::move(error).with("key", name) : error;
}

Result<OpenedKey> ask_and_parse(const Call& call, const Secret& bytes, const std::string& name) {
  for (int left = most_questions;; --left) {
    ATLINK_ASSIGN(
        Secret passphrase,
        call.app.platform.terminal.ask_secret(fmt::format("passphrase of {}: ", printable(name))));
    auto key = RsaPrivateKey::parse(bytes.expose(), &passphrase);
    if (key) {
      call.given->typed_for_keys.insert_or_assign(name, passphrase.clone());
      return OpenedKey{std::move(*key), std::move(passphrase)};
    }
    if (key.error().code != ErrorCode::key_passphrase || left == 1) {
      return fail(explained(std::move(key).error(), name));
    }
    call.report.note("that is not its passphrase");
  }
}

void warn_if_readable(const Call& call, const std::string& path) {
  const auto info = call.app.platform.files.stat(path, true);
  if (info && info->kind == FileKind::regular && (info->mode & others_may_read) != 0) {
    call.report.warn(
        fmt::format("others can read the private key {}; chmod 600 keeps them out", path));
  }
}

}  // namespace

Status refuse_key_as_path(const Call& call, std::string_view text, std::string_view name) {
  const bool likely_path =
      text.size() <= longest_likely_path && text.find('\n') == std::string_view::npos;
  if ((likely_path && !is_pem(text)) ||
      call.app.platform.files.stat(std::string(text), true).has_value()) {
    return {};
  }
  return fail(ErrorCode::key_unreadable,
              fmt::format("{} is neither the path of a file nor a whole PEM text", name),
              "name a file, such as one that atlink keygen wrote; where PEM text is taken "
              "(ATLINK_PRIVATE_KEY), it needs its BEGIN and END lines");
}

Result<Secret> read_secret_file(const Call& call, const std::string& path) {
  FileSystem& files = call.app.platform.files;
  ATLINK_ASSIGN(const std::unique_ptr<File> file,
                path == "-" ? files.open_descriptor(0) : files.open(path, OpenMode::read, 0));
  return read_whole(*file, path == "-" ? "standard input" : path);
}

Result<Secret> read_secret_line(const Call& call,
                                std::string_view option,
                                const std::string& path) {
  auto& taken = call.given->standard_input;
  if (path != "-" || !taken) {
    ATLINK_ASSIGN(const Secret whole, read_secret_file(call, path));
    Secret line(without_line_break(whole.expose()));
    if (path == "-") {
      taken = {std::string(option), line.clone()};
    }
    return line;
  }
  if (taken->option != option) {
    return fail(ErrorCode::usage,
                fmt::format("standard input cannot give both {} and {}", taken->option, option),
                fmt::format("name a file for one of them: {} FILE", option));
  }
  return taken->secret.clone();
}

Status read_passphrase_lines(const Call& call) {
  if (call.given->lines || !call.arguments.has(passphrase_option.name)) {
    return {};
  }
  ATLINK_ASSIGN(
      const std::int64_t descriptor,
      call.arguments.integer(passphrase_option.name, 0, std::numeric_limits<int>::max(), 0));
  ATLINK_ASSIGN(const std::unique_ptr<File> file,
                call.app.platform.files.open_descriptor(static_cast<int>(descriptor)));
  ATLINK_ASSIGN(const Secret whole, read_whole(*file, "the passphrase"));
  std::vector<Secret> lines;
  std::string_view rest = without_line_break(whole.expose());
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    lines.emplace_back(without_line_break(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  lines.emplace_back(rest);
  call.given->lines = std::move(lines);
  return {};
}

Result<std::optional<Secret>> given_passphrase(const Call& call) {
  ATLINK_CHECK(read_passphrase_lines(call));
  if (call.given->lines) {
    return std::optional<Secret>(call.given->lines->back().clone());
  }
  if (auto text = variable(call, "ATLINK_PRIVATE_KEY_PASSPHRASE")) {
    return std::optional<Secret>(Secret::take(*text));
  }
  return std::optional<Secret>();
}

Result<OpenedKey> open_private_key(const Call& call, const Secret& bytes, const std::string& name) {
  ATLINK_ASSIGN(std::optional<Secret> passphrase, given_passphrase(call));
  if (const auto typed = call.given->typed_for_keys.find(name);
      !passphrase && typed != call.given->typed_for_keys.end()) {
    passphrase = typed->second.clone();
  }
  auto key = RsaPrivateKey::parse(bytes.expose(), passphrase ? &*passphrase : nullptr);
  if (key) {
    return OpenedKey{std::move(*key), std::move(passphrase)};
  }
  if (!passphrase && needs_passphrase(key.error()) && may_ask(call)) {
    return ask_and_parse(call, bytes, name);
  }
  return fail(explained(std::move(key).error(), name));
}

Result<RsaPrivateKey> private_key_of(const Call& call, const Profile& profile) {
  std::optional<std::string> given = variable(call, "ATLINK_PRIVATE_KEY");
  const bool is_text = given && is_pem(*given);
  const std::string path = is_text ? "ATLINK_PRIVATE_KEY" : given.value_or(profile.private_key);
  if (path.empty()) {
    return fail(ErrorCode::key_missing,
                fmt::format("profile {} has no private key", profile.name),
                fmt::format("atlink keygen --out DIR, then atlink profile set {} --private-key "
                            "DIR/private.pem",
                            profile.name));
  }
  if (is_text) {
    ATLINK_ASSIGN(OpenedKey opened,
                  open_private_key(call, with_line_breaks(std::move(*given)), path));
    return std::move(opened.key);
  }
  if (given) {
    ATLINK_CHECK(refuse_key_as_path(call, path, "ATLINK_PRIVATE_KEY"));
  }
  warn_if_readable(call, path);
  ATLINK_ASSIGN(const Secret bytes, read_secret_file(call, path));
  ATLINK_ASSIGN(OpenedKey opened, open_private_key(call, bytes, path));
  return std::move(opened.key);
}

}  // namespace atlink::cli
