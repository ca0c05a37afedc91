// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"
#include "atlink/url.h"
#include "core/posix/posix_files.h"
#include "plugins/host/registry.h"
#include "plugins/host/rules.h"
#include "tests/plugins/plugin_folders.h"
#include "tests/support/map_environment.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;

namespace {

std::string bundled_folder() {
  return std::string(ATLINK_BINARY_DIR) + "/share/atlink/plugins";
}

/// The bundled products as the built program sees them, on the real file system.
Registry bundled() {
  static posix::PosixFiles files;
  return {files, search_folders({}, tests::MapEnvironment{}, "", bundled_folder())};
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
      const auto whole = registry.product_with_operations(info.id, deployment);
      CHECK_MESSAGE(whole.has_value(), next_of(whole.error()));
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

TEST_CASE("products: every guide can be filled in, and nothing else is asked of the profile") {
  TemplateValues values;
  for (const std::string_view name : template_names()) {
    values.emplace_back(name, "<" + std::string(name) + ">");
  }
  Registry registry = bundled();
  const auto all = registry.list();
  REQUIRE(all.has_value());
  for (const PluginInfo& info : *all) {
    for (const Deployment deployment : info.deployments) {
      CAPTURE(info.id);
      const auto product = registry.product(info.id, deployment);
      REQUIRE(product.has_value());
      for (const LinkGuide& guide : product->link_guides) {
        CHECK_FALSE(guide.who.empty());
        std::string pasted;
        for (const LinkScreen& screen : guide.screens) {
          CHECK(expand(screen.instruction, values).has_value());
          for (const LinkField& field : screen.fields) {
            CHECK(expand(field.note, values).has_value());
            const auto value = expand(field.value, values);
            REQUIRE(value.has_value());
            pasted += *value;
          }
        }
        CHECK(pasted.find("<consumer_key>") != std::string::npos);
        CHECK(pasted.find("<public_key_body>") != std::string::npos);
        CHECK(pasted.find("<application_url>") != std::string::npos);
      }
    }
  }
}

TEST_CASE("products: the version of the server chooses one guide, and all fit an unknown one") {
  Registry registry = bundled();
  const auto guides_for = [&](const char* id, const std::string& version) {
    std::vector<std::string> titles;
    const auto product = registry.product(id, Deployment::data_center);
    REQUIRE(product.has_value());
    for (const LinkGuide& guide : product->link_guides) {
      if ((guide.from.empty() || compare_versions(guide.from, version) <= 0) &&
          (guide.before.empty() || compare_versions(version, guide.before) < 0)) {
        titles.push_back(guide.screens.front().fields.front().value);
      }
    }
    return titles;
  };
  const std::string via = "Atlassian product via OAuth 1.0";
  CHECK(guides_for("jira", "8.20.10") == std::vector<std::string>{"{application_url}"});
  CHECK(guides_for("jira", "8.22.0") == std::vector<std::string>{"Atlassian product"});
  CHECK(guides_for("jira", "11.1.9") == std::vector<std::string>{"Atlassian product"});
  CHECK(guides_for("jira", "11.2") == std::vector<std::string>{via});
  CHECK(guides_for("confluence", "7.16") == std::vector<std::string>{"{application_url}"});
  CHECK(guides_for("confluence", "7.17") == std::vector<std::string>{"Atlassian product"});
  CHECK(guides_for("confluence", "10.1.0") == std::vector<std::string>{via});
  CHECK(guides_for("self-hosted", "1.0").size() == 3);
}

TEST_CASE("products: a cloud site has one dialog of its own") {
  Registry registry = bundled();
  for (const char* id : {"jira", "confluence"}) {
    CAPTURE(id);
    const auto product = registry.product(id, Deployment::cloud);
    REQUIRE(product.has_value());
    REQUIRE(product->link_guides.size() == 1);
    const LinkScreen& first = product->link_guides[0].screens.at(0);
    CHECK(first.fields.at(0).value == "Direct application link");
    CHECK(product->identity->header.empty());
    CHECK(product->identity->json_pointers.front() == "/accountId");
  }
}

TEST_CASE("products: tokens live as long as the servers say, and only RSA-SHA1 signs") {
  Registry registry = bundled();
  for (const char* id : {"self-hosted", "jira", "confluence"}) {
    const auto product = registry.product(id, std::nullopt);
    REQUIRE(product.has_value());
    const OAuth1Rules& oauth = *product->oauth1;
    CHECK(oauth.request_token_lifetime == std::chrono::seconds(600));
    CHECK(oauth.access_token_lifetime == std::chrono::hours(24) * 365 * 5);
    CHECK(oauth.session_lifetime - oauth.access_token_lifetime == std::chrono::hours(24) * 30);
    CHECK(oauth.signature_methods == std::vector{oauth1::SignatureMethod::rsa_sha1});
    CHECK(oauth.transmissions.front() == oauth1::Transmission::header);
    CHECK(oauth.denied_verifier == "denied");
  }
}

TEST_CASE("products: a product dropped into the user's folder needs nothing else") {
  const tests::TemporaryFolder data;
  static posix::PosixFiles files;
  const std::string folder = data / "plugins/acme";
  REQUIRE(files.make_folders(folder, 0755).has_value());
  REQUIRE(files.write_all(folder + "/product.json", tests::plugin_data("acme/product.json"), 0644)
              .has_value());
  Registry registry(files, search_folders({}, tests::MapEnvironment{}, data.path(), ""));
  const auto product = registry.product("acme", std::nullopt);
  REQUIRE_MESSAGE(product.has_value(), next_of(product.error()));
  CHECK(url_of(*product, "https://t.example", "/tracker", product->oauth1->request_token) ==
        "https://t.example/tracker/auth/1/temporary");
  CHECK(url_of(*product, "https://t.example", "/tracker", product->oauth1->authorize) ==
        "https://t.example/consent");
}

TEST_CASE("products: every description that the documentation shows works") {
  const std::string page = tests::source("docs/product-description.md");
  static posix::PosixFiles files;
  int descriptions = 0;
  int catalogues = 0;
  for (std::size_t at = page.find("```json\n"); at != std::string_view::npos;
       at = page.find("```json\n", at)) {
    const std::size_t begin = at + 8;
    at = page.find("```", begin);
    const std::string text = page.substr(begin, at - begin);
    const auto document = json::parse(text);
    REQUIRE_MESSAGE(document.has_value(), text);
    if (document->find("schema") == nullptr) {
      continue;
    }
    const tests::TemporaryFolder data;
    const bool is_catalogue = document->find("id") == nullptr;
    json::Value description = is_catalogue ? tests::acme() : *document;
    const std::string id = *description.find("id")->as_string();
    const std::string folder = data / ("plugins/" + id);
    REQUIRE(files.make_folders(folder + "/catalogue", 0755).has_value());
    if (is_catalogue) {
      description.set("catalogues", json::Array{"shown"});
      REQUIRE(files.write_all(folder + "/catalogue/shown.json", text, 0644).has_value());
    }
    const std::string written = is_catalogue ? json::write(description) : text;
    REQUIRE(files.write_all(folder + "/product.json", written, 0644).has_value());
    Registry registry(files,
                      search_folders({}, tests::MapEnvironment{}, data.path(), bundled_folder()));
    const auto described = registry.describe(id);
    REQUIRE_MESSAGE(described.has_value(), next_of(described.error()));
    CHECK(described->folders.front() == folder);
    const auto product = registry.product_with_operations(id, std::nullopt);
    REQUIRE_MESSAGE(product.has_value(), next_of(product.error()));
    ++(is_catalogue ? catalogues : descriptions);
  }
  CHECK(descriptions == 3);
  CHECK(catalogues == 1);
}

TEST_SUITE_END();
