// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/registry.h"

#include "tests/plugins/plugin_folders.h"
#include "tests/support/map_environment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

bool holds(const std::vector<std::string>& notes, const std::string& part) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& note) {
    return note.find(part) != std::string::npos;
  });
}

const PluginInfo* info_of(const std::vector<PluginInfo>& all,
                          const std::string& id,
                          const std::string& below) {
  for (const PluginInfo& info : all) {
    if (info.id == id && info.folder.rfind(below, 0) == 0) {
      return &info;
    }
  }
  return nullptr;
}

std::string origin(const Description& description, const std::string& pointer) {
  for (const auto& [at, id] : description.origins) {
    if (at == pointer) {
      return id;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("registry: the search order is flags, environment, user, installed") {
  const MapEnvironment environment{{"ATLINK_PLUGIN_PATH", "/one:relative::/two/:/flag"}};
  const auto folders = search_folders({"/flag", "near"}, environment, "/data", "/share");
  std::vector<std::string> seen;
  for (const SearchFolder& folder : folders) {
    seen.push_back(std::string(to_string(folder.from)) + " " + folder.path);
  }
  CHECK(seen == std::vector<std::string>{"--plugin-dir /flag",
                                         "--plugin-dir near",
                                         "ATLINK_PLUGIN_PATH /one",
                                         "ATLINK_PLUGIN_PATH /two",
                                         "user /data/plugins",
                                         "installed /share"});
  CHECK(search_folders({}, MapEnvironment{}, "", "").empty());
}

TEST_CASE("registry: one file copied to the user's folder is a product") {
  PluginFolders machine;
  machine.files.file("/home/user/data/plugins/acme/product.json", plugin_data("acme/product.json"));
  const auto product = machine.registry().product("acme", std::nullopt);
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(product->id == "acme");
  CHECK(product->deployment == Deployment::data_center);
  CHECK(product->default_context_path == "/tracker");
  CHECK(product->oauth1->signature_methods ==
        std::vector{oauth1::SignatureMethod::hmac_sha1, oauth1::SignatureMethod::rsa_sha1});
  CHECK(product->oauth1->transmissions ==
        std::vector{oauth1::Transmission::query, oauth1::Transmission::header});
  CHECK(product->oauth1->authorize.relative_to == EndpointPath::RelativeTo::site);
  CHECK(product->oauth1->access_token_lifetime == std::chrono::seconds(7776000));
  CHECK(product->identity->anonymous_values == std::vector<std::string>{"guest"});
  CHECK(product->headers.at(0).name == "X-Acme-Client");
  CHECK(product->headers.at(1).name == "X-Acme-Write");
  REQUIRE(product->link_guides.size() == 2);
  CHECK(product->link_guides[1].from == "4.0");
  CHECK(product->link_guides[1].screens.at(1).title == "Consumer");
}

TEST_CASE("registry: requests pass over what they have no use for") {
  PluginFolders machine;
  const std::string whole = plugin_data("acme/product.json");
  machine.files.file("/home/user/data/plugins/acme/product.json", whole);
  const auto description = machine.registry().describe("acme", Parts::requests);
  REQUIRE_MESSAGE(description.has_value(), said(description.error()));
  CHECK(description->origins.empty());
  const auto product = resolve(*description, Deployment::data_center);
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  const auto all = machine.registry().product("acme", std::nullopt);
  REQUIRE(all.has_value());
  CHECK(product->operations.empty());
  CHECK(product->link_guides.empty());
  CHECK(product->probes.empty());
  CHECK_FALSE(all->operations.empty());
  // What they have a use for is the same.
  CHECK(product->headers.size() == all->headers.size());
  CHECK(product->signals.size() == all->signals.size());
  CHECK(product->pagers.size() == all->pagers.size());
  CHECK(product->oauth1->request_token.path == all->oauth1->request_token.path);
  CHECK(product->token->create == all->token->create);
}

TEST_CASE("registry: what requests pass over may be broken, the rest may not") {
  PluginFolders machine;
  const auto put = [&](const std::string& name, std::string_view value) {
    machine.put(PluginFolders::user, "acme", small("acme", {{name, *json::parse(value)}}));
  };
  put("deployments", R"({"data-center":{"link":7,"operations":{"x":{"path":"nowhere"}}}})");
  CHECK_FALSE(machine.registry().describe("acme").has_value());
  const auto description = machine.registry().describe("acme", Parts::requests);
  REQUIRE_MESSAGE(description.has_value(), said(description.error()));
  CHECK(resolve(*description, Deployment::data_center).has_value());
  put("pagers", R"({"x":{"style":"round"}})");
  CHECK_FALSE(machine.registry().describe("acme", Parts::requests).has_value());
}

TEST_CASE("registry: a missing product names the nearest one, or all") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "tracker", small("tracker"));
  machine.put(PluginFolders::user, "acme", small("acme"));
  const auto near = machine.registry().describe("acne");
  REQUIRE_FALSE(near.has_value());
  CHECK(near.error().code == ErrorCode::product_missing);
  CHECK(near.error().next == "did you mean \"acme\"?");
  const auto far = machine.registry().describe("something-else");
  REQUIRE_FALSE(far.has_value());
  CHECK(far.error().next == "there are: acme, tracker");
}

TEST_CASE("registry: an id that is a path leads nowhere") {
  PluginFolders machine;
  machine.put("/home/user/elsewhere", "acme", small("acme"));
  for (const char* id : {"../../elsewhere/acme", "/home/user/elsewhere/acme", "", ".", "a/b"}) {
    CAPTURE(id);
    const auto described = machine.registry().describe(id);
    REQUIRE_FALSE(described.has_value());
    CHECK(described.error().code == ErrorCode::product_missing);
  }
  CHECK(machine.files.opened.empty());
}

TEST_CASE("registry: only the plugin that is asked for and what it extends are read") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "base", small("base"));
  machine.put(PluginFolders::user, "acme", small("acme", {{"extends", "base"}}));
  machine.put(PluginFolders::user, "other", small("other"));
  REQUIRE(machine.registry().product("acme", std::nullopt).has_value());
  CHECK(machine.files.opened ==
        std::vector<std::string>{"/home/user/data/plugins/acme/product.json",
                                 "/usr/share/plugins/base/product.json"});
  CHECK(machine.files.listed.empty());
}

TEST_CASE("registry: an installed plugin is not displaced by accident") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "acme", small("acme", {{"name", "The real one"}}));
  machine.put(PluginFolders::user, "acme", small("acme", {{"name", "A newcomer"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE(described.has_value());
  CHECK(described->folders == std::vector<std::string>{"/usr/share/plugins/acme"});
  CHECK(holds(described->notes, "/home/user/data/plugins/acme is not used"));
  const auto all = machine.registry().list();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  CHECK_FALSE(info_of(*all, "acme", "/usr")->problem.has_value());
  const auto& problem = info_of(*all, "acme", "/home")->problem;
  REQUIRE(problem.has_value());
  CHECK(problem->fact("rule") == "id-taken");
  CHECK(problem->next.find("\"replaces\": \"acme\"") != std::string::npos);
}

TEST_CASE("registry: among the others the first in the search order stays") {
  PluginFolders machine;
  machine.put(PluginFolders::flag, "acme", small("acme", {{"name", "First"}}));
  machine.put(PluginFolders::user, "acme", small("acme", {{"name", "Second"}}));
  CHECK(machine.registry().product("acme", std::nullopt)->name == "First");
  const auto all = machine.registry().list();
  REQUIRE(all.has_value());
  CHECK(info_of(*all, "acme", "/home")->problem->fact("rule") == "id-taken");
}

TEST_CASE("registry: a plugin that says so takes the place of another, and it is announced") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "acme", small("acme"));
  machine.put(PluginFolders::user, "acme", small("acme", {{"replaces", "acme"}, {"name", "Mine"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE(described.has_value());
  CHECK(described->folders == std::vector<std::string>{"/home/user/data/plugins/acme"});
  CHECK(holds(described->notes,
              "/home/user/data/plugins/acme replaces the plugin in /usr/share/plugins/acme"));
  const auto all = machine.registry().list();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  CHECK(all->front().replaces == "acme");
  CHECK(holds(all->front().notes, "replaces the plugin in /usr/share/plugins/acme"));
}

TEST_CASE("registry: a replacement can build on what it replaces") {
  PluginFolders machine;
  machine.files.file("/usr/share/plugins/acme/product.json", plugin_data("acme/product.json"));
  json::Value mine = *json::parse(R"({"schema": 1, "id": "acme", "version": "2", "name": "Ours",
      "extends": "acme", "replaces": "acme",
      "sign_in": {"oauth1": {"authorize": {"path": "/allow", "relative_to": "base"}}}})");
  machine.put(PluginFolders::user, "acme", mine);
  const auto product = machine.registry().product("acme", std::nullopt);
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(product->name == "Ours");
  CHECK(product->oauth1->authorize.path == "/allow");
  CHECK(product->oauth1->authorize.relative_to == EndpointPath::RelativeTo::base);
  CHECK(product->oauth1->access_token.path == "/auth/1/token");
}

TEST_CASE("registry: a replacement of nothing that builds on it says what is missing") {
  PluginFolders machine;
  machine.put(
      PluginFolders::user, "acme", small("acme", {{"extends", "acme"}, {"replaces", "acme"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().fact("rule") == "extends-missing");
}

TEST_CASE("registry: a broken replacement is not passed over in silence") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "acme", small("acme"));
  machine.put(PluginFolders::user, "acme", small("acme", {{"replaces", "acme"}, {"nmae", "x"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().fact("file") == "/home/user/data/plugins/acme/product.json");
  CHECK(described.error().fact("rule") == "unknown-member");
}

TEST_CASE("registry: broken plugins are named and take nobody down") {
  PluginFolders machine;
  machine.put(PluginFolders::user, "good", small("good"));
  machine.files.file("/home/user/data/plugins/torn/product.json", "{\"schema\": 1,");
  machine.put(PluginFolders::user, "wrong", small("wrong", {{"colour", "red"}}));
  machine.files.folder("/home/user/data/plugins/hollow");
  machine.put(PluginFolders::user, "Loud", small("loud"));
  machine.files.folder("/home/user/data/plugins/odd/product.json");
  machine.put(PluginFolders::user, "shut", small("shut"));
  machine.files.unreadable.emplace_back("/home/user/data/plugins/shut/product.json");
  machine.files.file("/home/user/data/plugins/README.md", "not a plugin");
  machine.put(PluginFolders::user, ".hidden", small("hidden"));
  const auto all = machine.registry().list();
  REQUIRE(all.has_value());
  std::vector<std::string> told;
  for (const PluginInfo& info : *all) {
    told.push_back(info.id + " " +
                   (info.problem ? std::string(info.problem->fact("rule")) : "fine"));
    CHECK((!info.problem || !info.problem->next.empty()));
  }
  CHECK(told == std::vector<std::string>{"Loud folder-name",
                                         "good fine",
                                         "hollow file",
                                         "odd file",
                                         "shut file",
                                         "torn json",
                                         "wrong unknown-member"});
  CHECK(machine.registry().product("good", std::nullopt).has_value());
}

TEST_CASE("registry: an unreadable newcomer does not hide the installed plugin") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "acme", small("acme"));
  machine.files.file("/home/user/data/plugins/acme/product.json", "{");
  const auto described = machine.registry().describe("acme");
  REQUIRE(described.has_value());
  CHECK(described->folders.front() == "/usr/share/plugins/acme");
  CHECK(holds(described->notes, "passed over /home/user/data/plugins/acme"));
}

TEST_CASE("registry: a description is at most one mebibyte") {
  PluginFolders machine;
  const std::string text = json::write(small("acme"));
  const std::size_t limit = std::size_t{1} << 20;
  machine.files.file("/flag/acme/product.json", text + std::string(limit - text.size(), ' '));
  CHECK(machine.registry().describe("acme").has_value());
  machine.files.opened.clear();
  machine.files.file("/flag/acme/product.json", text + std::string(limit + 1 - text.size(), ' '));
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().fact("rule") == "too-large");
  CHECK(machine.files.opened.empty());
}

TEST_CASE("registry: circles of extends are found, and very long chains") {
  PluginFolders machine;
  machine.put(PluginFolders::flag, "a", small("a", {{"extends", "b"}}));
  machine.put(PluginFolders::flag, "b", small("b", {{"extends", "c"}}));
  machine.put(PluginFolders::flag, "c", small("c", {{"extends", "b"}}));
  const auto circle = machine.registry().describe("a");
  REQUIRE_FALSE(circle.has_value());
  CHECK(circle.error().fact("rule") == "extends-cycle");
  CHECK(circle.error().fact("file") == "/flag/c/product.json");
  const auto name = [](int i) { return "p" + std::to_string(i); };
  for (int i = 0; i < 9; ++i) {
    machine.put(PluginFolders::flag, name(i), small(name(i), {{"extends", name(i + 1)}}));
  }
  machine.put(PluginFolders::flag, "p9", small("p9"));
  CHECK(machine.registry().describe("p2").has_value());
  const auto deep = machine.registry().describe("p1");
  REQUIRE_FALSE(deep.has_value());
  CHECK(deep.error().fact("rule") == "extends-depth");
}

TEST_CASE("registry: a broken base is told together with who needs it") {
  PluginFolders machine;
  machine.put(PluginFolders::flag, "acme", small("acme", {{"extends", "base"}}));
  machine.put(PluginFolders::flag, "base", small("base", {{"nmae", "x"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().fact("file") == "/flag/base/product.json");
  CHECK(described.error().fact("needed_by") == "acme");
}

TEST_CASE("registry: what one file is, is not inherited, and each value has its origin") {
  PluginFolders machine;
  machine.put(
      PluginFolders::flag,
      "base",
      small("base",
            {{"summary", "of the base"}, {"context_path", json::Object{{"default", "/x"}}}}));
  machine.put(PluginFolders::flag, "acme", small("acme", {{"extends", "base"}}));
  const auto described = machine.registry().describe("acme");
  REQUIRE(described.has_value());
  CHECK(described->folders == std::vector<std::string>{"/flag/acme", "/flag/base"});
  CHECK(*described->document.find("name")->as_string() == "The acme product");
  CHECK(described->document.find("summary") == nullptr);
  CHECK(origin(*described, "/context_path/default") == "base");
  CHECK(origin(*described, "/name") == "acme");
  CHECK(origin(*described, "/id") == "acme");
}

TEST_CASE("registry: deployments differ member by member, and lists are replaced whole") {
  PluginFolders machine;
  const auto description = json::parse(R"({"schema": 1, "id": "acme", "version": "1",
      "name": "Acme", "preferred_deployment": "cloud",
      "context_path": {"default": "/acme", "known": ["/acme", "/tracker"]},
      "identity": {"endpoint": {"path": "/me"}, "json": ["/name"], "header": {"name": "X-Me"}},
      "deployments": {"data-center": {},
        "cloud": {"name": "Acme Cloud", "context_path": {"known": ["/c"]},
                  "identity": {"header": null}}}})");
  REQUIRE(description.has_value());
  machine.put(PluginFolders::flag, "acme", *description);
  Registry registry = machine.registry();
  const auto own = registry.product("acme", Deployment::data_center);
  REQUIRE_MESSAGE(own.has_value(), said(own.error()));
  CHECK(own->name == "Acme");
  CHECK(own->known_context_paths.size() == 2);
  CHECK(own->identity->header == "X-Me");
  const auto cloud = registry.product("acme", std::nullopt);
  REQUIRE(cloud.has_value());
  CHECK(cloud->deployment == Deployment::cloud);
  CHECK(cloud->name == "Acme Cloud");
  CHECK(cloud->default_context_path == "/acme");
  CHECK(cloud->known_context_paths == std::vector<std::string>{"/c"});
  CHECK(cloud->identity->header.empty());
  CHECK(cloud->identity->json_pointers == std::vector<std::string>{"/name"});
}

TEST_CASE("registry: a deployment that a product does not have is refused") {
  PluginFolders machine;
  machine.put(PluginFolders::flag, "acme", small("acme"));
  const auto product = machine.registry().product("acme", Deployment::cloud);
  REQUIRE_FALSE(product.has_value());
  CHECK(product.error().code == ErrorCode::product_unsupported);
  CHECK(product.error().next.find("data-center") != std::string::npos);
}

TEST_CASE("registry: what an answer means is looked for in one order, whatever the document's") {
  PluginFolders machine;
  const auto signals = json::parse(R"({
      "a": {"means": "login_page", "status": [200]}, "b": {"means": "rate_limited", "status": [429]},
      "c": {"means": "captcha", "status": [403]}, "d": {"means": "anonymous", "status": [200]}})");
  machine.put(PluginFolders::flag, "acme", small("acme", {{"signals", *signals}}));
  const auto product = machine.registry().product("acme", std::nullopt);
  REQUIRE(product.has_value());
  std::vector<ResponseSignal::Meaning> order;
  for (const ResponseSignal& signal : product->signals) {
    order.push_back(signal.meaning);
  }
  using enum ResponseSignal::Meaning;
  CHECK(order == std::vector{captcha, rate_limited, login_page, anonymous});
}

TEST_CASE("registry: a search folder named on the command line must be there, others need not") {
  PluginFolders machine;
  machine.files.remove("/env");
  machine.files.remove("/usr/share/plugins");
  machine.put(PluginFolders::user, "acme", small("acme"));
  CHECK(machine.registry().list()->size() == 1);
  machine.files.remove("/flag");
  const auto all = machine.registry().list();
  REQUIRE_FALSE(all.has_value());
  CHECK(all.error().code == ErrorCode::file_not_found);
}

TEST_CASE("registry: a search folder that cannot be looked into is told and hides no other") {
  PluginFolders machine;
  machine.put(PluginFolders::user, "acme", small("acme"));
  machine.files.unreadable.emplace_back("/env");
  const auto all = machine.registry().list();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  CHECK(all->front().folder == "/env");
  CHECK(all->front().problem->code == ErrorCode::file_unreadable);
  CHECK_FALSE(all->back().problem.has_value());
}

TEST_CASE("registry: what is wrong in one deployment says in which") {
  PluginFolders machine;
  const auto description = json::parse(R"({"schema": 1, "id": "acme", "version": "1",
      "name": "Acme", "preferred_deployment": "cloud",
      "identity": {"endpoint": {"path": "/me"}, "json": ["/name"]},
      "deployments": {"data-center": {}, "cloud": {"identity": {"json": null}}}})");
  REQUIRE(description.has_value());
  machine.put(PluginFolders::flag, "acme", *description);
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().message.find("(deployment cloud)") != std::string::npos);
  CHECK(described.error().fact("line") == "7");
}

TEST_SUITE_END();
