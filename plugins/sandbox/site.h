// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/admin.h"
#include "plugins/sandbox/administration.h"
#include "plugins/sandbox/consent.h"
#include "plugins/sandbox/faults.h"
#include "plugins/sandbox/resources.h"
#include "plugins/sandbox/screens.h"
#include "plugins/sandbox/token_endpoints.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// A whole stand-in site: answers every request, without a socket of its own.
class Site final : public HttpServer::Handler {
 public:
  /// `options.product.oauth1` must be there and `options.context_path` say where it is; `secret` is
  /// unpredictable text.
  Site(Platform platform, SandboxOptions options, Testdata testdata, const std::string& secret);
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  Site(Site&&) = delete;
  Site& operator=(Site&&) = delete;
  ~Site() override = default;

  /// Registers the consumers and switches on the faults that the options name. Fails like
  /// `Consumers::put` and `parse_fault`.
  [[nodiscard]] Status prepare();

  [[nodiscard]] ServerResponse handle(const ServerRequest& request) override;

  [[nodiscard]] const std::string& version() const { return version_; }

  [[nodiscard]] std::vector<SandboxAnswer> answers() const { return resources_.answers(); }

  [[nodiscard]] bool done() override { return false; }

  [[nodiscard]] const std::string& context_path() const { return context_; }

 private:
  [[nodiscard]] Visit visit_of(const ServerRequest& request);
  /// The answer where faults never reach: pages for people, and the parts that no product has.
  [[nodiscard]] std::optional<ServerResponse> own_part(const Visit& visit);
  [[nodiscard]] ServerResponse sandbox_part(const Visit& visit, std::string_view rest);
  [[nodiscard]] ServerResponse home(const Visit& visit);
  [[nodiscard]] ServerResponse answer(const Visit& visit, const std::vector<Fault>& faults);
  [[nodiscard]] bool is_links_page(const Visit& visit) const;

  Clock& clock_;
  SandboxOptions options_;
  const Product& product_;
  const OAuth1Rules& rules_;
  std::string context_;
  std::string version_;
  Consumers consumers_;
  Tokens tokens_;
  Checks checks_;
  DanceParts parts_;
  TokenEndpoints token_endpoints_;
  Consent consent_;
  Admin admin_;
  Administration administration_;
  Screens screens_;
  Resources resources_;
  Faults faults_;
};

/// The version that is played where nobody chose one: the one of the testdata, or one for which the
/// description offers OAuth 1.0a.
[[nodiscard]] std::string usual_version(const Product& product, const Testdata& testdata);

}  // namespace atlink::plugins::sandbox
