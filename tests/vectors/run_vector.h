// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "tests/vectors/vector_file.h"

#include <optional>
#include <string>

namespace atlink::vectors {

/// The first stage at which a vector did not come out as expected.
struct Failure {
  std::string stage;
  std::string expected;
  std::string got;
};

/// Runs one vector stage by stage; none where all is as expected.
[[nodiscard]] std::optional<Failure> run_vector(const VectorFile& file, const json::Value& vector);

}  // namespace atlink::vectors
