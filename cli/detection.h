// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "cli/call.h"
#include "plugins/host/detect.h"

#include <string>

/// What `detect` found, for people and for scripts.
namespace atlink::cli {

/// A detection with what the next step needs.
struct DetectionReport {
  std::string url;
  /// As given; empty for the system's certificates.
  std::string ca_file;
  /// A name for a profile that is not taken.
  std::string profile;
  plugins::Detection detection;
};

[[nodiscard]] json::Value to_json(const DetectionReport& report);

/// What was found, the next command, and what was asked.
[[nodiscard]] std::string to_text(const DetectionReport& report);

/// Fails where nothing is certain: with `site_ambiguous`, the network's error where no answer came
/// at all, `answer_login_page` or `answer_unauthorized` where the site shows nothing without a
/// sign-in, `answer_server_error` where it does nothing but fail, else `site_unknown` (with the fact
/// "elsewhere" where it sends people on to another site).
[[nodiscard]] Status check_certain(const DetectionReport& report);

}  // namespace atlink::cli
