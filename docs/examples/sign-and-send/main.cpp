// SPDX-License-Identifier: Apache-2.0
// GETs a path as the user of an access token and prints the answer. Where to and as whom comes from
// variables, of which ATLINK_PRIVATE_KEY names a file.
#include <cstdio>
#include <string>

#include <atlink/client.h>
#include <atlink/key_files.h>

static atlink::Result<atlink::Answer> get(const char* path) {
  const atlink::Platform platform = atlink::system_platform();
  const auto env = [&](const char* name) { return platform.environment.get(name).value_or(""); };
  ATLINK_ASSIGN(const auto base, atlink::BaseUrl::parse(env("ATLINK_URL")));
  ATLINK_ASSIGN(auto key, atlink::read_private_key(platform.files, env("ATLINK_PRIVATE_KEY")));
  atlink::Client client(
      platform,
      {.base = base, .consumer = {.key = env("ATLINK_CONSUMER_KEY"), .private_key = key}},
      atlink::oauth1::Token{.token = env("ATLINK_OAUTH_TOKEN"),
                            .secret = atlink::Secret(env("ATLINK_OAUTH_TOKEN_SECRET"))});
  return client.fetch({.method = "GET", .path = path});
}

static int tell(const atlink::Error& error) {
  std::fprintf(stderr, "%s\n%s\n", error.message.c_str(), error.next.c_str());
  for (const auto& [name, value] : error.context) {
    std::fprintf(stderr, "  %s: %s\n", name.c_str(), value.c_str());
  }
  return 1;
}

int main(int argc, char** argv) {
  const auto answer = get(argc > 1 ? argv[1] : "/");
  if (!answer) {
    return tell(answer.error());
  }
  std::printf("%s\n", answer->body.c_str());
}
