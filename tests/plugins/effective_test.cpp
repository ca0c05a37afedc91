// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

std::string origin_at(const Description& description, const std::string& pointer) {
  for (const auto& [place, id] : description.origins) {
    if (place == pointer) {
      return id;
    }
  }
  return {};
}

const json::Value* at(const json::Value& value, const std::vector<std::string>& path) {
  const json::Value* found = &value;
  for (const std::string& name : path) {
    found = found == nullptr ? nullptr : found->find(name);
  }
  return found;
}

json::Value parsed(const char* text) {
  auto value = json::parse(text);
  REQUIRE(value.has_value());
  return *std::move(value);
}

Description two_deployments() {
  PluginFolders folders;
  folders.put(PluginFolders::flag,
              "base",
              small("base",
                    {{"identity", parsed(R"({"endpoint": {"path": "/me"}, "json": ["/a"]})")},
                     {"apis", parsed(R"({"old": {"path": "/1", "versions": {"before": "5"}},
                                                 "new": {"path": "/2", "versions": {"from": "5"}}})")}}));
  folders.put(PluginFolders::flag,
              "over",
              small("over",
                    {{"extends", "base"},
                     {"preferred_deployment", "cloud"},
                     {"deployments", parsed(R"({"data-center": {}, "cloud": {"hosts": ["x.example"],
                                        "identity": {"json": ["/b"]}, "apis": {"old": null}}})")}}));
  auto description = folders.registry().describe("over");
  REQUIRE_MESSAGE(description.has_value(), description.error().message);
  return *std::move(description);
}

}  // namespace

TEST_CASE("effective: one deployment's part is in its place, with the origin of each value") {
  const auto cloud = for_deployment(two_deployments(), Deployment::cloud, "");
  REQUIRE(cloud.has_value());
  CHECK(cloud->deployments == std::vector{Deployment::cloud});
  CHECK(at(cloud->document, {"deployments"}) == nullptr);
  CHECK(at(cloud->document, {"hosts"}) == nullptr);
  CHECK(at(cloud->document, {"apis", "old"}) == nullptr);
  CHECK(*(*at(cloud->document, {"identity", "json"})->as_array())[0].as_string() == "/b");
  CHECK(origin_at(*cloud, "/identity/json") == "over");
  CHECK(origin_at(*cloud, "/identity/endpoint/path") == "base");
  CHECK(origin_at(*cloud, "/apis/old/path").empty());
  CHECK(origin_at(*cloud, "/deployments/cloud/identity/json").empty());
  PluginFolders folders;
  folders.put(PluginFolders::flag, "base", small("base"));
  const auto none = for_deployment(*folders.registry().describe("base"), Deployment::cloud, "");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ErrorCode::product_unsupported);
}

TEST_CASE("effective: what is not for a version is left out") {
  const auto apis_at = [](const std::string& version) {
    const Description whole = for_version(two_deployments(), version);
    return std::pair(at(whole.document, {"apis", "old"}) != nullptr,
                     at(whole.document, {"apis", "new"}) != nullptr);
  };
  CHECK(apis_at("") == std::pair(true, true));
  CHECK(apis_at("4.9") == std::pair(true, false));
  CHECK(apis_at("5.0") == std::pair(false, true));
  CHECK(origin_at(for_version(two_deployments(), "5.0"), "/apis/old/path").empty());
  CHECK(origin_at(for_version(two_deployments(), "5.0"), "/apis/new/path") == "base");
  const auto old = for_deployment(two_deployments(), Deployment::data_center, "4");
  REQUIRE(old.has_value());
  CHECK(at(old->document, {"apis", "new"}) == nullptr);
  CHECK(at(old->document, {"apis", "old"}) != nullptr);
}

TEST_CASE("effective: the body of an operation is not looked into for versions") {
  PluginFolders folders;
  folders.put(PluginFolders::flag,
              "base",
              small("base", {{"operations", parsed(R"({"add": {"summary": "x", "path": "/x",
                  "method": "POST", "json": {"a": {"versions": {"from": "9"}}}}})")}}));
  const Description old = for_version(*folders.registry().describe("base"), "1");
  CHECK(at(old.document, {"operations", "add", "json", "a"}) != nullptr);
}

TEST_SUITE_END();
