// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/registry.h"
#include "plugins/host/resolve.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::string_view deployments = "/deployments";

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string version_at(const json::Value& range, std::string_view name) {
  const json::Value* member = range.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string() : *text;
}

/// Whether an entry says that it is not for `version`.
bool is_for_others(const json::Value& entry, std::string_view version) {
  const json::Value* range = entry.find("versions");
  if (range == nullptr || range->as_object() == nullptr) {
    return false;
  }
  return !VersionRange{version_at(*range, "from"), version_at(*range, "before")}.holds(version);
}

/// Takes entries out of a document, and what they held out of the list of origins.
class Leaver {
 public:
  Leaver(Description& description, std::string_view version)
      : origins_(description.origins), version_(version) {
    leave_out(description.document, "");
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
  void leave_out(json::Value& value, const std::string& pointer) {
    json::Object* members = value.as_object();
    for (std::size_t i = 0; members != nullptr && i < members->size();) {
      auto& [name, member] = (*members)[i];
      const std::string below = pointer + "/" + pointer_segment(name);
      if (is_for_others(member, version_)) {
        forget(below + "/");
        members->erase(members->begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      // The body of an operation is the product's, whatever its members are called.
      if (name != "json") {
        leave_out(member, below);
      }
      ++i;
    }
  }

  void forget(const std::string& below) {
    origins_.erase(std::remove_if(origins_.begin(),
                                  origins_.end(),
                                  [&](const auto& each) { return begins_with(each.first, below); }),
                   origins_.end());
  }

  std::vector<std::pair<std::string, std::string>>& origins_;
  std::string_view version_;
};

/// Where each value comes from once a deployment's part is put over the rest.
Origins merged_origins(const Description& description,
                       const std::string& part_pointer,
                       json::Value& document,
                       const json::Value& part) {
  Origins own;
  Origins of_part;
  for (const auto& [pointer, id] : description.origins) {
    if (begins_with(pointer, part_pointer + "/")) {
      of_part[pointer.substr(part_pointer.size())] = id;
    } else if (!begins_with(pointer, deployments) && pointer != "/preferred_deployment") {
      own[pointer] = id;
    }
  }
  merge_description(document, part, {}, &own);
  for (auto& [pointer, id] : own) {
    const auto known = of_part.find(pointer);
    if (id.empty() && known != of_part.end()) {
      id = known->second;
    }
  }
  return own;
}

}  // namespace

Description for_version(Description description, std::string_view version) {
  if (!version.empty()) {
    const Leaver leaver(description, version);
  }
  return description;
}

Result<Description> for_deployment(const Description& description,
                                   Deployment deployment,
                                   std::string_view version) {
  ATLINK_CHECK(check_deployment(description, deployment));
  Description one = description;
  const json::Value* all = description.document.find("deployments");
  const json::Value* found = all == nullptr ? nullptr : all->find(to_string(deployment));
  json::Value part = found == nullptr ? json::Value(json::Object{}) : *found;
  erase_member(part, "hosts");
  erase_member(one.document, "deployments");
  erase_member(one.document, "preferred_deployment");
  const std::string pointer = std::string(deployments) + "/" + std::string(to_string(deployment));
  const Origins origins = merged_origins(description, pointer, one.document, part);
  one.origins.assign(origins.begin(), origins.end());
  one.deployments = {deployment};
  return for_version(std::move(one), version);
}

}  // namespace atlink::plugins
