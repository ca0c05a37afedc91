// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/records.h"

#include "core/secrets/record_members.h"
#include "core/text/words.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::records {

namespace {

/// Reads `text` as a JSON object of a format that we know, and hands it to `read`.
template <class Record, class Read>
Result<Record> read_record(const Secret& text,
                           const std::string& file,
                           const std::string& next,
                           Read read) {
  auto parsed = json::parse(text.expose());
  if (!parsed || parsed->as_object() == nullptr) {
    return fail(make_error(ErrorCode::file_damaged,
                           fmt::format("{} is damaged: {}",
                                       file,
                                       parsed ? "it holds no JSON object" : parsed.error().message),
                           next)
                    .with("file", file));
  }
  WipedDocument document(*std::move(parsed));
  const RecordReader record(document.value(), file, ErrorCode::file_damaged, next);
  ATLINK_CHECK(check_format(record));
  return read(record);
}

Secret text_of(WipedDocument& document) {
  std::string text = json::write(document.value(), 2);
  return Secret::take(text);
}

Result<Credential> credential_from(const RecordReader& record) {
  Credential credential;
  ATLINK_ASSIGN(credential.issued_for, read_issued_for(record));
  ATLINK_ASSIGN(auto token, record.optional_text("token"));
  if (!token && credential.issued_for.method == SignInMethod::oauth1) {
    return fail(record.wrong("token", "is missing"));
  }
  credential.token = std::move(token).value_or("");
  ATLINK_ASSIGN(credential.token_secret, read_secret(record, "token_secret"));
  ATLINK_ASSIGN(credential.session_handle, read_secret(record, "session_handle"));
  ATLINK_ASSIGN(credential.access, read_secret(record, "access"));
  ATLINK_ASSIGN(credential.refresh_token, read_secret(record, "refresh_token"));
  ATLINK_ASSIGN(const auto scope, record.optional_text("scope"));
  credential.scopes = split_words(scope.value_or(""));
  ATLINK_ASSIGN(auto site, record.optional_text("site_id"));
  credential.site_id = std::move(site).value_or("");
  ATLINK_ASSIGN(const auto agreed, record.optional_text("agreed_origins"));
  credential.agreed_origins = split_words(agreed.value_or(""));
  ATLINK_ASSIGN(auto user, record.optional_text("user"));
  credential.user = std::move(user).value_or("");
  ATLINK_ASSIGN(credential.issued_at, read_time(record, "issued_at"));
  ATLINK_ASSIGN(credential.expires_at, read_time(record, "expires_at"));
  ATLINK_ASSIGN(credential.session_ends_at, read_time(record, "session_ends_at"));
  ATLINK_ASSIGN(credential.version, record.integer("version"));
  return credential;
}

Result<TimePoint> needed_time(const RecordReader& record, std::string_view member) {
  ATLINK_ASSIGN(const auto time, read_time(record, member));
  if (!time) {
    return fail(record.wrong(member, "is missing"));
  }
  return *time;
}

Result<PendingLogin> pending_from(const RecordReader& record) {
  PendingLogin pending;
  ATLINK_ASSIGN(pending.issued_for, read_issued_for(record));
  ATLINK_ASSIGN(pending.request_token, record.text("request_token"));
  ATLINK_ASSIGN(pending.request_token_secret, read_secret(record, "request_token_secret"));
  ATLINK_ASSIGN(pending.callback, record.text("callback"));
  ATLINK_ASSIGN(pending.begun_at, needed_time(record, "begun_at"));
  ATLINK_ASSIGN(pending.expires_at, needed_time(record, "expires_at"));
  return pending;
}

Result<CredentialStore::ConsumerSecret> consumer_from(const RecordReader& record) {
  CredentialStore::ConsumerSecret consumer;
  ATLINK_ASSIGN(consumer.issued_for, read_issued_for(record));
  ATLINK_ASSIGN(consumer.secret, read_secret(record, "secret"));
  return consumer;
}

Result<CredentialStore::Renewal> renewal_from(const RecordReader& record) {
  CredentialStore::Renewal renewal;
  ATLINK_ASSIGN(renewal.version, record.integer("version"));
  ATLINK_ASSIGN(renewal.begun_at, needed_time(record, "begun_at"));
  return renewal;
}

}  // namespace

Result<Credential> read_credential(const Secret& text,
                                   const std::string& file,
                                   const std::string& next) {
  return read_record<Credential>(text, file, next, credential_from);
}

Result<PendingLogin> read_pending(const Secret& text,
                                  const std::string& file,
                                  const std::string& next) {
  return read_record<PendingLogin>(text, file, next, pending_from);
}

Result<CredentialStore::ConsumerSecret> read_consumer(const Secret& text,
                                                      const std::string& file,
                                                      const std::string& next) {
  return read_record<CredentialStore::ConsumerSecret>(text, file, next, consumer_from);
}

Secret write(const Credential& credential) {
  WipedDocument document{json::Value()};
  json::Value& value = document.value();
  value.set("format", format_for(credential.issued_for));
  value.set("version", credential.version);
  put_issued_for(value, credential.issued_for);
  if (credential.issued_for.method == SignInMethod::oauth1) {
    value.set("token", credential.token);
    put_secret(value, "token_secret", credential.token_secret);
    put_secret(value, "session_handle", credential.session_handle);
  } else {
    put_secret(value, "access", credential.access);
    put_secret(value, "refresh_token", credential.refresh_token);
    put_text(value, "scope", join_words(credential.scopes));
    put_text(value, "site_id", credential.site_id);
    put_text(value, "agreed_origins", join_words(credential.agreed_origins));
  }
  value.set("user", credential.user);
  put_time(value, "issued_at", credential.issued_at);
  put_time(value, "expires_at", credential.expires_at);
  put_time(value, "session_ends_at", credential.session_ends_at);
  return text_of(document);
}

Secret write(const PendingLogin& pending) {
  WipedDocument document{json::Value()};
  json::Value& value = document.value();
  value.set("format", format_for(pending.issued_for));
  put_issued_for(value, pending.issued_for);
  value.set("request_token", pending.request_token);
  put_secret(value, "request_token_secret", pending.request_token_secret);
  value.set("callback", pending.callback);
  put_time(value, "begun_at", pending.begun_at);
  put_time(value, "expires_at", pending.expires_at);
  return text_of(document);
}

Result<CredentialStore::Renewal> read_renewal(const Secret& text,
                                              const std::string& file,
                                              const std::string& next) {
  return read_record<CredentialStore::Renewal>(text, file, next, renewal_from);
}

Secret write(const CredentialStore::Renewal& renewal) {
  WipedDocument document{json::Value()};
  json::Value& value = document.value();
  value.set("format", newest_format);
  value.set("version", renewal.version);
  put_time(value, "begun_at", renewal.begun_at);
  return text_of(document);
}

Secret write(const CredentialStore::ConsumerSecret& secret) {
  WipedDocument document{json::Value()};
  json::Value& value = document.value();
  value.set("format", format_for(secret.issued_for));
  put_issued_for(value, secret.issued_for);
  put_secret(value, "secret", secret.secret);
  return text_of(document);
}

}  // namespace atlink::records
