// SPDX-License-Identifier: Apache-2.0
#include "atlink/version.h"
#include "plugins/host/detect/report.h"

#include <string>
#include <string_view>

namespace atlink::plugins {

namespace {

void add(std::vector<SignInWay>& to,
         std::string_view method,
         const SignInRules& rules,
         std::string_view version) {
  if (!rules.holds(version)) {
    return;
  }
  SignInWay way;
  way.method = method;
  way.note = rules.note;
  if (version.empty()) {
    way.versions = rules;
  }
  to.push_back(std::move(way));
}

}  // namespace

std::vector<SignInWay> ways_to_sign_in(const Product& product, std::string_view version) {
  std::vector<SignInWay> ways;
  if (product.oauth1) {
    add(ways, "oauth1", *product.oauth1, version);
  }
  if (product.oauth2) {
    add(ways, "oauth2", *product.oauth2, version);
  }
  if (product.token) {
    add(ways, "token", *product.token, version);
  }
  if (product.api_token) {
    add(ways, "api_token", *product.api_token, version);
  }
  if (product.basic && product.basic->holds(version)) {
    add(ways, "basic", *product.basic, version);
    const std::string& off = product.basic->off_from;
    const bool older = !version.empty() && !off.empty() && compare_versions(version, off) < 0;
    ways.back().off_from = older ? std::string() : off;
  }
  return ways;
}

}  // namespace atlink::plugins
