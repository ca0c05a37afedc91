// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/examine.h"

#include "atlink/text.h"

#include <utility>

namespace atlink::cli::doctor {

namespace {

// Long enough for a server's own words.
constexpr std::size_t longest = 1000;

}  // namespace

Diagnosis judge(const Evidence& evidence, Scope scope) {
  Diagnosis diagnosis;
  for (const Check& check : all_checks()) {
    if (scope == Scope::link && !check.of_link) {
      continue;
    }
    Finding finding = check.judge(evidence);
    diagnosis.checks.push_back(
        {check.name,
         finding.outcome,
         printable(evidence.scrub.clean(std::move(finding.message)), longest)});
    if (finding.cause && !diagnosis.cause) {
      Error cause = evidence.scrub.clean(*std::move(finding.cause));
      if (cause.fact("profile").empty()) {
        cause = std::move(cause).with("profile", evidence.profile);
      }
      diagnosis.cause = std::move(cause).with("check", std::string(check.name));
    }
  }
  return diagnosis;
}

}  // namespace atlink::cli::doctor
