// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/detect/answer.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view remedy = "check the probe, and its answer in testdata/sandbox.json";

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
  for (const std::string& pointer : {probe.version, probe.build, probe.title, probe.base_url}) {
    if (!pointer.empty() && told(answer, pointer).empty()) {
      find(fmt::format("nothing is told at {}", printable(pointer, 100)));
    }
  }
  return findings;
}

/// Whether a fixed answer of the testdata stands before what the sandbox makes of the probe.
bool is_fixed(const Stage& stage, const Probe& probe) {
  const auto answers = stage.sandbox().answers();
  return std::any_of(answers.begin(), answers.end(), [&](const SandboxAnswer& answer) {
    return answer.kind == SandboxAnswer::Kind::resource && answer.method == "GET" &&
           answer.path == probe.endpoint.path;
  });
}

Verdict play_probe(Stage& stage, const Probe& probe, bool among_several) {
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
  std::vector<Finding> missing = missing_in(answer, probe);
  // One file of testdata serves all deployments, and may answer for another one.
  if (!missing.empty() && among_several && is_fixed(stage, probe)) {
    return skipped("testdata answers this itself, and not for this deployment");
  }
  return failed_if(std::move(missing), fmt::format("status {}", answer.status));
}

}  // namespace

void play_probes(Recorder& recorder, Stage& stage, bool among_several) {
  for (const Probe& probe : stage.product().probes) {
    recorder.run("play.probe." + probe.name,
                 [&] { return play_probe(stage, probe, among_several); });
  }
}

}  // namespace atlink::plugins::kit
