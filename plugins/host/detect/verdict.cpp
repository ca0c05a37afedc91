// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

using Reading = Evidence::Reading;
using Fits = std::vector<Fit>;

/// Whether a probe says nothing but what header a product sends, which any of its answers shows.
bool is_of_header(const Probe& probe) {
  return !probe.header.empty() && probe.json.empty() && probe.body_contains.empty();
}

const Evidence::Record* held(const Place& place,
                             const Candidate& candidate,
                             const Probe& probe,
                             const Evidence& evidence) {
  const auto question = Places::question(place, candidate, probe);
  const Evidence::Record* record = question ? evidence.find(*question) : nullptr;
  if (record != nullptr && holds(probe, record->answer)) {
    return record;
  }
  if (probe.proof || !is_of_header(probe)) {
    return nullptr;
  }
  for (const Evidence::Record& each : evidence.all()) {
    if (lies_below(each.question.path, place.base.context_path()) && holds(probe, each.answer)) {
      return &each;
    }
  }
  return nullptr;
}

std::optional<Fit> fit_of(const Place& place,
                          const Candidate& candidate,
                          const Evidence& evidence,
                          bool proof) {
  std::optional<Fit> fit;
  for (const Probe& probe : candidate.product.probes) {
    const Evidence::Record* record =
        probe.proof == proof ? held(place, candidate, probe, evidence) : nullptr;
    if (record == nullptr) {
      continue;
    }
    const std::size_t total = (fit ? fit->total : 0) + probe.json.size();
    if (!fit || probe.json.size() > fit->most) {
      fit = Fit{&candidate, &probe, record, probe.json.size(), total};
    }
    fit->total = total;
  }
  return fit;
}

bool same_conditions(const Probe& a, const Probe& b) {
  return a.endpoint.path == b.endpoint.path && a.endpoint.query == b.endpoint.query &&
         a.endpoint.relative_to == b.endpoint.relative_to && a.accept == b.accept &&
         a.json == b.json && a.statuses == b.statuses && a.header == b.header &&
         a.header_is == b.header_is && a.header_contains == b.header_contains &&
         a.body_contains == b.body_contains;
}

/// Whether `a` has to give way to `b`, one of which builds on the other. What builds on another and
/// asks for nothing more is meant for its own context paths.
bool gives_way(const Fit& a, const Fit& b, const Place& place) {
  const bool same = same_conditions(*a.probe, *b.probe);
  const auto at_home = [&](const Fit& fit) {
    return fit.candidate->knows(place.base.context_path());
  };
  if (builds_on(*b.candidate->description, *a.candidate->description)) {
    return !same || at_home(b);
  }
  return builds_on(*a.candidate->description, *b.candidate->description) && same && !at_home(a);
}

/// Keeps those for which `key` is greatest.
template <class Key>
void keep_greatest(Fits& fits, Key key) {
  std::size_t greatest = 0;
  for (const Fit& fit : fits) {
    greatest = std::max(greatest, key(fit));
  }
  fits.erase(
      std::remove_if(fits.begin(), fits.end(), [&](const Fit& fit) { return key(fit) < greatest; }),
      fits.end());
}

bool several_descriptions(const Fits& fits) {
  return std::any_of(fits.begin(), fits.end(), [&](const Fit& fit) {
    return fit.candidate->description != fits.front().candidate->description;
  });
}

void keep_most_particular(Fits& fits, const Place& place) {
  keep_greatest(fits, [](const Fit& fit) { return fit.most; });
  const Fits before = fits;
  fits.erase(std::remove_if(fits.begin(),
                            fits.end(),
                            [&](const Fit& a) {
                              return std::any_of(before.begin(), before.end(), [&](const Fit& b) {
                                return gives_way(a, b, place);
                              });
                            }),
             fits.end());
  if (several_descriptions(fits)) {
    keep_greatest(fits, [](const Fit& fit) { return fit.total; });
  }
}

std::string deployments_in(const Fits& fits, Candidate::HostSays host) {
  std::string text;
  for (const Fit& fit : fits) {
    if (fit.candidate->host == host) {
      text += fmt::format(
          "{}{}", text.empty() ? "" : " and ", to_string(fit.candidate->product.deployment));
    }
  }
  return text;
}

/// Keeps those of which the host says so, if there are any and others; whether it did.
bool keep_by_host(Fits& fits, Candidate::HostSays says) {
  Fits rest;
  std::copy_if(fits.begin(), fits.end(), std::back_inserter(rest), [&](const Fit& fit) {
    return fit.candidate->host == says;
  });
  if (rest.empty() || rest.size() == fits.size()) {
    return false;
  }
  fits = std::move(rest);
  return true;
}

/// Of several deployments of one description: the one that the host is of, else the one that more
/// answers speak for, else the one whose hosts are not known. Says what the host decided.
std::string keep_deployment(Fits& fits) {
  using enum Candidate::HostSays;
  if (keep_by_host(fits, yes)) {
    return fmt::format("told from the host, which is of {}", deployments_in(fits, yes));
  }
  keep_greatest(fits, [](const Fit& fit) { return fit.total; });
  const std::string others = deployments_in(fits, no);
  return keep_by_host(fits, nothing)
             ? fmt::format("told from the host, which is none of those of {}", others)
             : std::string();
}

Verdict verdict_by(const Place& place,
                   const std::vector<Candidate>& candidates,
                   const Evidence& evidence,
                   bool proof) {
  Verdict verdict;
  for (const Candidate& candidate : candidates) {
    if (auto fit = fit_of(place, candidate, evidence, proof)) {
      verdict.fits.push_back(*fit);
    }
  }
  if (!verdict.any()) {
    return verdict;
  }
  keep_most_particular(verdict.fits, place);
  if (!several_descriptions(verdict.fits)) {
    verdict.deployment_note = keep_deployment(verdict.fits);
  }
  return verdict;
}

bool has_probe_like(const Candidate& candidate, const Probe& probe) {
  const auto& probes = candidate.product.probes;
  return std::any_of(probes.begin(), probes.end(), [&](const Probe& each) {
    return same_conditions(each, probe);
  });
}

/// Whether a probe is not one of every deployment.
bool tells_deployments_apart(const std::vector<Candidate>& candidates,
                             const Candidate& candidate,
                             const Probe& probe) {
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
    return other.description == candidate.description && !has_probe_like(other, probe);
  });
}

/// What of a verdict is open.
struct OpenEnds {
  const Candidate* winner;
  bool deployment;
  bool version;
};

/// Whether an unasked probe of `candidate` could close one.
bool could_close(const OpenEnds& open,
                 const Place& place,
                 const std::vector<Candidate>& candidates,
                 const Candidate& candidate,
                 const Probe& probe,
                 const Evidence& evidence) {
  if (candidate.description != open.winner->description) {
    return probe.proof && builds_on(*candidate.description, *open.winner->description) &&
           candidate.host != Candidate::HostSays::no && !evidence.speaks_against(place, candidate);
  }
  if (open.version && &candidate == open.winner && !probe.version.empty()) {
    return true;
  }
  return open.deployment && probe.proof && tells_deployments_apart(candidates, candidate, probe);
}

}  // namespace

Verdict verdict_at(const Place& place,
                   const std::vector<Candidate>& candidates,
                   const Evidence& evidence) {
  return verdict_by(place, candidates, evidence, true);
}

Verdict hints_at(const Place& place,
                 const std::vector<Candidate>& candidates,
                 const Evidence& evidence) {
  return verdict_by(place, candidates, evidence, false);
}

std::string told_by(const Place& place,
                    const Fit& fit,
                    const Evidence& evidence,
                    std::string Probe::*pointer) {
  std::string text = told(fit.record->answer, *fit.probe, pointer);
  for (const Probe& probe : fit.candidate->product.probes) {
    const Evidence::Record* record =
        text.empty() ? held(place, *fit.candidate, probe, evidence) : nullptr;
    if (record != nullptr) {
      text = told(record->answer, probe, pointer);
    }
  }
  return text;
}

std::optional<Question> settling_question(const Place& place,
                                          const std::vector<Candidate>& candidates,
                                          const Evidence& evidence,
                                          const Verdict& verdict) {
  const Fit& winner = verdict.fits.front();
  const OpenEnds open{winner.candidate,
                      winner.candidate->host != Candidate::HostSays::yes,
                      told_by(place, winner, evidence, &Probe::version).empty()};
  for (const Candidate& candidate : candidates) {
    for (const Probe& probe : candidate.product.probes) {
      auto question = Places::question(place, candidate, probe);
      if (question && evidence.find(*question) == nullptr &&
          could_close(open, place, candidates, candidate, probe, evidence)) {
        return question;
      }
    }
  }
  return std::nullopt;
}

}  // namespace atlink::plugins
