// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/json.h"
#include "core/base/record_reader.h"

#include <string>

/// The secret records as JSON. Reading is strict and names the member that is wrong, never its
/// value. A secret is a string, or {"base64": …} where its bytes are no UTF-8.
namespace atlink::records {

/// The newest format that this release reads. 1 knows OAuth 1.0a alone.
inline constexpr std::int64_t newest_format = 2;

/// Reads `text`. `file` is for messages and `next` the way out. Fails with `file_damaged`.
[[nodiscard]] Result<Credential> read_credential(const Secret& text,
                                                 const std::string& file,
                                                 const std::string& next);
[[nodiscard]] Result<PendingLogin> read_pending(const Secret& text,
                                                const std::string& file,
                                                const std::string& next);
[[nodiscard]] Result<CredentialStore::ConsumerSecret> read_consumer(const Secret& text,
                                                                    const std::string& file,
                                                                    const std::string& next);
[[nodiscard]] Result<CredentialStore::Renewal> read_renewal(const Secret& text,
                                                            const std::string& file,
                                                            const std::string& next);

/// Writes a record. What is made on the way is wiped.
[[nodiscard]] Secret write(const Credential& credential);
[[nodiscard]] Secret write(const PendingLogin& pending);
[[nodiscard]] Secret write(const CredentialStore::ConsumerSecret& secret);
[[nodiscard]] Secret write(const CredentialStore::Renewal& renewal);

}  // namespace atlink::records
