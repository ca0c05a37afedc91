// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_probe.h"

#include "atlink/json.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::array stage_names{"start", "load", "entry"};

std::string line_of(std::string_view name, json::Value value) {
  json::Value object;
  object.set(std::string(name), std::move(value));
  return json::write(object) + "\n";
}

/// What the lines said, whatever became of the process afterwards.
struct Said {
  ProbeStage stage = ProbeStage::start;
  std::optional<NativeProblem> problem;
  std::optional<NativeOffer> offer;
};

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const member = object.find(name);
  const std::string* const text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string() : *text;
}

NativeOffer offer_from(const json::Value& object) {
  NativeOffer offer;
  offer.version = text_of(object, "version");
  const json::Value* const extensions = object.find("extensions");
  if (extensions != nullptr && extensions->as_array() != nullptr) {
    for (const json::Value& each : *extensions->as_array()) {
      offer.extensions.push_back(each.as_string() == nullptr ? "" : *each.as_string());
    }
  }
  const json::Value* const conversions = object.find("conversions");
  if (conversions != nullptr && conversions->as_array() != nullptr) {
    for (const json::Value& each : *conversions->as_array()) {
      offer.conversions.push_back({text_of(each, "from"), text_of(each, "to")});
    }
  }
  return offer;
}

void take(Said& said, const json::Value& line) {
  const std::string stage = text_of(line, "stage");
  for (std::size_t i = 0; i < stage_names.size(); ++i) {
    if (stage == stage_names[i]) {
      said.stage = static_cast<ProbeStage>(i);
    }
  }
  if (const json::Value* const problem = line.find("problem")) {
    said.problem = NativeProblem{
        text_of(*problem, "rule"), text_of(*problem, "message"), text_of(*problem, "next")};
  }
  if (const json::Value* const offer = line.find("offer")) {
    said.offer = offer_from(*offer);
  }
}

Said read_lines(std::string_view text) {
  Said said;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto line = json::parse(text.substr(0, end))) {
      take(said, *line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return said;
}

NativeProblem host_fault(const ProcessEnd& end) {
  if (end.why == ProcessEnd::Why::patience) {
    return {std::string(host_rule),
            "this machine is too busy to judge it in time",
            "run the command again when the machine has less to do"};
  }
  return {std::string(host_rule),
          fmt::format("it could not be judged: the program {} of atlink did not begin ({})",
                      probe_program,
                      end.err.empty() ? fmt::format("exit code {}", end.exit_code)
                                      : printable(end.err, 200)),
          "install atlink again: its library, modules and programs belong together"};
}

NativeProblem too_slow(ProbeStage stage, std::chrono::milliseconds patience) {
  return {"native-time",
          fmt::format("it was not {} after {} ms",
                      stage == ProbeStage::load ? "loaded" : "done with telling what it offers",
                      patience.count()),
          "take loops, waiting and work out of its constructors and get_extension"};
}

std::string ended_how(const ProcessEnd& end) {
  switch (end.why) {
    case ProcessEnd::Why::signal:
      if (end.signal == SIGXFSZ) {
        return "printed without end";
      }
      return end.signal == SIGABRT ? std::string("aborted, as a failed assertion does")
                                   : fmt::format("crashed (signal {})", end.signal);
    case ProcessEnd::Why::output:
      return "printed without end";
    default:
      return fmt::format("ended the process (exit code {})", end.exit_code);
  }
}

NativeProblem ended_early(ProbeStage stage, const ProcessEnd& end) {
  if (stage == ProbeStage::load) {
    return {"native-inert",
            fmt::format("it {} while it was loaded", ended_how(end)),
            "take the work out of its constructors (static initialisers)"};
  }
  return {"native-extension",
          fmt::format("it {} when it was asked what it offers", ended_how(end)),
          "mend get_extension, and what its entry and tables point to"};
}

/// The limit of the child's own processor time, which ends it where we cannot any more.
bool ran_too_long(const ProcessEnd& end) {
  return end.why == ProcessEnd::Why::patience ||
         (end.why == ProcessEnd::Why::signal && end.signal == SIGXCPU);
}

}  // namespace

std::string stage_line(ProbeStage stage) {
  return line_of("stage", stage_names[static_cast<std::size_t>(stage)]);
}

std::string problem_line(const NativeProblem& problem) {
  json::Value object;
  object.set("rule", problem.rule);
  object.set("message", printable(problem.message));
  object.set("next", printable(problem.next));
  return line_of("problem", std::move(object));
}

std::string offer_line(const NativeOffer& offer) {
  json::Array extensions;
  for (const std::string& id : offer.extensions) {
    extensions.emplace_back(id);
  }
  json::Array conversions;
  for (const NativeConversion& conversion : offer.conversions) {
    json::Value each;
    each.set("from", conversion.from);
    each.set("to", conversion.to);
    conversions.push_back(std::move(each));
  }
  json::Value object;
  object.set("version", offer.version);
  object.set("extensions", std::move(extensions));
  object.set("conversions", std::move(conversions));
  return line_of("offer", std::move(object));
}

tl::expected<NativeOffer, NativeProblem> verdict_of(const ProcessEnd& end,
                                                    std::chrono::milliseconds patience) {
  Said said = read_lines(end.out);
  if (said.problem) {
    return tl::unexpected(std::move(*said.problem));
  }
  if (said.offer && end.why == ProcessEnd::Why::exit && end.exit_code == 0) {
    return std::move(*said.offer);
  }
  if (said.stage == ProbeStage::start) {
    return tl::unexpected(host_fault(end));
  }
  return tl::unexpected(ran_too_long(end) ? too_slow(said.stage, patience)
                                          : ended_early(said.stage, end));
}

}  // namespace atlink::plugins
