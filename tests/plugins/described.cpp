// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/described.h"

#include "core/posix/posix_files.h"
#include "tests/plugins/plugin_folders.h"
#include "tests/support/map_environment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace atlink::tests {

namespace {

constexpr const char* bundled_folder = ATLINK_BINARY_DIR "/share/atlink/plugins";
constexpr const char* examples_folder = ATLINK_SOURCE_DIR "/docs/examples";

/// Names of the folders below `folder` that hold a description.
std::vector<std::string> ids_in(const char* folder) {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (std::filesystem::exists(entry.path() / "product.json")) {
      ids.push_back(entry.path().filename().string());
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void add(const char* folder, bool bundled, std::vector<Described>& all) {
  plugins::Registry registry = registry_of_tree();
  for (const std::string& id : ids_in(folder)) {
    auto description = registry.describe(id);
    REQUIRE_MESSAGE(description.has_value(), (description ? "" : said(description.error())));
    all.push_back({*std::move(description), bundled});
  }
}

template <class Endpoint>
void put(const char* name,
         const std::optional<Endpoint>& endpoint,
         std::vector<std::pair<std::string, Endpoint>>& to) {
  if (endpoint) {
    to.emplace_back(name, *endpoint);
  }
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

/// A value that a parameter of that type takes.
std::string example(const OperationParameter& parameter) {
  switch (parameter.type) {
    case OperationParameter::Type::number:
      return "7";
    case OperationParameter::Type::flag:
      return "true";
    case OperationParameter::Type::json:
      return R"(["x"])";
    case OperationParameter::Type::path:
      return "a/b c";
    default:
      return "x \" \\ y";
  }
}

}  // namespace

plugins::Registry registry_of_tree(const std::string& data_folder) {
  static posix::PosixFiles files;
  return {
      files,
      plugins::search_folders({examples_folder}, MapEnvironment{}, data_folder, bundled_folder)};
}

const std::vector<Described>& all_described() {
  static const std::vector<Described> all = [] {
    std::vector<Described> found;
    add(bundled_folder, true, found);
    add(examples_folder, false, found);
    return found;
  }();
  return all;
}

std::vector<Product> products_of(const Described& of) {
  std::vector<Product> products;
  for (const Deployment deployment : of.description.deployments) {
    auto product = registry_of_tree().product_with_operations(of.description.id, deployment);
    REQUIRE_MESSAGE(product.has_value(), (product ? "" : said(product.error())));
    products.push_back(*std::move(product));
  }
  return products;
}

void for_each_product(const std::function<void(const Described&, const Product&)>& check) {
  for (const Described& of : all_described()) {
    CAPTURE(of.description.id);
    for (const Product& product : products_of(of)) {
      const std::string deployment(to_string(product.deployment));
      CAPTURE(deployment);
      check(of, product);
    }
  }
}

json::Value testdata(const Described& of, const std::string& name) {
  static posix::PosixFiles files;
  const auto text = files.read_all(of.folder() + "/testdata/" + name);
  if (!text) {
    CHECK(text.error().code == ErrorCode::file_not_found);
    return {};
  }
  auto document = json::parse(*text);
  REQUIRE_MESSAGE(document.has_value(), (document ? "" : document.error().message));
  return *std::move(document);
}

std::string text_at(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : "";
}

json::Array array_at(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  return value != nullptr && value->as_array() != nullptr ? *value->as_array() : json::Array{};
}

std::string url_text(const Product& product, const BaseUrl& base, const ServiceEndpoint& service) {
  std::string origin = service.endpoint.relative_to == EndpointPath::RelativeTo::site
                           ? std::string(base.site().origin())
                           : base.str();
  for (const Setting& setting : product.settings) {
    origin = setting.name == service.setting ? setting.fallback : origin;
  }
  return origin + service.endpoint.path;
}

std::vector<std::pair<std::string, EndpointPath>> endpoints_of(const Product& product) {
  std::vector<std::pair<std::string, EndpointPath>> all;
  if (product.oauth1) {
    all.emplace_back("request_token", product.oauth1->request_token);
    all.emplace_back("authorize", product.oauth1->authorize);
    all.emplace_back("access_token", product.oauth1->access_token);
    put("consumer_info", product.oauth1->consumer_info, all);
  }
  if (product.identity) {
    all.emplace_back("identity", product.identity->endpoint);
  }
  put("links_page", product.links_page, all);
  put("revoke_page", product.revoke_page, all);
  for (const Probe& probe : product.probes) {
    all.emplace_back("probe " + probe.name, probe.endpoint);
  }
  for (const ApiBase& api : product.apis) {
    all.emplace_back("api " + api.name, api.endpoint);
  }
  return all;
}

std::vector<std::pair<std::string, ServiceEndpoint>> services_of(const Product& product) {
  std::vector<std::pair<std::string, ServiceEndpoint>> all;
  if (product.oauth2) {
    all.emplace_back("oauth2_token", product.oauth2->token);
    put("oauth2_authorize", product.oauth2->authorize, all);
    put("oauth2_revoke", product.oauth2->revoke, all);
    put("oauth2_metadata", product.oauth2->metadata, all);
    put("oauth2_sites", product.oauth2->sites, all);
    put("oauth2_gateway", product.oauth2->gateway, all);
  }
  if (product.api_token) {
    put("api_token_site_info", product.api_token->site_info, all);
    put("api_token_gateway", product.api_token->gateway, all);
  }
  return all;
}

bool asks_for(const Operation& operation, std::string_view path) {
  const auto pattern = segments_of(operation.path);
  const auto segments = segments_of(path);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= segments.size()) {
      return false;
    }
    const auto names = names_in(pattern[i]);
    const bool several = std::any_of(
        operation.parameters.begin(), operation.parameters.end(), [&](const auto& each) {
          return each.type == OperationParameter::Type::path && !names.empty() &&
                 each.name == names.front();
        });
    if (several) {
      return true;
    }
    if (names.empty() && pattern[i] != segments[i]) {
      return false;
    }
  }
  return pattern.size() == segments.size();
}

TemplateValues example_values(const Operation& operation, bool all) {
  TemplateValues values;
  for (const OperationParameter& parameter : operation.parameters) {
    if (all || parameter.required) {
      values.emplace_back(parameter.name, example(parameter));
    }
  }
  return values;
}

}  // namespace atlink::tests
