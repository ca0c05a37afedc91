// SPDX-License-Identifier: Apache-2.0
// A product.json, put over what it says it builds on, and resolved for each deployment; or a
// catalogue.
#include "atlink/json.h"
#include "atlink/product.h"
#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/promises.h"

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

/// What a catalogue without problems promises, taken for all that a product has.
void check_catalogue(const json::Value& document, std::string_view text) {
  Reading reading(Reading::Stage::file);
  Draft draft;
  read_catalogue(reading, document, draft);
  check(reading.problems(), text);
  if (!reading.problems().empty()) {
    return;
  }
  json::Value alone{json::Object{{"name", "Acme"}, {"id", "acme"}, {"version", "1"}}};
  merge_patch(alone, document);
  Product product;
  const std::vector<Problem> problems = read_resolved(alone, Deployment::data_center, product);
  check(problems, text);
  if (problems.empty()) {
    fuzz::check_promises(product);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto document = json::parse(text, std::size_t{1} << 20);
  if (!document.has_value()) {
    return 0;
  }
  check_catalogue(*document, text);
  Reading reading(Reading::Stage::file);
  Draft draft;
  read_document(reading, *document, draft);
  check(reading.problems(), text);
  if (!reading.problems().empty()) {
    return 0;
  }
  json::Value effective{json::Object{}};
  Origins origins;
  merge_description(effective, *document, "acme", &origins);
  for (const auto& [pointer, id] : origins) {
    fuzz::require(!pointer.empty() && id == "acme", "a leaf has a place and an origin");
  }
  for (const Deployment deployment : deployments_of(effective)) {
    Product product;
    const std::vector<Problem> problems =
        read_resolved(document_for(effective, deployment), deployment, product);
    check(problems, text);
    if (problems.empty()) {
      fuzz::check_promises(product);
    }
  }
  return 0;
}
