// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/promises.h"

#include "atlink/json.h"
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/host/rules.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace atlink::fuzz {

namespace {

constexpr std::array<std::string_view, 12> hostile{"x",
                                                   "..",
                                                   ".",
                                                   "",
                                                   "a/../../b",
                                                   "%2e%2e",
                                                   "\\..\\",
                                                   "?q#f",
                                                   "//evil.example/",
                                                   ";..",
                                                   "{x}'\"\\",
                                                   "\r\nX: y"};

template <class List>
bool has_name(const List& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
}

void check_place(const BaseUrl& base, const EndpointPath& endpoint) {
  const auto url = base.at(endpoint);
  require(url.has_value(), "an accepted path makes a URL");
  require(url->same_origin(base.site()), "no path leaves the site");
  require(url->query().has_value() == !endpoint.query.empty(), "no path has a query");
  for (const auto& [name, value] : endpoint.query) {
    require(name.rfind("oauth_", 0) != 0, "no fixed query has a part of a signature");
    const FormFields fields = parse_form(*url->query());
    require(form_value(fields, name) == value, "a fixed query is encoded");
  }
  if (endpoint.relative_to == EndpointPath::RelativeTo::base) {
    require(url->str().rfind(base.str() + "/", 0) == 0, "no path leaves the base URL");
  }
  for (std::string_view rest = url->path(); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view segment = rest.substr(0, rest.find('/'));
    const std::string name = percent_decode(segment.substr(0, segment.find(';')));
    require(name != "." && name != "..", "no segment climbs");
    rest.remove_prefix(segment.size());
  }
}

void check_place(const BaseUrl& base, const std::optional<EndpointPath>& endpoint) {
  if (endpoint) {
    check_place(base, *endpoint);
  }
}

std::string with_site_id(std::string path) {
  static constexpr std::string_view name = "{site_id}";
  for (std::size_t at = path.find(name); at != std::string::npos; at = path.find(name)) {
    path.replace(at, name.size(), "id");
  }
  return path;
}

/// A service lies on the site, or on an https origin that the description declares.
void check_service(const Product& product, const BaseUrl& base, ServiceEndpoint service) {
  service.endpoint.path = with_site_id(service.endpoint.path);
  if (service.setting.empty()) {
    check_place(base, service.endpoint);
    return;
  }
  const auto setting =
      std::find_if(product.settings.begin(), product.settings.end(), [&](const Setting& each) {
        return each.name == service.setting;
      });
  require(setting != product.settings.end(), "a service names a setting that is there");
  require(setting->kind == Setting::Kind::origin, "a service lies on an origin");
  if (!setting->fallback.empty()) {
    const auto url = Url::parse(setting->fallback);
    require(url.has_value() && url->is_https(), "an origin is https");
    require(url->target() == "/" && !url->query(), "an origin has no path");
    check_place(*BaseUrl::make(*url, ""), service.endpoint);
  }
}

void check_service(const Product& product,
                   const BaseUrl& base,
                   const std::optional<ServiceEndpoint>& service) {
  if (service) {
    check_service(product, base, *service);
  }
}

void check_sign_in(const Product& product, const BaseUrl& base) {
  if (product.oauth1) {
    check_place(base, product.oauth1->request_token);
    check_place(base, product.oauth1->authorize);
    check_place(base, product.oauth1->access_token);
    check_place(base, product.oauth1->consumer_info);
    require(!product.oauth1->signature_methods.empty(), "there is a signature method");
    require(!product.oauth1->transmissions.empty(), "there is a place for parameters");
  }
  if (product.oauth2) {
    const OAuth2Rules& rules = *product.oauth2;
    check_service(product, base, rules.token);
    check_service(product, base, rules.authorize);
    check_service(product, base, rules.revoke);
    check_service(product, base, rules.metadata);
    check_service(product, base, rules.sites);
    check_service(product, base, rules.gateway);
    require(!rules.grants.empty() && !rules.token_encodings.empty() &&
                !rules.client_authentication.empty() && !rules.redirect_hosts.empty(),
            "there is a way to ask for a token");
  }
  if (product.api_token) {
    check_service(product, base, product.api_token->site_info);
    check_service(product, base, product.api_token->gateway);
  }
  if (product.token && product.catalogues.empty()) {
    for (const std::string* name :
         {&product.token->create, &product.token->list, &product.token->revoke}) {
      require(name->empty() || has_name(product.operations, *name), "a token has its operations");
    }
  }
}

void check_header(std::string_view name, std::string_view value) {
  static constexpr std::array<std::string_view, 8> ours{"authorization",
                                                        "cookie",
                                                        "host",
                                                        "content-length",
                                                        "transfer-encoding",
                                                        "proxy-authorization",
                                                        "connection",
                                                        "date"};
  require(!name.empty() && is_clean(name) && is_clean(value), "a clean header");
  require(name.find_first_of(" :\"(),/;<=>?@[\\]{}") == std::string_view::npos, "a header's name");
  require(std::none_of(ours.begin(),
                       ours.end(),
                       [&](std::string_view each) { return equals_ignoring_case(name, each); }),
          "no header that is not a plugin's");
}

void check_conditions(const AnswerConditions& conditions) {
  for (const int status : conditions.statuses) {
    require(status >= 100 && status <= 599, "a status is one");
  }
  require(!conditions.header.empty() ||
              (conditions.header_contains.empty() && conditions.header_is.empty()),
          "a header that is compared has a name");
}

void check_answers(const Product& product, const BaseUrl& base) {
  for (const Probe& probe : product.probes) {
    check_place(base, probe.endpoint);
    check_conditions(probe);
    require(!probe.header.empty() || !probe.body_contains.empty() || !probe.json.empty(),
            "a probe recognises something");
    require(is_clean(probe.accept), "a clean header");
  }
  for (const ResponseSignal& signal : product.signals) {
    check_conditions(signal);
    require(!signal.statuses.empty() || !signal.header.empty() || !signal.body_contains.empty(),
            "a signal has a condition");
  }
  for (const Pager& pager : product.pagers) {
    const bool by_link = pager.style == Pager::Style::link;
    require(by_link || !pager.position.empty(), "a pager asks for a page");
    require(pager.style != Pager::Style::token || !pager.next.empty(), "a token comes from a page");
    require(!by_link || pager.link_header || !pager.next.empty(), "a link comes from a page");
    require(!pager.items.empty(), "items stand somewhere");
    require(pager.first >= 0 && pager.usual_size >= 0 && pager.largest_size >= 0, "no size is odd");
  }
  if (product.identity) {
    check_place(base, product.identity->endpoint);
    require(!product.identity->json_pointers.empty() || !product.identity->header.empty(),
            "an identity says where the name stands");
  }
}

void check_filled(const BaseUrl& base, const Operation& operation, const FilledOperation& filled) {
  check_place(base, EndpointPath{filled.path, EndpointPath::RelativeTo::base});
  const auto count = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '/');
  };
  const bool has_paths = std::any_of(
      operation.parameters.begin(), operation.parameters.end(), [](const OperationParameter& each) {
        return each.type == OperationParameter::Type::path;
      });
  require(has_paths || count(filled.path) == count(operation.path), "no value adds a segment");
  require(filled.json.empty() || json::parse(filled.json).has_value(), "a JSON body is JSON");
  require(!filled.safe_to_repeat || (filled.method != "POST" && filled.method != "PATCH"),
          "no POST is marked safe");
}

/// A value that a parameter of that type must take.
std::string_view plain_value(OperationParameter::Type type) {
  switch (type) {
    case OperationParameter::Type::number:
      return "1.5";
    case OperationParameter::Type::flag:
      return "true";
    case OperationParameter::Type::json:
      return "[{}]";
    case OperationParameter::Type::path:
      return "x/y";
    case OperationParameter::Type::text:
      break;
  }
  return "x";
}

void check_operation(const Product& product, const BaseUrl& base, const Operation& operation) {
  require(operation.pager.empty() || has_name(product.pagers, operation.pager),
          "an operation has its pager");
  for (const OperationParameter& parameter : operation.parameters) {
    require(parameter.literal.empty() || has_name(product.query_languages, parameter.literal),
            "a parameter has its query language");
  }
  for (const std::string_view value : hostile) {
    TemplateValues values;
    for (const OperationParameter& parameter : operation.parameters) {
      values.emplace_back(parameter.name, value == "x" ? plain_value(parameter.type) : value);
    }
    const auto filled = fill_in(operation, product.query_languages, values);
    if (filled.has_value()) {
      check_filled(base, operation, *filled);
    } else {
      require(filled.error().code == ErrorCode::usage, "a value is refused as the caller's");
      require(is_clean(filled.error().message) && is_clean(filled.error().next), "clean words");
      require(value != "x", "a plain value is taken");
    }
  }
}

void check_link(const Product& product) {
  TemplateValues values;
  for (const std::string_view name : plugins::template_names()) {
    values.emplace_back(name, "x");
  }
  for (const Setting& setting : product.settings) {
    if (setting.kind == Setting::Kind::text) {
      values.emplace_back("setting." + setting.name, setting.fallback);
    }
  }
  for (const LinkGuide& guide : product.link_guides) {
    require(!guide.screens.empty(), "a guide has screens");
    for (const LinkScreen& screen : guide.screens) {
      require(expand(screen.instruction, values).has_value(), "an instruction is filled in");
      require(is_clean(screen.title), "a title is one clean line");
      for (const LinkField& field : screen.fields) {
        require(expand(field.value, values).has_value(), "a value is filled in");
        require(is_clean(field.label) && is_clean(field.note), "a field is clean");
      }
    }
  }
}

}  // namespace

void check_promises(const Product& product) {
  const auto site = Url::parse("https://site.example");
  const auto base = BaseUrl::make(*site, product.default_context_path);
  require(base.has_value(), "a default context path makes a base URL");
  for (const std::string& path : product.known_context_paths) {
    require(BaseUrl::make(*site, path).has_value(), "a known context path makes a base URL");
  }
  check_sign_in(product, *base);
  check_answers(product, *base);
  check_place(*base, product.links_page);
  check_place(*base, product.revoke_page);
  for (const ApiBase& api : product.apis) {
    check_place(*base, api.endpoint);
  }
  for (const ExtraHeader& header : product.headers) {
    check_header(header.name, header.value);
  }
  require(!product.xsrf || !product.headers.empty(), "the header against forgery is sent");
  for (const Operation& operation : product.operations) {
    check_operation(product, *base, operation);
  }
  for (const Recipe& recipe : product.recipes) {
    require(!recipe.steps.empty(), "a recipe has a step");
    for (const RecipeStep& step : recipe.steps) {
      require(!product.catalogues.empty() || has_name(product.operations, step.operation),
              "a recipe has its operations");
    }
  }
  check_link(product);
}

}  // namespace atlink::fuzz
