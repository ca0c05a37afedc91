// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/rsa_key.h"
#include "atlink/secret.h"
#include "atlink/text.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// OAuth 1.0a as RFC 5849 says it: pure functions, usable without any other part of atlink. Time
/// and nonce are arguments.
namespace atlink::oauth1 {

/// RFC 5849 section 3.4.2 to 3.4.4; the SHA-256 forms are common extensions of the same shape.
enum class SignatureMethod { rsa_sha1, rsa_sha256, hmac_sha1, hmac_sha256, plaintext };

/// "RSA-SHA1" and so on, as on the wire.
[[nodiscard]] ATLINK_API std::string_view wire_name(SignatureMethod method);

/// The method of that wire name (case counts), or none.
[[nodiscard]] ATLINK_API std::optional<SignatureMethod> signature_method(
    std::string_view wire_name);

/// Whether it signs with an RSA key; the others use shared secrets.
[[nodiscard]] ATLINK_API bool uses_rsa(SignatureMethod method);

/// Where the OAuth parameters travel (RFC 5849 section 3.5).
enum class Transmission { header, query, form };

/// "header", "query" or "form", as profiles and descriptions write it.
[[nodiscard]] ATLINK_API std::string_view to_string(Transmission transmission);

/// The transmission of that name, or none.
[[nodiscard]] ATLINK_API std::optional<Transmission> transmission_from(std::string_view text);

/// The client's identity towards one server. The private key is for RSA methods, the shared secret
/// for the others.
struct Consumer {
  std::string key;
  std::optional<RsaPrivateKey> private_key{};
  Secret secret{};
};

/// Temporary or token credentials. An empty `token` in a present Token is the two-legged form,
/// which sends `oauth_token=""`.
struct Token {
  std::string token;
  Secret secret{};
};

// ---- the stages, each by itself -----------------------------------------------------------------

/// The base string URI of RFC 5849 section 3.4.1.2 from a URL as on the wire: scheme and host in
/// lower case, default port dropped, empty path "/", no query or fragment; the path untouched. More
/// tolerant than `Url`, as a verifier has to be. Fails with `url_invalid`.
[[nodiscard]] ATLINK_API Result<std::string> base_string_uri(std::string_view url);

/// Parameters in the normal form of section 3.4.1.3.2: encoded, sorted by encoded name and value,
/// joined. `realm` and `oauth_signature` must not be among them.
[[nodiscard]] ATLINK_API std::string normalize_parameters(const FormFields& parameters);

/// What a signature is made over (section 3.4.1): the URL's query, the OAuth parameters and, where
/// `form_body` is present, its fields. oauth_signature is left out wherever it stands, realm among
/// the OAuth parameters.
struct SignatureInput {
  std::string_view method;
  std::string_view url;
  /// Decoded OAuth protocol parameters of the header, or that are yet to be added to the query or
  /// form. Those that already stand in `url` or `form_body` must not be here a second time.
  const FormFields& oauth_parameters;
  /// The body as on the wire if its content type is application/x-www-form-urlencoded.
  std::optional<std::string_view> form_body{};
};

/// Section 3.4.1.1. Fails with `url_invalid`.
[[nodiscard]] ATLINK_API Result<std::string> signature_base_string(const SignatureInput& input);

/// The value of oauth_signature, before percent-encoding, for a base string. An empty shared secret
/// is a secret here (section 3.4.2); `authorize` refuses it. Fails with `key_missing` or
/// `crypto_refused`.
[[nodiscard]] ATLINK_API Result<std::string> sign(SignatureMethod method,
                                                  std::string_view base_string,
                                                  const Consumer& consumer,
                                                  const Secret* token_secret);

/// What a verifier knows about a consumer.
struct ConsumerVerifier {
  std::optional<RsaPublicKey> public_key{};
  Secret secret{};
};

/// Whether `signature` (decoded) fits; shared-secret methods are compared in constant time. False
/// where the method's key is not known: no public key, or an empty shared secret.
[[nodiscard]] ATLINK_API bool verify(SignatureMethod method,
                                     std::string_view base_string,
                                     std::string_view signature,
                                     const ConsumerVerifier& consumer,
                                     const Secret* token_secret);

/// Reads an Authorization header value "OAuth name="value", …" into decoded parameters (section
/// 3.5.1), realm included; none if it is of another scheme or malformed. Also reads the
/// WWW-Authenticate form.
[[nodiscard]] ATLINK_API std::optional<FormFields> parse_authorization(std::string_view value);

/// "OAuth oauth_consumer_key="…", …" from decoded parameters. A realm, if any, goes first.
[[nodiscard]] ATLINK_API std::string format_authorization(const FormFields& parameters);

// ---- a request, authorised ----------------------------------------------------------------------

/// A nonce of 24 ASCII letters and digits. Fails only if the random source does.
[[nodiscard]] ATLINK_API Result<std::string> make_nonce(RandomSource& random);

/// What is to be signed. The URL is the exact one on the wire.
struct AuthorizeInput {
  std::string_view method;
  std::string_view url;
  std::optional<std::string_view> form_body{};
  /// Seconds since 1970, as the server's clock should have it.
  std::int64_t timestamp = 0;
  std::string_view nonce;
  /// Further OAuth parameters: oauth_callback, oauth_verifier, oauth_session_handle.
  FormFields extra{};
};

/// How a client proves itself.
struct AuthorizeWith {
  SignatureMethod method = SignatureMethod::rsa_sha1;
  Transmission transmission = Transmission::header;
  const Consumer& consumer;
  /// None: no oauth_token at all (a request for temporary credentials).
  const Token* token = nullptr;
};

/// What has to be put into the request: exactly one of the three.
struct Authorized {
  /// Value of the Authorization header.
  std::string header;
  /// Encoded text to add to the query.
  std::string query;
  /// Encoded text to add to the form body.
  std::string form;
  /// The base string, for comparison with a server's. Never holds a secret.
  std::string base_string;
};

/// Makes all OAuth parameters and the signature. Fails like `signature_base_string` and `sign`;
/// with `consumer_missing` where the consumer key or a shared secret that the method needs is
/// empty; with `oauth1_insecure` for PLAINTEXT over plain http beyond loopback.
[[nodiscard]] ATLINK_API Result<Authorized> authorize(const AuthorizeInput& input,
                                                      const AuthorizeWith& with);

// ---- what servers answer ------------------------------------------------------------------------

/// What a server said went wrong.
struct Problem {
  ErrorCode code = ErrorCode::oauth1_problem_other;
  /// The word of `oauth_problem`.
  std::string problem;
  /// Every other oauth_* detail, decoded: oauth_parameters_absent, oauth_problem_advice, … but not
  /// oauth_signature, which is the secrets themselves under PLAINTEXT.
  FormFields details;
  /// From oauth_acceptable_timestamps: the middle, that is the server's clock in seconds since
  /// 1970.
  std::optional<std::int64_t> server_time;
  /// The server's own signature base string, where it shows one.
  std::optional<std::string> base_string;
};

/// Reads a problem from the headers (any WWW-Authenticate of scheme OAuth with an oauth_problem)
/// or, failing that, from a body (`oauth_problem=…&…`); none where there is none. A bare OAuth
/// challenge is no problem: some sites put one on every 401.
[[nodiscard]] ATLINK_API std::optional<Problem> read_problem(const HttpResponseHead& head,
                                                             std::string_view body);

/// A problem as an error with the server's details in words and the next step.
[[nodiscard]] ATLINK_API Error to_error(const Problem& problem);

/// The answer of a token endpoint (RFC 5849 sections 2.1 and 2.3, session extension).
struct TokenAnswer {
  Token token;
  bool callback_confirmed = false;
  std::optional<std::int64_t> expires_in;                ///< seconds
  std::optional<std::int64_t> authorization_expires_in;  ///< seconds: the session's end
  Secret session_handle;
};

/// Reads it whatever the content type says. Fails with the problem's code, `answer_login_page` for
/// HTML, `oauth1_token_absent` where oauth_token is missing (an empty 200 included),
/// `answer_too_large` over 64 KiB, or by status.
[[nodiscard]] ATLINK_API Result<TokenAnswer> read_token_answer(const HttpResponseHead& head,
                                                               std::string_view body);

}  // namespace atlink::oauth1
