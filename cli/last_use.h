// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/session.h"

#include <optional>
#include <string>

/// When a stored credential was last of use. One small file a profile, written at most once an
/// hour: what is noted is the time of the use that wrote it, so that later ones within the hour may
/// be missing. Not being able to note it is no reason for anything to fail.
namespace atlink::cli {

/// Notes that the session's credential was of use just now, unless that was noted within the hour.
/// A credential of the environment is nobody's to keep notes on.
void note_use(const Call& call, Session& session);

/// When it was; none where nothing is noted since the sign-in.
[[nodiscard]] std::optional<TimePoint> last_use(const Call& call, const std::string& profile);

/// Removes the note: a new sign-in has not been of use yet.
void forget_use(const Call& call, const std::string& profile);

}  // namespace atlink::cli
