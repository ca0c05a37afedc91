// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include "cli/commands/commands.h"

#include <algorithm>

namespace atlink::cli {

namespace {

constexpr std::array every_command{
    &commands::setup,          &commands::detect,         &commands::keygen,
    &commands::profile_set,    &commands::profile_list,   &commands::profile_show,
    &commands::profile_use,    &commands::profile_remove, &commands::profile_move_secrets,
    &commands::profile_export, &commands::profile_import, &commands::link_show,
    &commands::link_check,     &commands::link_create,    &commands::link_list,
    &commands::link_remove,    &commands::login,          &commands::logout,
    &commands::status,         &commands::renew,          &commands::trust,
    &commands::doctor,         &commands::token_create,   &commands::token_list,
    &commands::token_print,    &commands::token_revoke,   &commands::request,
    &commands::sign,           &commands::plugin_list,    &commands::plugin_show,
    &commands::plugin_check,   &commands::plugin_new,     &commands::plugin_trust,
    &commands::convert,        &commands::sandbox,        &commands::version,
    &commands::help,
};

constexpr std::array every_global_option{
    OptionSpec{"--profile", "NAME", "the profile to use (else ATLINK_PROFILE, else profile use)"},
    OptionSpec{
        "--output", "json|table", "JSON for scripts, or text for people (table, the default)"},
    OptionSpec{"--plugin-dir", "DIR", "look for product plugins here first", true},
    OptionSpec{"--plugin-sha256",
               "HASH",
               "let the native module with this SHA-256 run although it was not trusted",
               true},
    OptionSpec{
        "--proxy",
        "URL",
        "go through this proxy, or through 'none' (else ATLINK_PROXY, else https_proxy and so "
        "on, else the profile's)"},
    OptionSpec{"--no-input", "", "never ask a question; fail and name the option that answers it"},
    OptionSpec{"--help", "", "show the page of the command"},
    OptionSpec{"--version", "", "print the version"},
};

constexpr std::array every_group{
    CommandGroup{"profile", "named ways to an installation: base URL, product, sign-in settings"},
    CommandGroup{"link", "the application link that an administrator makes for atlink"},
    CommandGroup{"token", "personal access tokens of the product, and the token of the profile"},
    CommandGroup{"plugin", "product plugins: what is installed, and what helps to write one"},
};

}  // namespace

std::span<const Command* const> all_commands() {
  return every_command;
}

std::span<const OptionSpec> global_options() {
  return every_global_option;
}

std::span<const CommandGroup> command_groups() {
  return every_group;
}

const Command* find_command(std::string_view name) {
  const auto* const found = std::find_if(every_command.begin(),
                                         every_command.end(),
                                         [name](const auto* each) { return each->name == name; });
  return found == every_command.end() ? nullptr : *found;
}

}  // namespace atlink::cli
