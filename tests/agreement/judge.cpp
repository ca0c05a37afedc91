// SPDX-License-Identifier: Apache-2.0
// atlink-judge product|catalogue: says of each document on standard input, one on a line, which
// rules it breaks as a file, as a JSON array on a line. atlink-judge members: the members of both.
#include "atlink/json.h"
#include "plugins/host/language/language.h"

#include <iostream>
#include <string>
#include <string_view>

using namespace atlink;
using namespace atlink::plugins;

namespace {

json::Array judge(const std::string& text, bool catalogue) {
  const auto document = json::parse(text);
  if (!document.has_value()) {
    return {"json"};
  }
  Reading reading(Reading::Stage::file);
  Draft draft;
  (catalogue ? read_catalogue : read_document)(reading, *document, draft);
  json::Array rules;
  for (const Problem& problem : reading.problems()) {
    rules.emplace_back(problem.rule.str());
  }
  return rules;
}

int list_members() {
  for (const std::string& member : language_members()) {
    std::cout << "product " << member << '\n';
  }
  for (const std::string& member : catalogue_members()) {
    std::cout << "catalogue " << member << '\n';
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view kind = count == 2 ? arguments[1] : "";
  if (kind == "members") {
    return list_members();
  }
  if (kind != "product" && kind != "catalogue") {
    std::cerr << "usage: atlink-judge product|catalogue|members\n";
    return 2;
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << json::write(judge(line, kind == "catalogue")) << '\n';
  }
  return 0;
}
