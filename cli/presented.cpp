// SPDX-License-Identifier: Apache-2.0
#include "cli/presented.h"

#include "cli/layout.h"
#include "cli/or_null.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

std::string list_in_words(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
  }
  return text.empty() ? "no host" : text;
}

std::string in_words(const FoundFault& found, const Presented& presented) {
  const Certificate& it = presented.certificates[found.at];
  switch (found.fault) {
    case ChainFault::expired:
      return fmt::format("\"{}\" expired at {}", it.subject, to_rfc3339(it.not_after));
    case ChainFault::not_yet_valid:
      return fmt::format("\"{}\" is valid from {} on; is this machine's clock right?",
                         it.subject,
                         to_rfc3339(it.not_before));
    case ChainFault::wrong_name:
      return fmt::format("the certificate is for {}, and not for {}",
                         list_in_words(it.names),
                         presented.url.host());
    case ChainFault::self_signed:
      return "the certificate vouches for itself: nobody else says whose it is";
    case ChainFault::incomplete:
      return fmt::format(
          "only the server's own certificate is presented, and not that of its issuer \"{}\": the "
          "chain is incomplete, unless that is an authority that somebody trusts",
          it.issuer);
    case ChainFault::disordered:
      return fmt::format("\"{}\" has not issued the certificate before it", it.subject);
  }
  return {};
}

std::string in_words(std::string_view reason, const Presented& presented) {
  if (reason == "unknown_authority") {
    return fmt::format("the chain ends at \"{}\", whom nothing here trusts",
                       presented.certificates.back().issuer);
  }
  return presented.distrust->message;
}

std::string place_in_words(std::size_t place) {
  return place == 0 ? "1, the server's own" : std::to_string(place + 1);
}

std::string role_in_words(const Certificate& certificate) {
  if (certificate.self_signed) {
    return certificate.authority ? "vouches for itself and others" : "vouches for itself";
  }
  return certificate.authority ? "vouches for others" : "";
}

std::string to_text(const Certificate& certificate, std::size_t place) {
  return lay_out_pairs({
      {"certificate", place_in_words(place)},
      {"subject", certificate.subject},
      {"issuer", certificate.issuer},
      {"role", role_in_words(certificate)},
      {"for", certificate.names.empty() ? "" : list_in_words(certificate.names)},
      {"valid from", to_rfc3339(certificate.not_before)},
      {"valid until", to_rfc3339(certificate.not_after)},
      {"key", certificate.key},
      {"SHA-256", certificate.fingerprint},
      {"key SHA-256", certificate.key_fingerprint},
  });
}

json::Value to_document(const Certificate& certificate) {
  json::Array names;
  for (const std::string& name : certificate.names) {
    names.emplace_back(name);
  }
  json::Value object;
  object.set("subject", certificate.subject);
  object.set("issuer", certificate.issuer);
  object.set("names", std::move(names));
  object.set("not_before", to_rfc3339(certificate.not_before));
  object.set("not_after", to_rfc3339(certificate.not_after));
  object.set("authority", certificate.authority);
  object.set("self_signed", certificate.self_signed);
  object.set("key", certificate.key);
  object.set("sha256", certificate.fingerprint);
  object.set("key_sha256", certificate.key_fingerprint);
  return object;
}

json::Array to_documents(const std::vector<ChainProblem>& problems) {
  json::Array list;
  for (const ChainProblem& each : problems) {
    json::Value object;
    object.set("code", each.code);
    object.set("certificate", static_cast<std::int64_t>(each.at));
    object.set("message", each.message);
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

std::vector<ChainProblem> problems_of(const Presented& presented, TimePoint now) {
  std::vector<ChainProblem> problems;
  for (const FoundFault& found :
       faults_of(presented.certificates, std::string(presented.url.host()), now)) {
    // Its issuer may be an authority that is trusted, and then is rightly left out.
    if (found.fault != ChainFault::incomplete || presented.distrust) {
      problems.push_back(
          {std::string(to_string(found.fault)), found.at, in_words(found, presented)});
    }
  }
  if (!presented.distrust) {
    return problems;
  }
  const std::string reason(presented.distrust->fact("reason"));
  const bool told = std::any_of(problems.begin(), problems.end(), [&](const ChainProblem& each) {
    return each.code == reason;
  });
  if (!told) {
    problems.push_back({reason.empty() ? "other" : reason,
                        presented.certificates.size() - 1,
                        in_words(reason, presented)});
  }
  return problems;
}

Result<Presented> look_at(const Platform& platform,
                          const Url& url,
                          const ConnectionOptions& connection) {
  ATLINK_ASSIGN(PresentedChain chain, platform.transport.look(url, connection, look_deadline));
  ATLINK_ASSIGN(std::vector<Certificate> certificates, read_certificates(chain.pem));
  Presented presented{url, std::move(certificates), std::move(chain.distrust), {}};
  presented.problems = problems_of(presented, platform.clock.now());
  return presented;
}

std::string remedy_for(std::string_view reason, const Presented& presented) {
  if (reason == "expired") {
    return "have the server's administrator renew the certificate; dates are never ignored";
  }
  if (reason == "not_yet_valid") {
    return "set this machine's clock right, or wait until the certificate is valid";
  }
  if (reason == "wrong_name") {
    return fmt::format("use a host name that the certificate is for: {}",
                       list_in_words(presented.certificates.front().names));
  }
  return "choose another certificate of the chain with --fingerprint, or have the server's "
         "administrator look at the chain";
}

std::string to_text(const Presented& presented) {
  std::string text = lay_out_pairs({{"server", std::string(presented.url.origin())},
                                    {"trusted", presented.distrust ? "no" : "yes"}});
  for (std::size_t i = 0; i < presented.certificates.size(); ++i) {
    text += fmt::format("\n{}", to_text(presented.certificates[i], i));
  }
  if (presented.problems.empty()) {
    return text;
  }
  text += "\nwhat is wrong:\n";
  for (const ChainProblem& each : presented.problems) {
    text += wrap(fmt::format("- {}: {}", place_in_words(each.at), each.message), 2);
  }
  return text;
}

json::Value to_document(const Presented& presented,
                        const std::string& profile,
                        const std::optional<Added>& added) {
  json::Array certificates;
  for (const Certificate& each : presented.certificates) {
    certificates.push_back(to_document(each));
  }
  json::Value document;
  document.set("url", std::string(presented.url.origin()));
  document.set("trusted", !presented.distrust.has_value());
  document.set("problems", to_documents(presented.problems));
  document.set("certificates", std::move(certificates));
  document.set("profile", or_null(profile));
  document.set(
      "added",
      added ? json::Value(presented.certificates[added->place].fingerprint) : json::Value());
  document.set("file", added ? json::Value(added->file) : json::Value());
  document.set("file_before", added ? or_null(added->before) : json::Value());
  return document;
}

}  // namespace atlink::cli
