// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/report.h"

#include "atlink/text.h"
#include "plugins/host/detect/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

using Outcome = Asked::Outcome;

/// A base URL as BaseUrl writes it; as it came where it is none.
std::string plain_base(const std::string& text) {
  auto url = Url::parse(text);
  std::string plain = url ? url->str() : text;
  while (!plain.empty() && plain.back() == '/') {
    plain.pop_back();
  }
  return plain;
}

Found found_at(const Place& place, const Fit& fit, const Evidence& evidence) {
  Found found{fit.candidate->product, place.base, {}, {}, {}, {}, {}, false, {}};
  found.version = told_by(place, fit, evidence, &Probe::version);
  found.build = told_by(place, fit, evidence, &Probe::build);
  found.title = told_by(place, fit, evidence, &Probe::title);
  found.server_base_url = plain_base(told_by(place, fit, evidence, &Probe::base_url));
  if (found.server_base_url == place.base.str()) {
    found.server_base_url.clear();
  }
  found.sign_in = ways_to_sign_in(found.product, found.version);
  return found;
}

/// What one answer turned out to be, with the names that its probes gave it.
struct Meaning {
  std::string names;
  bool proof = false;
  bool hint = false;

  void add(const std::string& name) {
    if (fmt::format(", {}, ", names).find(fmt::format(", {}, ", name)) == std::string::npos) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
  }
};

std::string name_with_version(const Fit& fit, const Evidence::Record& record, const Probe& probe) {
  const std::string version = told(record.answer, probe, &Probe::version);
  const std::string name = printable(fit.candidate->product.name, 80);
  return version.empty() ? name : fmt::format("{} {}", name, version);
}

std::string in_words(const Evidence::Record& record) {
  const Answer& answer = record.answer;
  const std::string title = title_of(answer);
  const std::string titled = title.empty() ? std::string() : fmt::format(" \"{}\"", title);
  if (!answer.came()) {
    return printable(answer.error->message, 300);
  }
  if (is_redirect(answer)) {
    const std::string to = printable(*answer.headers.find("Location"), 200);
    return fmt::format("leads to {}{}", record.wants_sign_in ? "a login page, " : "", to);
  }
  if (record.wants_sign_in) {
    return fmt::format("a login page{}", titled);
  }
  if (is_closed(answer)) {
    return answer.status == 401 ? "closed: wants a sign-in" : "closed: not allowed";
  }
  if (answer.status == 404 || answer.status == 410) {
    return "nothing there";
  }
  return is_html(answer) ? fmt::format("an HTML page{}", titled)
                         : "an answer that no description knows";
}

Outcome outcome_of(const Evidence::Record& record) {
  const Answer& answer = record.answer;
  if (!answer.came()) {
    return Outcome::failed;
  }
  if (record.wants_sign_in) {
    return Outcome::login_page;
  }
  if (is_closed(answer)) {
    return Outcome::closed;
  }
  if (is_redirect(answer)) {
    return Outcome::redirect;
  }
  return answer.status == 404 || answer.status == 410 ? Outcome::not_found : Outcome::other;
}

class Reporter {
 public:
  Reporter(const Url& url,
           const Places& places,
           const std::vector<Candidate>& candidates,
           const Evidence& evidence)
      : url_(url), places_(places), candidates_(candidates), evidence_(evidence) {}

  Detection make() {
    meanings_.resize(evidence_.all().size());
    for (const Place& place : places_.all()) {
      take(place, verdict_at(place, candidates_, evidence_), true);
    }
    const bool proven = !detection_.found.empty();
    for (const Place& place : places_.all()) {
      const Verdict hints = hints_at(place, candidates_, evidence_);
      proven ? note_meanings(place, hints, false) : take(place, hints, false);
    }
    put_in_order();
    tell_questions();
    return std::move(detection_);
  }

 private:
  void note_meaning(const Evidence::Record& record, const Fit& fit, const Probe& probe) {
    Meaning& meaning = meanings_[static_cast<std::size_t>(&record - evidence_.all().data())];
    if (!meaning.proof || probe.proof) {
      meaning.add(name_with_version(fit, record, probe));
    }
    (probe.proof ? meaning.proof : meaning.hint) = true;
  }

  /// Every answer that speaks for what is left of a place, not only the one that says most.
  void note_meanings(const Place& place, const Verdict& verdict, bool proof) {
    for (const Fit& fit : verdict.fits) {
      note_meaning(*fit.record, fit, *fit.probe);
      for (const Probe& probe : fit.candidate->product.probes) {
        const auto question = Places::question(place, *fit.candidate, probe);
        const Evidence::Record* record = question ? evidence_.find(*question) : nullptr;
        if (probe.proof == proof && record != nullptr && holds(probe, record->answer)) {
          note_meaning(*record, fit, probe);
        }
      }
    }
  }

  void take(const Place& place, const Verdict& verdict, bool proof) {
    note_meanings(place, verdict, proof);
    const bool several = verdict.fits.size() > 1;
    detection_.ambiguous = detection_.ambiguous || (proof && several);
    for (const Fit& fit : verdict.fits) {
      Found found = found_at(place, fit, evidence_);
      found.certain = proof && !several;
      found.deployment_note = verdict.deployment_note;
      if (proof || !is_known(found)) {
        detection_.found.push_back(std::move(found));
      }
    }
  }

  /// A hint at several places is told once, for the likeliest of them.
  [[nodiscard]] bool is_known(const Found& found) const {
    return std::any_of(detection_.found.begin(), detection_.found.end(), [&](const Found& each) {
      return each.product.id == found.product.id &&
             each.product.deployment == found.product.deployment;
    });
  }

  /// What is certain first, then the longest context path that the asked URL has.
  void put_in_order() {
    const auto rank = [&](const Found& found) {
      const std::string& context = found.base.context_path();
      return std::pair(!found.certain,
                       lies_below(url_.path(), context) ? -static_cast<int>(context.size()) : 1);
    };
    std::stable_sort(detection_.found.begin(),
                     detection_.found.end(),
                     [&](const Found& a, const Found& b) { return rank(a) < rank(b); });
  }

  void tell_questions() {
    for (std::size_t i = 0; i < evidence_.all().size(); ++i) {
      const Evidence::Record& record = evidence_.all()[i];
      const Meaning& meaning = meanings_[i];
      Asked asked;
      asked.url = record.url.str();
      asked.accept = record.question.accept;
      asked.status = record.answer.status;
      asked.error = record.answer.error;
      asked.outcome = outcome_of(record);
      asked.said = in_words(record);
      if (meaning.proof || meaning.hint) {
        asked.outcome = meaning.proof ? Outcome::recognised : Outcome::hint;
        asked.said = fmt::format("{} {}", meaning.proof ? "this is" : "looks like", meaning.names);
      }
      detection_.asked.push_back(std::move(asked));
      note_other_site(record);
    }
  }

  /// A redirect to another origin is not followed, and said.
  void note_other_site(const Evidence::Record& record) {
    const auto target = target_of(record.url, record.answer);
    if (!target || target->same_origin(url_)) {
      return;
    }
    const std::string note =
        fmt::format("{} sends people on to {}, which is another site and was not asked",
                    url_.origin(),
                    printable(target->origin(), 200));
    if (!record.wants_sign_in &&
        (detection_.elsewhere.empty() || record.question.path == url_.path())) {
      const bool same_path = target->path() == record.url.path();
      detection_.elsewhere = printable(
          fmt::format("{}{}", target->origin(), same_path ? url_.path() : target->path()), 400);
    }
    auto& notes = detection_.notes;
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) {
      notes.push_back(note);
    }
  }

  const Url& url_;
  const Places& places_;
  const std::vector<Candidate>& candidates_;
  const Evidence& evidence_;
  Detection detection_;
  /// For each question.
  std::vector<Meaning> meanings_;
};

}  // namespace

Detection report(const Url& url,
                 const Places& places,
                 const std::vector<Candidate>& candidates,
                 const Evidence& evidence) {
  return Reporter(url, places, candidates, evidence).make();
}

}  // namespace atlink::plugins
