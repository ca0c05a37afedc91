// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atlink {

/// What is kept for a profile.
enum class RecordKind { credential, pending, consumer, renewal };

/// "credential", "pending", "consumer", "renewal".
[[nodiscard]] std::string_view to_string(RecordKind kind);

/// The bytes of a record.
struct VaultRecord {
  Secret text;
  /// By which the place tells one write from another; empty where a lock does that.
  std::string version;
};

/// A record to write.
struct VaultWrite {
  RecordKind kind = RecordKind::credential;
  std::string_view profile;
  const Secret& text;
  /// Write only where this version is still there; "" where nothing is. None: whatever is there.
  std::optional<std::string> expected{};
  /// After which the record is of no use, as far as known.
  std::optional<TimePoint> expires{};
};

/// Where records lie, as bytes. `make_record_store` makes a CredentialStore of one. Profile names
/// have been checked.
class Vault {
 public:
  using Held = std::unique_ptr<FileSystem::Lock>;

  Vault() = default;
  virtual ~Vault() = default;
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  [[nodiscard]] virtual std::string_view kind() const = 0;
  /// What messages call a record: a path, or words.
  [[nodiscard]] virtual std::string name_of(RecordKind kind, std::string_view profile) const = 0;
  /// Asks what has to be asked before a write; called without a lock.
  virtual Status prepare(std::string_view profile) = 0;
  /// Held while a record is read, changed and written. Null where writes go by version.
  [[nodiscard]] virtual Result<Held> lock(RecordKind kind) = 0;
  [[nodiscard]] virtual Result<Held> lock_renewal(std::string_view profile,
                                                  std::chrono::milliseconds patience) = 0;
  [[nodiscard]] virtual Result<std::optional<VaultRecord>> read(RecordKind kind,
                                                                std::string_view profile) = 0;
  /// False where another version is there than was expected.
  [[nodiscard]] virtual Result<bool> write(const VaultWrite& record) = 0;
  /// Fine where there is none. Takes its own lock.
  virtual Status erase(RecordKind kind, std::string_view profile) = 0;
  virtual Status check_writable(std::string_view profile) = 0;
};

[[nodiscard]] std::unique_ptr<CredentialStore> make_record_store(std::unique_ptr<Vault> vault);

}  // namespace atlink
