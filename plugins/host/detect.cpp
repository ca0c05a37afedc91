// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect.h"

#include "plugins/host/detect/plan.h"
#include "plugins/host/detect/report.h"
#include "plugins/host/detect/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

/// Whether no other question to the same host would be answered either.
bool is_hopeless(ErrorCode code) {
  return code == ErrorCode::network_name || code == ErrorCode::network_refused ||
         code == ErrorCode::network_tls || code == ErrorCode::network_certificate ||
         code == ErrorCode::network_unreachable || code == ErrorCode::network_proxy;
}

class Investigation {
 public:
  Investigation(Transport& transport,
                const Candidates& candidates,
                const Url& url,
                const DetectOptions& options)
      : transport_(transport),
        candidates_(candidates),
        url_(url),
        options_(options),
        places_(url, candidates.all),
        evidence_(candidates.all) {}

  /// Asks until nothing is open, the answer is certain or the budget is spent. Fails with
  /// `cancelled`.
  Status go() {
    while (left() > 0 && failures_ < most_failures) {
      const auto question = next();
      if (!question) {
        break;
      }
      ATLINK_CHECK(ask_one(*question));
    }
    return {};
  }

  [[nodiscard]] Detection outcome() const {
    Detection detection = report(url_, places_, candidates_.all, evidence_);
    detection.notes.insert(
        detection.notes.begin(), candidates_.notes.begin(), candidates_.notes.end());
    return detection;
  }

 private:
  /// So many questions in a row without an answer are enough.
  static constexpr int most_failures = 2;

  /// Requests that may still be sent.
  [[nodiscard]] std::size_t left() const {
    const std::size_t sent = evidence_.all().size() + repeats_;
    return sent < options_.requests ? options_.requests - sent : 0;
  }

  /// Some servers and proxies end a connection without having said so, just when the next question
  /// goes out on it; then it is asked once more.
  Answer answer_to(const Question& question, const Url& url) {
    Answer answer = ask(transport_, url, question.accept, options_);
    if (!answer.came() && answer.error->code == ErrorCode::network_answer_lost && left() > 1) {
      ++repeats_;
      answer = ask(transport_, url, question.accept, options_);
    }
    return answer;
  }

  Status ask_one(const Question& question) {
    ATLINK_ASSIGN(Url url, places_.url_of(question));
    Answer answer = answer_to(question, url);
    const Evidence::Record& record = evidence_.add(question, std::move(url), std::move(answer));
    if (!record.answer.came()) {
      const ErrorCode code = record.answer.error->code;
      failures_ = is_hopeless(code) ? most_failures : failures_ + 1;
      return code == ErrorCode::cancelled ? Status(fail(*record.answer.error)) : Status();
    }
    failures_ = 0;
    if (const auto target = target_of(record.url, record.answer)) {
      places_.learn(question, *target);
    }
    return {};
  }

  /// A question that settles what was found, else one that may find more.
  [[nodiscard]] std::optional<Question> next() {
    bool found = false;
    std::vector<const Place*> open;
    for (const Place& place : places_.all()) {
      const Verdict verdict = verdict_at(place, candidates_.all, evidence_);
      if (!verdict.any()) {
        open.push_back(&place);
        continue;
      }
      found = true;
      if (auto question = settling_question(place, candidates_.all, evidence_, verdict)) {
        return question;
      }
    }
    return found && !options_.all ? std::nullopt : searching(open);
  }

  /// The front door comes after the likely places and before those that are only known.
  [[nodiscard]] std::optional<Question> searching(const std::vector<const Place*>& open) const {
    const auto best = next_question(candidates_.all, open, evidence_);
    Question door{std::string(url_.path()), "text/html"};
    const bool door_first = !best || best->promise < promise_of_front_door;
    if (door_first && evidence_.find(door) == nullptr) {
      return door;
    }
    return best ? std::optional<Question>(best->question) : std::nullopt;
  }

  Transport& transport_;
  const Candidates& candidates_;
  const Url& url_;
  const DetectOptions& options_;
  Places places_;
  Evidence evidence_;
  int failures_ = 0;
  std::size_t repeats_ = 0;
};

}  // namespace

std::string_view to_string(Asked::Outcome outcome) {
  using enum Asked::Outcome;
  switch (outcome) {
    case recognised:
      return "recognised";
    case hint:
      return "hint";
    case login_page:
      return "login_page";
    case closed:
      return "closed";
    case redirect:
      return "redirect";
    case not_found:
      return "not_found";
    case other:
      return "other";
    case failed:
      break;
  }
  return "failed";
}

Result<Detection> detect(Transport& transport,
                         Registry& registry,
                         const Url& url,
                         const DetectOptions& options) {
  ATLINK_ASSIGN(const Candidates candidates, all_candidates(registry, url));
  Investigation investigation(transport, candidates, url, options);
  ATLINK_CHECK(investigation.go());
  return investigation.outcome();
}

}  // namespace atlink::plugins
