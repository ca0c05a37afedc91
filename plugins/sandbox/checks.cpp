// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/checks.h"

#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t most_bytes = std::size_t{16} << 20;
constexpr std::size_t cost_of_one = 96;
/// A longer base string is not shown, lest it make a header that clients refuse.
constexpr std::size_t longest_shown = 1500;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  const bool whole = result.ec == std::errc() && result.ptr == end;
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The two halves of a decimal number such as "1.0"; none for anything else.
std::optional<std::pair<std::int64_t, std::int64_t>> decimal(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = whole_number(text.substr(0, point));
  const auto fraction =
      whole_number(point == std::string_view::npos ? "0" : text.substr(point + 1));
  return whole && fraction ? std::optional(std::pair(*whole, *fraction)) : std::nullopt;
}

std::optional<Problem> repeated(const OAuthMessage& message) {
  std::string names;
  for (const char* name : {"oauth_consumer_key",
                           "oauth_token",
                           "oauth_token_secret",
                           "oauth_callback",
                           "oauth_signature_method",
                           "oauth_signature",
                           "oauth_timestamp",
                           "oauth_nonce",
                           "oauth_version"}) {
    const auto count = std::count_if(message.parameters.begin(),
                                     message.parameters.end(),
                                     [&](const auto& field) { return field.first == name; });
    if (count > 1) {
      names += fmt::format("{}{}", names.empty() ? "" : "&", name);
    }
  }
  if (names.empty()) {
    return std::nullopt;
  }
  return Problem{"parameter_rejected", {{"oauth_parameters_rejected", names}}};
}

std::optional<Problem> version(const OAuthMessage& message) {
  const auto said = message.find("oauth_version");
  if (!said) {
    return std::nullopt;
  }
  const auto number = decimal(*said);
  if (!number) {
    return Problem{};  // the products fail on the number, not on OAuth
  }
  if (*number == std::pair<std::int64_t, std::int64_t>(1, 0)) {
    return std::nullopt;
  }
  return Problem{"version_rejected", {{"oauth_acceptable_versions", "1.0-1.0"}}};
}

std::optional<Problem> signature(const OAuthMessage& message,
                                 const Consumer& consumer,
                                 const Secret* token_secret) {
  for (const char* name : {"oauth_signature_method", "oauth_signature"}) {
    if (!message.find(name)) {
      return absent(name);
    }
  }
  const auto method = oauth1::signature_method(message.get("oauth_signature_method"));
  const auto base_string = oauth1::signature_base_string(
      {message.method, message.url, message.parameters, message.form_body});
  if (!method || !base_string) {
    return Problem{};
  }
  if (oauth1::verify(
          *method, *base_string, message.get("oauth_signature"), consumer.verifier, token_secret)) {
    return std::nullopt;
  }
  Problem problem{"signature_invalid", {}};
  if (base_string->size() <= longest_shown) {
    problem.details.emplace_back("oauth_signature_base_string", *base_string);
  }
  return problem;
}

}  // namespace

Problem absent(std::string_view parameter) {
  return {"parameter_absent", {{"oauth_parameters_absent", std::string(parameter)}}};
}

void NonceMemory::forget_oldest() {
  bytes_ -= seen_.begin()->second.size() + cost_of_one;
  seen_.erase(seen_.begin());
}

bool NonceMemory::add(std::int64_t timestamp, std::string key, std::int64_t now) {
  // A timestamp that is refused anyway needs no memory.
  while (!seen_.empty() && seen_.begin()->first < now - timestamp_window) {
    forget_oldest();
  }
  const std::size_t cost = key.size() + cost_of_one;
  while (!seen_.empty() && bytes_ + cost > most_bytes) {
    forget_oldest();
  }
  const bool added = seen_.emplace(timestamp, std::move(key)).second;
  bytes_ += added ? cost : 0;
  return added;
}

std::optional<Problem> Checks::method(const OAuthMessage& message) const {
  const auto said = message.find("oauth_signature_method");
  if (!said) {
    return std::nullopt;  // missed later, where its turn comes
  }
  const auto method = oauth1::signature_method(*said);
  const auto& accepted = rules_.signature_methods;
  if (method && std::find(accepted.begin(), accepted.end(), *method) != accepted.end()) {
    return std::nullopt;
  }
  return Problem{"signature_method_rejected", {}};
}

std::optional<Problem> Checks::time_and_nonce(const OAuthMessage& message, std::int64_t now) {
  for (const char* name : {"oauth_timestamp", "oauth_nonce"}) {
    if (!message.find(name)) {
      return absent(name);
    }
  }
  const auto timestamp = whole_number(message.get("oauth_timestamp"));
  if (!timestamp) {
    return Problem{};
  }
  if (*timestamp < now - timestamp_window || *timestamp > now + timestamp_window) {
    return Problem{"timestamp_refused",
                   {{"oauth_acceptable_timestamps",
                     fmt::format("{}-{}", now - timestamp_window, now + timestamp_window)}}};
  }
  std::string key = fmt::format("{}&{}&{}",
                                percent_encode(message.get("oauth_nonce")),
                                percent_encode(message.get("oauth_consumer_key")),
                                percent_encode(message.get("oauth_token")));
  if (!nonces_.add(*timestamp, std::move(key), now)) {
    return Problem{"nonce_used", {}};
  }
  return std::nullopt;
}

std::optional<Problem> Checks::message(const OAuthMessage& message,
                                       const Consumer& consumer,
                                       const Secret* token_secret,
                                       std::int64_t now) {
  if (auto problem = repeated(message)) {
    return problem;
  }
  if (auto problem = version(message)) {
    return problem;
  }
  if (auto problem = time_and_nonce(message, now)) {
    return problem;
  }
  return signature(message, consumer, token_secret);
}

}  // namespace atlink::plugins::sandbox
