// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/record_members.h"

#include "core/secrets/records.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::records {

namespace {

void wipe(json::Value& value) {
  if (std::string* text = value.as_string()) {
    wipe_memory(text->data(), text->size());
  }
  if (json::Array* elements = value.as_array()) {
    for (json::Value& element : *elements) {
      wipe(element);
    }
  }
  if (json::Object* members = value.as_object()) {
    for (auto& [name, member] : *members) {
      wipe(member);
    }
  }
}

}  // namespace

WipedDocument::~WipedDocument() {
  wipe(value_);
}

Result<Secret> read_secret(const RecordReader& record, std::string_view member) {
  const json::Value* value = record.find(member);
  if (value == nullptr) {
    return Secret();
  }
  if (const std::string* text = value->as_string()) {
    return Secret(*text);
  }
  const json::Value* encoded = value->find("base64");
  if (encoded == nullptr || encoded->as_string() == nullptr) {
    return fail(record.wrong(member, "must be a string or an object with \"base64\""));
  }
  std::optional<std::string> bytes = from_base64(*encoded->as_string());
  if (!bytes) {
    return fail(record.wrong(member, "is not base64"));
  }
  return Secret::take(*bytes);
}

Result<std::optional<TimePoint>> read_time(const RecordReader& record, std::string_view member) {
  ATLINK_ASSIGN(const auto text, record.optional_text(member));
  if (!text) {
    return std::nullopt;
  }
  const std::optional<TimePoint> time = from_rfc3339(*text);
  if (!time) {
    return fail(record.wrong(member, "is no time like 2026-01-31T09:30:00Z"));
  }
  return time;
}

Result<IssuedFor> read_issued_for(const RecordReader& record) {
  ATLINK_ASSIGN(const RecordReader inner, record.object("issued_for"));
  IssuedFor issued_for;
  ATLINK_ASSIGN(issued_for.product, inner.text("product"));
  ATLINK_ASSIGN(issued_for.base_url, inner.text("base_url"));
  ATLINK_ASSIGN(issued_for.consumer_key, inner.text("consumer_key"));
  ATLINK_ASSIGN(issued_for.key_fingerprint, inner.text("key_fingerprint"));
  ATLINK_ASSIGN(issued_for.settings, inner.texts("settings"));
  ATLINK_ASSIGN(const auto method, inner.optional_text("method"));
  if (method) {
    const auto known = sign_in_method_from(*method);
    if (!known) {
      return fail(inner.wrong("method", "is no way to sign in that this release knows"));
    }
    issued_for.method = *known;
  }
  ATLINK_ASSIGN(auto server, inner.optional_text("authorization_server"));
  issued_for.authorization_server = std::move(server).value_or("");
  ATLINK_ASSIGN(auto gateway, inner.optional_text("gateway"));
  issued_for.gateway = std::move(gateway).value_or("");
  return issued_for;
}

Status check_format(const RecordReader& record) {
  ATLINK_ASSIGN(const std::int64_t found, record.integer("format"));
  if (found < 1 || found > newest_format) {
    return fail(record.wrong(
        "format", fmt::format("is {}, and this release reads up to {}", found, newest_format)));
  }
  return {};
}

void put_secret(json::Value& document, const std::string& member, const Secret& secret) {
  if (is_utf8(secret.expose())) {
    document.set(member, secret.expose());
    return;
  }
  json::Value encoded;
  encoded.set("base64", to_base64(secret.expose()));
  document.set(member, std::move(encoded));
}

void put_time(json::Value& document,
              const std::string& member,
              const std::optional<TimePoint>& time) {
  if (time) {
    document.set(member, to_rfc3339(*time));
  }
}

void put_text(json::Value& document, const std::string& member, const std::string& text) {
  if (!text.empty()) {
    document.set(member, text);
  }
}

std::int64_t format_for(const IssuedFor& issued_for) {
  return issued_for.method == SignInMethod::oauth1 ? 1 : newest_format;
}

void put_issued_for(json::Value& document, const IssuedFor& issued_for) {
  json::Value inner;
  inner.set("product", issued_for.product);
  inner.set("base_url", issued_for.base_url);
  inner.set("consumer_key", issued_for.consumer_key);
  inner.set("key_fingerprint", issued_for.key_fingerprint);
  if (!issued_for.settings.empty()) {
    json::Value settings{json::Object{}};
    for (const auto& [name, value] : issued_for.settings) {
      settings.set(name, value);
    }
    inner.set("settings", std::move(settings));
  }
  if (issued_for.method != SignInMethod::oauth1) {
    inner.set("method", to_string(issued_for.method));
  }
  put_text(inner, "authorization_server", issued_for.authorization_server);
  put_text(inner, "gateway", issued_for.gateway);
  document.set("issued_for", std::move(inner));
}

}  // namespace atlink::records
