// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/resolve.h"

#include "atlink/text.h"
#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "plugins/host/references.h"
#include "plugins/host/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::plugins {

namespace {

/// What an answer means is looked for in this order, whatever order a document has: the more
/// particular first.
int rank(ResponseSignal::Meaning meaning) {
  using enum ResponseSignal::Meaning;
  static constexpr std::array order{
      captcha, xsrf, rate_limited, authentication_failed, login_page, anonymous};
  return static_cast<int>(std::find(order.begin(), order.end(), meaning) - order.begin());
}

void take_signals(Draft& draft) {
  for (auto& [name, signal] : draft.named_signals) {
    draft.signals.push_back(std::move(signal));
  }
  std::stable_sort(draft.signals.begin(), draft.signals.end(), [](const auto& a, const auto& b) {
    return rank(a.meaning) < rank(b.meaning);
  });
}

void take_headers(Draft& draft) {
  for (auto& [name, header] : draft.named_headers) {
    header.name = name;
    draft.headers.push_back(std::move(header));
  }
}

/// The header that keeps forged requests out is one to add, too; what /headers says of it counts.
void take_xsrf(Draft& draft) {
  const auto same = [&](const ExtraHeader& header) {
    return equals_ignoring_case(header.name, draft.xsrf->name);
  };
  if (draft.xsrf && std::none_of(draft.headers.begin(), draft.headers.end(), same)) {
    draft.headers.push_back(static_cast<const ExtraHeader&>(*draft.xsrf));
  }
}

const LinkScreen* find_screen(const Draft& draft, std::string_view wanted) {
  for (const auto& [name, screen] : draft.named_screens) {
    if (name == wanted) {
      return &screen;
    }
  }
  return nullptr;
}

/// Puts the screens that a guide names into it.
void take_guide(Reading& reading, const Draft& draft, GuideDraft& guide) {
  const Reading::Step step(reading, "screens");
  for (std::size_t i = 0; i < guide.screen_names.size(); ++i) {
    if (const LinkScreen* screen = find_screen(draft, guide.screen_names[i])) {
      guide.screens.push_back(*screen);
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, screen] : draft.named_screens) {
      known.push_back(name);
    }
    const std::string_view meant = nearest(guide.screen_names[i], known);
    const Reading::Step at(reading, i);
    reading.report("screen-missing",
                   fmt::format("there is no screen \"{}\" in /link/screens", guide.screen_names[i]),
                   meant.empty() ? "add it there" : fmt::format("did you mean \"{}\"?", meant));
  }
}

void take_guides(Reading& reading, Draft& draft) {
  const Reading::Step link(reading, "link");
  const Reading::Step guides(reading, "guides");
  for (auto& [name, guide] : draft.named_guides) {
    const Reading::Step step(reading, name);
    take_guide(reading, draft, guide);
    draft.link_guides.push_back(static_cast<LinkGuide&&>(std::move(guide)));
  }
}

const json::Value* deployment_part(const json::Value& document, Deployment deployment) {
  const json::Value* all = document.find("deployments");
  return all == nullptr ? nullptr : all->find(to_string(deployment));
}

/// Whether a host is the one of a pattern or, after "*.", below it.
bool fits(std::string_view pattern, std::string_view host) {
  if (pattern.rfind("*.", 0) != 0) {
    return equals_ignoring_case(pattern, host);
  }
  const std::string_view below = pattern.substr(1);
  return host.size() > below.size() &&
         equals_ignoring_case(host.substr(host.size() - below.size()), below);
}

}  // namespace

json::Value document_for(const json::Value& document, Deployment deployment) {
  json::Value merged = document;
  erase_member(merged, "deployments");
  if (const json::Value* part = deployment_part(document, deployment)) {
    merge_patch(merged, *part);
    erase_member(merged, "hosts");
  }
  return merged;
}

std::vector<Problem> read_resolved(const json::Value& document,
                                   Deployment deployment,
                                   Product& to,
                                   Parts parts) {
  Reading reading(Reading::Stage::effective);
  Draft draft;
  read_document(reading, document, draft);
  take_signals(draft);
  take_headers(draft);
  take_xsrf(draft);
  take_guides(reading, draft);
  check_references(reading, draft, parts);
  check_templates(reading, draft.named_screens, draft.settings);
  draft.deployment = deployment;
  to = static_cast<Product&&>(std::move(draft));
  return reading.problems();
}

std::vector<Problem> read_product(const Description& description,
                                  Deployment deployment,
                                  Product& to) {
  return read_resolved(
      document_for(description.document, deployment), deployment, to, description.parts);
}

std::vector<Deployment> deployments_of(const json::Value& document) {
  std::vector<Deployment> all;
  const json::Value* member = document.find("deployments");
  const json::Object* object = member == nullptr ? nullptr : member->as_object();
  for (std::size_t i = 0; object != nullptr && i < object->size(); ++i) {
    if (const auto deployment = deployment_from((*object)[i].first)) {
      all.push_back(*deployment);
    }
  }
  if (all.empty()) {
    all.push_back(Deployment::data_center);
  }
  return all;
}

std::vector<Problem> problems_of_deployments(const Description& description) {
  const auto& all = description.deployments;
  const json::Value* preferred = description.document.find("preferred_deployment");
  std::vector<Problem> problems;
  if (preferred == nullptr && all.size() > 1) {
    problems.push_back({"",
                        "deployment",
                        "\"preferred_deployment\" is missing, and there are several deployments",
                        "say which one counts where nobody chose"});
  }
  if (std::find(all.begin(), all.end(), preferred_of(description)) == all.end()) {
    problems.push_back({"/preferred_deployment",
                        "deployment",
                        "the preferred deployment is not among the deployments",
                        "add it to \"deployments\", or prefer another one"});
  }
  return problems;
}

Deployment preferred_of(const Description& description) {
  const json::Value* preferred = description.document.find("preferred_deployment");
  const std::string* word = preferred == nullptr ? nullptr : preferred->as_string();
  const auto deployment = word == nullptr ? std::nullopt : deployment_from(*word);
  return deployment.value_or(description.deployments.front());
}

std::optional<Deployment> deployment_of_host(const Description& description,
                                             std::string_view host) {
  for (const Deployment deployment : description.deployments) {
    const json::Value* part = deployment_part(description.document, deployment);
    const json::Value* hosts = part == nullptr ? nullptr : part->find("hosts");
    const json::Array* patterns = hosts == nullptr ? nullptr : hosts->as_array();
    for (std::size_t i = 0; patterns != nullptr && i < patterns->size(); ++i) {
      const std::string* pattern = (*patterns)[i].as_string();
      if (pattern != nullptr && fits(*pattern, host)) {
        return deployment;
      }
    }
  }
  return std::nullopt;
}

Status check_deployment(const Description& description, Deployment deployment) {
  const auto& all = description.deployments;
  if (std::find(all.begin(), all.end(), deployment) != all.end()) {
    return {};
  }
  return fail(ErrorCode::product_unsupported,
              fmt::format("the product {} has no deployment \"{}\"",
                          printable(description.id),
                          to_string(deployment)),
              fmt::format("use --deployment {}", to_string(all.front())));
}

Result<Product> resolve(const Description& description, Deployment deployment) {
  ATLINK_CHECK(check_deployment(description, deployment));
  Product product;
  const auto problems = read_product(description, deployment, product);
  if (!problems.empty()) {
    Error error = to_error(problems, description.folders.front() + "/product.json", {});
    return fail(std::move(error).with("deployment", std::string(to_string(deployment))));
  }
  return product;
}

}  // namespace atlink::plugins
