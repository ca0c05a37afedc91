// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The host side of product plugins: where they are looked for, how a description is read and
/// judged, and what a product is for one deployment. The face of plugins/host; what is native has
/// one of its own, native.h.
namespace atlink::plugins {

/// A folder that holds plugin folders, and how it came to be searched.
struct SearchFolder {
  enum class From { flag, environment, user, installed };
  std::string path;
  From from = From::installed;
};

/// "--plugin-dir", "ATLINK_PLUGIN_PATH", "user" or "installed".
[[nodiscard]] std::string_view to_string(SearchFolder::From from);

/// In order: each of `flags`, each of ATLINK_PLUGIN_PATH (separated by ":"), `data_folder`/plugins,
/// `installed_folder`. Relative entries of the variable are dropped.
[[nodiscard]] std::vector<SearchFolder> search_folders(const std::vector<std::string>& flags,
                                                       const Environment& environment,
                                                       std::string_view data_folder,
                                                       std::string_view installed_folder);

/// How much of descriptions is read.
enum class Parts {
  all,
  /// What finds a site, signs in to it, and sends and judges requests. Operations, recipes, the
  /// link's screens and probes are passed over unread, so that they cost those nothing who have no
  /// use for them.
  requests,
};

/// A shared object beside a description: found, and not opened. See native.h.
struct ModuleFile {
  /// Of the plugin that it lies in.
  std::string id;
  std::string folder;
  SearchFolder::From from = SearchFolder::From::installed;

  [[nodiscard]] std::string path() const { return folder + "/" + id + ".so"; }
};

/// What a listing says of one plugin folder.
struct PluginInfo {
  /// The name of the folder, which may be any name where there is a `problem`.
  std::string id;
  std::string name;
  std::string version;
  std::string folder;
  SearchFolder::From from = SearchFolder::From::installed;
  std::string extends;
  std::string replaces;
  std::vector<Deployment> deployments;
  /// Set where there is one.
  std::optional<ModuleFile> module;

  /// What its deployments offer, taken together.
  struct Offer {
    /// "oauth1", "oauth2", "token", "api_token", "basic".
    std::vector<std::string> sign_in;
    std::vector<std::string> operations;
    std::vector<std::string> recipes;
    std::vector<std::string> pagers;
    std::vector<std::string> catalogues;
  };

  Offer offer;
  /// What is worth saying although it works (a replaced plugin, a group-writable folder).
  std::vector<std::string> notes;
  /// Set for a plugin that cannot be used, naming file, rule and remedy.
  std::optional<Error> problem;
};

/// A description after `extends`: the effective document and where each value came from.
struct Description {
  std::string id;
  /// The folder of product.json, and those of what it extends, nearest first.
  std::vector<std::string> folders;
  json::Value document;
  /// JSON pointer of every leaf → id of the description that it came from. An array is one leaf: it
  /// is only ever replaced whole.
  std::vector<std::pair<std::string, std::string>> origins;
  std::vector<Deployment> deployments;
  /// How much of it was read. With `Parts::requests` there are no origins.
  Parts parts = Parts::all;
  /// Of its own folder and of what it extends, nearest first.
  std::vector<ModuleFile> modules;
  /// What is worth saying although it works (a replaced plugin, a group-writable folder).
  std::vector<std::string> notes;
};

/// Finds and reads descriptions. Reads only what is asked for: the product and what it extends.
/// Where several plugins have an id, the one that says `replaces` counts, then the installed one,
/// then the first in search order; the others are reported. `extends` with its own id builds on the
/// plugin that it replaces.
class Registry {
 public:
  Registry(FileSystem& files, std::vector<SearchFolder> folders);

  /// Every plugin folder found, broken ones with their problem. Sorted by id; a search folder that
  /// cannot be looked into comes first, without an id. Fails only for a folder of the command line
  /// that cannot be listed.
  [[nodiscard]] Result<std::vector<PluginInfo>> list();

  /// The effective description. Fails with `product_missing` (naming what there is),
  /// `plugin_invalid`, `plugin_untrusted`; with `Parts::requests` only for what it reads, and for
  /// what a deployment lacks not before it is resolved.
  [[nodiscard]] Result<Description> describe(std::string_view id, Parts parts = Parts::all);

  /// The product for one deployment; with none given, the description's only or preferred one.
  /// Fails like `describe`, and with `product_unsupported` for a deployment it does not have.
  [[nodiscard]] Result<Product> product(std::string_view id, std::optional<Deployment> deployment);

  /// The same with the operations and recipes of its catalogues, which nothing else reads. Fails
  /// with `plugin_invalid` or `plugin_untrusted` about a catalogue, too.
  [[nodiscard]] Result<Product> product_with_operations(std::string_view id,
                                                        std::optional<Deployment> deployment);

 private:
  FileSystem& files_;
  std::vector<SearchFolder> folders_;
};

/// The deployment whose sites have that host, as far as the description's `hosts` say; none where
/// no pattern fits.
[[nodiscard]] std::optional<Deployment> deployment_of_host(const Description& description,
                                                           std::string_view host);

/// The deployment that counts where nobody chose: the only or the preferred one.
[[nodiscard]] Deployment preferred_of(const Description& description);

/// The product that an effective description says for a deployment.
[[nodiscard]] Result<Product> resolve(const Description& description, Deployment deployment);

/// A description as it is for one deployment: its part is put over the rest, which then has no
/// member "deployments" any more. With a version, what says in "versions" that it is not for that
/// one is left out. Fails with `product_unsupported` for a deployment that there is not.
[[nodiscard]] Result<Description> for_deployment(const Description& description,
                                                 Deployment deployment,
                                                 std::string_view version);

/// The same for what stands in the description for all deployments and for each.
[[nodiscard]] Description for_version(Description description, std::string_view version);

/// A product as a profile sets it.
struct SetProduct {
  Product product;
  /// The settings that change where a sign-in and its credential go: other endpoints of OAuth 1.0a,
  /// other origins. Those that say what the description says are not among them.
  std::map<std::string, std::string> binding;
};

/// Puts a profile's settings into a product: the named ones of its description, and where the
/// endpoints `request_token`, `authorize` and `access_token` of OAuth 1.0a are, as "base:/path" or
/// "site:/path". Judged by the rules of descriptions; an origin may also be http on loopback. Fails
/// with `profile_invalid` (fact: setting), naming the nearest name that there is.
[[nodiscard]] Result<SetProduct> with_settings(Product product,
                                               const std::map<std::string, std::string>& settings);

}  // namespace atlink::plugins
