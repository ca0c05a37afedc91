// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/catalogue.h"

#include "atlink/text.h"
#include "plugins/host/json_file.h"
#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "plugins/host/trust.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink::plugins {

namespace {

/// A file that says something of the product: a catalogue, or the description itself.
struct Part {
  std::string path;
  std::string text;
  /// Without null: nothing is put over a catalogue.
  json::Value document;
};

constexpr std::array<std::string_view, 2> sections{"operations", "recipes"};

tl::unexpected<Error> broken(const Part& part, const std::vector<Problem>& problems) {
  return fail(to_error(problems, part.path, part.text));
}

Result<Part> read_part(FileSystem& files, const PluginFile& plugin, const std::string& path) {
  Part part;
  part.path = path;
  TrustCheck trust(files, plugin.from);
  ATLINK_CHECK(trust.check(path));
  ATLINK_ASSIGN(part.text, load_text(files, path));
  ATLINK_ASSIGN(const json::Value document, parse_text(part.text, path));
  Reading reading(Reading::Stage::file);
  Draft draft;
  read_catalogue(reading, document, draft);
  if (!reading.problems().empty()) {
    return broken(part, reading.problems());
  }
  part.document = json::Object{};
  merge_patch(part.document, document);
  return part;
}

/// The catalogue of that name in the nearest folder that has one.
Result<Part> find_part(FileSystem& files,
                       const std::vector<PluginFile>& chain,
                       const std::string& name) {
  const std::string below = "/catalogue/" + name + ".json";
  for (const PluginFile& plugin : chain) {
    const std::string path = plugin.folder + below;
    const auto there = files.stat(path, false);
    if (!there.has_value() && there.error().code == ErrorCode::file_not_found) {
      continue;
    }
    auto part = read_part(files, plugin, path);
    if (!part.has_value()) {
      return fail(as_problem(std::move(part).error(),
                             path,
                             "this link leads nowhere",
                             "put the catalogue itself there"));
    }
    return part;
  }
  const PluginFile& first = chain.front();
  return fail(to_error({{"/catalogues",
                         "catalogue-missing",
                         fmt::format("there is no {}{}", printable(first.folder), below),
                         "put it there, or take its name out of \"catalogues\""}},
                       first.path(),
                       first.text));
}

/// Adds what a catalogue says to the document; gives what is there already.
std::vector<Problem> add(json::Value& document, const json::Value& part) {
  std::vector<Problem> problems;
  for (const std::string_view section : sections) {
    const json::Value* entries = part.find(section);
    const json::Object* object = entries == nullptr ? nullptr : entries->as_object();
    if (object == nullptr) {
      continue;
    }
    const json::Value* present = document.find(section);
    json::Value all = present == nullptr ? json::Value(json::Object{}) : *present;
    for (const auto& [name, entry] : *object) {
      if (all.find(name) != nullptr) {
        problems.push_back({fmt::format("/{}/{}", section, name),
                            "named-twice",
                            fmt::format("\"{}\" stands in another file already", name),
                            "use another name here"});
      }
      all.set(name, entry);
    }
    document.set(std::string(section), std::move(all));
  }
  return problems;
}

/// The part that has the place of a problem; the first where none of the others has.
const Part& owner(const std::vector<Part>& parts, std::string_view pointer) {
  for (const Part& part : parts) {
    for (const std::string_view section : sections) {
      const std::string prefix = fmt::format("/{}/", section);
      const json::Value* entries = part.document.find(section);
      if (entries == nullptr || pointer.rfind(prefix, 0) != 0) {
        continue;
      }
      const std::string_view rest = pointer.substr(prefix.size());
      if (entries->find(rest.substr(0, rest.find('/'))) != nullptr) {
        return part;
      }
    }
  }
  return parts.front();
}

/// The first problem and those of the same file.
Error to_error(const std::vector<Part>& parts, const std::vector<Problem>& problems) {
  const Part& at_fault = owner(parts, problems.front().pointer);
  std::vector<Problem> own;
  for (const Problem& problem : problems) {
    if (&owner(parts, problem.pointer) == &at_fault) {
      own.push_back(problem);
    }
  }
  return plugins::to_error(own, at_fault.path, at_fault.text);
}

}  // namespace

Result<Product> read_with_catalogues(FileSystem& files,
                                     const std::vector<PluginFile>& chain,
                                     const Description& description,
                                     Deployment deployment) {
  ATLINK_ASSIGN(const Product alone, resolve(description, deployment));
  json::Value document = document_for(description.document, deployment);
  // Without them, references to what is nowhere are found.
  erase_member(document, "catalogues");
  std::vector<Part> parts{{chain.front().path(), chain.front().text, json::Object{}}};
  for (const std::string& name : alone.catalogues) {
    ATLINK_ASSIGN(Part part, find_part(files, chain, name));
    if (const auto problems = add(document, part.document); !problems.empty()) {
      return broken(part, problems);
    }
    parts.push_back(std::move(part));
  }
  Product product;
  if (const auto problems = read_resolved(document, deployment, product); !problems.empty()) {
    return fail(to_error(parts, problems));
  }
  product.catalogues = alone.catalogues;
  return product;
}

}  // namespace atlink::plugins
