// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "atlink/result.h"
#include "cli/call.h"

#include <string>
#include <string_view>

/// Which way to sign in fits.
namespace atlink::cli {

struct Place;

/// A way to sign in, and why it was chosen; empty where somebody said so.
struct PickedMethod {
  SignInMethod method = SignInMethod::oauth1;
  std::string why;
  /// Whether nobody could expect anything else.
  bool obvious = false;
};

/// What fits the profile and the product best, in this version (empty: not known): what the profile
/// is set up for, else what needs least of others. Fails with `method_unavailable`.
[[nodiscard]] Result<PickedMethod> pick_method(const Place& place, std::string_view version);

/// The method of a new sign-in: --method, the profile's, else the one that fits, for which the site
/// is asked for its version where that matters. Fails with `usage` and like `pick_method`.
[[nodiscard]] Result<PickedMethod> method_for_login(const Call& call, const Place& place);

/// The version that the site says it has, asked without a credential; empty where it does not say.
[[nodiscard]] std::string version_of(const Call& call, const Place& place);

/// Whether Basic has to be switched on first in this version.
[[nodiscard]] bool is_switched_off(const Product& product, std::string_view version);

}  // namespace atlink::cli
