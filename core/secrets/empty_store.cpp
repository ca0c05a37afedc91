// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "core/secrets/vault.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

namespace {

class EmptyVault final : public Vault {
 public:
  EmptyVault(std::string kind, Error problem)
      : kind_(std::move(kind)), problem_(std::move(problem)) {}

  [[nodiscard]] std::string_view kind() const override { return kind_; }

  [[nodiscard]] std::string name_of(RecordKind kind, std::string_view profile) const override {
    return fmt::format("the {} record of {}", to_string(kind), profile);
  }

  Status prepare(std::string_view /*profile*/) override { return fail(problem_); }

  [[nodiscard]] Result<Held> lock(RecordKind /*kind*/) override { return Held(); }

  [[nodiscard]] Result<Held> lock_renewal(std::string_view /*profile*/,
                                          std::chrono::milliseconds /*patience*/) override {
    return Held();
  }

  [[nodiscard]] Result<std::optional<VaultRecord>> read(RecordKind /*kind*/,
                                                        std::string_view /*profile*/) override {
    return std::optional<VaultRecord>();
  }

  [[nodiscard]] Result<bool> write(const VaultWrite& /*record*/) override { return fail(problem_); }

  Status erase(RecordKind /*kind*/, std::string_view /*profile*/) override { return {}; }

  Status check_writable(std::string_view /*profile*/) override { return fail(problem_); }

 private:
  std::string kind_;
  Error problem_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_empty_store(std::string kind, Error problem) {
  return make_record_store(std::make_unique<EmptyVault>(std::move(kind), std::move(problem)));
}

}  // namespace atlink
