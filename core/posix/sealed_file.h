// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/posix/descriptor.h"

#include <string_view>

namespace atlink::posix {

/// A file in memory that holds `bytes`, stands at its beginning, and can never be changed again by
/// anybody who gets at it. It is closed in programs that we start. Invalid where the system gives
/// none; errno says why.
[[nodiscard]] Descriptor sealed_file(std::string_view bytes);

}  // namespace atlink::posix
