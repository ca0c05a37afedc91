// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// What can keep a profile's secrets.
enum class StoreKind { file, sealed, keyring, command, environment };

/// "file", "sealed", …
[[nodiscard]] ATLINK_API std::string_view to_string(StoreKind kind);
[[nodiscard]] ATLINK_API std::optional<StoreKind> store_kind_from(std::string_view word);

/// Where a profile's secrets are kept: one place, chosen once.
struct StoreChoice {
  StoreKind kind = StoreKind::file;
  /// Absolute path of the file that opens a sealed store; empty where a passphrase does.
  std::string key_file{};
  /// Of an external command: the absolute path of the program and its arguments.
  std::vector<std::string> command{};

  [[nodiscard]] bool operator==(const StoreChoice& other) const = default;
};

/// A named way to one installation: base URL, product, sign-in settings. Holds no secret.
struct Profile {
  std::string name;
  std::string product;
  std::optional<Deployment> deployment;
  /// Scheme, host and port: "https://site.example".
  std::string site;
  /// "" or "/x".
  std::string context_path;
  std::string consumer_key;
  /// Absolute path of the private key's file; empty if none.
  std::string private_key;
  /// Absolute path of a PEM file with the certificates to trust; empty for the system's.
  std::string ca_file;
  /// The proxy as a URL, with the user's name if it wants one and never a password; empty for none.
  std::string proxy;
  /// What goes without a proxy (see NoProxy).
  std::string no_proxy;
  /// Absolute paths of the client certificate and, where it is not in that file, its key.
  std::string client_cert;
  std::string client_key;
  /// Overrides of what the description prefers.
  std::optional<oauth1::SignatureMethod> signature_method;
  std::optional<oauth1::Transmission> transmission;
  /// Sign in without a user (empty token).
  bool two_legged = false;
  /// How to sign in; none: what the sign-in was made with, else what fits the product best.
  std::optional<SignInMethod> method;
  /// The name that goes with a password or API token.
  std::string user;
  /// Of OAuth 2.0: the client's id, its redirect URI as registered, the scopes to ask for.
  std::string client_id;
  std::string redirect_uri;
  std::vector<std::string> scopes;
  /// Whom two-legged requests act for.
  std::string act_as;
  /// Values for the settings of the product's description, by name.
  std::map<std::string, std::string> settings;
  StoreChoice store{};

  [[nodiscard]] bool operator==(const Profile& other) const = default;
};

/// Letters, digits, ".", "_" and "-", at most 64, not beginning with "." or "-". Else `usage`.
[[nodiscard]] ATLINK_API Status check_profile_name(std::string_view name);

/// A base URL in the two parts that a profile keeps.
struct SiteAndContext {
  std::string site;
  std::string context_path;
};

/// What a person gave as URL, taken apart with the product's known context paths and the explicit
/// one, if any. User information, a query and a fragment are refused with `url_invalid`.
[[nodiscard]] ATLINK_API Result<SiteAndContext> split_base_url(
    std::string_view url, const std::optional<std::string>& context_path, const Product& product);

/// Folders of atlink after the XDG Base Directory Specification. A variable that is empty or holds
/// a relative path counts as unset.
struct Folders {
  std::string config;  ///< $XDG_CONFIG_HOME/atlink
  std::string data;    ///< $XDG_DATA_HOME/atlink
  std::string state;   ///< $XDG_STATE_HOME/atlink
};

/// Fails with `file_not_found` where neither the variables nor HOME are set.
[[nodiscard]] ATLINK_API Result<Folders> folders_from(const Environment& environment);

/// Profiles as files of their own under `config`/profiles, and the name of the default one. Unknown
/// members of a file survive a rewrite. Thread-safe as far as its FileSystem is.
class ATLINK_API ProfileStore {
 public:
  ProfileStore(FileSystem& files, std::string config_folder);

  /// Fails with `profile_missing`, `file_damaged`, `profile_invalid` (file and member named).
  [[nodiscard]] Result<Profile> load(std::string_view name);
  Status save(const Profile& profile);
  /// Saves `after` if the profile still is as it was loaded: `before`, or not there where `before`
  /// is none. False where somebody has changed it since; then load it again, and change that.
  [[nodiscard]] Result<bool> replace(const std::optional<Profile>& before, const Profile& after);
  Status remove(std::string_view name);
  /// Names, sorted. A folder that does not exist has none.
  [[nodiscard]] Result<std::vector<std::string>> list();

  /// The name that `profile use` chose; none if nothing was.
  [[nodiscard]] Result<std::optional<std::string>> default_name();
  Status set_default(std::string_view name);

  [[nodiscard]] std::string path_of(std::string_view name) const;

 private:
  FileSystem& files_;
  std::string folder_;
};

}  // namespace atlink
