// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/credential.h"
#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/text.h"
#include "atlink/url.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// OAuth 2.0 (RFC 6749, 7636, 8252) as a product's description says it.
namespace atlink::oauth2 {

/// Where a service of the description is: on the site, or on the origin that a setting names. Fails
/// with `profile_invalid` where that setting is empty.
[[nodiscard]] ATLINK_API Result<Url> service_url(const Connection& connection,
                                                 const ServiceEndpoint& service);

/// Where requests of a method may go in place of the base URL, with {site_id} for the site; empty
/// where the description has no such place. Fails like `service_url`.
[[nodiscard]] ATLINK_API Result<std::string> gateway_template(const Connection& connection,
                                                              SignInMethod method);

/// The same for one site. Fails with `url_invalid` for an id that cannot stand in a URL.
[[nodiscard]] ATLINK_API Result<BaseUrl> gateway_of(const std::string& gateway,
                                                    std::string_view site_id);

/// The sign-in with an authorization code and PKCE, in two halves that may run in different
/// processes. Keeps a reference to the connection.
class ATLINK_API CodeFlow {
 public:
  CodeFlow(Platform platform, const Connection& connection, IssuedFor issued_for);

  /// Makes state and code verifier; sends nothing. Fails with `product_unsupported`.
  [[nodiscard]] Result<PendingLogin> begin(std::string_view redirect_uri);

  /// Where the person has to go.
  [[nodiscard]] Result<Url> authorize_url(const PendingLogin& pending) const;

  /// The code in what came back to the redirect URI. Fails with `login_wrong_answer` where the
  /// state is another, `login_denied`, and the server's errors (`oauth2_…`).
  [[nodiscard]] Result<std::string> code_in(const FormFields& answer,
                                            const PendingLogin& pending) const;

  /// Exchanges the code. Fails with `login_expired`, `credential_elsewhere`, the server's errors,
  /// `network_*`, `answer_*`.
  [[nodiscard]] Result<Credential> finish(const PendingLogin& pending, std::string_view code);

 private:
  Platform platform_;
  const Connection& connection_;
  IssuedFor issued_for_;
};

/// Asks for an access token in the client's own name (section 4.4).
[[nodiscard]] ATLINK_API Result<Credential> client_credentials(const Platform& platform,
                                                               const Connection& connection,
                                                               const IssuedFor& issued_for);

/// Exchanges a refresh token (section 6). The new credential keeps user, site and version of the
/// old, and its refresh token where the server gives no other.
[[nodiscard]] ATLINK_API Result<Credential> refresh(const Platform& platform,
                                                    const Connection& connection,
                                                    const Credential& old);

/// Has the server take back the refresh token, or the access token where there is none (RFC 7009).
/// Fails with `product_unsupported` where the description has no such service, with
/// `credential_elsewhere` where that is not with the token endpoint, and like a token call.
[[nodiscard]] ATLINK_API Status revoke(const Platform& platform,
                                       const Connection& connection,
                                       const Credential& credential);

/// A site that an access token opens. Texts are fit for a terminal.
struct Site {
  std::string id;
  std::string name;
  std::string url;
};

/// Asks which sites an access token opens; none where the description has no such list.
[[nodiscard]] ATLINK_API Result<std::vector<Site>> sites(const Platform& platform,
                                                         const Connection& connection,
                                                         const Credential& credential);

/// The id of the profile's site, asked anonymously as the description of API tokens says; empty
/// where it does not say how. Fails with `answer_not_understood` and what sending says.
[[nodiscard]] ATLINK_API Result<std::string> site_id_of(const Platform& platform,
                                                        const Connection& connection);

/// Renews the credential of `profile` in `store`: before it ends, once however many processes and
/// threads want it, and stored before it is used. `store` and the platform's parts must outlive the
/// source; of the connection it keeps what it needs.
///
/// A renewal that fails while the credential is still good leaves that in use. One whose outcome is
/// not known, since the answer was lost or the process ended, is tried once more when the
/// credential has ended, and is reported as `credential_uncertain` where the server refuses that.
[[nodiscard]] ATLINK_API std::shared_ptr<CredentialSource> renewing_credential(
    const Platform& platform,
    const Connection& connection,
    CredentialStore& store,
    std::string profile,
    Credential credential);

}  // namespace atlink::oauth2
