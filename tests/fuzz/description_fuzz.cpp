// SPDX-License-Identifier: Apache-2.0
// A product.json, put over what it says it builds on, and resolved for each deployment.
#include "atlink/json.h"
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "plugins/host/rules.h"
#include "tests/fuzz/fuzz.h"

#include <string>
#include <vector>

using namespace atlink;
using namespace atlink::plugins;

namespace {

void check(const std::vector<Problem>& problems, std::string_view text) {
  if (problems.empty()) {
    return;
  }
  const Error error = to_error(problems, "/acme/product.json", text);
  fuzz::require(error.code == ErrorCode::plugin_invalid, "the code is of a plugin");
  fuzz::require(fuzz::is_clean(error.message), "a message is one clean line");
  fuzz::require(error.message.size() < 4096, "a message is short");
  fuzz::require(fuzz::is_clean(error.next) && !error.next.empty(), "there is a next step");
  fuzz::require(!error.fact("rule").empty(), "the rule has a name");
}

void check_endpoint(const BaseUrl& base, const EndpointPath& endpoint) {
  const auto url = base.at(endpoint);
  fuzz::require(url.has_value(), "an accepted path makes a URL");
  fuzz::require(url->same_origin(base.site()), "no path leaves the site");
  if (endpoint.relative_to == EndpointPath::RelativeTo::base) {
    fuzz::require(url->str().rfind(base.str() + "/", 0) == 0, "no path leaves the base URL");
  }
}

/// What a description that breaks no rule promises.
void check(const Product& product) {
  TemplateValues values;
  for (const std::string_view name : template_names()) {
    values.emplace_back(name, "x");
  }
  const auto site = Url::parse("https://site.example");
  const auto base = BaseUrl::make(*site, product.default_context_path);
  fuzz::require(base.has_value(), "a default context path makes a base URL");
  if (product.oauth1) {
    check_endpoint(*base, product.oauth1->request_token);
    check_endpoint(*base, product.oauth1->authorize);
    check_endpoint(*base, product.oauth1->access_token);
    fuzz::require(!product.oauth1->signature_methods.empty(), "there is a signature method");
    fuzz::require(!product.oauth1->transmissions.empty(), "there is a place for parameters");
  }
  if (product.identity) {
    check_endpoint(*base, product.identity->endpoint);
  }
  for (const ExtraHeader& header : product.headers) {
    fuzz::require(fuzz::is_clean(header.name) && fuzz::is_clean(header.value), "a clean header");
    fuzz::require(!equals_ignoring_case(header.name, "authorization"), "no credential");
  }
  for (const LinkGuide& guide : product.link_guides) {
    fuzz::require(!guide.screens.empty(), "a guide has screens");
    for (const LinkScreen& screen : guide.screens) {
      fuzz::require(expand(screen.instruction, values).has_value(), "an instruction is filled in");
      fuzz::require(fuzz::is_clean(screen.title), "a title is one clean line");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto document = json::parse(text, std::size_t{1} << 20);
  if (!document.has_value()) {
    return 0;
  }
  Reading reading(Reading::Stage::file);
  Draft draft;
  read_document(reading, *document, draft);
  check(reading.problems(), text);
  if (!reading.problems().empty()) {
    return 0;
  }
  json::Value effective{json::Object{}};
  Origins origins;
  merge_description(effective, *document, "acme", origins);
  for (const auto& [pointer, id] : origins) {
    fuzz::require(!pointer.empty() && id == "acme", "a leaf has a place and an origin");
  }
  for (const Deployment deployment : deployments_of(effective)) {
    Product product;
    const std::vector<Problem> problems = read_product(effective, deployment, product);
    check(problems, text);
    if (problems.empty()) {
      check(product);
    }
  }
  return 0;
}
