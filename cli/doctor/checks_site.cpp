// SPDX-License-Identifier: Apache-2.0
// What the way to the server decides, and the address at which it is asked.
#include "atlink/scrub.h"
#include "atlink/text.h"
#include "cli/doctor/judge.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace atlink::cli::doctor {

namespace {

// Servers take timestamps of five minutes around their own clock; what is well below harms nobody.
constexpr std::int64_t seconds_that_harm = 240;
constexpr std::int64_t seconds_worth_saying = 30;

using Part = oauth1::BaseStringDifference::Part;

std::string quoted(const std::optional<std::string>& text) {
  // A port that is not written is the usual one.
  return text && !text->empty() ? fmt::format("\"{}\"", *text) : "nothing";
}

std::string in_words(const oauth1::BaseStringDifference& difference) {
  if (difference.part == Part::whole) {
    return "the server's signature base string is of another make";
  }
  if (difference.part == Part::parameter && holds_secret(difference.name)) {
    // Whatever the server has there may be what it was sent.
    return fmt::format("the first difference is the parameter {}", difference.name);
  }
  const std::string what = difference.part == Part::parameter
                               ? fmt::format("parameter {}", difference.name)
                               : std::string(to_string(difference.part));
  return fmt::format("the first difference is the {}: sent {}, arrived {}",
                     what,
                     quoted(difference.ours),
                     quoted(difference.theirs));
}

// Mended where the change is made. Only an address that was seen to answer is a remedy of our own.
std::string mend_proxy(const Evidence& evidence, const std::optional<BaseUrl>& server_base) {
  std::string next =
      "have the proxy in front of the server pass scheme, host, port, path and query on as they "
      "arrive (Host, X-Forwarded-Proto), or set the server's own idea of its address right";
  const bool askable = server_base && *server_base != *evidence.base &&
                       (server_base->site().is_https() || !evidence.base->site().is_https());
  if (askable) {
    next += "; where the server can be reached without the proxy: " +
            change_base(evidence, *server_base);
  }
  return next;
}

std::string mend_rewriting(const Evidence& evidence, const Compared& compared) {
  return evidence.server_base_answers ? change_base(evidence, *compared.server_base)
                                      : mend_proxy(evidence, compared.server_base);
}

std::optional<Finding> rewritten(const Evidence& evidence) {
  const auto compared = compare_base_strings(evidence);
  if (!compared || !compared->difference) {
    return std::nullopt;
  }
  return failed(make_error(ErrorCode::site_rewritten,
                           fmt::format("the server sees another request than the one for {}: {}",
                                       compared->asked,
                                       in_words(*compared->difference)),
                           mend_rewriting(evidence, *compared)));
}

// Ours and the server's address as base strings, of which that is the part that can differ.
std::string address_difference(const BaseUrl& ours, const BaseUrl& theirs) {
  const auto base_string = [](const BaseUrl& base) {
    return fmt::format("POST&{}&", percent_encode(base.str()));
  };
  const auto difference = oauth1::first_difference(base_string(ours), base_string(theirs));
  return difference ? in_words(*difference) : std::string();
}

// Found out by signatures for other addresses, one of which was accepted.
std::optional<Finding> seen_otherwise(const Evidence& evidence) {
  if (!evidence.seen_as) {
    return std::nullopt;
  }
  return failed(make_error(
      ErrorCode::site_rewritten,
      fmt::format("the server takes signatures for {}, and not for {}, where it was asked: {}",
                  evidence.seen_as->str(),
                  evidence.base->str(),
                  address_difference(*evidence.base, *evidence.seen_as)),
      mend_proxy(evidence, evidence.seen_as)));
}

// A redirect of the endpoint to the same endpoint elsewhere.
std::optional<Finding> redirected(const Evidence& evidence) {
  if (!evidence.reached() || evidence.knock->location.empty()) {
    return std::nullopt;
  }
  const std::string& path = evidence.product->oauth1->request_token.path;
  const auto asked = Url::parse(evidence.knock->url);
  const auto to = asked ? asked->resolve(evidence.knock->location) : asked;
  if (!to || to->query()) {
    return std::nullopt;
  }
  const std::string_view whole = to->str();
  if (whole.size() <= path.size() || whole.substr(whole.size() - path.size()) != path) {
    return std::nullopt;
  }
  const auto base = BaseUrl::parse(whole.substr(0, whole.size() - path.size()));
  if (!base || *base == *evidence.base) {
    return std::nullopt;
  }
  return failed(
      make_error(ErrorCode::site_other_base,
                 fmt::format("{} sends requests on to {}", evidence.base->str(), base->str()),
                 change_base(evidence, *base)));
}

std::optional<Finding> found_elsewhere(const Evidence& evidence) {
  if (!evidence.refusal() || !evidence.detection || !evidence.detection->certain()) {
    return std::nullopt;
  }
  const plugins::Found& found = evidence.detection->found.front();
  if (found.base == *evidence.base || found_here(evidence) != nullptr) {
    return std::nullopt;
  }
  return failed(make_error(ErrorCode::site_other_base,
                           fmt::format("{} is at {}, and the profile says {}",
                                       found.product.name,
                                       found.base.str(),
                                       evidence.base->str()),
                           change_base(evidence, found.base)));
}

// What the server believes of its address, where it does not show what it signed.
std::optional<Finding> believed(const Evidence& evidence) {
  const plugins::Found* found = found_here(evidence);
  if (found == nullptr || found->server_base_url.empty()) {
    return std::nullopt;
  }
  const std::string message = fmt::format("the server calls itself {}, and was asked as {}",
                                          found->server_base_url,
                                          evidence.base->str());
  const Error* refusal = evidence.refusal();
  const bool unproven = !compare_base_strings(evidence);
  if (refusal == nullptr || refusal->code != ErrorCode::oauth1_signature_invalid || !unproven) {
    return warn(message);
  }
  const auto base = BaseUrl::parse(found->server_base_url);
  return failed(make_error(ErrorCode::site_rewritten,
                           message + ", and signatures do not fit",
                           mend_proxy(evidence, base ? std::optional(*base) : std::nullopt)));
}

// The ids of a product and of what it builds on: the names of the folders of its description.
bool builds_on(const std::vector<std::string>& folders, const std::string& id) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return folder.substr(folder.rfind('/') + 1) == id;
  });
}

std::string skew_in_words(std::int64_t skew) {
  return fmt::format("the server's clock is {} seconds {} this machine's",
                     std::llabs(skew),
                     skew < 0 ? "behind" : "ahead of");
}

// Its other words for it are of many kinds.
Finding wants_tls(const Evidence& evidence) {
  const std::string& base = evidence.base->str();
  const auto secure = BaseUrl::parse("https" + base.substr(base.find(':')));
  return failed(make_error(
      ErrorCode::site_other_base,
      fmt::format("{} speaks TLS, and the profile says http", evidence.base->site().origin()),
      secure ? change_base(evidence, *secure) : std::string()));
}

// Nothing was asked that could have been carried out.
std::string remedy_for_silence(const Evidence& evidence, ErrorCode code) {
  switch (code) {
    case ErrorCode::network_timeout:
    case ErrorCode::network_lost:
    case ErrorCode::network_answer_lost:
    case ErrorCode::answer_truncated:
      return "check host and port of the profile's URL, that the server is up, and that no "
             "firewall "
             "or proxy on the way holds requests back, then: " +
             command(evidence, "doctor");
    default:
      return {};
  }
}

const Error* network_error(const Evidence& evidence) {
  return evidence.knock && evidence.knock->error ? &*evidence.knock->error : nullptr;
}

}  // namespace

Finding check_name(const Evidence& evidence) {
  if (!evidence.knock) {
    return skip("the server was not asked");
  }
  if (!evidence.proxy.empty()) {
    return skip("the proxy looks it up");
  }
  const Error* error = network_error(evidence);
  if (error != nullptr && error->code == ErrorCode::network_name) {
    return failed(*error,
                  "check the host in the profile's URL and this machine's name service, then: " +
                      command(evidence, "doctor"));
  }
  return pass(fmt::format("{} resolves", evidence.base->site().host()));
}

Finding check_connection(const Evidence& evidence) {
  if (!evidence.knock) {
    return skip("the server was not asked");
  }
  const Error* error = network_error(evidence);
  if (error == nullptr) {
    return pass(fmt::format("{} answers", evidence.base->site().origin()));
  }
  if (evidence.speaks_tls) {
    return wants_tls(evidence);
  }
  switch (error->code) {
    case ErrorCode::network_name:
      return evidence.proxy.empty() ? skip("the name does not resolve") : failed(*error);
    case ErrorCode::network_proxy_unreachable:
    case ErrorCode::network_proxy_auth:
      return skip("the proxy comes first");
    case ErrorCode::client_certificate_wanted:
    case ErrorCode::client_certificate_refused:
      return skip("the client certificate comes first");
    case ErrorCode::network_tls:
    case ErrorCode::network_certificate:
      return pass(fmt::format("{} takes connections", evidence.base->site().origin()));
    default:
      return failed(*error, remedy_for_silence(evidence, error->code));
  }
}

Finding check_clock(const Evidence& evidence) {
  const auto skew = clock_skew(evidence);
  const std::string message = skew ? skew_in_words(*skew) : "the server does not tell its time";
  const bool refused = std::any_of(evidence.seen.begin(), evidence.seen.end(), [](const Seen& s) {
    return s.problem && s.problem->code == ErrorCode::oauth1_timestamp_refused;
  });
  if (refused) {
    // A proxy in front, or another node, has told that time.
    const bool no_reason = skew && std::llabs(*skew) <= seconds_that_harm;
    return failed(make_error(ErrorCode::oauth1_timestamp_refused,
                             no_reason
                                 ? "the server refuses this machine's timestamps and does not "
                                   "tell its time; the Date of its answers agrees with this "
                                   "machine's clock, and may be a proxy's"
                                 : message + ", and it refuses this machine's timestamps",
                             "set this machine's clock (timedatectl shows whether it is "
                             "synchronised) or have the server's set right, then: " +
                                 command(evidence, "doctor")));
  }
  if (!skew) {
    return skip(message);
  }
  if (std::llabs(*skew) > seconds_that_harm) {
    return warn(message);
  }
  return pass(std::llabs(*skew) > seconds_worth_saying ? message : "the clocks agree");
}

Finding check_base_url(const Evidence& evidence) {
  if (!evidence.reached()) {
    return skip("the server was not reached");
  }
  if (evidence.speaks_tls) {
    return wants_tls(evidence);
  }
  for (auto* judge : {redirected, found_elsewhere, rewritten, seen_otherwise, believed}) {
    if (auto finding = judge(evidence)) {
      return *std::move(finding);
    }
  }
  return evidence.refusal() != nullptr && !evidence.detection
             ? skip("the server does not tell where it is")
             : pass(evidence.base->str());
}

Finding check_product(const Evidence& evidence) {
  const plugins::Found* found = found_here(evidence);
  if (found == nullptr) {
    return skip("the site does not tell what it is");
  }
  const std::string what =
      fmt::format("{}{}{}", found->product.name, found->version.empty() ? "" : " ", found->version);
  const bool same = found->product.id == evidence.product->id;
  if (same || builds_on(evidence.found_folders, evidence.product->id) ||
      builds_on(evidence.product_folders, found->product.id)) {
    return pass(same ? what : fmt::format("{}; the profile says {}", what, evidence.product->id));
  }
  return failed(make_error(ErrorCode::site_other_product,
                           fmt::format("{} answers at {}, and the profile says {}",
                                       what,
                                       evidence.base->str(),
                                       evidence.product->id),
                           change(evidence, "--product", "ATLINK_PRODUCT", found->product.id)));
}

}  // namespace atlink::cli::doctor
