// SPDX-License-Identifier: Apache-2.0
// What this machine alone decides.
#include "atlink/text.h"
#include "cli/doctor/judge.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::cli::doctor {

namespace {

bool is_of_files(const Error& error) {
  return static_cast<int>(error.code) / 100 == 2;
}

// A CA file that cannot be read is told where certificates are.
bool is_of_certificates(const Evidence& evidence, const Error& error) {
  return is_of_files(error) && evidence.settings && !evidence.settings->ca_file.empty() &&
         error.message.find(evidence.settings->ca_file) != std::string::npos;
}

// Where the system's policy forbids an algorithm, reading the key fails already.
const Error* refused_by_system(const Evidence& evidence) {
  if (evidence.signing_error) {
    return &*evidence.signing_error;
  }
  const auto& error = evidence.session_error;
  return error && error->code == ErrorCode::crypto_refused ? &*error : nullptr;
}

/// Whether the session could not be opened for this part of the way to the site; "" for any.
bool is_of_way(const Evidence& evidence, std::string_view part) {
  const std::string_view way =
      evidence.session_error ? evidence.session_error->fact("way") : std::string_view();
  return !way.empty() && (part.empty() || way == part);
}

const Error* network_error(const Evidence& evidence) {
  return evidence.knock && evidence.knock->error ? &*evidence.knock->error : nullptr;
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += all.empty() ? text : ", " + text;
  }
  return all;
}

// What no trust mends: the server's own certificate is of no use.
const ChainProblem* worst_of(const Evidence& evidence) {
  if (!evidence.presented) {
    return nullptr;
  }
  constexpr std::array<std::string_view, 4> codes{
      "expired", "not_yet_valid", "wrong_name", "revoked"};
  const auto& problems = evidence.presented->problems;
  const auto found = std::find_if(problems.begin(), problems.end(), [&](const ChainProblem& each) {
    return each.at == 0 && std::find(codes.begin(), codes.end(), each.code) != codes.end();
  });
  return found == problems.end() ? nullptr : &*found;
}

// A chain with a gap is the server's to mend, and trusting what is there gets by without.
Error with_gaps(const Evidence& evidence, Error error) {
  for (const ChainProblem& each :
       evidence.presented ? evidence.presented->problems : std::vector<ChainProblem>()) {
    if (each.code == "incomplete" || each.code == "disordered") {
      error.message += "; " + each.message;
    }
  }
  return error;
}

std::string trust_it(const Evidence& evidence) {
  const bool from_environment =
      evidence.profile == environment_profile || evidence.variables.contains("ATLINK_CA_FILE");
  return from_environment
             ? "if the server is the right one, save the certificate of its authority as PEM and "
               "set the variable ATLINK_CA_FILE to that file"
             : fmt::format("atlink trust {} --profile {}",
                           shell_word(evidence.base->site().origin()),
                           evidence.profile);
}

// The dates and the name of a certificate count more than who trusts it.
Finding untrusted(const Evidence& evidence, const Error& error) {
  const std::string_view reason = error.fact("reason");
  if (reason.empty()) {
    // The file itself is of no use.
    return failed(error, change(evidence, "--ca-file", "ATLINK_CA_FILE", ""));
  }
  if (const ChainProblem* worst = worst_of(evidence)) {
    Error cause = error;
    cause.message = fmt::format(
        "the certificate of {} cannot be used: {}", evidence.base->site().origin(), worst->message);
    return failed(std::move(cause), remedy_for(worst->code, *evidence.presented));
  }
  const bool trustable = reason == "unknown_authority" || reason == "self_signed";
  return failed(with_gaps(evidence, error), trustable ? trust_it(evidence) : std::string());
}

}  // namespace

Finding check_profile(const Evidence& evidence) {
  if (evidence.profile_error) {
    return failed(*evidence.profile_error);
  }
  if (!evidence.base) {
    return evidence.settings ? pass(fmt::format("{} can be read", evidence.profile))
                             : skip("the product's description comes first");
  }
  return pass(fmt::format("{} is for {}", evidence.profile, evidence.base->str()));
}

Finding check_plugin(const Evidence& evidence) {
  if (evidence.product_error) {
    return failed(*evidence.product_error);
  }
  if (!evidence.product) {
    return skip("needs a profile");
  }
  return pass(
      fmt::format("{} ({})", evidence.product->id, to_string(evidence.product->deployment)));
}

Finding check_files(const Evidence& evidence) {
  if (!evidence.product) {
    return skip("needs a profile");
  }
  const auto& error = evidence.sign_in.error;
  if (error && is_of_files(*error)) {
    return failed(*error);
  }
  return evidence.loose_files.empty()
             ? pass("private files are private")
             : warn(fmt::format("{}; chmod go= keeps them out", list_of(evidence.loose_files)));
}

Finding check_key(const Evidence& evidence) {
  if (!evidence.base || evidence.product_error) {
    return skip("needs a profile");
  }
  if (refused_by_system(evidence) != nullptr) {
    return skip("this system does not let it be read");
  }
  if (is_of_way(evidence, "")) {
    return skip("the way to the site comes first");
  }
  if (evidence.session_error && !is_of_certificates(evidence, *evidence.session_error)) {
    return failed(*evidence.session_error);
  }
  if (!evidence.method) {
    return skip(fmt::format("a sign-in by {} needs none", to_string(evidence.way)));
  }
  return pass(fmt::format(
      "consumer key {}, {}",
      evidence.settings->consumer_key,
      oauth1::uses_rsa(*evidence.method) ? "with its private key" : "with its shared secret"));
}

Finding check_key_pair(const Evidence& evidence) {
  if (!evidence.pair) {
    return skip("there is no public.pem beside the key to compare");
  }
  if (*evidence.pair == KeyPairState::private_unreadable) {
    return skip("the private key is protected, so that the pair was not compared");
  }
  if (*evidence.pair != KeyPairState::public_foreign) {
    return pass(*evidence.pair == KeyPairState::complete ? "they belong together"
                                                         : "there is no public.pem");
  }
  const std::string message =
      fmt::format("{0}/public.pem does not belong to {0}/private.pem", evidence.pair_folder);
  // A file that nobody uses any more, as the server has proven.
  if (evidence.link_works()) {
    return warn(message + "; the link has the right one");
  }
  return failed(make_error(
      ErrorCode::key_mismatch,
      message,
      fmt::format("atlink keygen --out {} --public-only", shell_word(evidence.pair_folder))));
}

Finding check_system(const Evidence& evidence) {
  if (const Error* refusal = refused_by_system(evidence)) {
    return failed(*refusal);
  }
  if (!evidence.opened()) {
    return skip("needs a key");
  }
  if (!evidence.method) {
    return skip("nothing is signed");
  }
  return pass(fmt::format("signs with {}", oauth1::wire_name(*evidence.method)));
}

Finding check_proxy(const Evidence& evidence) {
  if (is_of_way(evidence, "proxy")) {
    return failed(*evidence.session_error);
  }
  if (!evidence.opened()) {
    return skip("needs a profile");
  }
  const Error* error = network_error(evidence);
  if (error != nullptr && !error->fact("proxy").empty() &&
      error->fact("reason") != "site_unreachable") {
    return failed(*error);
  }
  return pass(evidence.proxy.empty() ? "requests go straight to the site"
                                     : fmt::format("requests go through {}", evidence.proxy));
}

Finding check_client_certificate(const Evidence& evidence) {
  if (is_of_way(evidence, "certificate")) {
    return failed(*evidence.session_error);
  }
  const Error* error = network_error(evidence);
  if (error != nullptr && (error->code == ErrorCode::client_certificate_wanted ||
                           error->code == ErrorCode::client_certificate_refused)) {
    return failed(*error);
  }
  if (!evidence.client_certificate.empty()) {
    return pass(fmt::format("{} is shown to the site", evidence.client_certificate));
  }
  return evidence.reached() ? pass("none is set, and the server asked for none")
                            : skip("none is set");
}

Finding check_tls(const Evidence& evidence) {
  if (evidence.session_error && is_of_certificates(evidence, *evidence.session_error)) {
    return failed(*evidence.session_error, change(evidence, "--ca-file", "ATLINK_CA_FILE", ""));
  }
  if (!evidence.knock) {
    return skip("the server was not asked");
  }
  const auto& error = evidence.knock->error;
  if (!error) {
    const Url& site = evidence.base->site();
    return site.is_https() || site.is_loopback()
               ? pass(site.is_https() ? "the certificate is trusted" : "plain http on this machine")
               : warn("plain http: others on the way can read and change what is sent");
  }
  if (error->code == ErrorCode::network_certificate) {
    return untrusted(evidence, *error);
  }
  return error->code == ErrorCode::network_tls ? failed(*error) : skip("there is no connection");
}

}  // namespace atlink::cli::doctor
