// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

/// The commands, each from the source file of its name.
namespace atlink::cli::commands {

extern const Command convert;
extern const Command detect;
extern const Command doctor;
extern const Command help;
extern const Command keygen;
extern const Command link_check;
extern const Command link_create;
extern const Command link_list;
extern const Command link_remove;
extern const Command link_show;
extern const Command login;
extern const Command logout;
extern const Command plugin_check;
extern const Command plugin_list;
extern const Command plugin_new;
extern const Command plugin_show;
extern const Command plugin_trust;
extern const Command profile_export;
extern const Command profile_import;
extern const Command profile_list;
extern const Command profile_move_secrets;
extern const Command profile_remove;
extern const Command profile_set;
extern const Command profile_show;
extern const Command profile_use;
extern const Command renew;
extern const Command request;
extern const Command sandbox;
extern const Command setup;
extern const Command sign;
extern const Command status;
extern const Command token_create;
extern const Command token_list;
extern const Command token_print;
extern const Command token_revoke;
extern const Command trust;
extern const Command version;

}  // namespace atlink::cli::commands
