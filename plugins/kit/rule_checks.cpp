// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/rule_checks.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace atlink::plugins::kit {

namespace {

Finding to_finding(const BrokenRule& broken) {
  return {broken.message, broken.next, broken.file, broken.line, broken.pointer};
}

std::vector<Finding> about(const std::vector<BrokenRule>& all, std::string_view rule) {
  std::vector<Finding> findings;
  for (const BrokenRule& each : all) {
    if (each.rule == rule) {
      findings.push_back(to_finding(each));
    }
  }
  return findings;
}

/// "no a, b or c in it".
std::string absent(std::string_view members) {
  std::string text = "no ";
  for (std::size_t begin = 0; begin < members.size();) {
    const std::size_t end = std::min(members.find(' ', begin), members.size());
    const bool last = end == members.size();
    text += begin == 0 ? "" : last ? " or " : ", ";
    text += members.substr(begin, end - begin);
    begin = end + 1;
  }
  return text + " in it";
}

/// Whether the reader stopped before a rule of the first stage, in the order in which it looks.
bool was_not_reached(std::string_view rule, const Judgement& judgement) {
  static constexpr std::array<std::string_view, 4> order{"trust", "file", "too-large", "json"};
  if (judgement.reached != RuleStage::file || judgement.broken.empty()) {
    return false;
  }
  const auto at = [](std::string_view name) { return std::find(order.begin(), order.end(), name); };
  return at(rule) > at(judgement.broken.front().rule);
}

Verdict judge_rule(const DescriptionRule& rule, const Judgement& judgement) {
  if (auto broken = about(judgement.broken, rule.name); !broken.empty()) {
    return {Outcome::fail, {}, std::move(broken)};
  }
  if (rule.stage > judgement.reached) {
    return skipped(judgement.reached == RuleStage::file
                       ? "product.json could not be read"
                       : "it could not be put together with what it extends");
  }
  if (rule.stage == RuleStage::file && was_not_reached(rule.name, judgement)) {
    return skipped("the reader stopped before it");
  }
  if (!rule.members.empty() && !has_member(judgement.description.document, rule.members)) {
    return skipped(absent(rule.members));
  }
  if (auto notes = about(judgement.notes, rule.name); !notes.empty()) {
    return {Outcome::warn, {}, std::move(notes)};
  }
  return passed();
}

bool is_there(FileSystem& files, const std::vector<std::string>& folders, std::string_view name) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return files.stat(fmt::format("{}/{}", folder, name), true).has_value();
  });
}

/// Whether something stands at a place of a document: the names of members, outermost first.
bool stands_at(const json::Value* value, std::initializer_list<std::string_view> place) {
  for (const std::string_view name : place) {
    value = value == nullptr ? nullptr : value->find(name);
  }
  return value != nullptr && !value->is_null();
}

/// The same for all deployments together or for one of them.
bool says(const Judgement& judgement, std::initializer_list<std::string_view> place) {
  const json::Value& document = judgement.description.document;
  const json::Value* parts = document.find("deployments");
  return stands_at(&document, place) ||
         std::any_of(judgement.description.deployments.begin(),
                     judgement.description.deployments.end(),
                     [&](Deployment deployment) {
                       return parts != nullptr &&
                              stands_at(parts->find(to_string(deployment)), place);
                     });
}

Verdict hosts_advice(const Judgement& judgement) {
  const Description& description = judgement.description;
  if (description.deployments.size() < 2) {
    return skipped("there is one deployment only");
  }
  return says(judgement, {"hosts"})
             ? passed()
             : warned("there are several deployments, and none says which hosts are its own",
                      "add \"hosts\" to a deployment, so that a URL tells which one it is");
}

}  // namespace

void check_rules(Recorder& recorder, const Judgement& judgement) {
  for (const DescriptionRule& rule : description_rules()) {
    recorder.run(fmt::format("rule.{}", rule.name), [&] { return judge_rule(rule, judgement); });
  }
}

void check_advice(Recorder& recorder, FileSystem& files, const Judgement& judgement) {
  const std::vector<std::string>& folders = judgement.description.folders;
  const auto advise = [&](std::string name, bool followed, std::string what, std::string next) {
    recorder.run("advice." + std::move(name),
                 [&] { return followed ? passed() : warned(std::move(what), std::move(next)); });
  };
  advise("readme",
         is_there(files, {folders.front()}, "README.md"),
         "there is no README.md",
         "say in one what to register, and what is odd about the product");
  advise("testdata",
         is_there(files, folders, "testdata/sandbox.json"),
         "there is no testdata/sandbox.json, here or in what this extends",
         "write down a few answers of the product, for the sandbox to give");
  advise("probes",
         says(judgement, {"detect", "probes"}),
         "there are no probes, so a site of this product cannot be recognised",
         "describe a question and its answer in /detect/probes");
  advise("identity",
         says(judgement, {"identity"}),
         "nothing says where to ask who is signed in",
         "add /identity");
  advise("error-messages",
         says(judgement, {"errors", "messages"}),
         "nothing says where the messages of an error stand",
         "add /errors/messages");
  advise("link-guides",
         says(judgement, {"link", "guides"}),
         "there is no guide through the administrator's screens",
         "add /link/guides and /link/screens");
  advise("revoke-page",
         says(judgement, {"pages", "revoke"}),
         "there is no page where people take tokens back",
         "add /pages/revoke");
  recorder.run("advice.hosts", [&] { return hosts_advice(judgement); });
}

}  // namespace atlink::plugins::kit
