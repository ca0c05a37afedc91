// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/references.h"

#include "atlink/text.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::plugins {

namespace {

/// Looks names up in one list of the description.
template <class T>
class Named {
 public:
  Named(Reading& reading, const std::vector<T>& all, std::string_view where)
      : reading_(reading), all_(all), where_(where) {}

  /// Reports `name` where it is said and not there; nothing is said by "".
  void check(std::string_view member, const std::string& name) {
    const bool there = name.empty() || std::any_of(all_.begin(), all_.end(), [&](const T& each) {
                         return each.name == name;
                       });
    if (there) {
      return;
    }
    std::vector<std::string_view> known;
    for (const T& each : all_) {
      known.push_back(each.name);
    }
    const std::string_view meant = nearest(name, known);
    const Reading::Step step(reading_, member);
    reading_.report("name-missing",
                    fmt::format("there is no \"{}\" in {}", printable(name, 70), where_),
                    meant.empty() ? "add it there" : fmt::format("did you mean \"{}\"?", meant));
  }

 private:
  Reading& reading_;
  const std::vector<T>& all_;
  std::string_view where_;
};

void check_operations(Reading& reading, const Product& product) {
  Named<Pager> pagers(reading, product.pagers, "/pagers");
  Named<QueryLanguage> languages(reading, product.query_languages, "/query_languages");
  const Reading::Step operations(reading, "operations");
  for (const Operation& operation : product.operations) {
    const Reading::Step at(reading, operation.name);
    pagers.check("pager", operation.pager);
    const Reading::Step parameters(reading, "parameters");
    for (const OperationParameter& parameter : operation.parameters) {
      const Reading::Step one(reading, parameter.name);
      languages.check("literal", parameter.literal);
    }
  }
}

void check_recipes(Reading& reading, const Product& product) {
  if (!product.catalogues.empty()) {
    return;  // its operations may stand in files that are read later
  }
  Named<Operation> operations(reading, product.operations, "/operations");
  const Reading::Step recipes(reading, "recipes");
  for (const Recipe& recipe : product.recipes) {
    const Reading::Step at(reading, recipe.name);
    const Reading::Step steps(reading, "steps");
    for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
      const Reading::Step one(reading, i);
      operations.check("operation", recipe.steps[i].operation);
    }
  }
}

/// The origins that services of the sign-in lie on.
class Services {
 public:
  Services(Reading& reading, const std::vector<Setting>& settings)
      : reading_(reading), settings_(settings) {}

  void check(std::string_view member, const std::optional<ServiceEndpoint>& service) {
    if (!service || service->setting.empty()) {
      return;
    }
    const bool there = std::any_of(settings_.begin(), settings_.end(), [&](const Setting& each) {
      return each.name == service->setting && each.kind == Setting::Kind::origin;
    });
    if (!there) {
      const Reading::Step step(reading_, member);
      const Reading::Step at(reading_, "setting");
      reading_.report(
          "name-missing",
          fmt::format("there is no setting \"{}\" with an \"origin\"", service->setting),
          "add it to /settings");
    }
  }

 private:
  Reading& reading_;
  const std::vector<Setting>& settings_;
};

void check_services(Reading& reading, const Product& product) {
  Services services(reading, product.settings);
  const Reading::Step sign_in(reading, "sign_in");
  if (product.oauth2) {
    const Reading::Step at(reading, "oauth2");
    services.check("token", product.oauth2->token);
    services.check("authorize", product.oauth2->authorize);
    services.check("revoke", product.oauth2->revoke);
    services.check("metadata", product.oauth2->metadata);
    services.check("sites", product.oauth2->sites);
    services.check("gateway", product.oauth2->gateway);
  }
  if (product.api_token) {
    const Reading::Step at(reading, "api_token");
    services.check("site_info", product.api_token->site_info);
    services.check("gateway", product.api_token->gateway);
  }
}

void check_token_operations(Reading& reading, const Product& product) {
  if (!product.token || !product.catalogues.empty()) {
    return;
  }
  Named<Operation> operations(reading, product.operations, "/operations");
  const Reading::Step sign_in(reading, "sign_in");
  const Reading::Step at(reading, "token");
  operations.check("create", product.token->create);
  operations.check("list", product.token->list);
  operations.check("revoke", product.token->revoke);
}

/// Texts of a link screen that name settings.
class Templates {
 public:
  Templates(Reading& reading, const std::vector<Setting>& settings)
      : reading_(reading), settings_(settings) {}

  void check(std::string_view member, std::string_view text) {
    for (const std::string& name : names_in(text)) {
      if (name.rfind(setting_prefix, 0) == 0 && !is_text(name.substr(setting_prefix.size()))) {
        const Reading::Step step(reading_, member);
        reading_.report("name-missing",
                        fmt::format("there is no setting \"{}\" with a \"text\"",
                                    printable(name.substr(setting_prefix.size()), 70)),
                        "add it to /settings");
      }
    }
  }

 private:
  [[nodiscard]] bool is_text(std::string_view name) const {
    return std::any_of(settings_.begin(), settings_.end(), [&](const Setting& each) {
      return each.name == name && each.kind == Setting::Kind::text;
    });
  }

  Reading& reading_;
  const std::vector<Setting>& settings_;
};

}  // namespace

void check_templates(Reading& reading,
                     const std::vector<std::pair<std::string, LinkScreen>>& screens,
                     const std::vector<Setting>& settings) {
  Templates templates(reading, settings);
  const Reading::Step link(reading, "link");
  const Reading::Step all(reading, "screens");
  for (const auto& [name, screen] : screens) {
    const Reading::Step at(reading, name);
    templates.check("instruction", screen.instruction);
    const Reading::Step fields(reading, "fields");
    for (std::size_t i = 0; i < screen.fields.size(); ++i) {
      const Reading::Step one(reading, i);
      templates.check("value", screen.fields[i].value);
      templates.check("note", screen.fields[i].note);
    }
  }
}

void check_references(Reading& reading, const Product& product, Parts parts) {
  check_services(reading, product);
  if (parts == Parts::all) {
    check_operations(reading, product);
    check_recipes(reading, product);
    check_token_operations(reading, product);
  }
}

}  // namespace atlink::plugins
