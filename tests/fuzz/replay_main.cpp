// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over files, and over each of them cut short in some places. Fails where there
// is no file; what the target finds ends the process.
#include "tests/fuzz/fuzz.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const char* argument) {
  std::error_code error;
  if (fs::is_regular_file(argument, error)) {
    return {argument};
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(argument, error)) {
    if (entry.is_regular_file(error)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

/// The bytes in memory of exactly their size, so that a sanitizer sees one read too many.
void run(const std::string& bytes, std::size_t size) {
  const std::vector<std::uint8_t> exact(bytes.begin(),
                                        bytes.begin() + static_cast<std::ptrdiff_t>(size));
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void replay(const fs::path& path) {
  std::ostringstream stream;
  stream << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string bytes = stream.str();
  constexpr std::size_t cuts = 16;
  for (std::size_t i = 0; i <= cuts; ++i) {
    run(bytes, bytes.size() * i / cuts);
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  for (int i = 1; i < count; ++i) {
    for (const fs::path& path : files_below(arguments[i])) {
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);
      replay(path);
      ++files;
    }
  }
  std::printf("%zu files\n", files);
  return files > 0 ? 0 : 1;
}
