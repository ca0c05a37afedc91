// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/answer_rules.h"
#include "atlink/http_message.h"
#include "atlink/platform.h"
#include "plugins/host/detect.h"

#include <optional>
#include <string>
#include <string_view>

/// One question to a site, and what can be told from the answer alone.
namespace atlink::plugins {

/// A GET without credentials: an encoded path on the site, maybe with a query, and the Accept
/// header.
struct Question {
  std::string path;
  std::string accept;

  friend bool operator==(const Question&, const Question&) = default;
};

struct Answer {
  int status = 0;
  Headers headers;
  /// Its first 64 KiB.
  std::string body;
  /// Set where no complete head came, or the rest did not.
  std::optional<Error> error;

  [[nodiscard]] bool came() const { return !error; }
};

/// Asks. Whatever goes wrong stands in the answer.
[[nodiscard]] Answer ask(Transport& transport,
                         const Url& url,
                         const std::string& accept,
                         const DetectOptions& options);

/// Whether status, header and body fit.
[[nodiscard]] bool fits(const AnswerConditions& conditions, const Answer& answer);

/// Whether all conditions of a probe hold.
[[nodiscard]] bool holds(const Probe& probe, const Answer& answer);

/// What the answer tells at one of the probe's pointers (`version`, `build`, `title`, `base_url`),
/// fit for a terminal; empty where it does not. Of a version, only what follows `version_after`.
[[nodiscard]] std::string told(const Answer& answer,
                               const Probe& probe,
                               std::string Probe::*pointer);

[[nodiscard]] bool is_redirect(const Answer& answer);

[[nodiscard]] bool is_html(const Answer& answer);

/// Whether an HTML page has a field for a password or hands over to a single sign-on, or a redirect
/// leads to what is named after signing in.
[[nodiscard]] bool asks_for_sign_in(const Answer& answer);

/// Whether one of the words of a URL or path without query is one for signing in ("login", "sso").
[[nodiscard]] bool names_sign_in(std::string_view url);

/// The title of an HTML page, fit for a terminal; may be empty.
[[nodiscard]] std::string title_of(const Answer& answer);

/// Where a redirect leads; none where it is no redirect or leads nowhere that can be read.
[[nodiscard]] std::optional<Url> target_of(const Url& url, const Answer& answer);

}  // namespace atlink::plugins
