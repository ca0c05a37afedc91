// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/link.h"

#include <fmt/format.h>

namespace atlink::plugins::language {

void Field::read(Reading& reading, const json::Value& value, LinkField& to) {
  ObjectOf<field_members>::read(reading, value, to);
  const bool wants = to.action == "paste" || to.action == "choose";
  if (!to.action.empty() && wants && to.value.empty()) {
    reading.report(
        "field", fmt::format("there is nothing to {} here", to.action), "give \"value\"");
  }
  if (!to.action.empty() && to.action != "any" && !wants && !to.value.empty()) {
    reading.report("field",
                   fmt::format("\"{}\" has no use for a value", to.action),
                   "leave \"value\" out, or change \"action\"");
  }
}

}  // namespace atlink::plugins::language
