// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "atlink/url.h"
#include "plugins/host/registry.h"

#include <string>
#include <string_view>
#include <vector>

/// What a site may turn out to be.
namespace atlink::plugins {

/// One description for one of its deployments.
struct Candidate {
  enum class HostSays { nothing, yes, no };
  /// Not owned.
  const Description* description = nullptr;
  Product product;
  /// What the deployment's `hosts` say of the site.
  HostSays host = HostSays::nothing;
  /// The context path that the asked URL shows, else the usual one: where it is if a question to
  /// the site as a whole proves that it is there.
  std::string home;

  /// Whether `context_path` is its usual one or one of the known ones.
  [[nodiscard]] bool knows(std::string_view context_path) const;
};

/// Every usable description with a probe, for each deployment.
struct Candidates {
  /// Candidates point into it.
  std::vector<Description> descriptions;
  std::vector<Candidate> all;
  /// Plugins that were passed over, and why.
  std::vector<std::string> notes;
};

/// Reads every plugin. Fails with `product_missing` where none has a probe.
[[nodiscard]] Result<Candidates> all_candidates(Registry& registry, const Url& url);

/// Whether `a` builds on `b`, at once or through others.
[[nodiscard]] bool builds_on(const Description& a, const Description& b);

/// Whether `path` is `context_path` or lies below it.
[[nodiscard]] bool lies_below(std::string_view path, std::string_view context_path);

}  // namespace atlink::plugins
