// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/plugin/ext/convert.h"
#include "atlink/result.h"
#include "atlink/text.h"
#include "plugins/host/registry.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The host side of native modules: shared objects beside a description, `<id>/<id>.so`. A module
/// runs with the rights of the program and nothing here makes it safe; so it is loaded only after
/// somebody trusted exactly these bytes. The second face of plugins/host.
namespace atlink::plugins {

/// A rule for native modules, as errors name it in their fact "rule".
struct NativeRule {
  std::string_view name;
  /// What must hold, as a sentence without a full stop.
  std::string_view meaning;
};

/// All of them, in the order in which they are looked at: where one is broken, those before it were
/// kept and those after it were not looked at.
[[nodiscard]] std::span<const NativeRule> native_rules();

/// A module's file, read once. What is hashed, judged and loaded are these bytes.
struct NativeModule {
  ModuleFile file;
  std::string bytes;
  /// 64 lower-case hexadecimal digits.
  std::string sha256;
  /// What is worth saying although it is allowed (a group-writable folder).
  std::vector<std::string> notes;
};

/// From one text format to another, as `atlink.convert/1` names them.
struct NativeConversion {
  std::string from;
  std::string to;

  friend bool operator==(const NativeConversion&, const NativeConversion&) = default;
};

/// What a module says of itself.
struct NativeOffer {
  /// The module's own version.
  std::string version;
  /// Ids of the extensions that it has, of those that this program knows.
  std::vector<std::string> extensions;
  std::vector<NativeConversion> conversions;

  friend bool operator==(const NativeOffer&, const NativeOffer&) = default;
};

/// Whether a module may be loaded.
enum class NativeTrust {
  none,      ///< nobody trusted it
  changed,   ///< other bytes at this place were trusted
  trusted,   ///< these bytes are in the record
  accepted,  ///< these bytes are accepted for this run
};

/// That somebody trusted a module.
struct TrustRecord {
  std::string id;
  std::string folder;
  std::string sha256;
  TimePoint when;
};

/// A module in this process. Stays valid until the process ends; copies are the same module.
class LoadedNative {
 public:
  LoadedNative(const atlink_plugin_entry_t& entry, std::string path, NativeOffer offer)
      : entry_(&entry), path_(std::move(path)), offer_(std::move(offer)) {}

  [[nodiscard]] const NativeOffer& offer() const { return offer_; }

  /// Its table for an extension, or null. The id says the type (atlink/plugin/ext/).
  [[nodiscard]] const void* extension(const std::string& id) const;

  /// Converts a text, which must be UTF-8. The pieces of the result go to `output` as they come;
  /// when it fails, nothing more is asked of the module, and that failure is returned. Otherwise
  /// fails with `product_unsupported` for what is not offered, `conversion_refused` for a malformed
  /// text, `native_failed` for any other trouble of the module; what `output` got is then worth
  /// nothing. Thread-safe.
  Status convert(const NativeConversion& conversion,
                 std::string_view input,
                 const std::function<Status(std::string_view piece)>& output) const;

 private:
  const atlink_plugin_entry_t* entry_;
  std::string path_;
  NativeOffer offer_;
};

/// Reads, judges, trusts and loads native modules. What is known of trust lies in one file of the
/// state folder, trusted-modules.json.
class NativeModules {
 public:
  struct Settings {
    /// Folders::state; empty where there is none, and then nothing can be recorded.
    std::string state_folder;
    /// Hashes of modules that may be loaded in this run without a record.
    std::vector<std::string> accepted;
    /// How long a module may take in the child process.
    std::chrono::milliseconds patience{5000};
  };

  NativeModules(Platform platform, Settings settings);

  /// Reads a module's file, after its owner and permissions were found good. Loads nothing. Fails
  /// with `plugin_untrusted` and `native_invalid`; facts: file, rule, side.
  [[nodiscard]] Result<NativeModule> read(const ModuleFile& file);

  /// What the record and the settings say of these bytes. Fails where the record cannot be read.
  [[nodiscard]] Result<NativeTrust> trust_of(const NativeModule& module);

  /// Judges a module by every rule; last of all it is loaded in a child process of its own, with a
  /// time limit. Nothing is loaded here. Fails with `native_invalid` for a fault of the module and
  /// `module_missing` for one of the host; facts: file, rule, side.
  [[nodiscard]] Result<NativeOffer> probe(const NativeModule& module);

  /// Records that these bytes may be loaded, in place of what was trusted there before.
  Status trust(const NativeModule& module);

  /// Takes all trust in modules of this id away; how many records that were.
  [[nodiscard]] Result<std::size_t> revoke(std::string_view id);

  /// Every record, in the order of the file.
  [[nodiscard]] Result<std::vector<TrustRecord>> records();

  /// Loads a trusted or accepted module into this process; one that is only accepted is probed
  /// before. Fails with `native_untrusted`, naming
  /// the remedy and, for a module that changed, both hashes; and with all that `read` and `probe`
  /// say.
  [[nodiscard]] Result<LoadedNative> load(const ModuleFile& file);

 private:
  Platform platform_;
  Settings settings_;
};

/// The module that a product uses: its own, else the nearest of what it extends. Fails with
/// `product_unsupported` where none of them has one.
[[nodiscard]] Result<ModuleFile> module_of(const Description& description);

}  // namespace atlink::plugins
