// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/site.h"

#include "plugins/sandbox/control.h"
#include "plugins/sandbox/mishaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// A page of another site may send a form here without being asked; a script never says where it
/// comes from.
bool is_from_another_site(const Visit& visit) {
  const auto origin = visit.request.headers.find("Origin");
  return origin && *origin != visit.origin && changes_something(visit.request.method);
}

ResourceOptions resource_options(const SandboxOptions& options,
                                 std::string version,
                                 std::string ticket) {
  return {options.user,
          std::move(version),
          !options.site_version.empty(),
          options.closed_probes,
          std::move(ticket)};
}

}  // namespace

std::string usual_version(const Product& product, const Testdata& testdata) {
  const OAuth1Rules& rules = *product.oauth1;
  std::vector<std::string> worth_trying{testdata.version, rules.from};
  for (auto guide = product.link_guides.rbegin(); guide != product.link_guides.rend(); ++guide) {
    worth_trying.push_back(guide->from);
  }
  worth_trying.insert(worth_trying.end(), {"1.0", "0.1"});
  const auto found =
      std::find_if(worth_trying.begin(), worth_trying.end(), [&](const std::string& version) {
        return !version.empty() && rules.holds(version);
      });
  return found == worth_trying.end() ? std::string("1.0") : *found;
}

Site::Site(Platform platform, SandboxOptions options, Testdata testdata, const std::string& secret)
    : clock_(platform.clock),
      options_(std::move(options)),
      product_(options_.product),
      rules_(*product_.oauth1),
      context_(options_.context_path.value_or(product_.default_context_path)),
      version_(options_.site_version.empty() ? usual_version(product_, testdata)
                                             : options_.site_version),
      tokens_(platform.random, rules_),
      checks_(rules_),
      parts_{product_, rules_, consumers_, tokens_, checks_},
      token_endpoints_(parts_),
      consent_(parts_, options_.user),
      admin_(parts_, version_, secret),
      administration_(parts_, platform.random, options_.user, options_.secure_session),
      screens_(parts_, version_, secret),
      resources_(parts_, std::move(testdata), resource_options(options_, version_, secret)) {}

Status Site::prepare() {
  for (const SandboxConsumer& consumer : options_.consumers) {
    ATLINK_ASSIGN([[maybe_unused]] const bool added, consumers_.put(consumer));
  }
  for (const std::string& text : options_.faults) {
    ATLINK_ASSIGN(Fault fault, parse_fault(text));
    ATLINK_CHECK(faults_.add(std::move(fault)));
  }
  return {};
}

Visit Site::visit_of(const ServerRequest& request) {
  const std::string_view target = request.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  // A front that speaks TLS says so; the Host is taken as the client named it, since that is what
  // it signed.
  const bool tls = request.headers.find("X-Forwarded-Proto").value_or("") == "https";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.now().time_since_epoch());
  Visit visit{request, {}, {}, target.substr(0, question), {}, 0, {}, false};
  visit.origin = fmt::format(
      "{}://{}", tls ? "https" : "http", request.headers.find("Host").value_or("127.0.0.1"));
  visit.base_url = visit.origin + context_;
  visit.context = context_;
  visit.query = target.substr(std::min(question + 1, target.size()));
  visit.now = seconds.count() + options_.clock_skew;
  return visit;
}

ServerResponse Site::handle(const ServerRequest& request) {
  Visit visit = visit_of(request);
  if (auto page = own_part(visit)) {
    return *std::move(page);
  }
  const std::string_view rest = below(visit.path, context_).value_or(visit.path);
  const std::vector<Fault> faults = faults_.meet(rest, visit.path);
  mislead(faults, visit);
  ServerResponse response = answer(visit, faults);
  spoil(faults, response);
  return response;
}

bool Site::is_links_page(const Visit& visit) const {
  return product_.links_page && is_at(visit, *product_.links_page);
}

std::optional<ServerResponse> Site::own_part(const Visit& visit) {
  if (rules_.holds(version_) && is_at(visit, rules_.authorize)) {
    return consent_.authorize(visit);
  }
  if (is_links_page(visit)) {
    return screens_.dialog(visit);
  }
  const auto rest = below(visit.path, context_);
  if (!rest) {
    return std::nullopt;
  }
  if ((rest->empty() || *rest == "/") && !resources_.probes().want_data(visit)) {
    return home(visit);
  }
  const auto part = below(*rest, admin_path);
  const bool is_resource =
      !part || *part == "/echo" || below(*rest, files_path) || below(*rest, moved_path);
  return is_resource ? std::nullopt : std::optional(sandbox_part(visit, *part));
}

ServerResponse Site::home(const Visit& visit) {
  ServerResponse page = admin_.home(visit);
  resources_.probes().mark(visit, page);
  return page;
}

ServerResponse Site::sandbox_part(const Visit& visit, std::string_view rest) {
  const std::string path = std::string(admin_path) + std::string(rest);
  if (const auto file = below(path, away_path)) {
    return resources_.files().away(visit, *file);
  }
  if (rest == "/consumers") {
    return admin_.list(visit);
  }
  if (is_from_another_site(visit)) {
    return error_answer(product_, 403, "a page of another site may not do this");
  }
  if (path == screens_path) {
    return screens_.dialog(visit);
  }
  if (path == faults_path) {
    return control_faults(visit, product_, faults_);
  }
  if (rest == "/administration") {
    return administration_.control(visit);
  }
  if (rest == "/decide") {
    return consent_.decide(visit);
  }
  const auto key = below(rest, "/consumers");
  if (key && key->size() > 1) {
    return admin_.one(visit, percent_decode(key->substr(1)));
  }
  return error_answer(product_, 404, "there is no such thing here");
}

ServerResponse Site::answer(const Visit& visit, const std::vector<Fault>& faults) {
  if (auto planned = mishap(faults, product_, visit)) {
    resources_.add_limits(visit, has(faults, Fault::Kind::rate_limit), *planned);
    return *std::move(planned);
  }
  if (rules_.holds(version_)) {
    if (is_at(visit, rules_.request_token)) {
      return token_endpoints_.request_token(visit);
    }
    if (is_at(visit, rules_.access_token)) {
      return token_endpoints_.access_token(visit);
    }
  }
  if (auto administered = administration_.answer(visit)) {
    return *std::move(administered);
  }
  const auto rest = below(visit.path, context_);
  if (!rest && !resources_.probes().knows(visit)) {
    return text_answer(404, fmt::format("there is nothing here; the site is at {}\n", context_));
  }
  return resources_.answer(visit, rest.value_or(visit.path), has(faults, Fault::Kind::anonymous));
}

}  // namespace atlink::plugins::sandbox
