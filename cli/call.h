// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/secret.h"
#include "atlink/stores.h"
#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/report.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atlink::cli {

/// Passphrases and secrets of this run, so that no descriptor is read and nobody is asked twice.
struct GivenPassphrases {
  /// What standard input gave, and the option that took it.
  struct StandardInput {
    std::string option;
    Secret secret;
  };
  std::optional<StandardInput> standard_input;
  /// The lines of --passphrase-fd, once it was read.
  std::optional<std::vector<Secret>> lines;
  /// What was typed for the sealed store of a profile.
  std::map<std::string, Secret, std::less<>> typed;
  /// What was typed for a private key, by the name that the question gave it.
  std::map<std::string, Secret, std::less<>> typed_for_keys;
  /// What sealed stores made of them.
  std::shared_ptr<SealedKeys> keys = make_sealed_keys();
};

/// What a command is given when it runs. Nothing but `given` is owned; all of it outlives the call.
struct Call {
  App& app;
  const Arguments& arguments;
  Report& report;
  std::shared_ptr<GivenPassphrases> given = std::make_shared<GivenPassphrases>();
};

}  // namespace atlink::cli
