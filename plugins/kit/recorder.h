// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "plugins/kit/kit.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace atlink::plugins::kit {

/// What became of a check, before it has a name.
struct Verdict {
  Outcome outcome = Outcome::pass;
  std::string message;
  std::vector<Finding> findings;
};

[[nodiscard]] Verdict passed(std::string message = {});
[[nodiscard]] Verdict skipped(std::string why);
[[nodiscard]] Verdict warned(std::string message, std::string next);
[[nodiscard]] Verdict failed(std::string message, std::string next = {});

/// The same for what an error says. `what` was being tried.
[[nodiscard]] Verdict failed(std::string_view what, const Error& error);

/// Passes where nothing was found.
[[nodiscard]] Verdict failed_if(std::vector<Finding> findings, std::string message = {});

/// Carries checks out and writes down what became of them.
class Recorder {
 public:
  Recorder(Clock& clock, std::vector<Check>& checks) : clock_(clock), checks_(checks) {}

  /// The deployment that the checks from now on are made for.
  void at(std::optional<Deployment> deployment) { deployment_ = deployment; }

  /// Whether it did not fail.
  bool run(std::string name, const std::function<Verdict()>& work);

 private:
  Clock& clock_;
  std::vector<Check>& checks_;
  std::optional<Deployment> deployment_;
};

/// A text as a part of a check's name: lower case, and "-" for what is no letter, digit or dot.
[[nodiscard]] std::string name_part(std::string_view text);

}  // namespace atlink::plugins::kit
