// SPDX-License-Identifier: Apache-2.0
#include "cli/passphrases.h"

#include "atlink/text.h"
#include "cli/private_key.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

constexpr std::string_view passphrase_variable = "ATLINK_PASSPHRASE";
constexpr unsigned any_right_of_others = 0077;
constexpr std::size_t shortest_key = 32;

tl::unexpected<Error> empty_one(const std::string& where) {
  return fail(make_error(ErrorCode::store_passphrase,
                         fmt::format("the passphrase {} is empty", where),
                         "give one that nobody guesses")
                  .with("passphrase", "needed"));
}

Result<Passphrase> checked(Secret bytes, const std::string& where) {
  if (bytes.empty()) {
    return empty_one(where);
  }
  return Passphrase{std::move(bytes), {}};
}

Result<Secret> typed_twice(const Call& call, const std::string& what) {
  Terminal& terminal = call.app.platform.terminal;
  ATLINK_ASSIGN(Secret first, terminal.ask_secret(fmt::format("new passphrase for {}: ", what)));
  ATLINK_ASSIGN(const Secret again,
                terminal.ask_secret(fmt::format("the same passphrase once more: ")));
  if (!first.equals(again.expose())) {
    return fail(make_error(ErrorCode::store_passphrase,
                           "the two passphrases differ",
                           "run the command again")
                    .with("passphrase", "needed"));
  }
  return first;
}

Result<Passphrase> asked(const Call& call, const std::string& what, bool is_new) {
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                fmt::format("{} needs a passphrase, and nothing gives it", what),
                "give --passphrase-fd N, or set ATLINK_PASSPHRASE");
  }
  ATLINK_ASSIGN(
      Secret typed,
      is_new ? typed_twice(call, what)
             : call.app.platform.terminal.ask_secret(fmt::format("passphrase for {}: ", what)));
  return checked(std::move(typed), "that was typed");
}

/// From --passphrase-fd or the environment; none where neither is there.
Result<std::optional<Passphrase>> handed_over(const Call& call, std::string_view profile) {
  ATLINK_CHECK(read_passphrase_lines(call));
  if (call.given->lines) {
    const auto& lines = *call.given->lines;
    ATLINK_ASSIGN(Passphrase given,
                  checked(lines.empty() ? Secret() : lines.front().clone(), "of --passphrase-fd"));
    return std::optional<Passphrase>(std::move(given));
  }
  if (auto found = secret_from(call.app.platform.environment, passphrase_variable, profile)) {
    return std::optional<Passphrase>(Passphrase{std::move(found->value), {}});
  }
  return std::optional<Passphrase>();
}

class StorePassphrases final : public Passphrases {
 public:
  StorePassphrases(const Call& call, StoreChoice choice)
      : call_(call), choice_(std::move(choice)) {}

  [[nodiscard]] Result<Passphrase> of(std::string_view profile, bool is_new) override {
    if (!choice_.key_file.empty()) {
      return passphrase_from_file(call_, choice_.key_file);
    }
    ATLINK_ASSIGN(auto given, handed_over(call_, profile));
    if (given) {
      return std::move(*given);
    }
    auto& typed = call_.given->typed;
    const auto known = typed.find(profile);
    if (known != typed.end()) {
      return Passphrase{known->second.clone(), {}};
    }
    ATLINK_ASSIGN(Passphrase fresh,
                  asked(call_, fmt::format("the sealed store of {}", profile), is_new));
    typed.insert_or_assign(std::string(profile), fresh.bytes.clone());
    return fresh;
  }

 private:
  Call call_;
  StoreChoice choice_;
};

}  // namespace

std::shared_ptr<Passphrases> passphrases_of(const Call& call, StoreChoice choice) {
  return std::make_shared<StorePassphrases>(call, std::move(choice));
}

Result<Passphrase> passphrase_from_file(const Call& call, const std::string& path) {
  ATLINK_ASSIGN(const FileInfo info, call.app.platform.files.stat(path, true));
  const bool foreign = info.owner != call.app.platform.files.user() && info.owner != 0;
  if (foreign || (info.mode & any_right_of_others) != 0) {
    return fail(make_error(ErrorCode::file_permissions,
                           fmt::format("the key file {} can be read by others", path),
                           fmt::format("see whose it is (ls -l '{0}'), then chmod 600 '{0}'", path))
                    .with("file", path));
  }
  ATLINK_ASSIGN(Secret bytes, read_secret_file(call, path));
  if (bytes.size() < shortest_key) {
    return fail(make_error(ErrorCode::store_passphrase,
                           fmt::format("the key file {} holds {} bytes, and fewer than {} can be "
                                       "guessed",
                                       path,
                                       bytes.size(),
                                       shortest_key),
                           "make one: (umask 077; head -c 32 /dev/urandom > FILE)")
                    .with("file", path));
  }
  return Passphrase{std::move(bytes), key_file_cost};
}

Result<Passphrase> bundle_passphrase(const Call& call,
                                     const std::string& profile,
                                     const std::string& what,
                                     bool is_new) {
  if (const auto file = call.arguments.value(key_file_option.name)) {
    return passphrase_from_file(call, *file);
  }
  ATLINK_ASSIGN(auto given, handed_over(call, profile));
  return given ? std::move(*given) : asked(call, what, is_new);
}

}  // namespace atlink::cli
