// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Percent-encoding onto the end of a text, for those who build long ones.
namespace atlink::text {

/// Appends `bytes` as `percent_encode` writes them.
void append_percent_encoded(std::string& out, std::string_view bytes);

/// Appends a name or value of a form (its wire form: "+" is a space, "%41" an "A") as
/// `percent_encode` writes what it stands for.
void append_reencoded_form(std::string& out, std::string_view piece);

}  // namespace atlink::text
