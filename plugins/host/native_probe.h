// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/native.h"
#include "plugins/host/native_problem.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

/// How a module is tried in a process of its own: the program `native-probe`, which lies among the
/// modules of atlink, gets the module as its standard input and the id as its argument, and says
/// what it does and finds in lines of JSON on standard output.
namespace atlink::plugins {

inline constexpr std::string_view probe_program = "native-probe";

/// Where the probe is; what comes to an end without a verdict came to it there.
enum class ProbeStage {
  start,  ///< nothing of the module has run
  load,   ///< its constructors run
  entry,  ///< it is asked what it offers
};

/// The lines that the probe writes.
[[nodiscard]] std::string stage_line(ProbeStage stage);
[[nodiscard]] std::string problem_line(const NativeProblem& problem);
[[nodiscard]] std::string offer_line(const NativeOffer& offer);

/// What the probe's lines and end mean.
[[nodiscard]] tl::expected<NativeOffer, NativeProblem> verdict_of(
    const ProcessEnd& end, std::chrono::milliseconds patience);

}  // namespace atlink::plugins
