// SPDX-License-Identifier: Apache-2.0
#include "cli/store_choice.h"

#include "atlink/stores.h"
#include "atlink/text.h"
#include "cli/passphrases.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

constexpr std::string_view kinds = "file, sealed, keyring, command, environment or auto";

// Never in silence: what is not encrypted is said to be so.
StoreKind picked(const Call& call) {
  const Status there = make_keyring(may_ask(call))->check();
  if (there) {
    call.report.note("the keyring answers, so secrets are kept there");
    return StoreKind::keyring;
  }
  call.report.warn(
      fmt::format("{}, so secrets are kept in a file of mode 0600 that is not encrypted; --store "
                  "sealed encrypts it",
                  there.error().message));
  return StoreKind::file;
}

Result<StoreKind> kind_named(const Call& call, const std::string& word) {
  if (word == "auto") {
    return picked(call);
  }
  const auto known = store_kind_from(word);
  if (!known) {
    return fail(ErrorCode::usage,
                fmt::format("a store is {}, not \"{}\"", kinds, printable(word, 80)));
  }
  return *known;
}

Status set_command(const Call& call, StoreChoice& choice) {
  const std::vector<std::string> words = call.arguments.values(store_command_option.name);
  if (words.empty()) {
    if (choice.command.empty()) {
      return fail(ErrorCode::usage,
                  "the store \"command\" needs --store-command with the program",
                  "give it once for the program and once for each of its arguments");
    }
    return {};
  }
  choice.command = words;
  ATLINK_ASSIGN(choice.command.front(), absolute_path(call, words.front()));
  ATLINK_ASSIGN(const FileInfo info, call.app.platform.files.stat(choice.command.front(), true));
  if (info.kind != FileKind::regular) {
    return fail(make_error(ErrorCode::store_unavailable,
                           fmt::format("{} is no program", choice.command.front()),
                           "name the program's file")
                    .with("file", choice.command.front()));
  }
  return {};
}

Status set_key_file(const Call& call, StoreChoice& choice) {
  const auto file = call.arguments.value(key_file_option.name);
  if (!file) {
    return {};
  }
  choice.key_file.clear();
  if (!file->empty()) {
    ATLINK_ASSIGN(choice.key_file, absolute_path(call, *file));
    ATLINK_CHECK(passphrase_from_file(call, choice.key_file));
  }
  return {};
}

Status refuse_idle(const Call& call, const StoreChoice& choice, bool key_file_elsewhere) {
  if (!key_file_elsewhere && call.arguments.has(key_file_option.name) &&
      choice.kind != StoreKind::sealed) {
    return fail(ErrorCode::usage, "--key-file is for a sealed store alone (--store sealed)");
  }
  if (call.arguments.has(store_command_option.name) && choice.kind != StoreKind::command) {
    return fail(ErrorCode::usage,
                "--store-command is for the store \"command\" alone (--store command)");
  }
  return {};
}

// What is damaged is there too, and logout forgets it.
Result<bool> holds_anything(CredentialStore& store, const std::string& profile) {
  const auto has = [](const auto& loaded) -> Result<bool> {
    if (loaded) {
      return loaded->has_value();
    }
    return is_out_of_reach(loaded.error().code) ? Result<bool>(fail(loaded.error())) : true;
  };
  ATLINK_ASSIGN(const bool credential, has(store.load(profile)));
  ATLINK_ASSIGN(const bool consumer, has(store.load_consumer(profile)));
  return credential || consumer;
}

Status unreachable(const std::string& profile, const StoreChoice& before, const Error& why) {
  return fail(make_error(ErrorCode::store_occupied,
                         fmt::format("whether {} holds secrets of profile {} cannot be found out: "
                                     "{}",
                                     in_words(before),
                                     profile,
                                     why.message),
                         "make it answer; or, to leave there what it may hold, add --leave-secrets")
                  .with("profile", profile));
}

}  // namespace

bool is_out_of_reach(ErrorCode code) {
  switch (code) {
    case ErrorCode::store_unavailable:
    case ErrorCode::store_locked:
    case ErrorCode::store_timeout:
    case ErrorCode::store_failed:
    case ErrorCode::process_failed:
    case ErrorCode::module_missing:
      return true;
    default:
      return false;
  }
}

Result<StoreChoice> named_choice(const Call& call,
                                 const std::optional<std::string>& word,
                                 StoreChoice before,
                                 bool key_file_elsewhere) {
  StoreChoice choice = std::move(before);
  if (word) {
    ATLINK_ASSIGN(const StoreKind kind, kind_named(call, *word));
    if (kind != choice.kind) {
      choice = StoreChoice{kind, {}, {}};
    }
  }
  ATLINK_CHECK(refuse_idle(call, choice, key_file_elsewhere));
  if (choice.kind == StoreKind::command) {
    ATLINK_CHECK(set_command(call, choice));
  }
  if (choice.kind == StoreKind::sealed) {
    ATLINK_CHECK(set_key_file(call, choice));
  }
  return choice;
}

Status check_left_empty(const Call& call,
                        const std::string& profile,
                        const StoreChoice& before,
                        const StoreChoice& after) {
  if (before == after) {
    return {};
  }
  const auto store = open_store_behind(call, profile, before);
  const auto holds = store ? holds_anything(**store, profile) : Result<bool>(fail(store.error()));
  if (!holds) {
    return call.arguments.has(leave_secrets_option.name)
               ? Status()
               : unreachable(profile, before, holds.error());
  }
  if (!*holds) {
    return {};
  }
  const std::string forget = fmt::format("atlink logout --profile {}", profile);
  return fail(
      make_error(ErrorCode::store_occupied,
                 fmt::format("the secrets of profile {} are in {}", profile, in_words(before)),
                 before.kind == after.kind
                     ? fmt::format("forget them first: {}; or move them to a store of "
                                   "another kind and back",
                                   forget)
                     : fmt::format("move them: atlink profile move-secrets {} --to {}; or "
                                   "forget them first: {}",
                                   profile,
                                   to_string(after.kind),
                                   forget))
          .with("profile", profile));
}

}  // namespace atlink::cli
