// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <sys/types.h>

namespace atlink::tests {

/// Runs `work` in a child process and returns what it returned (0 to 255), or minus the number of
/// the signal that ended it. Assertions inside are not seen: return a number that tells.
[[nodiscard]] int in_child(const std::function<int()>& work);

/// The same as a user without rights, so that permissions count even where tests run as root.
/// Returns `skipped` where this process can neither change its user nor is such a user already.
[[nodiscard]] int as_plain_user(const std::function<int()>& work);

/// In a child made by fork: signals do again what they do by default, not what doctest wants.
void forget_handlers();

inline constexpr int skipped = 77;

/// A user number that owns nothing.
inline constexpr unsigned nobody = 65534;

}  // namespace atlink::tests
