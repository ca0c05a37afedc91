// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/http_message.h"
#include "atlink/oauth1.h"
#include "atlink/platform.h"
#include "atlink/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace atlink::auth {

/// One attempt, complete but for the proof of who sends it.
struct Outgoing {
  std::string method;
  Url url;
  Headers headers;
  /// The body, where it is application/x-www-form-urlencoded and so takes part in signatures.
  std::optional<std::string> form;
  /// What it was authorised with, where that comes from a source.
  std::shared_ptr<const Credential> credential{};
};

/// Adds the proof of one kind of credential. Thread-safe as far as its random source is.
class Authoriser {
 public:
  Authoriser() = default;
  Authoriser(const Authoriser&) = delete;
  Authoriser& operator=(const Authoriser&) = delete;
  virtual ~Authoriser() = default;

  /// Called last before an attempt goes out, and anew for each. `timestamp` is the server's time in
  /// seconds since 1970, as far as known. Fails as `oauth1::authorize` does.
  [[nodiscard]] virtual Status authorise(Outgoing& outgoing, std::int64_t timestamp) const = 0;

  /// Whether there is a credential at all.
  [[nodiscard]] virtual bool proves() const = 0;

  /// See CredentialSource.
  [[nodiscard]] virtual bool can_renew(const Credential& refused) const;
  [[nodiscard]] virtual Status renew(const Credential& refused) const;

  /// Whether somebody else has replaced the refused credential already.
  [[nodiscard]] virtual bool has_newer(const Credential& refused) const;
};

/// For requests without a credential: leaves them as they are.
class Unsigned final : public Authoriser {
 public:
  [[nodiscard]] Status authorise(Outgoing& outgoing, std::int64_t timestamp) const override;

  [[nodiscard]] bool proves() const override { return false; }
};

/// Signs after RFC 5849. Keeps references: connection, token and random source must outlive it.
class OAuth1Signer final : public Authoriser {
 public:
  /// `token` null sends no oauth_token; `extra` are further protocol parameters.
  OAuth1Signer(const Connection& connection,
               const oauth1::Token* token,
               RandomSource& random,
               FormFields extra = {});

  [[nodiscard]] Status authorise(Outgoing& outgoing, std::int64_t timestamp) const override;

  [[nodiscard]] bool proves() const override { return true; }

 private:
  [[nodiscard]] Status act_for_user(Outgoing& outgoing) const;
  [[nodiscard]] oauth1::Transmission transmission_for(const Outgoing& outgoing) const;

  const Connection& connection_;
  const oauth1::Token* token_;
  RandomSource& random_;
  FormFields extra_;
};

/// Puts a token into the Authorization header as it is (RFC 6750 has the scheme "Bearer"). Fails
/// with `credential_insecure` over plain http beyond loopback, `header_invalid` for a token that no
/// header can carry.
Status authorise_with_token(Outgoing& outgoing, std::string_view scheme, const Secret& token);

/// Puts a name and a password into it (RFC 7617). Fails in the same way, and with
/// `consumer_missing` for a name that is empty or holds a colon.
Status authorise_with_password(Outgoing& outgoing, std::string_view user, const Secret& password);

/// Authorises with whatever credential a source has, in the way of its method: the one switch over
/// the kinds of credential. Keeps references to connection and random source.
class ByCredential final : public Authoriser {
 public:
  ByCredential(const Connection& connection,
               std::shared_ptr<CredentialSource> source,
               RandomSource& random);

  [[nodiscard]] Status authorise(Outgoing& outgoing, std::int64_t timestamp) const override;

  [[nodiscard]] bool proves() const override { return true; }

  [[nodiscard]] bool can_renew(const Credential& refused) const override;
  [[nodiscard]] Status renew(const Credential& refused) const override;
  [[nodiscard]] bool has_newer(const Credential& refused) const override;

 private:
  const Connection& connection_;
  std::shared_ptr<CredentialSource> source_;
  RandomSource& random_;
};

/// For a client that is given a token of OAuth 1.0a, or none at all.
[[nodiscard]] std::unique_ptr<Authoriser> pick_authoriser(const Connection& connection,
                                                          const oauth1::Token* token,
                                                          RandomSource& random);

}  // namespace atlink::auth
