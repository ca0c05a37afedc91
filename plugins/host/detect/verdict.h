// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/detect/evidence.h"

#include <optional>
#include <string>
#include <vector>

/// What the answers prove of a place.
namespace atlink::plugins {

/// A candidate of which a probe holds.
struct Fit {
  const Candidate* candidate = nullptr;
  /// The probe that says most, and its answer.
  const Probe* probe = nullptr;
  const Evidence::Record* record = nullptr;
  /// How many JSON conditions hold in that probe, and in all probes of the candidate.
  std::size_t most = 0;
  std::size_t total = 0;
};

/// What is left of the candidates at a place; more than one where several fit equally well.
struct Verdict {
  std::vector<Fit> fits;
  /// How the deployment was told, where the answers alone left several.
  std::string deployment_note;

  [[nodiscard]] bool any() const { return !fits.empty(); }
};

/// By probes that are enough by themselves: the most particular description (the one with the most
/// JSON conditions, then the one that builds on the other), and of its deployments the one with the
/// most conditions, then the one whose hosts fit.
[[nodiscard]] Verdict verdict_at(const Place& place,
                                 const std::vector<Candidate>& candidates,
                                 const Evidence& evidence);

/// The same by probes that are only hints. Such as look at a header alone are compared with every
/// answer below the place.
[[nodiscard]] Verdict hints_at(const Place& place,
                               const std::vector<Candidate>& candidates,
                               const Evidence& evidence);

/// What the answers to a candidate's probes that hold tell at a pointer of theirs
/// (`&Probe::version`, …), fit for a terminal; the best one's first. Empty where they do not say.
[[nodiscard]] std::string told_by(const Place& place,
                                  const Fit& fit,
                                  const Evidence& evidence,
                                  std::string Probe::*pointer);

/// A question at the place that could still change or complete the verdict: a description that
/// builds on the one that fits, another deployment, the version. None where it is settled.
[[nodiscard]] std::optional<Question> settling_question(const Place& place,
                                                        const std::vector<Candidate>& candidates,
                                                        const Evidence& evidence,
                                                        const Verdict& verdict);

}  // namespace atlink::plugins
