// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/link_values.h"

#include <string>
#include <string_view>
#include <vector>

/// What to type into an application link, as a page on loopback with a button beside each value.
namespace atlink::cli {

/// The page. `script_nonce` is what its policy lets scripts and styles through by; `state_path` is
/// where the page asks how far things are.
[[nodiscard]] std::string link_page(const Place& place,
                                    const LinkValues& values,
                                    const std::vector<LinkGuide>& guides,
                                    std::string_view script_nonce,
                                    std::string_view state_path);

/// Serves the page at an address that cannot be guessed, on 127.0.0.1 alone, until somebody presses
/// its button or interrupts. Opens the browser unless `--no-browser` is given. The page says
/// whether the server knows the link yet and whether somebody has signed in; the server is asked
/// for that at most every few seconds, and only while the page is open.
[[nodiscard]] Status show_link_page(const Call& call,
                                    const Place& place,
                                    const LinkValues& values,
                                    const std::vector<LinkGuide>& guides);

}  // namespace atlink::cli
