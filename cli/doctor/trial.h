// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/platform.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// Signatures on trial: one made for another address than the one that it is sent to is accepted
/// only by a server that sees that other address. So it is found out what a proxy changes where the
/// server does not show what it signed.
namespace atlink::cli::doctor {

/// The base URL as the server sees it, of those that proxies most often make of it and of what the
/// server calls itself (`told`, empty where that is not known, and left out where it is another
/// host's: a server has no say in what is signed for others); none where it accepts none of them.
/// At most four calls for temporary credentials, which are thrown away. `skew` is the server's
/// clock minus ours in seconds. Fails with `cancelled`.
[[nodiscard]] Result<std::optional<BaseUrl>> seen_address(const Platform& platform,
                                                          const Connection& connection,
                                                          std::string_view told,
                                                          std::int64_t skew);

}  // namespace atlink::cli::doctor
