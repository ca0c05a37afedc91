// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/sandbox.h"

#include "atlink/text.h"
#include "plugins/sandbox/random_text.h"
#include "plugins/sandbox/site.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::plugins {

namespace {

class RunningSite final : public Sandbox {
 public:
  RunningSite(std::unique_ptr<HttpServer> server, std::unique_ptr<sandbox::Site> site)
      : server_(std::move(server)), site_(std::move(site)) {}

  [[nodiscard]] std::string base_url() const override {
    return fmt::format("http://127.0.0.1:{}{}", server_->port(), site_->context_path());
  }

  [[nodiscard]] std::string version() const override { return site_->version(); }

  [[nodiscard]] std::vector<SandboxAnswer> answers() const override { return site_->answers(); }

  Status run() override { return server_->run(*site_); }

  void stop() noexcept override { server_->stop(); }

 private:
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<sandbox::Site> site_;
};

Status check(const SandboxOptions& options) {
  if (!options.product.oauth1) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the product {} offers no OAuth 1.0a that could be played",
                            printable(options.product.id)),
                "choose a product that does; `atlink plugin list` names them");
  }
  const std::string& version = options.site_version;
  if (!version.empty() && (version.front() < '0' || version.front() > '9')) {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" is no version", printable(version, 60)),
                "write it as the product does, such as 9.12.3");
  }
  // BaseUrl knows what a context path may be.
  ATLINK_ASSIGN(const Url any, Url::parse("http://127.0.0.1"));
  ATLINK_ASSIGN(
      [[maybe_unused]] const BaseUrl base,
      BaseUrl::make(any, options.context_path.value_or(options.product.default_context_path)));
  return {};
}

/// A list for each pager, long enough for a few pages.
void add_trial_lists(const Product& product, sandbox::Testdata& testdata) {
  constexpr std::size_t things = 25;
  for (const Pager& pager : product.pagers) {
    sandbox::CollectionData list;
    list.segments = {"trial-lists", pager.name};
    list.id_member = "id";
    list.initial.emplace_back("1", json::Object{{"id", "1"}, {"text", "a thing"}});
    list.fill = things;
    list.shape.pager = pager.name;
    testdata.collections.push_back(std::move(list));
  }
}

}  // namespace

Result<std::unique_ptr<Sandbox>> make_sandbox(Platform platform, SandboxOptions options) {
  ATLINK_CHECK(check(options));
  ATLINK_ASSIGN(sandbox::Testdata testdata,
                sandbox::read_testdata(platform.files, options.folders));
  if (options.trial_lists) {
    add_trial_lists(options.product, testdata);
  }
  ATLINK_ASSIGN(const std::string secret, sandbox::random_text(platform.random, 32));
  ATLINK_ASSIGN(auto server, make_http_server(options.port));
  auto site =
      std::make_unique<sandbox::Site>(platform, std::move(options), std::move(testdata), secret);
  ATLINK_CHECK(site->prepare());
  return std::make_unique<RunningSite>(std::move(server), std::move(site));
}

}  // namespace atlink::plugins
