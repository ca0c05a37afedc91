// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atlink::tests {

/// Environment variables that a test chooses.
class MapEnvironment final : public Environment {
 public:
  MapEnvironment() = default;

  MapEnvironment(std::initializer_list<std::pair<const std::string, std::string>> given)
      : variables(given) {}

  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const auto& [name, value] : variables) {
      all.push_back(name);
    }
    return all;
  }

  std::map<std::string, std::string> variables;
};

}  // namespace atlink::tests
