// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/profile.h"
#include "cli/call.h"

#include <string>

/// Where a profile's secrets are to be kept, as the command line says it.
namespace atlink::cli {

/// `before` with what --store, --key-file and --store-command name; `word` is the value of --store
/// or --to. "auto" is the keyring where one answers, else the file, and says which and why. With
/// `key_file_elsewhere` --key-file has another use too, so that any store goes with it. Fails with
/// `usage`, `file_*` and `store_*`.
[[nodiscard]] Result<StoreChoice> named_choice(const Call& call,
                                               const std::optional<std::string>& word,
                                               StoreChoice before,
                                               bool key_file_elsewhere = false);

/// The option of the commands that name a store's program.
inline constexpr OptionSpec store_command_option{
    "--store-command",
    "WORD",
    "the program that keeps the secrets, then its arguments, one a time",
    true};

/// Whether a store says with this that it cannot be reached: what it holds is not known.
[[nodiscard]] bool is_out_of_reach(ErrorCode code);

/// The option of the commands that may leave a store that cannot be reached.
inline constexpr OptionSpec leave_secrets_option{
    "--leave-secrets",
    "",
    "leave in the old store what it keeps, where it cannot be reached any more"};

/// Makes sure that a profile does not leave secrets behind in the place that it is about to forget.
/// Fails with `store_occupied` where there are some, and without --leave-secrets where that cannot
/// be found out.
[[nodiscard]] Status check_left_empty(const Call& call,
                                      const std::string& profile,
                                      const StoreChoice& before,
                                      const StoreChoice& after);

}  // namespace atlink::cli
