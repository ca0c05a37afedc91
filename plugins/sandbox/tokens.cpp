// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/tokens.h"

#include "plugins/sandbox/random_text.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t token_length = 32;
constexpr std::size_t verifier_length = 6;
constexpr std::size_t most_tokens = 10000;

/// Adds to a map of tokens; the first to expire makes room.
template <class Map, class Token>
auto* keep(Map& map, Token token) {
  if (map.size() >= most_tokens) {
    map.erase(std::min_element(map.begin(), map.end(), [](const auto& a, const auto& b) {
      return a.second.expires < b.second.expires;
    }));
  }
  std::string name = token.token;
  return &map.insert_or_assign(std::move(name), std::move(token)).first->second;
}

template <class Map>
auto* look_up(Map& map, std::string_view token) {
  const auto found = map.find(token);
  return found == map.end() ? nullptr : &found->second;
}

template <class Map>
void erase(Map& map, std::string_view token) {
  if (const auto found = map.find(token); found != map.end()) {
    map.erase(found);
  }
}

}  // namespace

Result<RequestToken*> Tokens::add_request(std::string_view consumer_key, std::int64_t now) {
  RequestToken made;
  ATLINK_ASSIGN(made.token, random_text(random_, token_length));
  ATLINK_ASSIGN(const std::string secret, random_text(random_, token_length));
  ATLINK_ASSIGN(made.xsrf, random_text(random_, token_length));
  made.secret = Secret(secret);
  made.consumer_key = consumer_key;
  made.expires = now + rules_.request_token_lifetime.count();
  return keep(requests_, std::move(made));
}

Result<AccessToken*> Tokens::add_access(std::string_view consumer_key,
                                        std::string_view user,
                                        std::int64_t now) {
  AccessToken made;
  ATLINK_ASSIGN(made.token, random_text(random_, token_length));
  ATLINK_ASSIGN(const std::string secret, random_text(random_, token_length));
  made.secret = Secret(secret);
  made.consumer_key = consumer_key;
  made.user = user;
  if (rules_.access_token_lifetime.count() > 0) {
    made.expires = now + rules_.access_token_lifetime.count();
  }
  const bool bounded = rules_.session_lifetime.count() > 0;
  if (bounded || rules_.renewal) {
    ATLINK_ASSIGN(made.session_handle, random_text(random_, token_length));
    made.session_ends = bounded ? now + rules_.session_lifetime.count() : 0;
  }
  return keep(accesses_, std::move(made));
}

RequestToken* Tokens::find_request(std::string_view token) {
  return look_up(requests_, token);
}

AccessToken* Tokens::find_access(std::string_view token) {
  return look_up(accesses_, token);
}

void Tokens::remove_request(std::string_view token) {
  erase(requests_, token);
}

void Tokens::remove_access(std::string_view token) {
  erase(accesses_, token);
}

void Tokens::remove_of(std::string_view consumer_key) {
  const auto belongs = [&](const auto& entry) { return entry.second.consumer_key == consumer_key; };
  std::erase_if(requests_, belongs);
  std::erase_if(accesses_, belongs);
}

Result<std::string> Tokens::make_verifier() {
  return random_text(random_, verifier_length);
}

}  // namespace atlink::plugins::sandbox
