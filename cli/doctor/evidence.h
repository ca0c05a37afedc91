// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/key_files.h"
#include "atlink/scrub.h"
#include "cli/doctor/watch.h"
#include "cli/presented.h"
#include "cli/session.h"
#include "plugins/host/detect.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

/// `doctor` and `link check`: first everything is found out (gather.h), then a table of checks
/// (checks.h) judges it in the order of cause.
namespace atlink::cli::doctor {

/// A signed call of the request-token endpoint: none of the temporary credentials is kept.
struct TokenCall {
  oauth1::Transmission transmission = oauth1::Transmission::header;
  /// None where the server gave temporary credentials.
  std::optional<Error> error;
};

/// What is known of the sign-in before the server is asked.
struct SignIn {
  std::optional<Error> error;
  /// From the environment.
  bool read_only = false;
  std::optional<TimePoint> expires_at;
  /// Whether the server gave a session with it that has not ended.
  bool renewable = false;
  /// A sign-in that was begun and not finished.
  std::optional<TimePoint> begun_at;
};

/// The answer to who is signed in.
struct UserCall {
  std::optional<Error> error;
  std::string user;
  /// Where redirects led away from the site: the origin that answered, which got no credential.
  std::string answered_elsewhere;
  /// Whether it works with the OAuth parameters in the query, where it did not in the header.
  bool by_query = false;
};

/// What an administrator sees of the link.
struct LinkSeen {
  enum class State {
    /// It has our consumer.
    whole,
    /// It is there, and has no consumer.
    outgoing_only,
    /// There is none, and a program of another way to sign in has our name or key.
    external,
    none,
  };
  State state = State::none;
  /// What the link or that program is called there.
  std::string name;
};

/// All that was found out. Nothing in it is judged yet.
struct Evidence {
  /// As `--profile` and so on choose it; "NAME" where nothing does.
  std::string profile = "NAME";
  /// Names of the variables of ours that are set.
  std::set<std::string> variables;
  /// The proxy that requests to the site go through, and where it is set; empty for none.
  std::string proxy;
  /// Whom the client certificate is about; empty for none.
  std::string client_certificate;
  /// Of the profile with its base URL, then of the product's description.
  std::optional<Error> profile_error;
  std::optional<Error> product_error;
  /// As they count, with the environment; none where an error says why.
  std::optional<Profile> settings;
  std::optional<Product> product;
  std::optional<BaseUrl> base;
  /// The folders of the product's description and of what it extends; the same of what was
  /// recognised.
  std::vector<std::string> product_folders;
  std::vector<std::string> found_folders;
  /// Files that others can change or read, in words.
  std::vector<std::string> loose_files;
  /// Keys, secrets and certificates: what `open_session` says.
  std::optional<Error> session_error;
  SignInMethod way = SignInMethod::oauth1;
  /// None where nothing is signed.
  std::optional<oauth1::SignatureMethod> method;
  oauth1::Transmission transmission = oauth1::Transmission::header;
  /// Of the private key's folder, where there is a pair.
  std::optional<KeyPairState> pair;
  std::string pair_folder;
  /// Whether a signature can be made on this machine.
  std::optional<Error> signing_error;
  SignIn sign_in;

  /// The first request: GET of the request-token endpoint, without any credential.
  std::optional<Seen> knock;
  /// Where the certificate is not trusted: what the server presents.
  std::optional<Presented> presented;
  /// Whether a port that was asked in plain http speaks TLS, where it did not answer well.
  bool speaks_tls = false;
  /// The profile's own way first.
  std::vector<TokenCall> token_calls;
  /// Whether the endpoint answers at the other of base URL and site.
  bool other_place_answers = false;
  /// Whether it answers at the address that the server sees, where that is another one of the host.
  bool server_base_answers = false;
  /// The address that the server sees, where it takes a signature that is made for that one.
  std::optional<BaseUrl> seen_as;
  std::optional<plugins::Detection> detection;
  std::optional<UserCall> user_call;
  /// Where an administrator's credentials were given and the consumer is not known; or why that
  /// could not be found out.
  std::optional<LinkSeen> link_seen;
  std::optional<Error> link_seen_error;
  std::vector<Seen> seen;

  Scrub scrub;

  /// Whether keys and settings suffice to ask the server.
  [[nodiscard]] bool opened() const { return base && !product_error && !session_error; }

  /// Whether requests are signed, so that a link matters.
  [[nodiscard]] bool has_link() const { return way == SignInMethod::oauth1; }

  /// Whether the server answered at all.
  [[nodiscard]] bool reached() const { return knock && !knock->error; }

  /// What the server said to the signed call in the profile's own way; null where it gave temporary
  /// credentials or was not asked.
  [[nodiscard]] const Error* refusal() const {
    return token_calls.empty() || !token_calls.front().error ? nullptr
                                                             : &*token_calls.front().error;
  }

  /// Whether the server gave temporary credentials in the profile's own way.
  [[nodiscard]] bool link_works() const {
    return !token_calls.empty() && !token_calls.front().error;
  }
};

}  // namespace atlink::cli::doctor
