// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"
#include "atlink/stores.h"
#include "core/keyring/table.h"
#include "core/posix/module.h"

#include <mutex>
#include <utility>

namespace atlink {

namespace {

/// Loads the module with the first call. Where that fails, the call fails with `module_missing`.
class LazyKeyring final : public Keyring {
 public:
  explicit LazyKeyring(bool may_prompt) : may_prompt_(may_prompt) {}

  [[nodiscard]] Result<std::optional<Secret>> get(const Entry& entry) override {
    ATLINK_ASSIGN(Keyring * keyring, loaded());
    return keyring->get(entry);
  }

  Status put(const Entry& entry, const Secret& text) override {
    ATLINK_ASSIGN(Keyring * keyring, loaded());
    return keyring->put(entry, text);
  }

  Status erase(const Entry& entry) override {
    ATLINK_ASSIGN(Keyring * keyring, loaded());
    return keyring->erase(entry);
  }

  Status check() override {
    ATLINK_ASSIGN(Keyring * keyring, loaded());
    return keyring->check();
  }

 private:
  [[nodiscard]] Result<Keyring*> loaded() {
    const std::lock_guard lock(loading_);
    if (!keyring_) {
      ATLINK_ASSIGN(const auto* table, posix::open_module<keyring::KeyringTable>());
      ATLINK_ASSIGN(keyring_, table->make_keyring(may_prompt_, interruption_descriptor()));
    }
    return keyring_.get();
  }

  bool may_prompt_;
  std::mutex loading_;
  std::unique_ptr<Keyring> keyring_;
};

}  // namespace

std::unique_ptr<Keyring> make_keyring(bool may_prompt) {
  return std::make_unique<LazyKeyring>(may_prompt);
}

}  // namespace atlink
