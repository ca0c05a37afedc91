// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace atlink::tests {

/// The bytes of tests/data/`name`; stops the test where there is no such file.
[[nodiscard]] std::string data(const std::string& name);

}  // namespace atlink::tests
