// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"

#include <map>
#include <string>
#include <string_view>

namespace atlink::plugins {

/// JSON pointer of each leaf (anything but an object with members) → id of the description that it
/// came from. An array is one leaf: it is only ever replaced whole.
using Origins = std::map<std::string, std::string>;

/// Puts `patch`, which comes from the description `id`, over `into` as RFC 7396 says: objects
/// member by member, anything else whole, null takes a member away. Below a deployment null stays
/// as it is, because what it takes away comes in later, when the deployment is resolved. Notes the
/// origins where somebody wants them.
void merge_description(json::Value& into,
                       const json::Value& patch,
                       std::string_view id,
                       Origins* origins);

/// RFC 7396 itself.
void merge_patch(json::Value& into, const json::Value& patch);

/// Removes a member of an object; fine if it has none of that name.
void erase_member(json::Value& object, std::string_view name);

}  // namespace atlink::plugins
