// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/mishaps.h"

#include "plugins/sandbox/limits.h"
#include "plugins/sandbox/problem.h"
#include "plugins/sandbox/signals.h"

#include <algorithm>
#include <chrono>

namespace atlink::plugins::sandbox {

namespace {

using Kind = Fault::Kind;
using Meaning = ResponseSignal::Meaning;
using std::chrono::milliseconds;

ServerResponse rate_limited(const Fault& fault, const Product& product, const Visit& visit) {
  ServerResponse response = signal_answer(product, Meaning::rate_limited, visit);
  if (fault.value == "date") {
    response.headers.set("Retry-After", http_date(visit.now + 1));
  } else if (fault.value == "nonsense") {
    response.headers.set("Retry-After", "soon");
  } else if (fault.value != "absent") {
    response.headers.set("Retry-After", std::to_string(fault.number));
  }
  return response;
}

std::optional<ServerResponse> answer_of(const Fault& fault,
                                        const Product& product,
                                        const Visit& visit) {
  switch (fault.kind) {
    case Kind::problem:
      return problem_answer(visit.base_url, example_problem(fault.value, visit.now));
    case Kind::login_page:
      return signal_answer(product, Meaning::login_page, visit);
    case Kind::captcha:
      return signal_answer(product, Meaning::captcha, visit);
    case Kind::authentication_failed:
      return signal_answer(product, Meaning::authentication_failed, visit);
    case Kind::xsrf:
      return signal_answer(product, Meaning::xsrf, visit);
    case Kind::rate_limit:
      return rate_limited(fault, product, visit);
    case Kind::status:
      return error_answer(product, static_cast<int>(fault.number), "this failure was asked for");
    default:
      return std::nullopt;
  }
}

void spoil_by(const Fault& fault, ServerResponse& response) {
  const auto length = static_cast<std::int64_t>(response.body.size());
  switch (fault.kind) {
    case Kind::delay:
      response.delay = milliseconds(fault.number);
      break;
    case Kind::slow:
      response.drip_bytes = 1;
      response.drip_pause = milliseconds(fault.number);
      break;
    case Kind::cut:
      response.cut_after = static_cast<std::size_t>(fault.number >= 0 ? fault.number : length / 2);
      break;
    case Kind::wrong_length:
      response.claimed_length =
          static_cast<std::uint64_t>(std::max<std::int64_t>(length + fault.number, 0));
      break;
    default:
      break;
  }
}

}  // namespace

void mislead(const std::vector<Fault>& faults, Visit& visit) {
  for (const Fault& fault : faults) {
    visit.now += fault.kind == Kind::clock_skew ? fault.number : 0;
  }
  visit.repeats_pages = has(faults, Kind::repeat_page);
}

std::optional<ServerResponse> mishap(const std::vector<Fault>& faults,
                                     const Product& product,
                                     const Visit& visit) {
  for (const Fault& fault : faults) {
    if (auto answer = answer_of(fault, product, visit)) {
      return answer;
    }
  }
  return std::nullopt;
}

bool has(const std::vector<Fault>& faults, Kind kind) {
  return std::any_of(
      faults.begin(), faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
}

void spoil(const std::vector<Fault>& faults, ServerResponse& response) {
  for (const Fault& fault : faults) {
    spoil_by(fault, response);
  }
}

}  // namespace atlink::plugins::sandbox
