// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/admin.h"
#include "plugins/sandbox/consent.h"
#include "plugins/sandbox/documents.h"
#include "plugins/sandbox/gate.h"
#include "plugins/sandbox/token_endpoints.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// A whole stand-in site: answers every request, without a socket of its own.
class Site final : public HttpServer::Handler {
 public:
  /// `options.product.oauth1` must be there and `options.context_path` say where it is; `xsrf` is
  /// unpredictable text.
  Site(Platform platform, SandboxOptions options, Testdata testdata, std::string xsrf);
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  Site(Site&&) = delete;
  Site& operator=(Site&&) = delete;
  ~Site() override = default;

  /// Registers the consumers that the options name. Fails like `Consumers::put`.
  [[nodiscard]] Status register_consumers();

  [[nodiscard]] ServerResponse handle(const ServerRequest& request) override;

  [[nodiscard]] bool done() override { return false; }

  [[nodiscard]] const std::string& context_path() const { return context_; }

 private:
  [[nodiscard]] Visit visit_of(const ServerRequest& request);
  [[nodiscard]] bool is_at(const Visit& visit, const EndpointPath& endpoint) const;
  [[nodiscard]] ServerResponse sandbox_part(const Visit& visit, std::string_view rest);
  [[nodiscard]] ServerResponse resource(const Visit& visit, std::string_view rest);
  [[nodiscard]] ServerResponse serve(const Visit& visit,
                                     std::string_view rest,
                                     const Identity& identity);
  [[nodiscard]] ServerResponse who_am_i(const Identity& identity) const;
  /// Names the user in the product's own header, if it has one.
  void add_identity(const Identity& identity, ServerResponse& response) const;
  [[nodiscard]] std::string shown_user(const Identity& identity) const;

  Clock& clock_;
  SandboxOptions options_;
  const Product& product_;
  const OAuth1Rules& rules_;
  std::string context_;
  Consumers consumers_;
  Tokens tokens_;
  Checks checks_;
  DanceParts parts_;
  TokenEndpoints token_endpoints_;
  Consent consent_;
  Admin admin_;
  Gate gate_;
  Documents documents_;
};

/// What arrived, in JSON: method, target, headers without credentials, form fields, the body where
/// it is text, its length, and who signed.
[[nodiscard]] ServerResponse echo(const Visit& visit, const Identity& identity);

}  // namespace atlink::plugins::sandbox
