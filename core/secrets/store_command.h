// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The program behind a command store, one call a run: docs/stores.md.
namespace atlink {

class StoreCommand {
 public:
  /// What a record is found by.
  struct Name {
    std::string_view profile;
    std::string_view record;
  };

  /// A record that is there.
  struct Found {
    Secret value;
    std::string version;
  };

  /// `command` is the absolute path of the program and its arguments. `platform` outlives this.
  StoreCommand(const Platform& platform, std::vector<std::string> command);

  /// None where there is no such record. All fail with `store_unavailable` (the program cannot be
  /// run, or others can change it), `store_timeout`, `store_failed`.
  [[nodiscard]] Result<std::optional<Found>> get(const Name& name);

  /// The new version; none where another version is there than `expected` ("" for no record).
  [[nodiscard]] Result<std::optional<std::string>> store(const Name& name,
                                                         const Secret& value,
                                                         const std::optional<std::string>& expected,
                                                         const std::optional<std::string>& expires);

  /// False where another version is there than `expected`.
  [[nodiscard]] Result<bool> erase(const Name& name, const std::optional<std::string>& expected);

  /// Whether the program is one to be run.
  [[nodiscard]] Status check() const;

  [[nodiscard]] const std::string& program() const { return command_.front(); }

 private:
  class Answer;

  [[nodiscard]] Result<Answer> ask(json::Value request, const Secret* value);

  Platform platform_;
  std::vector<std::string> command_;
};

}  // namespace atlink
