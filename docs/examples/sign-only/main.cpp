// SPDX-License-Identifier: Apache-2.0
// Prints the Authorization header for a method and a URL, to be sent by whatever sends. Nothing is
// sent here, and what sends is not even loaded.
#include <chrono>
#include <cstdio>
#include <string>

#include <atlink/key_files.h>
#include <atlink/oauth1.h>
#include <atlink/url.h>

static atlink::Result<std::string> header_for(const char* method, const char* target) {
  const atlink::Platform platform = atlink::system_platform();
  const auto env = [&](const char* name) { return platform.environment.get(name).value_or(""); };
  ATLINK_ASSIGN(const atlink::Url url, atlink::Url::parse(target));
  ATLINK_ASSIGN(auto key, atlink::read_private_key(platform.files, env("ATLINK_PRIVATE_KEY")));
  const atlink::oauth1::Consumer consumer{.key = env("ATLINK_CONSUMER_KEY"), .private_key = key};
  const atlink::oauth1::Token token{.token = env("ATLINK_OAUTH_TOKEN")};
  ATLINK_ASSIGN(const std::string nonce, atlink::oauth1::make_nonce(platform.random));
  const auto now = std::chrono::system_clock::to_time_t(platform.clock.now());
  ATLINK_ASSIGN(const auto signed_request,
                atlink::oauth1::authorize(
                    {.method = method, .url = url.str(), .timestamp = now, .nonce = nonce},
                    {.consumer = consumer, .token = &token}));
  return signed_request.header;
}

static int tell(const atlink::Error& error) {
  std::fprintf(stderr, "%s\n%s\n", error.message.c_str(), error.next.c_str());
  for (const auto& [name, value] : error.context) {
    std::fprintf(stderr, "  %s: %s\n", name.c_str(), value.c_str());
  }
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: sign-only METHOD URL\n");
    return 2;
  }
  const auto header = header_for(argv[1], argv[2]);
  if (!header) {
    return tell(header.error());
  }
  std::printf("Authorization: %s\n", header->c_str());
}
