// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/doctor/evidence.h"

namespace atlink::cli::doctor {

/// How far to look.
enum class Scope {
  link,  ///< up to temporary credentials: what `link check` wants
  all,
};

/// Finds everything out, in at most `Budget::requests` requests. What fails is part of the
/// evidence. The chosen profile's own credential goes to where it was issued for and nowhere else;
/// temporary credentials are thrown away. Fails only with `cancelled` and with `usage`.
[[nodiscard]] Result<Evidence> gather(const Call& call, Scope scope);

}  // namespace atlink::cli::doctor
