// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/documents.h"
#include "plugins/sandbox/files.h"
#include "plugins/sandbox/gate.h"
#include "plugins/sandbox/limits.h"
#include "plugins/sandbox/probes.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// What of the options concerns the resources.
struct ResourceOptions {
  /// Whom two-legged requests act as.
  std::string user;
  std::string version;
  /// Whether somebody chose the version, so that it counts more than the testdata.
  bool version_chosen = false;
  bool closed_probes = false;
  /// Unpredictable text.
  std::string ticket;
};

/// Everything that wants a sign-in, and what anybody may ask.
class Resources {
 public:
  Resources(const DanceParts& parts, Testdata testdata, ResourceOptions options);

  /// The answer for `path`, which is relative to the base URL where it lies below it. `as_nobody`
  /// is a fault: whoever asks is taken for nobody and served all the same.
  [[nodiscard]] ServerResponse answer(const Visit& visit, std::string_view path, bool as_nobody);

  /// Adds what every answer says of the limits; `limited` for one that says that there are none
  /// left.
  void add_limits(const Visit& visit, bool limited, ServerResponse& response) {
    limits_.add(visit, limited, response);
  }

  /// What the testdata answers, in the order of the file.
  [[nodiscard]] std::vector<SandboxAnswer> answers() const { return documents_.answers(); }

  [[nodiscard]] const Probes& probes() const { return probes_; }

  [[nodiscard]] const Files& files() const { return files_; }

 private:
  [[nodiscard]] ServerResponse admitted(const Visit& visit,
                                        std::string_view path,
                                        const Identity& identity,
                                        bool as_nobody);
  [[nodiscard]] ServerResponse serve(const Visit& visit,
                                     std::string_view path,
                                     const Identity& identity);
  [[nodiscard]] bool is_open(const Visit& visit, std::string_view path) const;
  [[nodiscard]] ServerResponse who_am_i(const Identity& identity) const;
  /// Names the user in the product's own header, if it has one.
  void add_identity(const Identity& identity, ServerResponse& response) const;
  [[nodiscard]] std::string shown_user(const Identity& identity) const;

  const Product& product_;
  bool offers_oauth1_;
  Gate gate_;
  Limits limits_;
  Probes probes_;
  Files files_;
  Documents documents_;
};

/// What arrived, in JSON: method, target, headers without credentials, form fields, the body where
/// it is text, its length, and who signed.
[[nodiscard]] ServerResponse echo(const Visit& visit, const Identity& identity);

}  // namespace atlink::plugins::sandbox
