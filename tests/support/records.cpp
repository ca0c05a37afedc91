// SPDX-License-Identifier: Apache-2.0
#include "tests/support/records.h"

namespace atlink::tests {

namespace {

IssuedFor some_place() {
  return {
      "acme", "https://site.example/acme", "build \"key\"", "0123abcd", {{"authorize", "site:/a"}}};
}

}  // namespace

Credential some_credential(const std::string& token) {
  Credential credential;
  credential.issued_for = some_place();
  credential.token = token;
  credential.token_secret = Secret("secret of " + token);
  credential.session_handle = Secret("handle of " + token);
  credential.user = "J\xc3\xbcrgen";
  credential.issued_at = from_rfc3339("2026-01-31T09:30:00Z");
  credential.expires_at = from_rfc3339("2031-01-30T09:30:00Z");
  credential.session_ends_at = from_rfc3339("2031-03-01T09:30:00Z");
  return credential;
}

PendingLogin some_pending(const std::string& token) {
  PendingLogin pending;
  pending.issued_for = some_place();
  pending.request_token = token;
  pending.request_token_secret = Secret("secret of " + token);
  pending.callback = "oob";
  pending.begun_at = from_rfc3339("2026-01-31T09:30:00Z").value();
  pending.expires_at = from_rfc3339("2026-01-31T09:40:00Z").value();
  return pending;
}

CredentialStore::ConsumerSecret some_consumer(const std::string& secret) {
  CredentialStore::ConsumerSecret consumer;
  consumer.issued_for = some_place();
  consumer.secret = Secret(secret);
  return consumer;
}

}  // namespace atlink::tests
