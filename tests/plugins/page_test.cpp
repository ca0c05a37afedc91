// SPDX-License-Identifier: Apache-2.0
// docs/product-description.md against the schema and the reader.
#include "atlink/product.h"
#include "plugins/host/language/language.h"
#include "plugins/host/rules.h"
#include "tests/plugins/plugin_folders.h"
#include "tests/plugins/schema_members.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

const char* const file_name = "docs/product-description.md";

/// A row of a table of members.
struct Row {
  std::string value;
  std::string meaning;
};

std::string strip(const std::string& text) {
  return std::string(trim(text));
}

/// The rows by member; what every way to sign in has stands for each of them.
std::map<std::string, Row> rows() {
  std::map<std::string, Row> all;
  static const std::regex pattern(R"(\| `([^`|]+)` \|([^|]*)\|([^|]*)\|)");
  std::istringstream page(source(file_name));
  for (std::string line; std::getline(page, line) && line != "## Rules";) {
    std::smatch found;
    if (!std::regex_match(line, found, pattern)) {
      continue;
    }
    const Row row{strip(found[2]), strip(found[3])};
    const std::string name = found[1];
    if (name.front() == '/') {
      all.emplace(name, row);  // the first counts: catalogues come after what they repeat
      continue;
    }
    for (const char* way : {"oauth1", "oauth2", "token", "api_token", "basic"}) {
      all.emplace(std::string("/sign_in/") + way + "/" + name, row);
    }
  }
  return all;
}

std::set<std::string> set_of(const std::vector<std::string>& members) {
  return {members.begin(), members.end()};
}

/// Members that the page has to have: what a deployment has is what stands outside.
std::set<std::string> members() {
  std::set<std::string> all;
  for (const std::string& name : language_members()) {
    if (name.rfind("/deployments/*/", 0) != 0 || name == "/deployments/*/hosts") {
      all.insert(name);
    }
  }
  return all;
}

/// What stands between backticks, without quotes.
std::set<std::string> quoted(const std::string& cell) {
  std::set<std::string> all;
  static const std::regex pattern("`([^`]*)`");
  for (std::sregex_iterator at(cell.begin(), cell.end(), pattern); at != std::sregex_iterator();
       ++at) {
    all.insert((*at)[1]);
  }
  return all;
}

/// What a meaning says of a member that is left out; "" where it says nothing.
std::string left_out(const std::string& meaning) {
  static const std::regex pattern("(?:^|.*[;,.:] )([^;]*?) where left out.*");
  std::smatch found;
  if (!std::regex_match(meaning, found, pattern)) {
    return "";
  }
  std::string said = found[1];
  said.erase(std::remove(said.begin(), said.end(), '`'), said.end());
  return said;
}

bool says_needed(const std::string& meaning) {
  static const std::regex pattern(R"((?:^|.*; )needed(?: in every file| in `\w+`)?(?:\. .*)?)");
  return std::regex_match(meaning, pattern);
}

/// Whether a member is the path of what the page calls an endpoint or a service, which has one.
bool is_path_of_endpoint(const std::map<std::string, Row>& all, const std::string& name) {
  const std::size_t slash = name.rfind('/');
  const auto parent = all.find(name.substr(0, slash));
  return name.substr(slash) == "/path" && parent != all.end() &&
         (parent->second.value.rfind("endpoint", 0) == 0 ||
          parent->second.value.rfind("service", 0) == 0);
}

const char* word(bool flag) {
  return flag ? "true" : "false";
}

/// What the structs of the engine say where a description says nothing, as the page writes it.
std::map<std::string, std::string> defaults() {
  using enum OAuth2Rules::Pkce;
  const OAuth1Rules oauth1;
  const OAuth2Rules oauth2;
  const Pager pager;
  const Operation operation;
  const UploadRule upload;
  const QueryLanguage language;
  REQUIRE(oauth2.grants == std::vector{OAuth2Rules::Grant::authorization_code});
  REQUIRE(oauth2.token_encodings == std::vector{OAuth2Rules::Encoding::form});
  REQUIRE(oauth2.client_authentication == std::vector{OAuth2Rules::ClientAuthentication::body});
  REQUIRE(oauth2.pkce == s256);
  REQUIRE(oauth2.redirect_port == OAuth2Rules::RedirectPort::any);
  REQUIRE(oauth2.refresh == OAuth2Rules::Refresh::keeps);
  REQUIRE(oauth1.transmissions == std::vector{oauth1::Transmission::header});
  REQUIRE(RateLimitRules().reset_format == RateLimitRules::ResetFormat::seconds);
  REQUIRE(oauth2.site_list.items.empty());
  REQUIRE(pager.items == std::vector<std::string>{""});
  REQUIRE(upload.too_large_statuses.size() == 1);
  REQUIRE(ExtraHeader().methods.empty());
  REQUIRE(OperationParameter().type == OperationParameter::Type::text);
  REQUIRE(XsrfRule().body_types.empty());
  return {
      {"/detect/probes/*/accept", Probe().accept},
      {"/detect/probes/*/proof", word(Probe().proof)},
      {"/sign_in/oauth1/signature_methods",
       std::string(oauth1::wire_name(oauth1.signature_methods.front()))},
      {"/sign_in/oauth1/transmissions", "header"},
      {"/sign_in/oauth1/two_legged", word(oauth1.two_legged)},
      {"/sign_in/oauth1/renewal", word(oauth1.renewal)},
      {"/sign_in/oauth1/out_of_band", word(oauth1.out_of_band)},
      {"/sign_in/oauth1/callback_confirmed", word(oauth1.callback_confirmed)},
      {"/sign_in/oauth1/lifetimes/request_token",
       std::to_string(oauth1.request_token_lifetime.count())},
      {"/sign_in/oauth2/grants", "authorization_code"},
      {"/sign_in/oauth2/site_list/items", "\"\""},
      {"/sign_in/oauth2/site_list/id", oauth2.site_list.id},
      {"/sign_in/oauth2/site_list/name", oauth2.site_list.name},
      {"/sign_in/oauth2/site_list/url", oauth2.site_list.url},
      {"/sign_in/oauth2/token_encodings", "form"},
      {"/sign_in/oauth2/client_authentication", "body"},
      {"/sign_in/oauth2/client_secret", word(oauth2.client_secret)},
      {"/sign_in/oauth2/pkce", "S256"},
      {"/sign_in/oauth2/redirect_hosts", oauth2.redirect_hosts.front()},
      {"/sign_in/oauth2/redirect_port", "any"},
      {"/sign_in/oauth2/redirect_on_refresh", word(oauth2.redirect_on_refresh)},
      {"/sign_in/oauth2/refresh", "keeps"},
      {"/sign_in/token/scheme", TokenRules().scheme},
      {"/sign_in/api_token/user", ApiTokenRules().user},
      {"/identity/header/percent_encoded", word(IdentityRule().header_percent_encoded)},
      {"/headers/*/methods", "all"},
      {"/xsrf/body_types", "all"},
      {"/xsrf/refuses_browsers", word(XsrfRule().refuses_browsers)},
      {"/rate_limit/reset/format", "seconds"},
      {"/pagers/*/items", "\"\""},
      {"/pagers/*/first", std::to_string(pager.first)},
      {"/pagers/*/tells/link_base", "the base URL"},
      {"/pagers/*/link_header", word(pager.link_header)},
      {"/pagers/*/short_pages", word(pager.short_pages)},
      {"/query_languages/*/quote", language.quote},
      {"/query_languages/*/escape", language.escape},
      {"/operations/*/method", operation.method},
      {"/operations/*/parameters/*/required", word(OperationParameter().required)},
      {"/operations/*/parameters/*/type", "text"},
      {"/operations/*/parameters/*/add", std::to_string(OperationParameter().add)},
      {"/recipes/*/parameters/*/add", std::to_string(OperationParameter().add)},
      {"/recipes/*/parameters/*/type", "text"},
      {"/operations/*/upload/several", word(upload.several)},
      {"/operations/*/upload/too_large", std::to_string(upload.too_large_statuses.front())},
      {"/operations/*/download/leads_away", word(DownloadRule().leads_away)},
      {"/operations/*/safe_to_repeat", word(operation.safe_to_repeat)},
      {"/recipes/*/parameters/*/required", word(OperationParameter().required)},
  };
}

}  // namespace

TEST_CASE("page: it explains every name of templates and every rule") {
  const std::string page = source(file_name);
  for (const std::string_view name : template_names()) {
    CHECK_MESSAGE(page.find("`{" + std::string(name) + "}`") != std::string::npos, name);
  }
  const auto broken = json::parse(plugin_data("broken.json"));
  REQUIRE(broken.has_value());
  for (const json::Value& row : *broken->as_array()) {
    const std::string rule = *row.find("rule")->as_string();
    CHECK_MESSAGE(page.find("`" + rule + "`") != std::string::npos, rule);
  }
}

TEST_CASE("page: it shows the worked example as it is") {
  CHECK(source(file_name).find(plugin_data("acme/product.json")) != std::string::npos);
}

TEST_CASE("page: each of its rows is about a member that there is, and each member has one") {
  const auto all = rows();
  const std::set<std::string> known = members();
  for (const auto& each : all) {
    CHECK_MESSAGE(known.count(each.first) == 1, "only the page has " << each.first);
  }
  for (const std::string& name : known) {
    CHECK_MESSAGE(all.count(name) == 1, "the page has no row of " << name);
  }
}

TEST_CASE("page: it lists the words that the schema lists") {
  const json::Value product = schema_of("product");
  const SchemaMembers schema(product, product);
  const auto all = rows();
  int seen = 0;
  for (const std::string& name : members()) {
    CAPTURE(name);
    const auto words = schema.words.find(name);
    if (words != schema.words.end()) {
      CHECK(quoted(all.at(name).value) == words->second);
      ++seen;
    }
    const bool flag = all.at(name).value == "true, false";
    CHECK(flag == (schema.flags.count(name) == 1));
  }
  CHECK(seen > 30);
}

TEST_CASE("page: it says what counts where a member is left out") {
  const auto all = rows();
  const auto known = defaults();
  for (const auto& each : known) {
    const auto& name = each.first;
    CAPTURE(name);
    REQUIRE(all.count(name) == 1);
    CHECK(left_out(all.at(name).meaning) == each.second);
  }
  for (const auto& each : all) {
    const auto& name = each.first;
    const Row& row = each.second;
    CAPTURE(name);
    const std::string said = left_out(row.meaning);
    CHECK((said.empty() || said == "open" || known.count(name) == 1));
    CHECK((row.value != "true, false" || !said.empty()));
  }
}

TEST_CASE("page: it says which members are needed, as the reader does") {
  const auto all = rows();
  const std::set<std::string> needed = set_of(needed_members());
  CHECK(needed.size() > 30);
  for (const std::string& name : members()) {
    CAPTURE(name);
    const bool told = says_needed(all.at(name).meaning) || is_path_of_endpoint(all, name);
    CHECK(told == (needed.count(name) == 1));
  }
}

TEST_SUITE_END();
