// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/judge.h"

#include "atlink/text.h"
#include "plugins/host/catalogue.h"
#include "plugins/host/chain.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace atlink::plugins {

namespace {

void add(std::vector<BrokenRule>& to, BrokenRule broken) {
  if (std::find(to.begin(), to.end(), broken) == to.end()) {
    to.push_back(std::move(broken));
  }
}

BrokenRule at(const PluginFile& file, const Problem& problem) {
  return {std::string(problem.rule.str()),
          file.path(),
          line_of(file.text, problem.pointer),
          problem.pointer,
          printable(problem.message),
          printable(problem.next)};
}

/// An error that stopped the reader. Its message begins with the place, which has fields here.
BrokenRule from_error(const Error& error) {
  const std::string_view line = error.fact("line");
  BrokenRule broken{std::string(error.fact("rule")),
                    std::string(error.fact("file")),
                    0,
                    std::string(error.fact("pointer")),
                    error.message,
                    error.next};
  std::from_chars(line.data(), line.data() + line.size(), broken.line);
  const std::size_t text = broken.message.find(": ");
  if (text != std::string::npos && broken.message.rfind(printable(broken.file), 0) == 0) {
    broken.message.erase(0, text + 2);
  }
  return broken;
}

void add_own(const PluginFile& file, Judgement& to) {
  for (const Problem& problem : file.problems) {
    add(to.broken, at(file, problem));
  }
  if (file.problem && file.problems.empty()) {
    add(to.broken, from_error(*file.problem));
  }
  for (const std::string& note : file.notes) {
    to.notes.push_back({"trust", file.path(), 0, "", note, "take that right away (chmod g-w)"});
  }
}

bool find_broken(const Judgement& judgement, RuleName rule) {
  return std::any_of(judgement.broken.begin(), judgement.broken.end(), [&](const BrokenRule& each) {
    return each.rule == rule.str();
  });
}

/// Another plugin that would be used in place of this one on this machine.
void note_taken(FileSystem& files,
                const std::vector<SearchFolder>& folders,
                const PluginFile& file,
                Judgement& to) {
  std::vector<PluginFile> found = find_plugin(files, folders, file.id);
  const bool listed = std::any_of(found.begin(), found.end(), [&](const PluginFile& other) {
    return other.folder == file.folder;
  });
  if (!listed) {
    found.insert(found.begin(), file);
  }
  found = by_precedence(std::move(found));
  const PluginFile& winner = found.front();
  if (winner.folder == file.folder || winner.text == file.text || winner.problem) {
    return;
  }
  to.notes.push_back({"id-taken",
                      file.path(),
                      line_of(file.text, "/id"),
                      "/id",
                      fmt::format("the plugin in {} has this id, and would be used on this machine",
                                  printable(winner.folder)),
                      fmt::format("say \"replaces\": \"{}\" to take its place", file.id)});
}

/// Whether building on others can be tried at all.
bool can_extend(const PluginFile& file) {
  return std::none_of(file.problems.begin(), file.problems.end(), [](const Problem& problem) {
    return problem.pointer == "/extends" || problem.pointer == "/replaces" ||
           problem.pointer.empty();
  });
}

/// Where the value of an effective description was said: the part of a deployment counts first.
BrokenRule locate(const std::vector<PluginFile>& chain,
                  const Problem& problem,
                  std::string_view deployment) {
  const std::string below = fmt::format("/deployments/{}{}", deployment, problem.pointer);
  for (const std::string& pointer : {below, problem.pointer}) {
    for (const PluginFile& file : chain) {
      if (line_of(file.text, pointer) != 0 && !(problem.pointer.empty() && pointer == below)) {
        Problem here = problem;
        here.pointer = pointer;
        return at(file, here);
      }
    }
  }
  return at(chain.front(), problem);
}

/// Catalogues count once the description itself is in order.
void judge_catalogues(FileSystem& files, const std::vector<PluginFile>& chain, Judgement& to) {
  for (const Deployment deployment : to.description.deployments) {
    auto product = read_with_catalogues(files, chain, to.description, deployment);
    if (product.has_value()) {
      to.products.push_back(std::move(product).value());
    } else {
      add(to.broken, from_error(product.error()));
    }
  }
  if (!to.broken.empty()) {
    to.products.clear();
  }
}

void judge_whole(FileSystem& files, const std::vector<PluginFile>& chain, Judgement& to) {
  Description& description = to.description;
  description = merge_chain(chain);
  for (const Problem& problem : problems_of_deployments(description)) {
    add(to.broken, at(chain.front(), problem));
  }
  for (const Deployment deployment : description.deployments) {
    Product product;
    for (const Problem& problem : read_product(description, deployment, product)) {
      add(to.broken, locate(chain, problem, to_string(deployment)));
    }
  }
  to.reached = RuleStage::whole;
  if (to.broken.empty()) {
    judge_catalogues(files, chain, to);
  }
}

/// The names of members between spaces.
bool is_among(std::string_view names, std::string_view name) {
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(' ', begin), names.size());
    if (names.substr(begin, end - begin) == name) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

}  // namespace

bool is_plugin_id(std::string_view text) {
  return is_id(text);
}

std::span<const DescriptionRule> description_rules() {
  return all_description_rules;
}

Result<PluginPlace> find_place(FileSystem& files,
                               const std::vector<SearchFolder>& folders,
                               std::string_view id) {
  const auto found =
      is_id(id) ? by_precedence(find_plugin(files, folders, id)) : std::vector<PluginFile>();
  if (!found.empty()) {
    return PluginPlace{found.front().id, found.front().folder, found.front().from};
  }
  auto missing = load_chain(files, folders, id);
  return missing.has_value() ? Result<PluginPlace>(fail(ErrorCode::internal, "a plugin came late"))
                             : Result<PluginPlace>(fail(std::move(missing).error()));
}

Judgement judge(FileSystem& files,
                const std::vector<SearchFolder>& folders,
                const PluginPlace& place) {
  Judgement judgement;
  judgement.description.id = place.id;
  judgement.description.folders = {place.folder};
  const PluginFile file = read_plugin(files, place.id, place.folder, place.from);
  judgement.version = file.draft.version;
  add_own(file, judgement);
  if (file.document.as_object() == nullptr) {
    return judgement;
  }
  if (find_broken(judgement, "schema") || find_broken(judgement, "needs")) {
    return judgement;  // in a language that is not this program's
  }
  judgement.reached = RuleStage::document;
  judgement.description.document = file.document;
  note_taken(files, folders, file, judgement);
  if (!can_extend(file)) {
    return judgement;
  }
  const auto chain = load_chain_of(files, folders, file);
  if (chain.has_value()) {
    judge_whole(files, *chain, judgement);
  } else {
    add(judgement.broken, from_error(chain.error()));
  }
  return judgement;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
bool has_member(const json::Value& document, std::string_view names) {
  const json::Object* members = document.as_object();
  for (std::size_t i = 0; members != nullptr && i < members->size(); ++i) {
    const auto& [name, value] = (*members)[i];
    const bool own = name.rfind("x-", 0) == 0;
    if (!own && (is_among(names, name) || has_member(value, names))) {
      return true;
    }
  }
  const json::Array* elements = document.as_array();
  return elements != nullptr &&
         std::any_of(elements->begin(), elements->end(), [&](const json::Value& element) {
           return has_member(element, names);
         });
}

}  // namespace atlink::plugins
