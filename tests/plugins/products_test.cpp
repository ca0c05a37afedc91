// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"
#include "core/posix/posix_files.h"
#include "plugins/host/rules.h"
#include "tests/plugins/described.h"
#include "tests/plugins/plugin_folders.h"
#include "tests/support/map_environment.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

BaseUrl base_of(const Product& product) {
  const auto site = Url::parse("https://site.example:8443");
  REQUIRE(site.has_value());
  const auto base = BaseUrl::make(*site, product.default_context_path);
  REQUIRE(base.has_value());
  return *base;
}

/// Whether the document, or its part for the deployment, says why something is there that nothing
/// uses: `x-why` beside its members.
bool is_argued(const Described& of,
               const Product& product,
               const char* map,
               const std::string& name) {
  const json::Value& document = of.description.document;
  const json::Value* deployments = document.find("deployments");
  const json::Value* part =
      deployments == nullptr ? nullptr : deployments->find(to_string(product.deployment));
  for (const json::Value* from : {&document, part}) {
    const json::Value* entries = from == nullptr ? nullptr : from->find(map);
    const json::Value* entry = entries == nullptr ? nullptr : entries->find(name);
    if (entry != nullptr && !text_at(*entry, "x-why").empty()) {
      return true;
    }
  }
  return false;
}

/// Whether what the operation always asks for in its query is what a resource wants there.
bool fits_query(const Operation& operation, const json::Value& resource) {
  const json::Value* wanted = resource.find("query");
  const json::Object none;
  for (const auto& needed : wanted == nullptr ? none : *wanted->as_object()) {
    const auto entry = std::find_if(operation.query.begin(),
                                    operation.query.end(),
                                    [&](const auto& each) { return each.first == needed.first; });
    if (entry == operation.query.end() || entry->second != *needed.second.as_string()) {
      return false;
    }
  }
  return true;
}

bool answers(const json::Value& resource, const Operation& operation) {
  return text_at(resource, "method") == operation.method &&
         asks_for(operation, text_at(resource, "path")) && fits_query(operation, resource);
}

/// Whether a collection takes the operation: its list and new items, or one item.
bool serves(const json::Value& collection, const Operation& operation) {
  const std::string path = text_at(collection, "path");
  const std::set<std::string> on_list{"GET", "POST"};
  const std::set<std::string> on_item{"GET", "PUT", "DELETE"};
  return (on_list.count(operation.method) == 1 && asks_for(operation, path)) ||
         (on_item.count(operation.method) == 1 && asks_for(operation, path + "/1"));
}

/// Whether another path under which a collection is listed is that of the operation.
bool lists(const json::Value& list, const Operation& operation) {
  return operation.method == "GET" && asks_for(operation, text_at(list, "path"));
}

/// Whether the sandbox plays the operation with files: it takes what is sent, and gives what the
/// testdata has.
bool moves_files(const json::Value& sandbox, const Operation& operation) {
  const json::Value* files = sandbox.find("files");
  const bool has_some = files != nullptr && !array_at(*files, "initial").empty();
  return operation.upload.has_value() || (operation.download.has_value() && has_some);
}

using Fits = bool (*)(const json::Value&, const Operation&);

/// What the testdata holds of each kind, and when one of it fits an operation.
constexpr std::array<std::pair<const char*, Fits>, 3> kinds{
    {{"resources", answers}, {"collections", serves}, {"lists", lists}}};

bool is_played(const json::Value& sandbox, const Operation& operation) {
  return moves_files(sandbox, operation) ||
         std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
           const json::Array entries = array_at(sandbox, kind.first);
           return std::any_of(entries.begin(), entries.end(), [&](const json::Value& each) {
             return kind.second(each, operation);
           });
         });
}

/// Whether anything that the products of a description may do asks for a path of the testdata.
bool is_wanted(const std::vector<Product>& products,
               const json::Value& entry,
               Fits fits_operation) {
  const std::string path = text_at(entry, "path");
  for (const Product& product : products) {
    const auto endpoints = endpoints_of(product);
    const bool by_endpoint = std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& each) {
      return each.second.path == path;
    });
    const bool by_operation = std::any_of(
        product.operations.begin(), product.operations.end(), [&](const Operation& each) {
          return fits_operation(entry, each);
        });
    if (by_endpoint || by_operation) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("products: every folder is a plugin, and the program sees it as such") {
  Registry registry = registry_of_tree();
  const auto listed = registry.list();
  REQUIRE(listed.has_value());
  for (const Described& of : all_described()) {
    CAPTURE(of.description.id);
    const auto info = std::find_if(listed->begin(), listed->end(), [&](const PluginInfo& each) {
      return each.id == of.description.id;
    });
    REQUIRE(info != listed->end());
    CHECK_FALSE(info->problem.has_value());
    CHECK(info->deployments == of.description.deployments);
    CHECK_FALSE(info->name.empty());
  }
  const auto bundled = std::count_if(all_described().begin(),
                                     all_described().end(),
                                     [](const Described& each) { return each.bundled; });
  CHECK(bundled >= 3);
  CHECK(static_cast<std::size_t>(bundled) < all_described().size());
}

TEST_CASE("products: each says for every deployment how to recognise it and how to sign in") {
  for_each_product([](const Described&, const Product& product) {
    CHECK(product.identity.has_value());
    CHECK(product.oauth1.has_value());
    CHECK_FALSE(product.link_guides.empty());
    CHECK_FALSE(product.operations.empty());
    CHECK_FALSE(product.error_messages.empty());
    CHECK(product.links_page.has_value());
    CHECK(product.revoke_page.has_value());
    CHECK(std::any_of(product.probes.begin(), product.probes.end(), [](const Probe& each) {
      return each.proof;
    }));
  });
}

TEST_CASE("products: what is at the site stays at the site") {
  for_each_product([](const Described&, const Product& product) {
    const BaseUrl base = base_of(product);
    for (const auto& named : endpoints_of(product)) {
      CAPTURE(named.first);
      const EndpointPath& endpoint = named.second;
      const auto url = base.at(endpoint);
      REQUIRE(url.has_value());
      const bool on_site = endpoint.relative_to == EndpointPath::RelativeTo::site;
      const std::string front = on_site ? std::string(base.site().origin()) : base.str();
      CHECK(url->str().rfind(front + "/", 0) == 0);
    }
    for (const auto& named : services_of(product)) {
      CAPTURE(named.first);
      const ServiceEndpoint& service = named.second;
      const std::string url = url_text(product, base, service);
      CHECK(url.rfind("https://", 0) == 0);
      CHECK((service.setting.empty() == (url.rfind(base.site().origin(), 0) == 0)));
    }
  });
}

TEST_CASE("products: every operation can be filled in, with what it needs and with all it takes") {
  for_each_product([](const Described&, const Product& product) {
    const BaseUrl base = base_of(product);
    for (const Operation& operation : product.operations) {
      CAPTURE(operation.name);
      for (const bool all : {false, true}) {
        const auto filled =
            fill_in(operation, product.query_languages, example_values(operation, all));
        REQUIRE_MESSAGE(filled.has_value(), (filled ? "" : said(filled.error())));
        const auto url = base.request_url(filled->path);
        REQUIRE_MESSAGE(url.has_value(), (url ? "" : said(url.error())));
        CHECK(url->str().rfind(base.str() + "/", 0) == 0);
        // An object whose values were not given would be sent empty.
        CHECK(filled->json.find(":{}") == std::string::npos);
        CHECK(filled->json.find("[{}") == std::string::npos);
      }
    }
  });
}

TEST_CASE("products: every parameter is used, and every operation says what it does") {
  for_each_product([](const Described&, const Product& product) {
    for (const Operation& operation : product.operations) {
      CAPTURE(operation.name);
      CHECK_FALSE(operation.summary.empty());
      std::string texts = operation.path;
      for (const auto* entries : {&operation.query, &operation.form}) {
        for (const auto& [name, text] : *entries) {
          texts += text;
        }
      }
      texts += operation.json ? json::write(*operation.json) : "";
      for (const OperationParameter& parameter : operation.parameters) {
        CAPTURE(parameter.name);
        CHECK(texts.find("{" + parameter.name + "}") != std::string::npos);
      }
    }
  });
}

TEST_CASE("products: a pager, a query language or a screen that nothing uses says why") {
  for_each_product([](const Described& of, const Product& product) {
    std::set<std::string> used;
    for (const Operation& operation : product.operations) {
      used.insert(operation.pager);
      for (const OperationParameter& parameter : operation.parameters) {
        used.insert(parameter.literal);
      }
    }
    for (const Pager& pager : product.pagers) {
      CAPTURE(pager.name);
      CHECK((used.count(pager.name) == 1 || is_argued(of, product, "pagers", pager.name)));
    }
    for (const QueryLanguage& language : product.query_languages) {
      CAPTURE(language.name);
      CHECK((used.count(language.name) == 1 ||
             is_argued(of, product, "query_languages", language.name)));
    }
  });
}

TEST_CASE("products: the sandbox has an answer to every operation, and no other answers") {
  for (const Described& of : all_described()) {
    CAPTURE(of.description.id);
    const json::Value sandbox = testdata(of, "sandbox.json");
    REQUIRE(sandbox.as_object() != nullptr);
    const std::vector<Product> products = products_of(of);
    for (const Product& product : products) {
      for (const Operation& operation : product.operations) {
        CAPTURE(operation.name);
        CHECK(is_played(sandbox, operation));
      }
    }
    for (const auto& [kind, fits_operation] : kinds) {
      for (const json::Value& entry : array_at(sandbox, kind)) {
        const bool wanted = is_wanted(products, entry, fits_operation);
        CHECK_MESSAGE((wanted || !text_at(entry, "note").empty()), text_at(entry, "path"));
      }
    }
  }
}

TEST_CASE("products: every guide can be filled in, and nothing else is asked of the profile") {
  TemplateValues values;
  for (const std::string_view name : template_names()) {
    values.emplace_back(name, "<" + std::string(name) + ">");
  }
  for_each_product([&](const Described&, const Product& product) {
    for (const LinkGuide& guide : product.link_guides) {
      CAPTURE(guide.title);
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
      CHECK(pasted.find("<public_key") != std::string::npos);
      CHECK(pasted.find("<application_url>") != std::string::npos);
      CHECK(pasted.find("<consumer_name>") != std::string::npos);
    }
  });
}

TEST_CASE("products: a product dropped into the user's folder needs nothing else") {
  const TemporaryFolder data;
  posix::PosixFiles files;
  const std::string folder = data / "plugins/acme";
  REQUIRE(files.make_folders(folder, 0755).has_value());
  REQUIRE(files.write_all(folder + "/product.json", plugin_data("acme/product.json"), 0644)
              .has_value());
  Registry registry(files, search_folders({}, MapEnvironment{}, data.path(), ""));
  const auto product = registry.product("acme", std::nullopt);
  REQUIRE_MESSAGE(product.has_value(), (product ? "" : said(product.error())));
  const auto base = BaseUrl::make(*Url::parse("https://t.example"), "/tracker");
  REQUIRE(base.has_value());
  CHECK(base->at(product->oauth1->request_token)->str() ==
        "https://t.example/tracker/auth/1/temporary");
  CHECK(base->at(product->oauth1->authorize)->str() == "https://t.example/consent");
  CHECK(base->at(*product->revoke_page)->str() == "https://t.example/account?show=tokens");
}

TEST_CASE("products: every description and catalogue that the documentation shows works") {
  const std::string page = source("docs/product-description.md");
  posix::PosixFiles files;
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
    const bool is_catalogue = document->find("id") == nullptr;
    json::Value description = is_catalogue ? acme() : *document;
    const TemporaryFolder data;
    const std::string id = text_at(description, "id");
    const std::string folder = data / ("plugins/" + id);
    REQUIRE(files.make_folders(folder + "/catalogue", 0755).has_value());
    if (is_catalogue) {
      description.set("catalogues", json::Array{"shown"});
      REQUIRE(files.write_all(folder + "/catalogue/shown.json", text, 0644).has_value());
    }
    const std::string written = is_catalogue ? json::write(description) : text;
    REQUIRE(files.write_all(folder + "/product.json", written, 0644).has_value());
    Registry registry = registry_of_tree(data.path());
    const auto described = registry.describe(id);
    REQUIRE_MESSAGE(described.has_value(), (described ? "" : said(described.error())));
    CHECK(described->folders.front() == folder);
    const auto product = registry.product_with_operations(id, std::nullopt);
    REQUIRE_MESSAGE(product.has_value(), (product ? "" : said(product.error())));
    ++(is_catalogue ? catalogues : descriptions);
  }
  CHECK(descriptions == 3);
  CHECK(catalogues == 1);
}

TEST_SUITE_END();
