// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/evidence.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

bool is_login_signal(const ResponseSignal& signal, const Answer& answer) {
  return signal.meaning == ResponseSignal::Meaning::login_page && fits(signal, answer);
}

bool wants_sign_in(const std::vector<Candidate>& candidates, const Answer& answer) {
  return asks_for_sign_in(answer) ||
         std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
           const auto& signals = candidate.product.signals;
           return std::any_of(signals.begin(), signals.end(), [&](const ResponseSignal& signal) {
             return is_login_signal(signal, answer);
           });
         });
}

/// Whether the answer keeps back what would have told.
bool tells_nothing(const Evidence::Record& record) {
  const Answer& answer = record.answer;
  return !answer.came() || record.wants_sign_in || is_closed(answer) || is_redirect(answer) ||
         answer.status == 429 || answer.status >= 500;
}

}  // namespace

bool is_closed(const Answer& answer) {
  return answer.came() && (answer.status == 401 || answer.status == 403);
}

const Evidence::Record& Evidence::add(Question question, Url url, Answer answer) {
  const bool wanted = answer.came() && wants_sign_in(candidates_, answer);
  return records_.emplace_back(
      Record{std::move(question), std::move(url), std::move(answer), wanted});
}

const Evidence::Record* Evidence::find(const Question& question) const {
  const auto found = std::find_if(records_.begin(), records_.end(), [&](const Record& record) {
    return record.question == question;
  });
  return found == records_.end() ? nullptr : &*found;
}

Evidence::Reading Evidence::read(const Place& place,
                                 const Candidate& candidate,
                                 const Probe& probe) const {
  const auto question = Places::question(place, candidate, probe);
  const Record* record = question ? find(*question) : nullptr;
  if (record == nullptr) {
    return Reading::unasked;
  }
  if (holds(probe, record->answer)) {
    return Reading::holds;
  }
  return tells_nothing(*record) ? Reading::open : Reading::no;
}

bool Evidence::speaks_against(const Place& place, const Candidate& candidate) const {
  return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& other) {
    const auto& probes = other.product.probes;
    return other.description == candidate.description &&
           std::any_of(probes.begin(), probes.end(), [&](const Probe& probe) {
             return probe.proof && read(place, other, probe) == Reading::no;
           });
  });
}

bool Evidence::speaks_against(const Place& place) const {
  return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
    return speaks_against(place, candidate);
  });
}

}  // namespace atlink::plugins
