// SPDX-License-Identifier: Apache-2.0
#include "atlink/secret.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

TEST_SUITE_BEGIN("core/base");

using atlink::Secret;

namespace {

constexpr char mask = 0x5A;
constexpr std::size_t piece_size = std::size_t{1} << 16;
constexpr std::uint64_t largest_range = std::uint64_t{256} << 20;

/// Where the memory is read to; not looked at itself.
std::array<char, piece_size> piece;

/// How often what `masked` hides stands in one range of this process's memory.
std::size_t copies_between(int memory,
                           std::uint64_t at,
                           std::uint64_t end,
                           std::string_view masked) {
  std::size_t copies = 0;
  while (at + masked.size() <= end) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end - at));
    const ssize_t got = ::pread(memory, piece.data(), wanted, static_cast<off_t>(at));
    if (got < static_cast<ssize_t>(masked.size())) {
      return copies;
    }
    const std::string_view seen(piece.data(), static_cast<std::size_t>(got));
    for (std::size_t i = 0; i + masked.size() <= seen.size(); ++i) {
      copies += std::equal(masked.begin(),
                           masked.end(),
                           seen.begin() + static_cast<std::ptrdiff_t>(i),
                           [](char hidden, char c) { return (hidden ^ mask) == c; })
                    ? 1
                    : 0;
    }
    at += seen.size() - masked.size() + 1;
  }
  return copies;
}

std::size_t copies_in_memory(std::string_view masked) {
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  REQUIRE(memory >= 0);
  std::ifstream maps("/proc/self/maps");
  std::size_t copies = 0;
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char dash = 0;
    std::string rights;
    std::istringstream(line) >> std::hex >> begin >> dash >> end >> rights;
    // What calls through the linker save of registers on the stack is nobody's buffer.
    const bool stack = line.find("[stack]") != std::string::npos;
    if (rights.substr(0, 2) != "rw" || end - begin > largest_range || stack) {
      continue;
    }
    const auto own = reinterpret_cast<std::uint64_t>(piece.data());
    copies += copies_between(memory, begin, std::min(end, own), masked);
    copies += copies_between(memory, std::max(begin, own + piece.size()), end, masked);
  }
  ::close(memory);
  return copies;
}

Secret unmasked(std::string_view masked) {
  Secret secret;
  for (const char hidden : masked) {
    const char c = static_cast<char>(hidden ^ mask);
    secret.append({&c, 1});
  }
  return secret;
}

}  // namespace

TEST_CASE("secret: none of its bytes are in memory once it has gone") {
  std::string masked;
  std::uint32_t number = 20260131;
  for (int i = 0; i < 8000; ++i) {
    number = number * 1664525 + 1013904223;
    masked += static_cast<char>(number >> 24U);
  }
  // What growing leaves behind is shorter, and the heap writes over its beginning.
  const std::string_view middle = std::string_view(masked).substr(masked.size() / 4, 30);
  {
    Secret secret = unmasked(masked);
    CHECK(copies_in_memory(middle) == 1);
    const Secret moved = std::move(secret);
    const Secret copy = moved.clone();
    CHECK(copies_in_memory(middle) == 2);
    Secret replaced = copy.clone();
    replaced = Secret("another one");
    CHECK(copies_in_memory(middle) == 2);
  }
  CHECK(copies_in_memory(middle) == 0);
}

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
