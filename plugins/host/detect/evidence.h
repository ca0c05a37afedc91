// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/detect/answer.h"
#include "plugins/host/detect/candidates.h"
#include "plugins/host/detect/places.h"

#include <vector>

/// What a site has answered so far, and what that says of probes.
namespace atlink::plugins {

class Evidence {
 public:
  /// A question and its answer. `wants_sign_in`: a login page or a redirect to one.
  struct Record {
    Question question;
    Url url;
    Answer answer;
    bool wants_sign_in = false;
  };

  /// What an answer says of a probe.
  enum class Reading {
    unasked,
    holds,
    /// The site answered, and not so.
    no,
    /// It may hold: the answer was kept back, or none came.
    open,
  };

  explicit Evidence(const std::vector<Candidate>& candidates) : candidates_(candidates) {}

  /// Judges an answer by itself and keeps it.
  const Record& add(Question question, Url url, Answer answer);

  [[nodiscard]] const std::vector<Record>& all() const { return records_; }

  /// None where the question was not asked.
  [[nodiscard]] const Record* find(const Question& question) const;

  [[nodiscard]] Reading read(const Place& place,
                             const Candidate& candidate,
                             const Probe& probe) const;

  /// Whether a probe that would be proof has been answered otherwise, for any deployment of the
  /// candidate's description: then it is hardly there.
  [[nodiscard]] bool speaks_against(const Place& place, const Candidate& candidate) const;

  /// Whether anything at all has been answered otherwise at a place.
  [[nodiscard]] bool speaks_against(const Place& place) const;

 private:
  const std::vector<Candidate>& candidates_;
  std::vector<Record> records_;
};

/// 401 or 403.
[[nodiscard]] bool is_closed(const Answer& answer);

}  // namespace atlink::plugins
