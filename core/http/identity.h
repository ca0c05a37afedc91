// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/product.h"
#include "core/http/collected.h"
#include "core/http/prepare.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// The request that asks a product who is signed in. The product must have an identity rule.
[[nodiscard]] Result<Prepared> prepare_identity(const Connection& connection);

/// The name in the answer: by the rule's JSON pointers, then by its header. Fails with
/// `credential_anonymous` where it means nobody, `answer_not_understood` where there is none.
[[nodiscard]] Result<std::string> read_identity(const IdentityRule& rule,
                                                const HttpResponseHead& head,
                                                std::string_view body);

}  // namespace atlink::http
