// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/token_endpoints.h"

#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// Registration of consumers, which stands for the screens of an application link: a home page with
/// a form, and REST for scripts.
class Admin {
 public:
  /// `version` is the one that is played; `xsrf` guards the form.
  Admin(const DanceParts& parts, std::string version, std::string xsrf)
      : parts_(parts), version_(std::move(version)), xsrf_(std::move(xsrf)) {}

  /// The page that says what this is. `status` and `note` tell what became of a form.
  [[nodiscard]] ServerResponse home(const Visit& visit,
                                    int status = 200,
                                    std::string_view note = {}) const;

  /// The list of consumers: GET gives it in JSON, POST takes the form of the home page.
  [[nodiscard]] ServerResponse list(const Visit& visit);

  /// One consumer: PUT with {name, public_key or shared_secret, callback, two_legged} registers it
  /// (201, or 204 for a known one), DELETE removes it and its tokens, GET shows it.
  [[nodiscard]] ServerResponse one(const Visit& visit, const std::string& key);

 private:
  [[nodiscard]] ServerResponse put(const Visit& visit, const std::string& key);
  [[nodiscard]] ServerResponse take_form(const Visit& visit);
  [[nodiscard]] std::string table() const;
  [[nodiscard]] std::string addresses(const Visit& visit) const;
  [[nodiscard]] std::string form(const Visit& visit) const;

  DanceParts parts_;
  std::string version_;
  std::string xsrf_;
};

}  // namespace atlink::plugins::sandbox
