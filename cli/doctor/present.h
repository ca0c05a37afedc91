// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/doctor/examine.h"

#include <string>

namespace atlink::cli::doctor {

/// The checks as a JSON array of name, outcome and message.
[[nodiscard]] json::Value checks_to_json(const Diagnosis& diagnosis);

/// The cause: code, message, next; null where there is none.
[[nodiscard]] json::Value cause_to_json(const Diagnosis& diagnosis);

/// The checks as a table for people.
[[nodiscard]] std::string checks_to_text(const Diagnosis& diagnosis);

/// All that somebody who is to help needs to know, as text without any secret: settings, checks,
/// requests and answers, cause.
[[nodiscard]] std::string report_text(const Call& call,
                                      const Evidence& evidence,
                                      const Diagnosis& diagnosis);

/// Writes it with mode 0600. Fails with `file_exists` where there is something already.
Status write_report(const Call& call, const std::string& path, const std::string& text);

/// Fails with `file_exists` before anything is asked.
Status check_report_path(const Call& call, const std::string& path);

}  // namespace atlink::cli::doctor
