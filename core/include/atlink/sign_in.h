// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/endpoint.h"
#include "atlink/export.h"
#include "atlink/oauth1.h"
#include "atlink/version.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The ways to sign in that a product may offer, as its description says them. Plain data.
namespace atlink {

/// How a profile signs in, and so what authorises its requests.
enum class SignInMethod { oauth1, oauth2, client_credentials, token, api_token, basic };

/// "oauth1", "oauth2", "client-credentials", "token", "api-token" or "basic".
[[nodiscard]] ATLINK_API std::string_view to_string(SignInMethod method);

/// The method of that name, or none.
[[nodiscard]] ATLINK_API std::optional<SignInMethod> sign_in_method_from(std::string_view text);

/// What every way to sign in has.
struct SignInRules : VersionRange {
  /// What a person should know before choosing it; one line.
  std::string note;
  /// Statuses that may mean that the credential has expired, beside what the method itself says.
  std::vector<int> expired_statuses;
};

/// How a request without a user acts for one (two-legged with impersonation).
struct ImpersonationRule {
  /// A signed query parameter that names the user.
  std::string parameter;
};

/// OAuth 1.0a as this product offers it.
struct OAuth1Rules : SignInRules {
  EndpointPath request_token;
  EndpointPath authorize;
  EndpointPath access_token;
  /// What tells another server about a consumer; none if the product has no such resource.
  std::optional<EndpointPath> consumer_info;
  /// Accepted methods, the preferred one first; never empty.
  std::vector<oauth1::SignatureMethod> signature_methods{oauth1::SignatureMethod::rsa_sha1};
  /// Where OAuth parameters are accepted, the preferred place first; never empty.
  std::vector<oauth1::Transmission> transmissions{oauth1::Transmission::header};
  /// Whether requests without a user (empty token) are possible.
  bool two_legged = false;
  std::optional<ImpersonationRule> impersonation;
  /// Whether a session handle renews the token (OAuth Session extension).
  bool renewal = false;
  /// Whether a sign-in without callback ("oob") ends with a code to copy.
  bool out_of_band = true;
  /// The verifier that means "denied"; empty if the product has none.
  std::string denied_verifier;
  /// Whether the server must confirm the callback (RFC 5849 section 2.1).
  bool callback_confirmed = true;
  /// What the product's tokens live by default, for `status` where the server does not say, and for
  /// the sandbox.
  std::chrono::seconds request_token_lifetime{600};
  std::chrono::seconds access_token_lifetime{0};
  std::chrono::seconds session_lifetime{0};
};

/// Where the answer that lists sites says what. JSON pointers.
struct SiteListRule {
  /// The array; "" where the answer is one. The others are relative to its elements.
  std::string items;
  std::string id = "/id";
  std::string name = "/name";
  std::string url = "/url";
};

/// OAuth 2.0 (RFC 6749) as this product offers it.
struct OAuth2Rules : SignInRules {
  enum class Grant { authorization_code, client_credentials };
  enum class Encoding { form, json };
  enum class ClientAuthentication { body, basic };
  enum class Pkce { none, plain, s256 };
  enum class Refresh { none, keeps, rotates };
  enum class RedirectPort { any, fixed };

  ServiceEndpoint token;
  /// Needed for the authorization code.
  std::optional<ServiceEndpoint> authorize;
  std::optional<ServiceEndpoint> revoke;
  std::optional<ServiceEndpoint> metadata;
  /// Lists the sites that a token opens; the API then lies below `gateway`.
  std::optional<ServiceEndpoint> sites;
  SiteListRule site_list;
  /// Where requests go in place of the base URL; {site_id} stands for the chosen site.
  std::optional<ServiceEndpoint> gateway;
  /// Never empty.
  std::vector<Grant> grants{Grant::authorization_code};
  /// What holds for client credentials in place of what holds for all of OAuth 2.0; none where
  /// nothing differs.
  std::optional<SignInRules> client_credentials;
  /// How token calls are written, the preferred way first; never empty.
  std::vector<Encoding> token_encodings{Encoding::form};
  /// Where the client's secret goes, the preferred place first; never empty.
  std::vector<ClientAuthentication> client_authentication{ClientAuthentication::body};
  /// Whether a secret is needed beside PKCE.
  bool client_secret = true;
  /// RFC 7636.
  Pkce pkce = Pkce::s256;
  /// Hosts of plain-http loopback redirects that the server takes, the preferred one first.
  std::vector<std::string> redirect_hosts{"127.0.0.1"};
  RedirectPort redirect_port = RedirectPort::any;
  /// Whether a refresh has to repeat the redirect URI.
  bool redirect_on_refresh = false;
  Refresh refresh = Refresh::keeps;
  /// The scope that has to be asked for to get a refresh token; empty if none has to be.
  std::string offline_scope;
  /// Scopes to choose from, and those asked for where nobody chose.
  std::vector<std::string> scopes;
  std::vector<std::string> default_scopes;
  /// Fixed parameters to add to the authorization request.
  std::vector<std::pair<std::string, std::string>> parameters;
  /// The server's own error words and the ones of RFC 6749 section 5.2 that they stand for.
  std::vector<std::pair<std::string, std::string>> error_words;
  std::chrono::seconds code_lifetime{0};
  std::chrono::seconds access_token_lifetime{0};
  std::chrono::seconds refresh_token_lifetime{0};
};

/// Personal access tokens: made by the person, sent as they are.
struct TokenRules : SignInRules {
  /// The scheme in the Authorization header (RFC 6750 has "Bearer").
  std::string scheme = "Bearer";
  /// Names of operations; empty where the product has none.
  std::string create;
  std::string list;
  std::string revoke;
};

/// Tokens that stand for the password in Basic authentication (RFC 7617).
struct ApiTokenRules : SignInRules {
  /// What the user name is, for the person: "email address".
  std::string user = "user name";
  /// Tells the id of a site, anonymously; what it says stands at `site_id`, a JSON pointer.
  std::optional<ServiceEndpoint> site_info;
  std::string site_id;
  /// Where tokens with scopes work; {site_id} stands for the site.
  std::optional<ServiceEndpoint> gateway;
};

/// Name and password (RFC 7617).
struct BasicRules : SignInRules {
  /// The version from which it has to be switched on first; empty if it never has.
  std::string off_from;
};

}  // namespace atlink
