// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <string>
#include <vector>

namespace atlink::posix {

/// The commands that may open `url`, the preferred one first, each as its arguments. First what
/// BROWSER names (commands separated by ":", "%s" is the URL, else it is appended); then, in a
/// desktop session (DISPLAY or WAYLAND_DISPLAY), the usual openers. Empty where neither is there.
[[nodiscard]] std::vector<std::vector<std::string>> browser_commands(const Environment& environment,
                                                                     const Url& url);

/// Starts the first of `browser_commands` that exists, in a session of its own, without output,
/// open files, and ATLINK_ variables (they may hold secrets).
class PosixBrowser final : public Browser {
 public:
  /// `environment` must outlive this.
  explicit PosixBrowser(const Environment& environment) : environment_(environment) {}

  Status open(const Url& url) override;

 private:
  const Environment& environment_;
};

}  // namespace atlink::posix
