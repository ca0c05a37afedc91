// SPDX-License-Identifier: Apache-2.0
#include "core/profile/profile_json.h"

#include "atlink/proxy.h"
#include "core/base/record_reader.h"
#include "core/profile/context_path.h"
#include "core/text/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace atlink {

namespace {

constexpr std::int64_t newest_format = 1;

Status check_format(const RecordReader& record) {
  if (record.find("format") == nullptr) {
    return {};
  }
  ATLINK_ASSIGN(const std::int64_t format, record.integer("format"));
  if (format < 1 || format > newest_format) {
    return fail(record.wrong(
        "format", fmt::format("is {}, and this release reads up to {}", format, newest_format)));
  }
  return {};
}

Status read_site(const RecordReader& record, Profile& profile) {
  ATLINK_ASSIGN(const std::string text, record.text("site"));
  const auto url = Url::parse(text);
  if (!url) {
    return fail(record.wrong("site", "is no site: " + url.error().message));
  }
  if (url->target() != "/") {
    return fail(record.wrong(
        "site", "must be scheme, host and port only; the path belongs into \"context_path\""));
  }
  profile.site = std::string(url->origin());
  ATLINK_ASSIGN(const auto context, record.optional_text("context_path"));
  auto path = normalised_context_path(context.value_or(""));
  if (!path) {
    return fail(record.wrong("context_path", "cannot be used: " + path.error().message));
  }
  profile.context_path = *std::move(path);
  return {};
}

Status read_path(const RecordReader& record, std::string_view member, std::string& path) {
  ATLINK_ASSIGN(const auto text, record.optional_text(member));
  path = text.value_or("");
  if (!path.empty() && path.front() != '/') {
    return fail(record.wrong(member, "must be an absolute path"));
  }
  return {};
}

/// A member with a fixed set of words; `read` gives the value for one, or none.
template <class Value, class Read>
Status read_word(const RecordReader& record,
                 std::string_view member,
                 std::optional<Value>& value,
                 Read read) {
  ATLINK_ASSIGN(const auto text, record.optional_text(member));
  if (text && !text->empty()) {
    value = read(*text);
    if (!value) {
      return fail(record.wrong(member, "has a value that is not known here"));
    }
  }
  return {};
}

Status read_method(const RecordReader& record, Profile& profile) {
  ATLINK_CHECK(read_word(record, "deployment", profile.deployment, deployment_from));
  ATLINK_CHECK(
      read_word(record, "signature_method", profile.signature_method, oauth1::signature_method));
  ATLINK_CHECK(read_word(record, "transmission", profile.transmission, oauth1::transmission_from));
  ATLINK_ASSIGN(profile.two_legged, record.flag("two_legged"));
  return read_word(record, "method", profile.method, sign_in_method_from);
}

Status read_text(const RecordReader& record, std::string_view member, std::string& text) {
  ATLINK_ASSIGN(auto found, record.optional_text(member));
  text = std::move(found).value_or("");
  return {};
}

/// How its site is reached. A password that a hand edit has put here is refused, and not repeated.
Status read_way(const RecordReader& record, Profile& profile) {
  ATLINK_CHECK(read_text(record, "proxy", profile.proxy));
  ATLINK_CHECK(read_text(record, "no_proxy", profile.no_proxy));
  ATLINK_CHECK(read_path(record, "client_cert", profile.client_cert));
  ATLINK_CHECK(read_path(record, "client_key", profile.client_key));
  if (profile.proxy.empty() || profile.proxy == "none") {
    return {};
  }
  const auto proxy = read_proxy(profile.proxy, "the profile");
  if (!proxy || proxy->password) {
    return fail(record.wrong("proxy",
                             proxy ? "has a password, which a profile must not hold"
                                   : "cannot be used: " + proxy.error().message));
  }
  return {};
}

Status read_client(const RecordReader& record, Profile& profile) {
  ATLINK_CHECK(read_text(record, "user", profile.user));
  ATLINK_CHECK(read_text(record, "client_id", profile.client_id));
  ATLINK_CHECK(read_text(record, "redirect_uri", profile.redirect_uri));
  ATLINK_CHECK(read_text(record, "act_as", profile.act_as));
  ATLINK_ASSIGN(const auto scope, record.optional_text("scope"));
  profile.scopes = split_words(scope.value_or(""));
  return {};
}

Status read_store(const RecordReader& record, StoreChoice& store) {
  if (record.find("store") == nullptr) {
    return {};
  }
  ATLINK_ASSIGN(const RecordReader inner, record.object("store"));
  ATLINK_ASSIGN(const std::string kind, inner.text("kind"));
  const auto known = store_kind_from(kind);
  if (!known) {
    return fail(inner.wrong("kind", "is no place for secrets that this release knows"));
  }
  store.kind = *known;
  ATLINK_CHECK(read_path(inner, "key_file", store.key_file));
  const json::Value* command = inner.find("command");
  if (command != nullptr && command->as_array() == nullptr) {
    return fail(inner.wrong("command", "must be an array of strings"));
  }
  for (const json::Value& word : command == nullptr ? json::Array() : *command->as_array()) {
    if (word.as_string() == nullptr) {
      return fail(inner.wrong("command", "must be an array of strings"));
    }
    store.command.push_back(*word.as_string());
  }
  const bool runs = store.kind == StoreKind::command;
  if (runs != !store.command.empty() || (runs && store.command.front().substr(0, 1) != "/")) {
    return fail(inner.wrong(
        "command",
        "must begin with the absolute path of a program, for the kind \"command\" alone"));
  }
  return {};
}

void put_text(json::Value& document, const std::string& member, std::string_view text) {
  if (!text.empty()) {
    document.set(member, text);
    return;
  }
  if (json::Object* members = document.as_object()) {
    const auto is_it = [&](const auto& pair) { return pair.first == member; };
    members->erase(std::remove_if(members->begin(), members->end(), is_it), members->end());
  }
}

// The usual store is not written, so that older releases see nothing new.
void put_store(json::Value& document, const StoreChoice& store) {
  if (store == StoreChoice()) {
    put_text(document, "store", "");
    return;
  }
  json::Value inner;
  inner.set("kind", to_string(store.kind));
  put_text(inner, "key_file", store.key_file);
  json::Array command;
  for (const std::string& word : store.command) {
    command.emplace_back(word);
  }
  if (!command.empty()) {
    inner.set("command", std::move(command));
  }
  document.set("store", std::move(inner));
}

constexpr std::array store_kinds{
    std::pair(StoreKind::file, std::string_view("file")),
    std::pair(StoreKind::sealed, std::string_view("sealed")),
    std::pair(StoreKind::keyring, std::string_view("keyring")),
    std::pair(StoreKind::command, std::string_view("command")),
    std::pair(StoreKind::environment, std::string_view("environment"))};

}  // namespace

std::string_view to_string(StoreKind kind) {
  for (const auto& [known, word] : store_kinds) {
    if (known == kind) {
      return word;
    }
  }
  return {};
}

std::optional<StoreKind> store_kind_from(std::string_view word) {
  for (const auto& [known, text] : store_kinds) {
    if (text == word) {
      return known;
    }
  }
  return std::nullopt;
}

Result<Profile> profile_from(const json::Value& document,
                             std::string name,
                             const std::string& file) {
  const RecordReader record(
      document,
      file,
      ErrorCode::profile_invalid,
      fmt::format("mend the file, or set it again: atlink profile remove {0}, then atlink profile "
                  "set {0} …",
                  name));
  Profile profile;
  profile.name = std::move(name);
  ATLINK_CHECK(check_format(record));
  ATLINK_ASSIGN(profile.product, record.text("product"));
  ATLINK_CHECK(read_site(record, profile));
  ATLINK_ASSIGN(auto consumer_key, record.optional_text("consumer_key"));
  profile.consumer_key = std::move(consumer_key).value_or("");
  ATLINK_CHECK(read_path(record, "private_key", profile.private_key));
  ATLINK_CHECK(read_path(record, "ca_file", profile.ca_file));
  ATLINK_CHECK(read_way(record, profile));
  ATLINK_CHECK(read_method(record, profile));
  ATLINK_CHECK(read_client(record, profile));
  ATLINK_ASSIGN(profile.settings, record.texts("settings"));
  ATLINK_CHECK(read_store(record, profile.store));
  return profile;
}

void put_profile(json::Value& document, const Profile& profile) {
  document.set("format", newest_format);
  document.set("product", profile.product);
  put_text(document, "deployment", profile.deployment ? to_string(*profile.deployment) : "");
  document.set("site", profile.site);
  document.set("context_path", profile.context_path);
  put_text(document, "consumer_key", profile.consumer_key);
  put_text(document, "private_key", profile.private_key);
  put_text(document, "ca_file", profile.ca_file);
  put_text(document, "proxy", profile.proxy);
  put_text(document, "no_proxy", profile.no_proxy);
  put_text(document, "client_cert", profile.client_cert);
  put_text(document, "client_key", profile.client_key);
  put_text(document,
           "signature_method",
           profile.signature_method ? oauth1::wire_name(*profile.signature_method) : "");
  put_text(document, "transmission", profile.transmission ? to_string(*profile.transmission) : "");
  document.set("two_legged", profile.two_legged);
  put_text(document, "method", profile.method ? to_string(*profile.method) : "");
  put_text(document, "user", profile.user);
  put_text(document, "client_id", profile.client_id);
  put_text(document, "redirect_uri", profile.redirect_uri);
  put_text(document, "scope", join_words(profile.scopes));
  put_text(document, "act_as", profile.act_as);
  json::Value settings{json::Object{}};
  for (const auto& [name, value] : profile.settings) {
    settings.set(name, value);
  }
  if (profile.settings.empty()) {
    put_text(document, "settings", "");
  } else {
    document.set("settings", std::move(settings));
  }
  put_store(document, profile.store);
}

Status check_profile(const Profile& profile) {
  json::Value document;
  put_profile(document, profile);
  auto read = profile_from(document, profile.name, "the profile");
  if (!read) {
    return fail(std::move(read).error());
  }
  return {};
}

}  // namespace atlink
