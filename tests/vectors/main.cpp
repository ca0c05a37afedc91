// SPDX-License-Identifier: Apache-2.0
// atlink-vectors FILE|DIR…: runs OAuth 1.0a vectors through the engine, stage by stage. Exit code
// 0: at least one passed and none failed; 1: some failed, or there were none; 2: not all was read.
#include "tests/vectors/run_vector.h"
#include "tests/vectors/vector_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace {

using namespace atlink;
using namespace atlink::vectors;

struct Tally {
  int passed = 0;
  int failed = 0;
  bool unread = false;
};

void report(const VectorFile& file, const json::Value& vector, const Failure& failure) {
  const auto [expected, got] = std::mismatch(
      failure.expected.begin(), failure.expected.end(), failure.got.begin(), failure.got.end());
  fmt::print("{}: {}: {} differs at byte {}\n  expected {}\n  got      {}\n",
             file.path,
             text_of(vector, "id"),
             failure.stage,
             expected - failure.expected.begin(),
             failure.expected,
             failure.got);
}

void run_file(const VectorFile& file, Tally& tally) {
  for (const json::Value& vector : file.vectors()) {
    const auto failure = run_vector(file, vector);
    if (failure) {
      report(file, vector, *failure);
    }
    ++(failure ? tally.failed : tally.passed);
  }
}

void complain(const Error& error, Tally& tally) {
  fmt::print(stderr, "atlink-vectors: {}\n", error.message);
  tally.unread = true;
}

void run_argument(const std::string& argument, Tally& tally) {
  const auto files = files_of(argument);
  if (!files) {
    return complain(files.error(), tally);
  }
  for (const std::string& path : *files) {
    const auto file = read_vector_file(path);
    if (file) {
      run_file(*file, tally);
    } else {
      complain(file.error(), tally);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: atlink-vectors FILE|DIR...\n");
    return 2;
  }
  Tally tally;
  for (int i = 1; i < count; ++i) {
    run_argument(arguments[i], tally);
  }
  fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
  if (tally.unread) {
    return 2;
  }
  return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
}
