// SPDX-License-Identifier: Apache-2.0
// What each product says of itself in testdata/expect.json, held against its description: URLs for
// a base URL, deployments of hosts, guides and ways to sign in for a version.
#include "tests/plugins/described.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

/// The product that an expectation is about.
Product product_for(const Described& of, const json::Value& expectation) {
  const std::string word = text_at(expectation, "deployment");
  const auto deployment =
      word.empty() ? std::optional(preferred_of(of.description)) : deployment_from(word);
  REQUIRE_MESSAGE(deployment.has_value(), word);
  auto product = registry_of_tree().product(of.description.id, deployment);
  REQUIRE_MESSAGE(product.has_value(), (product ? "" : said(product.error())));
  return *std::move(product);
}

std::string url_named(const Product& product, const BaseUrl& base, const std::string& name) {
  for (const auto& [known, endpoint] : endpoints_of(product)) {
    if (known == name) {
      return base.at(endpoint)->str();
    }
  }
  for (const auto& [known, service] : services_of(product)) {
    if (known == name) {
      return url_text(product, base, service);
    }
  }
  return "none";
}

void check_urls(const Described& of, const json::Value& expectation) {
  const Product product = product_for(of, expectation);
  const std::string context = text_at(expectation, "context_path");
  const auto site = Url::parse(text_at(expectation, "site"));
  REQUIRE(site.has_value());
  const auto base = BaseUrl::make(*site, context);
  REQUIRE(base.has_value());
  const json::Value* urls = expectation.find("urls");
  REQUIRE(urls != nullptr);
  REQUIRE_FALSE(urls->as_object()->empty());
  for (const auto& expected : *urls->as_object()) {
    CAPTURE(expected.first);
    CHECK(url_named(product, *base, expected.first) == *expected.second.as_string());
  }
}

void check_host(const Described& of, const json::Value& expectation) {
  const std::string host = text_at(expectation, "host");
  CAPTURE(host);
  const auto deployment = deployment_of_host(of.description, host);
  CHECK((deployment ? to_string(*deployment) : "none") == text_at(expectation, "is"));
}

/// The first thing to choose or paste, by which a person tells the guides apart.
void check_guides(const Described& of, const json::Value& expectation) {
  const Product product = product_for(of, expectation);
  const std::string version = text_at(expectation, "version");
  CAPTURE(version);
  json::Array firsts;
  for (const LinkGuide& guide : product.link_guides) {
    if (guide.holds(version)) {
      firsts.emplace_back(guide.screens.at(0).fields.at(0).value);
    }
  }
  CHECK(json::write(json::Value(firsts)) ==
        json::write(json::Value(array_at(expectation, "first"))));
}

void offer(const char* name,
           const SignInRules* rules,
           std::string_view version,
           std::set<std::string>& to) {
  if (rules != nullptr && rules->holds(version)) {
    to.insert(name);
  }
}

template <class Rules>
const Rules* pointer_to(const std::optional<Rules>& rules) {
  return rules ? &*rules : nullptr;
}

void check_sign_in(const Described& of, const json::Value& expectation) {
  const Product product = product_for(of, expectation);
  const std::string version = text_at(expectation, "version");
  CAPTURE(version);
  std::set<std::string> offered;
  offer("oauth1", pointer_to(product.oauth1), version, offered);
  offer("oauth2", pointer_to(product.oauth2), version, offered);
  offer("token", pointer_to(product.token), version, offered);
  offer("api_token", pointer_to(product.api_token), version, offered);
  offer("basic", pointer_to(product.basic), version, offered);
  if (product.basic && !product.basic->off_from.empty() && !version.empty() &&
      compare_versions(product.basic->off_from, version) <= 0) {
    offered.erase("basic");
  }
  std::set<std::string> expected;
  for (const json::Value& word : array_at(expectation, "offers")) {
    expected.insert(*word.as_string());
  }
  CHECK(offered == expected);
}

/// Facts that no other expectation says: what stands at a JSON pointer of the description for a
/// deployment, after everything that it builds on.
void check_fact(const Described& of, const json::Value& expectation) {
  const std::string pointer = text_at(expectation, "at");
  CAPTURE(pointer);
  const json::Value* value = &of.description.document;
  for (std::size_t begin = 1; value != nullptr && begin <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    value = value->find(pointer.substr(begin, end - begin));
    begin = end + 1;
  }
  REQUIRE(value != nullptr);
  const json::Value* is = expectation.find("is");
  REQUIRE(is != nullptr);
  CHECK(json::write(*value) == json::write(*is));
}

using Check = void (*)(const Described&, const json::Value&);

/// How many expectations of one kind a file has, each checked.
std::size_t check_each(const Described& of,
                       const json::Value& expectations,
                       const char* kind,
                       Check check) {
  const json::Array all = array_at(expectations, kind);
  for (const json::Value& one : all) {
    check(of, one);
  }
  return all.size();
}

}  // namespace

TEST_CASE("expectations: each product is what its testdata says of it") {
  const std::vector<std::pair<const char*, Check>> kinds{{"urls", check_urls},
                                                         {"hosts", check_host},
                                                         {"guides", check_guides},
                                                         {"sign_in", check_sign_in},
                                                         {"facts", check_fact}};
  for (const Described& of : all_described()) {
    CAPTURE(of.description.id);
    const json::Value expectations = testdata(of, "expect.json");
    if (expectations.as_object() == nullptr) {
      CHECK_FALSE(of.bundled);
      continue;
    }
    for (const auto& member : *expectations.as_object()) {
      const auto is_it = [&](const auto& kind) { return kind.first == member.first; };
      CHECK_MESSAGE(std::any_of(kinds.begin(), kinds.end(), is_it), member.first);
    }
    for (const auto& kind : kinds) {
      const std::string name = kind.first;
      CAPTURE(name);
      const std::size_t checked = check_each(of, expectations, kind.first, kind.second);
      const bool needed = name != "hosts" && name != "facts";
      CHECK((checked > 0 || !needed));
    }
  }
}

TEST_CASE("expectations: every host that a description names is expected to be of its deployment") {
  for (const Described& of : all_described()) {
    CAPTURE(of.description.id);
    const json::Value* deployments = of.description.document.find("deployments");
    const bool has_hosts =
        deployments != nullptr && json::write(*deployments).find("\"hosts\"") != std::string::npos;
    CHECK((has_hosts == !array_at(testdata(of, "expect.json"), "hosts").empty()));
  }
}

TEST_SUITE_END();
