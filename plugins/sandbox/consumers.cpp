// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/consumers.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t most_consumers = 1000;

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Status check(const SandboxConsumer& consumer) {
  if (consumer.key.empty() || consumer.key.size() > 255 || !is_utf8(consumer.key) ||
      printable(consumer.key) != consumer.key) {
    return fail(ErrorCode::consumer_missing,
                "a consumer key has 1 to 255 bytes and no control characters",
                "choose another key, such as my-build");
  }
  if (consumer.public_key.empty() == consumer.shared_secret.empty()) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("the consumer {} needs a public key or a shared secret, one of the two",
                            consumer.key),
                "give one of the two");
  }
  if (!consumer.callback.empty() && !is_callback(consumer.callback)) {
    return fail(ErrorCode::url_invalid,
                fmt::format("the callback of the consumer {} is no absolute http or https URL",
                            consumer.key),
                "write it out, such as http://127.0.0.1:8000/done, or leave it empty");
  }
  return {};
}

}  // namespace

bool is_callback(std::string_view callback) {
  const std::size_t host = callback.find("://");
  if (host == std::string_view::npos || callback.size() > 2000 || !is_visible(callback)) {
    return false;
  }
  const std::string scheme = to_lower(callback.substr(0, host));
  const std::string_view rest = callback.substr(host + 3);
  return (scheme == "http" || scheme == "https") && rest.find_first_of("/?#") != 0 &&
         !rest.empty() && rest.find_first_of("\"<>\\^`{|}") == std::string_view::npos;
}

Result<bool> Consumers::put(const SandboxConsumer& consumer) {
  ATLINK_CHECK(check(consumer));
  const auto found = all_.find(consumer.key);
  if (found == all_.end() && all_.size() >= most_consumers) {
    return fail(ErrorCode::consumer_missing, "there is no room for more consumers", "remove some");
  }
  Consumer made;
  made.key = consumer.key;
  made.name = printable(consumer.name.empty() ? consumer.key : consumer.name, 255);
  made.callback = consumer.callback;
  made.two_legged = consumer.two_legged;
  if (consumer.public_key.empty()) {
    made.verifier.secret = Secret(consumer.shared_secret);
  } else {
    ATLINK_ASSIGN(made.verifier.public_key, RsaPublicKey::parse(consumer.public_key));
  }
  return all_.insert_or_assign(consumer.key, std::move(made)).second;
}

const Consumer* Consumers::find(std::string_view key) const {
  const auto found = all_.find(key);
  return found == all_.end() ? nullptr : &found->second;
}

bool Consumers::remove(std::string_view key) {
  const auto found = all_.find(key);
  if (found == all_.end()) {
    return false;
  }
  all_.erase(found);
  return true;
}

}  // namespace atlink::plugins::sandbox
