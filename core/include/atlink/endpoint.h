// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace atlink {

/// A path and what it is relative to: the base URL (site and context path) or the site alone. It
/// cannot name another server.
struct EndpointPath {
  enum class RelativeTo { base, site };
  /// Encoded, begins with "/".
  std::string path;
  RelativeTo relative_to = RelativeTo::base;
  /// Raw names and values that are always in its query: some servers have one path for everything.
  std::vector<std::pair<std::string, std::string>> query = {};
};

/// A path on the base URL or the site, or on the origin that a setting names (an authorization
/// server, a gateway). Not an EndpointPath, so that it cannot be taken for one of the site.
struct ServiceEndpoint {
  EndpointPath endpoint;
  /// Name of a setting that is an origin; empty where `endpoint.relative_to` counts.
  std::string setting;
};

}  // namespace atlink
