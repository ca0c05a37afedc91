// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "cli/session.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What is known of a profile's sign-in.
namespace atlink::cli {

/// All that is known of a sign-in, before and after the server was asked.
struct Standing {
  std::string profile;
  std::string user;
  std::optional<TimePoint> issued_at;
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> session_ends_at;
  /// To within an hour; none where that was not noted.
  std::optional<TimePoint> last_used_at;
  std::optional<std::int64_t> days_left;
  /// None where nobody asked, or the end is not known.
  std::optional<bool> expires_soon;
  /// None while the server was not asked.
  std::optional<bool> valid;
  bool two_legged = false;
  SignInMethod method = SignInMethod::oauth1;
  std::string signature_method;
  /// Whether `renew` may get another credential for this one.
  bool renewable = false;
  std::vector<std::string> scopes;
  std::string product;
  std::string deployment;
  std::string base_url;
  std::string consumer_key;
  std::string store;
  /// What went wrong with it, where it is one of several.
  std::optional<Error> problem;
};

/// What the command line wants to know.
struct Question {
  bool offline = false;
  std::optional<std::chrono::seconds> within;
};

/// All that is known of the session's sign-in goes into `standing`, also where this fails: with
/// what the server says of it, else with `credential_expires_soon` or `credential_expired` where
/// the end was asked for. `one_of_many` has no patience with a site that does not answer.
[[nodiscard]] Status look_at(const Call& call,
                             Session session,
                             const Question& question,
                             bool one_of_many,
                             Standing& standing);

/// As `status --output json` prints it, without the problem.
[[nodiscard]] json::Value to_document(const Standing& standing);

}  // namespace atlink::cli
