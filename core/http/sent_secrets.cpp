// SPDX-License-Identifier: Apache-2.0
#include "core/http/sent_secrets.h"

#include "atlink/oauth1.h"
#include "core/http/redact.h"

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::http {

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

bool looks_made(std::string_view word) {
  constexpr std::size_t shortest_proof = 8;
  return word.size() >= shortest_proof &&
         word.find_first_of("0123456789+/=") != std::string_view::npos;
}

/// What follows the name of a scheme as no word of a language does.
void replace_proofs(std::string& text, std::string_view scheme) {
  for (std::size_t at = text.find(scheme); at != std::string::npos;
       at = text.find(scheme, at + scheme.size())) {
    const std::size_t begin = at + scheme.size();
    const std::size_t end = std::min(text.find_first_of(" \"',;<>", begin), text.size());
    if (looks_made(std::string_view(text).substr(begin, end - begin))) {
      text.replace(begin, end - begin, instead);
    }
  }
}

/// Names that only sound secret: what they hold is needed to understand the answer.
constexpr std::array<std::string_view, 3> open_names{
    "oauth_signature_method", "token_type_hint", "key"};

bool is_hidden(std::string_view name) {
  return is_secret_name(name) &&
         std::find(open_names.begin(), open_names.end(), name) == open_names.end();
}

}  // namespace

void SentSecrets::take(std::string_view secret) {
  if (secret.size() < shortest_secret) {
    return;
  }
  secrets_.emplace_back(secret);
  std::string encoded = percent_encode(secret);
  if (encoded != secret) {
    secrets_.push_back(Secret::take(encoded));
  }
}

void SentSecrets::take(const FormFields& fields) {
  for (const auto& [name, value] : fields) {
    if (is_hidden(name)) {
      take(value);
    }
  }
}

void SentSecrets::take_cookies(std::string_view pairs) {
  while (!pairs.empty()) {
    const std::size_t end = std::min(pairs.find(';'), pairs.size());
    const std::string_view pair = pairs.substr(0, end);
    take(trim(pair.substr(std::min(pair.find('=') + 1, pair.size()))));
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
  }
}

void SentSecrets::take(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_hidden(name)) {
      continue;
    }
    if (const auto fields = oauth1::parse_authorization(value)) {
      take(*fields);
      continue;
    }
    if (equals_ignoring_case(name, "Cookie")) {
      take_cookies(value);
      continue;
    }
    // Behind the name of the scheme, where there is one.
    const std::string_view proof = std::string_view(value).substr(value.find(' ') + 1);
    take(proof);
    if (const auto pair = from_base64(proof)) {
      take(std::string_view(*pair).substr(std::min(pair->find(':'), pair->size() - 1) + 1));
    }
  }
}

std::string SentSecrets::hide(std::string text) const {
  for (const Secret& secret : secrets_) {
    replace_all(text, secret.expose());
    replace_beginnings(text, secret.expose());
  }
  replace_proofs(text, "Basic ");
  replace_proofs(text, "Bearer ");
  return text;
}

Error SentSecrets::hide(Error error) const {
  error.message = hide(std::move(error.message));
  error.next = hide(std::move(error.next));
  for (auto& fact : error.context) {
    fact.second = hide(std::move(fact.second));
  }
  return error;
}

}  // namespace atlink::http
