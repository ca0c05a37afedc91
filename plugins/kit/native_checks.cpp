// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/native_checks.h"

#include "plugins/host/native.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::plugins::kit {

namespace {

/// Whether a module may run is for those to decide who install it.
constexpr std::string_view of_installing = "native-trust";

/// "native.symbol" for the rule "native-symbol".
std::string name_of(const NativeRule& rule) {
  constexpr std::string_view prefix = "native-";
  const bool has_prefix = rule.name.substr(0, prefix.size()) == prefix;
  return fmt::format("native.{}", has_prefix ? rule.name.substr(prefix.size()) : rule.name);
}

bool is_listed(std::string_view rule) {
  const auto rules = native_rules();
  return std::any_of(
      rules.begin(), rules.end(), [&](const NativeRule& each) { return each.name == rule; });
}

/// What is wrong with the module; nothing if all is well.
std::optional<Error> problem_of(Platform platform, const ModuleFile& file) {
  NativeModules modules(platform, {});
  const auto module = modules.read(file);
  if (!module) {
    return module.error();
  }
  const auto offer = modules.probe(*module);
  return offer ? std::nullopt : std::optional(offer.error());
}

Verdict to_verdict(const Error& error) {
  Verdict verdict = failed(error.message, error.next);
  verdict.findings.front().file = std::string(error.fact("file"));
  // The place begins the message, and has a field here.
  const std::size_t text = error.message.find(": ");
  if (text != std::string::npos && error.code != ErrorCode::plugin_untrusted) {
    verdict.findings.front().message = error.message.substr(text + 2);
  }
  return verdict;
}

}  // namespace

void check_native(Recorder& recorder, Platform platform, const Judgement& judgement) {
  const Description& description = judgement.description;
  if (description.modules.empty() ||
      description.modules.front().folder != description.folders.front()) {
    recorder.run("native.module", [] { return skipped("there is no native module"); });
    return;
  }
  std::optional<Error> problem;
  recorder.run("native.module", [&] {
    problem = problem_of(platform, description.modules.front());
    return problem && !is_listed(problem->fact("rule"))
               ? to_verdict(*problem)
               : passed("looked at, and loaded in a child process only");
  });
  bool reached = true;
  for (const NativeRule& rule : native_rules()) {
    if (rule.name == of_installing) {
      continue;
    }
    const bool broken = problem && problem->fact("rule") == rule.name;
    recorder.run(name_of(rule), [&] {
      if (!reached) {
        return skipped("a rule before it is broken");
      }
      return broken ? to_verdict(*problem) : passed();
    });
    reached = reached && !broken;
  }
}

}  // namespace atlink::plugins::kit
