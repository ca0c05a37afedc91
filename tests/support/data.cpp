// SPDX-License-Identifier: Apache-2.0
#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace atlink::tests {

std::string data(const std::string& name) {
  const std::string path = std::string(ATLINK_SOURCE_DIR) + "/tests/data/" + name;
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace atlink::tests
