// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/sign_in.h"

#include <algorithm>

namespace atlink::plugins::language {

void OAuth2Members::read(Reading& reading,
                         const json::Value& value,
                         std::optional<OAuth2Rules>& to) {
  ObjectOf<oauth2_members>::read(reading, value, to);
  const auto& grants = to->grants;
  const bool needs_page =
      std::find(grants.begin(), grants.end(), OAuth2Rules::Grant::authorization_code) !=
      grants.end();
  if (reading.complete() && value.as_object() != nullptr && needs_page && !to->authorize) {
    reading.report("missing-member",
                   "\"authorize\" is missing, and the grant \"authorization_code\" needs it",
                   "add it, or leave that grant out of \"grants\"");
  }
}

}  // namespace atlink::plugins::language
