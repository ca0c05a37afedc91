// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/answers.h"

namespace atlink::plugins::language {

namespace {

/// Whether rules that need the whole object can be judged.
bool is_whole(const Reading& reading, const json::Value& value) {
  return reading.complete() && value.as_object() != nullptr;
}

bool has_none(const AnswerConditions& conditions) {
  return conditions.statuses.empty() && conditions.header.empty() &&
         conditions.body_contains.empty();
}

}  // namespace

void IdentityMembers::read(Reading& reading,
                           const json::Value& value,
                           std::optional<IdentityRule>& to) {
  ObjectOf<identity>::read(reading, value, to);
  if (is_whole(reading, value) && to->json_pointers.empty() && to->header.empty()) {
    reading.report("identity",
                   "this does not say where the name of the user stands",
                   "give \"json\" or \"header\"");
  }
}

void Signal::read(Reading& reading, const json::Value& value, ResponseSignal& to) {
  ObjectOf<signal>::read(reading, value, to);
  if (is_whole(reading, value) && has_none(to)) {
    reading.report("signal",
                   "this signal holds for every answer",
                   "give \"status\", \"header\" or \"body_contains\"");
  }
}

void ProbeMembers::read(Reading& reading, const json::Value& value, Probe& to) {
  ObjectOf<probe>::read(reading, value, to);
  const bool only_status = to.header.empty() && to.body_contains.empty() && to.json.empty();
  if (is_whole(reading, value) && only_status) {
    reading.report("probe",
                   "any server may answer like this",
                   "give \"json\", \"header\" or \"body_contains\"");
  }
  if (is_whole(reading, value) && to.version.empty() && !to.version_after.empty()) {
    reading.report("probe",
                   "this says what stands before the version, and not where the version stands",
                   "give \"tells\" a \"version\", or leave \"version_after\" out");
  }
}

void PagerMembers::read(Reading& reading, const json::Value& value, Pager& to) {
  ObjectOf<pager>::read(reading, value, to);
  if (!is_whole(reading, value)) {
    return;
  }
  const bool by_link = to.style == Pager::Style::link;
  if (!by_link && to.position.empty()) {
    reading.report("pager",
                   "this does not say which query parameter asks for the next page",
                   "give \"position\"");
  }
  const bool needs_next = by_link || to.style == Pager::Style::token;
  if (needs_next && to.next.empty() && !(by_link && to.link_header)) {
    reading.report("pager",
                   "this does not say where a page names the next one",
                   by_link ? "give \"tells\" with \"next\", or \"link_header\": true"
                           : "give \"tells\" with \"next\"");
  }
}

}  // namespace atlink::plugins::language
