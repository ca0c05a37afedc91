// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/scrub.h"

#include "atlink/url.h"

#include <utility>

namespace atlink::cli::doctor {

namespace {

constexpr std::size_t shortest_secret = 6;

void replace_all(std::string& text, std::string_view what) {
  constexpr std::string_view instead = "(hidden)";
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + instead.size())) {
    text.replace(at, what.size(), instead);
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
  }
  return text;
}

Error Scrub::clean(Error error) const {
  error.message = clean(std::move(error.message));
  error.next = clean(std::move(error.next));
  for (auto& [key, value] : error.context) {
    value = clean(std::move(value));
  }
  return error;
}

}  // namespace atlink::cli::doctor
