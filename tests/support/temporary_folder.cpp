// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temporary_folder.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace atlink::tests {

TemporaryFolder::TemporaryFolder()
    : path_((std::filesystem::temp_directory_path() / "atlink-test-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw std::runtime_error("no temporary folder can be made");
  }
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace atlink::tests
