// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/stage.h"

#include "atlink/text.h"
#include "atlink/url.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr int key_bits = 2048;
constexpr std::string_view rsa_consumer = "check-rsa";
constexpr std::string_view secret_consumer = "check-secret";

/// Keeps an answer in memory.
class Kept final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead&) override { return {}; }

  [[nodiscard]] Status write(std::string_view bytes) override { return sink_.write(bytes); }

  [[nodiscard]] std::string take() { return sink_.take(); }

 private:
  StringSink sink_;
};

std::vector<SandboxConsumer> consumers_of(const Keys& keys) {
  SandboxConsumer rsa;
  rsa.key = rsa_consumer;
  rsa.name = "atlink plugin check";
  rsa.public_key = keys.rsa.public_key().pem();
  rsa.two_legged = true;
  SandboxConsumer secret;
  secret.key = secret_consumer;
  secret.name = rsa.name;
  secret.shared_secret = keys.secret;
  secret.two_legged = true;
  return {std::move(rsa), std::move(secret)};
}

}  // namespace

Status StageClock::sleep(std::chrono::milliseconds duration) {
  pass(std::chrono::ceil<std::chrono::seconds>(duration));
  return {};
}

Status LoopbackOnly::send(const Exchange& exchange) {
  if (!exchange.request.url.is_loopback()) {
    return fail(ErrorCode::url_other_origin,
                fmt::format("the description leads away from the sandbox, to {}",
                            exchange.request.url.origin()),
                "checks send nothing beyond this machine");
  }
  return real_.send(exchange);
}

Result<Keys> make_keys(RandomSource& random) {
  std::array<unsigned char, 24> bytes{};
  ATLINK_CHECK(random.fill(bytes));
  ATLINK_ASSIGN(RsaPrivateKey rsa, RsaPrivateKey::generate(key_bits));
  return Keys{std::move(rsa),
              to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()})};
}

Result<Answer> ask(Client& client, const ApiRequest& request) {
  Kept kept;
  ATLINK_ASSIGN(Classified classified, client.send(request, kept));
  return Answer{std::move(classified.head), kept.take(), std::move(classified.error)};
}

Stage::Stage(Platform platform, Product product, const Keys& keys)
    : real_(platform),
      clock_(platform.clock),
      transport_(platform.transport),
      product_(std::move(product)),
      keys_(keys) {}

Platform Stage::platform() {
  return {clock_,
          real_.random,
          real_.environment,
          real_.files,
          real_.terminal,
          real_.browser,
          transport_,
          real_.process,
          real_.loader};
}

Result<std::unique_ptr<Stage>> Stage::open(Platform platform,
                                           Product product,
                                           const std::vector<std::string>& folders,
                                           const Keys& keys,
                                           const std::string& version) {
  std::unique_ptr<Stage> stage(new Stage(platform, std::move(product), keys));
  SandboxOptions options;
  options.product = stage->product_;
  options.folders = folders;
  options.site_version = version;
  options.trial_lists = true;
  options.user = user;
  options.consumers = consumers_of(keys);
  ATLINK_ASSIGN(stage->sandbox_, make_sandbox(stage->platform(), std::move(options)));
  stage->thread_ = std::thread([site = stage->sandbox_.get()] {
    // What goes wrong here is seen by whoever asks the site.
    static_cast<void>(site->run());
  });
  return stage;
}

Stage::~Stage() {
  if (thread_.joinable()) {
    sandbox_->stop();
    thread_.join();
  }
}

Result<Connection> Stage::connect(oauth1::SignatureMethod method,
                                  oauth1::Transmission transmission) const {
  const bool rsa = oauth1::uses_rsa(method);
  const std::string& context = product_.default_context_path;
  const std::string url = sandbox_->base_url();
  ATLINK_ASSIGN(const Url site,
                Url::parse(std::string_view(url).substr(0, url.size() - context.size())));
  ATLINK_ASSIGN(BaseUrl base, BaseUrl::make(site, context));
  oauth1::Consumer consumer;
  consumer.key = rsa ? rsa_consumer : secret_consumer;
  if (rsa) {
    consumer.private_key = keys_.rsa;
  } else {
    consumer.secret = Secret(keys_.secret);
  }
  return Connection{product_, std::move(base), std::move(consumer), method, transmission, {}};
}

Result<Connection> Stage::connect() const {
  return connect(rules().signature_methods.front(), rules().transmissions.front());
}

Result<std::unique_ptr<Client>> Stage::client(std::optional<oauth1::Token> token) {
  ATLINK_ASSIGN(Connection connection, connect());
  auto client = std::make_unique<Client>(platform(), std::move(connection), std::move(token));
  client->retry.attempts = 1;
  return client;
}

}  // namespace atlink::plugins::kit
