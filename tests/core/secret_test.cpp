// SPDX-License-Identifier: Apache-2.0
#include "atlink/secret.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

TEST_SUITE_BEGIN("core/base");

using atlink::Secret;

TEST_CASE("secret: moving leaves the source empty and keeps the bytes") {
  Secret first("hunter2");
  Secret second(std::move(first));
  CHECK(
      first.empty());  // NOLINT(bugprone-use-after-move): what a moved-from Secret is, is promised
  CHECK(second.expose() == "hunter2");
  Secret third;
  third = std::move(second);
  CHECK(third.size() == 7);
}

TEST_CASE("secret: wiping overwrites the bytes before it lets go of them") {
  Secret secret("a longer secret than any small buffer");
  const char* bytes = secret.expose().data();
  const std::size_t size = secret.size();
  secret.wipe();
  // The vector keeps its capacity after clear(), so the memory is still ours to look at.
  CHECK(std::string(bytes, size) == std::string(size, '\0'));
  CHECK(secret.empty());
}

TEST_CASE("secret: equality looks at every byte and the length") {
  const Secret secret("abc");
  CHECK(secret.equals("abc"));
  CHECK_FALSE(secret.equals("abd"));
  CHECK_FALSE(secret.equals("ab"));
  CHECK_FALSE(secret.equals("abcd"));
}

TEST_CASE("secret: appending keeps what was there") {
  Secret secret("a");
  for (int i = 0; i < 100; ++i) {
    secret.append("b");
  }
  CHECK(secret.expose() == "a" + std::string(100, 'b'));
  CHECK(secret.clone().equals(secret.expose()));
}

TEST_SUITE_END();
