// SPDX-License-Identifier: Apache-2.0
// Every operation that lists something is read to its end, on the sandbox, by the engine's walker.
#include "atlink/paging.h"
#include "tests/plugins/described.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

TEST_SUITE_BEGIN("plugins/sandbox");

using namespace atlink;
using namespace atlink::tests;

namespace {

/// Short enough for several pages of what the testdata fills its lists with.
constexpr int page_size = 25;

/// A list of the testdata: where it is, and how many items it has; 0 for a fixed answer.
struct Known {
  std::string path;
  std::size_t count = 0;
};

std::size_t count_of(const json::Value& collection) {
  const json::Value* fill = collection.find("fill");
  const std::size_t filled = fill == nullptr ? 0 : static_cast<std::size_t>(*fill->as_integer());
  return std::max(filled, array_at(collection, "initial").size());
}

std::vector<Known> lists_of(const json::Value& sandbox) {
  std::vector<Known> known;
  const json::Array collections = array_at(sandbox, "collections");
  for (const json::Value& collection : collections) {
    known.push_back({text_at(collection, "path"), count_of(collection)});
  }
  for (const json::Value& list : array_at(sandbox, "lists")) {
    const auto of =
        std::find_if(collections.begin(), collections.end(), [&](const json::Value& each) {
          return text_at(each, "path") == text_at(list, "of");
        });
    REQUIRE(of != collections.end());
    known.push_back({text_at(list, "path"), count_of(*of)});
  }
  for (const json::Value& resource : array_at(sandbox, "resources")) {
    known.push_back({text_at(resource, "path"), 0});
  }
  return known;
}

const Pager& pager_of(const Product& product, const Operation& operation) {
  const auto found = std::find_if(product.pagers.begin(),
                                  product.pagers.end(),
                                  [&](const Pager& each) { return each.name == operation.pager; });
  REQUIRE(found != product.pagers.end());
  return *found;
}

struct Walked {
  std::set<std::string> items;
  std::size_t pages = 0;
  std::string problem;
};

Walked walk(const SigningClient& client,
            const BaseUrl& base,
            const Pager& pager,
            PageRequest list) {
  Walked walked;
  auto steps = PageWalk::begin(pager, base, std::move(list), page_size).value();
  while (!steps.done() && walked.problem.empty() && walked.pages < 100) {
    const Url url =
        base.request_url(steps.request().path)->with_query(to_form(steps.request().query)).value();
    const std::string answer = client.send("GET", url.target().substr(base.context_path().size()));
    Headers headers;
    if (const auto link = header_of(answer, "Link")) {
      headers.add("Link", *link);
    }
    const std::string body = body_of(answer);
    const auto page = steps.take(body, headers);
    walked.problem = page ? "" : page.error().message + " in " + body.substr(0, 200);
    for (std::size_t i = 0; page && i < page->items.size(); ++i) {
      walked.items.emplace(page->items[i]);
    }
    ++walked.pages;
  }
  return walked;
}

plugins::SandboxOptions options_for(const Described& of, const Product& product) {
  plugins::SandboxOptions options = acme_options();
  options.product = product;
  options.product.oauth1->two_legged = true;
  options.folders = of.description.folders;
  options.consumers[0].two_legged = true;
  return options;
}

/// How many pages the longest list of the operation had.
std::size_t read_all(const Described& of,
                     const RunningSandbox& sandbox,
                     const SigningClient& client,
                     const Product& product,
                     const Operation& operation) {
  const auto base = BaseUrl::make(Url::parse("http://" + sandbox.authority()).value(),
                                  product.default_context_path)
                        .value();
  const auto filled =
      fill_in(operation, product.query_languages, example_values(operation, false)).value();
  std::vector<Known> fitting = lists_of(testdata(of, "sandbox.json"));
  std::erase_if(fitting, [&](const Known& each) { return !asks_for(operation, each.path); });
  // A path of one thing may look like one of a list; where there is a list, that is meant.
  if (std::any_of(
          fitting.begin(), fitting.end(), [](const Known& each) { return each.count > 0; })) {
    std::erase_if(fitting, [](const Known& each) { return each.count == 0; });
  }
  std::size_t most = 0;
  for (const Known& known : fitting) {
    CAPTURE(known.path);
    const Walked walked =
        walk(client, base, pager_of(product, operation), {known.path, filled.query});
    CHECK_MESSAGE(walked.problem.empty(), walked.problem);
    CHECK((known.count == 0 ? !walked.items.empty() : walked.items.size() == known.count));
    most = std::max(most, walked.pages);
  }
  return most;
}

}  // namespace

TEST_CASE("products: every list is read to its end by the pager of its operation") {
  for_each_product([](const Described& of, const Product& product) {
    if (product.pagers.empty()) {
      return;
    }
    const RunningSandbox sandbox(options_for(of, product));
    SigningClient client(sandbox);
    client.with_token = true;  // and it is empty: requests without a user
    std::size_t most = 0;
    for (const Operation& operation : product.operations) {
      CAPTURE(operation.name);
      if (!operation.pager.empty()) {
        const std::size_t pages = read_all(of, sandbox, client, product, operation);
        CHECK(pages > 0);
        most = std::max(most, pages);
      }
    }
    CHECK(most > 1);
  });
}

TEST_SUITE_END();
