// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "atlink/text.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// A stand-in site played from a product description. The one face of plugins/sandbox.
namespace atlink::plugins {

/// A consumer that the site knows from the start; others are registered over REST.
struct SandboxConsumer {
  std::string key;
  std::string name;
  /// PEM of the public key; empty for a shared secret.
  std::string public_key;
  std::string shared_secret;
  std::string callback;
  bool two_legged = false;
};

struct SandboxOptions {
  Product product;
  /// product.json's folder and those of what it extends, nearest first: where testdata/ is looked
  /// for.
  std::vector<std::string> folders;
  std::uint16_t port = 0;
  /// "" or "/x/y"; none for the one that sites of this product usually have.
  std::optional<std::string> context_path;
  /// Whom the consent page signs in.
  std::string user = "alice";
  std::vector<SandboxConsumer> consumers;
  /// Seconds to add to the sandbox's clock.
  std::int64_t clock_skew = 0;
  /// The version of the product to play; empty for the one of its testdata, or else one for which
  /// the description offers OAuth 1.0a.
  std::string site_version;
  /// Whether the answers by which the product is recognised want a sign-in.
  bool closed_probes = false;
  /// Whether links are administered only in a session for which the password is given again.
  bool secure_session = false;
  /// What goes wrong on purpose, each NAME[=VALUE][,count=N][,path=/PREFIX] (docs/sandbox.md).
  std::vector<std::string> faults;
  /// Whether there is a list of made-up things for each pager too, below /trial-lists.
  bool trial_lists = false;
};

/// One thing that can be asked for below the base URL, as the testdata says.
struct SandboxAnswer {
  enum class Kind {
    /// A fixed answer.
    resource,
    /// What can be listed and added to.
    collection,
    /// Another list of a collection.
    list,
    /// What a collection holds from the beginning.
    document,
  };
  Kind kind = Kind::resource;
  std::string method = "GET";
  /// Encoded.
  std::string path;
  /// What has to stand in the query.
  FormFields query;
  int status = 200;
  /// Whether it is given to those who have not signed in as well.
  bool anonymous = false;
  /// Of what is listed: the name of the pager, empty where all of it comes at once, and how many
  /// there are from the beginning.
  std::string pager;
  std::size_t items = 0;
};

/// Runs on loopback until stopped.
class Sandbox {
 public:
  Sandbox() = default;
  virtual ~Sandbox() = default;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  /// "http://127.0.0.1:PORT/x".
  [[nodiscard]] virtual std::string base_url() const = 0;
  /// The version of the product that it plays; empty where nothing says one.
  [[nodiscard]] virtual std::string version() const = 0;
  /// What its testdata answers, in the order of the file.
  [[nodiscard]] virtual std::vector<SandboxAnswer> answers() const = 0;
  virtual Status run() = 0;
  /// From a signal handler or another thread.
  virtual void stop() noexcept = 0;
};

/// Binds the port. Fails with `listen_failed`, `module_missing`, `product_unsupported`,
/// `plugin_invalid` for broken testdata, and `usage` for a fault or version that is none.
[[nodiscard]] Result<std::unique_ptr<Sandbox>> make_sandbox(Platform platform,
                                                            SandboxOptions options);

}  // namespace atlink::plugins
