// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/token_endpoints.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// What the person is asked, and what follows from the answer.
class Consent {
 public:
  /// `user` is whom the browser is signed in as.
  Consent(const DanceParts& parts, std::string user) : parts_(parts), user_(std::move(user)) {}

  /// The authorize endpoint: GET shows the question, POST takes the form.
  [[nodiscard]] ServerResponse authorize(const Visit& visit);

  /// For scripts: takes a form with `oauth_token` and `decision` ("allow" or "deny") and answers
  /// {"verifier": …, "redirect": …} in JSON.
  [[nodiscard]] ServerResponse decide(const Visit& visit);

 private:
  [[nodiscard]] ServerResponse ask(const Visit& visit) const;
  [[nodiscard]] ServerResponse take_form(const Visit& visit);
  /// The token named, or what is wrong with it.
  [[nodiscard]] std::optional<Problem> judge(std::string_view name, std::int64_t now) const;
  /// Writes the answer down; null if there is no randomness for a verifier.
  /// A double click: the browser gives up the first answer and waits for that of the second.
  [[nodiscard]] bool is_said_again(const FormFields& form) const;
  RequestToken* settle(std::string_view name, bool allow);
  /// Where the browser goes, empty for a page of our own. `asked` is the callback that a client of
  /// OAuth 1.0 gave to the authorize endpoint.
  [[nodiscard]] std::string destination(const RequestToken& token, std::string_view asked) const;
  [[nodiscard]] ServerResponse problem_page(const Visit& visit, const Problem& problem) const;

  DanceParts parts_;
  std::string user_;
};

}  // namespace atlink::plugins::sandbox
