// SPDX-License-Identifier: Apache-2.0
#include "core/http/sent_secrets.h"

#include "atlink/oauth1.h"

#include <algorithm>
#include <utility>

namespace atlink::http {

namespace {

constexpr std::string_view instead = "(hidden)";

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

}  // namespace

void SentSecrets::take(std::string_view secret) {
  sent_.hide(secret);
}

void SentSecrets::take(const FormFields& fields) {
  for (const auto& [name, value] : fields) {
    if (holds_secret(name)) {
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
    if (!holds_secret(name)) {
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
  text = sent_.clean(std::move(text));
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
