// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/interaction.h"
#include "atlink/result.h"
#include "cli/session.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// The parts of a sign-in that commands share.
namespace atlink::cli {

/// Makes sure that the person knows where beyond the site a credential goes, unless the profile's
/// own settings say so: asks, or wants --agree (ATLINK_AGREE=1). Fails with `origin_not_agreed`.
[[nodiscard]] Status agree_to_origins(const Call& call,
                                      const Session& session,
                                      const std::vector<std::string>& urls);

/// The addresses beyond the profile's own settings that the session's method uses.
[[nodiscard]] Result<std::vector<std::string>> addresses_of(const Session& session);

/// Those of OAuth 2.0 that get a token and that no `IssuedFor` names.
[[nodiscard]] Result<std::vector<std::string>> unbound_addresses_of(const Session& session);

/// The id of the profile's site among those that the credential opens: --site, else the one at the
/// profile's base URL. Fails with `login_site_unclear`, naming them.
[[nodiscard]] Result<std::string> find_site(const Call& call,
                                            const Connection& connection,
                                            const Credential& credential);

/// An access token in the client's own name, with the site that it opens.
[[nodiscard]] Result<Credential> credential_of_client(const Call& call, Session& session);

/// Asks the server who the credential is for, and writes that down in it. A token that the server
/// does not know again is no credential, and fails. That the server could not be asked just now is
/// no reason to throw away what it has issued: a warning, unless it `must_work`. Takes the
/// session's connection.
[[nodiscard]] Status try_out(const Call& call,
                             Session& session,
                             Credential& credential,
                             bool must_work);

/// Tries the credential by asking who is signed in, stores it, forgets what was pending, and says
/// so. `must_work`: a failure of any kind is one of the sign-in. `user` is told who it is, as far
/// as known.
[[nodiscard]] Status keep_credential(Call& call,
                                     Session& session,
                                     Credential credential,
                                     bool must_work,
                                     std::string* user = nullptr);

/// What `--begin` ends with: the address to open, and for people what to do with it.
[[nodiscard]] Status report_begun(Call& call,
                                  const Session& session,
                                  const PendingLogin& pending,
                                  const Url& url,
                                  std::string_view what_next);

/// Opens the consent page in the browser unless `--no-browser` is given, and hands its address
/// over; where a browser has opened, a script is not bothered with that. Says how it is done from
/// another machine, whose browser cannot come back to this one, where that may well be so.
void show_url(const Call& call,
              const Session& session,
              const PendingLogin& pending,
              const Url& url);

/// What was signed in to, as login reports it.
[[nodiscard]] Status report_credential(Call& call,
                                       const Session& session,
                                       const Credential& credential);

/// Asks for a token or password, or takes it from --secret-file or the environment, proves it and
/// keeps it.
[[nodiscard]] Status login_with_secret(Call& call, Session& session, std::string_view version);

/// OAuth 1.0a: --begin, --verifier, --resume, or waiting for the browser.
[[nodiscard]] Status login_with_signature(Call& call, Session& session);

/// OAuth 2.0 in the client's own name.
[[nodiscard]] Status login_as_client(Call& call, Session& session);

/// OAuth 2.0 with a browser: --begin, --verifier, or waiting for the browser.
[[nodiscard]] Status login_with_code(Call& call, Session& session);

/// The sign-in of this session's method that was begun and can still be finished. Fails with
/// `login_not_begun`, `login_expired` (it is forgotten then) and `credential_elsewhere`.
[[nodiscard]] Result<PendingLogin> pending_login(const Call& call, Session& session);

/// Waits until `judge` has had the browser's answer. While the sign-in can go on, a failure says
/// how.
[[nodiscard]] Status wait_for_browser(const Call& call,
                                      const Session& session,
                                      const PendingLogin& pending,
                                      CallbackListener& listener,
                                      CallbackListener::Judge& judge,
                                      std::chrono::milliseconds patience);

}  // namespace atlink::cli
