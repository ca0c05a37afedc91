// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/merge.h"

#include "plugins/host/problem.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

json::Value& member_of(json::Value& object, const std::string& name) {
  for (auto& [present, value] : *object.as_object()) {
    if (present == name) {
      return value;
    }
  }
  return object.as_object()->emplace_back(name, json::Value{}).second;
}

void forget(Origins& origins, const std::string& pointer) {
  origins.erase(pointer);
  const std::string below = pointer + "/";
  for (auto it = origins.lower_bound(below);
       it != origins.end() && it->first.compare(0, below.size(), below) == 0;) {
    it = origins.erase(it);
  }
}

/// One merge: whose patch it is, and what is written down on the way.
struct Merge {
  std::string_view id;
  Origins* origins;
  /// Keeps null below "/deployments/<name>".
  bool composing;

  void leaf(const std::string& pointer) const {
    if (origins != nullptr) {
      forget(*origins, pointer);
      (*origins)[pointer] = std::string(id);
    }
  }

  void gone(const std::string& pointer) const {
    if (origins != nullptr) {
      forget(*origins, pointer);
    }
  }

  [[nodiscard]] bool keeps_null(const std::string& pointer) const {
    static constexpr std::string_view deployments = "/deployments/";
    return composing && pointer.compare(0, deployments.size(), deployments) == 0 &&
           pointer.find('/', deployments.size()) != std::string::npos;
  }

  void apply(json::Value& into, const json::Value& patch, const std::string& pointer) const {
    const json::Object* members = patch.as_object();
    if (members == nullptr) {
      into = patch;
      leaf(pointer);
      return;
    }
    if (into.as_object() == nullptr) {
      into = json::Object{};
      gone(pointer);
    }
    for (const auto& [name, value] : *members) {
      const std::string below = pointer + "/" + pointer_segment(name);
      if (value.is_null() && !keeps_null(below)) {
        erase_member(into, name);
        gone(below);
      } else {
        apply(member_of(into, name), value, below);
      }
    }
    if (into.as_object()->empty()) {
      leaf(pointer);
    } else if (origins != nullptr) {
      origins->erase(pointer);
    }
  }
};

}  // namespace

void merge_description(json::Value& into,
                       const json::Value& patch,
                       std::string_view id,
                       Origins* origins) {
  Merge{id, origins, true}.apply(into, patch, "");
}

void merge_patch(json::Value& into, const json::Value& patch) {
  Merge{{}, nullptr, false}.apply(into, patch, "");
}

void erase_member(json::Value& object, std::string_view name) {
  if (json::Object* members = object.as_object()) {
    members->erase(std::remove_if(members->begin(),
                                  members->end(),
                                  [&](const auto& member) { return member.first == name; }),
                   members->end());
  }
}

}  // namespace atlink::plugins
