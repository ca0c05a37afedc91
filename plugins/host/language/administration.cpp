// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/administration.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins::language {

namespace {

/// The call with what its answer tells.
struct Created : LinkCall {
  std::string id;
};

constexpr std::array created{
    member<Method, &LinkCall::method, Created>("method", Presence::required),
    member<ObjectOf<link_place>, &LinkCall::endpoint, Created>("endpoint", Presence::required),
    member<LinkBody, &LinkCall::body, Created>("body", Presence::required),
    member<JsonPointer, &Created::id>("id", Presence::required),
};

struct Refusal {
  static void read(Reading& reading, const json::Value& value, LinkRefusal& to) {
    ObjectOf<link_refusal>::read(reading, value, to);
    const bool none = to.statuses.empty() && to.header.empty() && to.body_contains.empty();
    if (reading.complete() && value.as_object() != nullptr && none) {
      reading.report("signal",
                     "this refusal holds for every answer",
                     "give \"status\", \"header\" or \"body_contains\"");
    }
  }

  static void names(Names& names) { ObjectOf<link_refusal>::names(names); }
};

int rank(LinkRefusal::Meaning meaning) {
  using enum LinkRefusal::Meaning;
  static constexpr std::array order{session, key, duplicate, absent, rights};
  return static_cast<int>(std::find(order.begin(), order.end(), meaning) - order.begin());
}

}  // namespace

void LinkCreation::read(Reading& reading, const json::Value& value, LinkAdministration& to) {
  Created read;
  ObjectOf<created>::read(reading, value, read);
  to.created_id = std::move(read.id);
  to.create = static_cast<LinkCall&&>(std::move(read));
}

void LinkCreation::names(Names& names) {
  ObjectOf<created>::names(names);
}

void Refusals::read(Reading& reading, const json::Value& value, std::vector<LinkRefusal>& to) {
  std::vector<std::pair<std::string, LinkRefusal>> named;
  MapOf<Id, Refusal>::read(reading, value, named);
  to.clear();
  for (auto& [name, refusal] : named) {
    to.push_back(std::move(refusal));
  }
  std::stable_sort(to.begin(), to.end(), [](const auto& a, const auto& b) {
    return rank(a.meaning) < rank(b.meaning);
  });
}

void Refusals::names(Names& names) {
  MapOf<Id, Refusal>::names(names);
}

}  // namespace atlink::plugins::language
