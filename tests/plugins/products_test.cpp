// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"
#include "atlink/url.h"
#include "core/posix/posix_files.h"
#include "plugins/host/registry.h"
#include "tests/support/map_environment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;

namespace {

/// The bundled products as the built program sees them, on the real file system.
Registry bundled() {
  static posix::PosixFiles files;
  const std::string folder = std::string(ATLINK_BINARY_DIR) + "/share/atlink/plugins";
  return {files, search_folders({}, tests::MapEnvironment{}, "", folder)};
}

std::string next_of(const Error& error) {
  return error.message + " / " + error.next;
}

std::string url_of(const Product& product,
                   const char* site,
                   const char* context,
                   const EndpointPath& endpoint) {
  const auto url = Url::parse(site);
  REQUIRE(url.has_value());
  const auto base = BaseUrl::make(*url, context);
  REQUIRE(base.has_value());
  const auto at = base->at(endpoint);
  REQUIRE(at.has_value());
  REQUIRE_FALSE(product.id.empty());
  return at->str();
}

}  // namespace

TEST_CASE("products: every folder is a plugin that resolves for each of its deployments") {
  Registry registry = bundled();
  const auto all = registry.list();
  REQUIRE(all.has_value());
  CHECK(all->size() >= 3);
  for (const PluginInfo& info : *all) {
    CAPTURE(info.id);
    if (info.problem) {
      FAIL_CHECK(next_of(*info.problem));
      continue;
    }
    CHECK_FALSE(info.deployments.empty());
    for (const Deployment deployment : info.deployments) {
      const auto product = registry.product(info.id, deployment);
      REQUIRE_MESSAGE(product.has_value(), next_of(product.error()));
      CHECK(product->deployment == deployment);
      CHECK(product->identity.has_value());
      REQUIRE(product->oauth1.has_value());
      CHECK_FALSE(product->oauth1->request_token.path.empty());
      CHECK_FALSE(product->link_guides.empty());
    }
  }
}

TEST_CASE("products: endpoints stand below the context path") {
  struct Row {
    const char* id;
    Deployment deployment;
    const char* site;
    const char* context;
    const char* base;
    const char* who;
  };

  const std::vector<Row> rows{
      {"jira",
       Deployment::data_center,
       "https://h.example",
       "",
       "https://h.example",
       "/rest/api/2/myself"},
      {"jira",
       Deployment::data_center,
       "https://h.example:8443",
       "/jira",
       "https://h.example:8443/jira",
       "/rest/api/2/myself"},
      {"jira",
       Deployment::cloud,
       "https://s.atlassian.net",
       "",
       "https://s.atlassian.net",
       "/rest/api/3/myself"},
      {"confluence",
       Deployment::cloud,
       "https://s.atlassian.net",
       "/wiki",
       "https://s.atlassian.net/wiki",
       "/rest/api/user/current"},
      {"confluence",
       Deployment::data_center,
       "http://h.example:8090",
       "/confluence",
       "http://h.example:8090/confluence",
       "/rest/api/user/current"},
      {"self-hosted",
       Deployment::data_center,
       "https://h.example",
       "/a/b",
       "https://h.example/a/b",
       "/rest/applinks/1.0/manifest"},
  };
  Registry registry = bundled();
  for (const Row& row : rows) {
    CAPTURE(row.base);
    const auto product = registry.product(row.id, row.deployment);
    REQUIRE_MESSAGE(product.has_value(), next_of(product.error()));
    const auto at = [&](const EndpointPath& endpoint) {
      return url_of(*product, row.site, row.context, endpoint);
    };
    const std::string base = row.base;
    const OAuth1Rules& oauth = *product->oauth1;
    CHECK(at(oauth.request_token) == base + "/plugins/servlet/oauth/request-token");
    CHECK(at(oauth.authorize) == base + "/plugins/servlet/oauth/authorize");
    CHECK(at(oauth.access_token) == base + "/plugins/servlet/oauth/access-token");
    CHECK(at(product->identity->endpoint) == base + row.who);
    CHECK(at(*product->links_page) == base + "/plugins/servlet/applinks/listApplicationLinks");
  }
}

TEST_CASE("products: the host tells the cloud where a description says so") {
  Registry registry = bundled();
  const auto jira = registry.describe("jira");
  REQUIRE(jira.has_value());
  CHECK(deployment_of_host(*jira, "site.atlassian.net") == Deployment::cloud);
  CHECK(deployment_of_host(*jira, "SITE.Atlassian.NET") == Deployment::cloud);
  CHECK_FALSE(deployment_of_host(*jira, "atlassian.net").has_value());
  CHECK_FALSE(deployment_of_host(*jira, "site.atlassian.net.example").has_value());
  CHECK_FALSE(deployment_of_host(*jira, "jira.example").has_value());
}

TEST_SUITE_END();
