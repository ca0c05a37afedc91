// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"

#include <fmt/format.h>

namespace atlink {

CredentialStore::~CredentialStore() = default;

namespace {

std::string shown(const std::string& value) {
  return value.empty() ? "none" : printable(value, 200);
}

std::string in_words(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

}  // namespace

Status check_issued_for(const IssuedFor& recorded, const IssuedFor& now) {
  const auto differs = [](std::string_view what, const std::string& then, const std::string& here) {
    return fail(make_error(ErrorCode::credential_elsewhere,
                           fmt::format("the credential was issued for the {} {} and is not sent to "
                                       "or signed for {}",
                                       what,
                                       shown(then),
                                       shown(here)),
                           "sign in again: atlink login")
                    .with("recorded", shown(then))
                    .with("now", shown(here)));
  };
  if (recorded.product != now.product) {
    return differs("product", recorded.product, now.product);
  }
  if (recorded.base_url != now.base_url) {
    return differs("base URL", recorded.base_url, now.base_url);
  }
  if (recorded.consumer_key != now.consumer_key) {
    return differs("consumer key", recorded.consumer_key, now.consumer_key);
  }
  if (recorded.key_fingerprint != now.key_fingerprint) {
    return differs("key with the fingerprint", recorded.key_fingerprint, now.key_fingerprint);
  }
  if (recorded.settings != now.settings) {
    return differs("settings", in_words(recorded.settings), in_words(now.settings));
  }
  return {};
}

}  // namespace atlink
