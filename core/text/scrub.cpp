// SPDX-License-Identifier: Apache-2.0
#include "atlink/scrub.h"

#include "atlink/url.h"

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

constexpr std::string_view instead = "(hidden)";
/// As `printable` cuts.
constexpr std::string_view dots = "\xE2\x80\xA6";
/// What is shorter stands in every other text.
constexpr std::size_t shortest_secret = 6;
constexpr std::size_t shortest_beginning = 4;

void replace_all(std::string& text, std::string_view secret) {
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + instead.size())) {
    text.replace(at, secret.size(), instead);
  }
}

/// How much of the end of `text` is the beginning of `secret`.
std::size_t begun(std::string_view text, std::string_view secret) {
  std::size_t length = std::min(text.size(), secret.size());
  while (length >= shortest_beginning && !text.ends_with(secret.substr(0, length))) {
    --length;
  }
  return length < shortest_beginning ? 0 : length;
}

void replace_beginnings(std::string& text, std::string_view secret) {
  for (std::size_t at = text.find(dots); at != std::string::npos;
       at = text.find(dots, at + dots.size())) {
    const std::size_t length = begun(std::string_view(text).substr(0, at), secret);
    if (length > 0) {
      text.replace(at - length, length, instead);
      at += instead.size() - length;
    }
  }
}

}  // namespace

void Scrub::hide(std::string_view secret) {
  if (secret.size() < shortest_secret) {
    return;
  }
  secrets_.emplace_back(secret);
  std::string encoded = percent_encode(secret);
  if (encoded != secret) {
    secrets_.push_back(Secret::take(encoded));
  }
}

std::string Scrub::clean(std::string text) const {
  for (const Secret& secret : secrets_) {
    replace_all(text, secret.expose());
    replace_beginnings(text, secret.expose());
  }
  return text;
}

Error Scrub::clean(Error error) const {
  error.message = clean(std::move(error.message));
  error.next = clean(std::move(error.next));
  for (auto& fact : error.context) {
    fact.second = clean(std::move(fact.second));
  }
  return error;
}

}  // namespace atlink
