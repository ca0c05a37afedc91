// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/base_string.h"
#include "cli/doctor/evidence.h"
#include "cli/doctor/finding.h"

#include <optional>
#include <string>
#include <string_view>

/// The checks one by one, in the order of checks.cpp, and what they share.
namespace atlink::cli::doctor {

[[nodiscard]] Finding check_profile(const Evidence& evidence);
[[nodiscard]] Finding check_plugin(const Evidence& evidence);
[[nodiscard]] Finding check_files(const Evidence& evidence);
[[nodiscard]] Finding check_key(const Evidence& evidence);
[[nodiscard]] Finding check_key_pair(const Evidence& evidence);
[[nodiscard]] Finding check_system(const Evidence& evidence);

[[nodiscard]] Finding check_proxy(const Evidence& evidence);
[[nodiscard]] Finding check_name(const Evidence& evidence);
[[nodiscard]] Finding check_connection(const Evidence& evidence);
[[nodiscard]] Finding check_tls(const Evidence& evidence);
[[nodiscard]] Finding check_client_certificate(const Evidence& evidence);
[[nodiscard]] Finding check_clock(const Evidence& evidence);

[[nodiscard]] Finding check_base_url(const Evidence& evidence);
[[nodiscard]] Finding check_product(const Evidence& evidence);
[[nodiscard]] Finding check_endpoint(const Evidence& evidence);

[[nodiscard]] Finding check_method(const Evidence& evidence);
[[nodiscard]] Finding check_transmission(const Evidence& evidence);
[[nodiscard]] Finding check_consumer(const Evidence& evidence);
[[nodiscard]] Finding check_signature(const Evidence& evidence);
[[nodiscard]] Finding check_link(const Evidence& evidence);

[[nodiscard]] Finding check_credential(const Evidence& evidence);
[[nodiscard]] Finding check_token(const Evidence& evidence);
[[nodiscard]] Finding check_user(const Evidence& evidence);

/// What changes one setting of the profile: a command, or what to set where a variable counts
/// instead of the profile.
[[nodiscard]] std::string change(const Evidence& evidence,
                                 std::string_view option,
                                 std::string_view variable,
                                 std::string_view value);

/// The same for the whole base URL.
[[nodiscard]] std::string change_base(const Evidence& evidence, const BaseUrl& base);

/// A command of the program for this profile: "atlink login --profile work".
[[nodiscard]] std::string command(const Evidence& evidence, std::string_view words);

/// Base strings that were compared: ours and the one that the server showed.
struct Compared {
  std::optional<oauth1::BaseStringDifference> difference;
  /// Where the request went, and what it had been if the server were right; none where that makes
  /// no address.
  std::string asked;
  std::optional<BaseUrl> server_base;
};

/// The first refused signature for which the server showed its base string.
[[nodiscard]] std::optional<Compared> compare_base_strings(const Evidence& evidence);

/// The server's clock minus ours in seconds: what a refusal says, else what the answers' Date says.
[[nodiscard]] std::optional<std::int64_t> clock_skew(const Evidence& evidence);

/// The product that was recognised at the profile's own base URL; null where none was.
[[nodiscard]] const plugins::Found* found_here(const Evidence& evidence);

}  // namespace atlink::cli::doctor
