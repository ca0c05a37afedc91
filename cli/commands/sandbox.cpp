// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/sandbox.h"

#include "atlink/rsa_key.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/private_key.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::SandboxConsumer;
using plugins::SandboxOptions;

constexpr std::int64_t highest_port = 65535;
constexpr std::int64_t largest_skew = std::int64_t{10} * 365 * 86400;

SandboxConsumer consumer_named(const Call& call, std::string key) {
  SandboxConsumer consumer;
  consumer.name = key;
  consumer.key = std::move(key);
  consumer.two_legged = call.arguments.has("--two-legged");
  return consumer;
}

Result<std::vector<SandboxConsumer>> consumers_of(const Call& call) {
  std::vector<SandboxConsumer> consumers;
  for (const std::string& text : call.arguments.values("--consumer")) {
    ATLINK_ASSIGN(auto pair, split_pair("--consumer", text));
    ATLINK_ASSIGN(const std::string bytes, call.app.platform.files.read_all(pair.second));
    const auto key = RsaPublicKey::parse(bytes);
    if (!key) {
      return fail(Error(key.error()).with("file", pair.second));
    }
    consumers.push_back(consumer_named(call, std::move(pair.first)));
    consumers.back().public_key = key->pem();
  }
  for (const std::string& text : call.arguments.values("--consumer-secret-file")) {
    ATLINK_ASSIGN(auto pair, split_pair("--consumer-secret-file", text));
    ATLINK_ASSIGN(const Secret secret,
                  read_secret_line(call, "--consumer-secret-file", pair.second));
    consumers.push_back(consumer_named(call, std::move(pair.first)));
    consumers.back().shared_secret = secret.expose();
  }
  return consumers;
}

Result<Product> product_of(const Arguments& arguments, const plugins::Description& description) {
  const auto text = arguments.value("--deployment");
  const auto deployment = text ? deployment_from(*text) : plugins::preferred_of(description);
  if (!deployment) {
    return fail(ErrorCode::usage, "--deployment takes cloud or data-center");
  }
  return plugins::resolve(description, *deployment);
}

Result<SandboxOptions> options_of(const Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(plugins::Description description,
                registry.describe(call.arguments.text("--product")));
  ATLINK_ASSIGN(Product product, product_of(call.arguments, description));
  ATLINK_ASSIGN(const std::int64_t port, call.arguments.integer("--port", 0, highest_port, 0));
  SandboxOptions options;
  options.port = static_cast<std::uint16_t>(port);
  options.context_path =
      call.arguments.value("--context-path").value_or(product.default_context_path);
  options.product = std::move(product);
  options.folders = std::move(description.folders);
  options.user = call.arguments.value("--user").value_or(options.user);
  ATLINK_ASSIGN(options.clock_skew,
                call.arguments.integer("--clock-skew", -largest_skew, largest_skew, 0));
  options.site_version = call.arguments.value("--site-version").value_or("");
  options.closed_probes = call.arguments.has("--closed-probes");
  options.secure_session = call.arguments.has("--secure-session");
  options.faults = call.arguments.values("--fault");
  ATLINK_ASSIGN(options.consumers, consumers_of(call));
  return options;
}

Status announce(Call& call, const plugins::Sandbox& site, const std::string& product) {
  if (!call.report.json()) {
    ATLINK_CHECK(call.report.bytes(site.base_url() + "\n"));
    call.report.note("a stand-in, for this machine only; Ctrl-C ends it");
    return {};
  }
  json::Value object;
  object.set("base_url", site.base_url());
  object.set("product", product);
  return call.report.document_line(object);
}

Status run(Call& call) {
  ATLINK_ASSIGN(SandboxOptions options, options_of(call));
  const std::string product = options.product.id;
  ATLINK_ASSIGN(const std::unique_ptr<plugins::Sandbox> site,
                plugins::make_sandbox(call.app.platform, std::move(options)));
  return call.app.surroundings.until_signalled(
      [&]() -> Status {
        ATLINK_CHECK(announce(call, *site, product));
        return site->run();
      },
      [&] { site->stop(); });
}

constexpr std::array options{
    OptionSpec{"--product", "ID", "the product to play (atlink plugin list)", false, true},
    OptionSpec{"--port", "N", "listen on this port of 127.0.0.1 (any free one)"},
    OptionSpec{"--context-path", "PATH", "play it there instead of the product's own place"},
    OptionSpec{"--deployment", "cloud|data-center", "which kind of installation to play"},
    OptionSpec{"--consumer", "KEY=FILE", "know this consumer by the public key in FILE", true},
    OptionSpec{"--consumer-secret-file",
               "KEY=FILE",
               "know this consumer by the shared secret in FILE",
               true},
    OptionSpec{"--two-legged", "", "let these consumers send requests without a user"},
    OptionSpec{"--user", "NAME", "whom the consent page signs in (alice)"},
    OptionSpec{"--site-version", "VERSION", "the version of the product to play"},
    OptionSpec{"--closed-probes", "", "want a sign-in where the product tells what it is"},
    OptionSpec{"--secure-session",
               "",
               "want the administrator's password again before links are administered"},
    OptionSpec{"--fault",
               "NAME[=VALUE][,count=N][,path=/PREFIX]",
               "let something go wrong; an unknown NAME prints the list",
               true},
    OptionSpec{"--clock-skew", "SECONDS", "let its clock be ahead, or behind if negative"},
};
constexpr std::array examples{
    Example{"atlink sandbox --product acme --consumer build=keys/public.pem",
            "a site that knows one consumer; its base URL is the first line printed"},
    Example{"atlink sandbox --product acme --port 8090 --context-path /tools --clock-skew 900",
            "on a fixed address, with a clock that is a quarter of an hour ahead"},
    Example{"atlink sandbox --product acme --fault rate-limit=2,count=3,path=/api",
            "the first three requests below /api are told to wait two seconds"},
};

}  // namespace

const Command sandbox{
    "sandbox",
    "play a product on loopback, to try things out",
    "Plays the product's description: consumers, consent page, sign-in and some of its answers. "
    "Prints its base URL when it listens, and runs until SIGINT or SIGTERM, which end it with 0.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
