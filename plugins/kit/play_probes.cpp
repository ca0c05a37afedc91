// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/detect/answer.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view remedy =
    "check the probe, and its answer in testdata/sandbox.json, which may be for one \"deployment\"";

/// What of a probe its answer does not say.
std::vector<Finding> missing_in(const plugins::Answer& answer, const Probe& probe) {
  std::vector<Finding> findings;
  const auto find = [&](std::string message) {
    findings.push_back({std::move(message), std::string(remedy), {}, 0, {}});
  };
  if (!fits(probe, answer)) {
    find(fmt::format("status {}, a header or the body does not fit", answer.status));
  }
  for (const auto& condition : probe.json) {
    Probe one;
    one.json = {condition};
    if (!holds(one, answer)) {
      find(fmt::format("what stands at {} does not fit", printable(condition.first, 100)));
    }
  }
  for (const auto pointer : {&Probe::version, &Probe::build, &Probe::title, &Probe::base_url}) {
    if (!(probe.*pointer).empty() && told(answer, probe, pointer).empty()) {
      find(fmt::format("nothing is told at {}", printable(probe.*pointer, 100)));
    }
  }
  return findings;
}

Verdict play_probe(Stage& stage, const Probe& probe) {
  const auto connection = stage.connect();
  const auto url =
      connection ? connection->base.at(probe.endpoint) : Result<Url>(fail(connection.error()));
  if (!url) {
    return failed("the address of the question", url.error());
  }
  const plugins::Answer answer =
      plugins::ask(stage.platform().transport, *url, probe.accept, DetectOptions{});
  if (!answer.came()) {
    return failed("there was no answer", *answer.error);
  }
  return failed_if(missing_in(answer, probe), fmt::format("status {}", answer.status));
}

}  // namespace

void play_probes(Recorder& recorder, Stage& stage) {
  for (const Probe& probe : stage.product().probes) {
    recorder.run("play.probe." + probe.name, [&] { return play_probe(stage, probe); });
  }
}

}  // namespace atlink::plugins::kit
