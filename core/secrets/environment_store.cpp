// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "atlink/profile.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace atlink {

namespace {

constexpr std::string_view token_variable = "ATLINK_OAUTH_TOKEN";
constexpr std::string_view token_secret_variable = "ATLINK_OAUTH_TOKEN_SECRET";
constexpr std::string_view bearer_variable = "ATLINK_TOKEN";
constexpr std::string_view password_variable = "ATLINK_PASSWORD";
constexpr std::string_view consumer_variable = "ATLINK_CONSUMER_SECRET";
constexpr std::string_view client_variable = "ATLINK_CLIENT_SECRET";

/// A profile's name as the end of a variable: "my-site.2" is "MY_SITE_2".
std::string ending_of(std::string_view profile) {
  std::string ending;
  for (const char c : profile) {
    const bool lower = c >= 'a' && c <= 'z';
    ending += c == '-' || c == '.' ? '_' : (lower ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return ending;
}

/// Whether a variable's specific name would be another variable's name: the token of a profile
/// "secret" would be called what the secret of any profile is called.
bool ambiguous(std::string_view variable, std::string_view ending) {
  return variable == token_variable && (ending == "SECRET" || ending.substr(0, 7) == "SECRET_");
}

/// A variable that gives a credential, and the method that it is for.
struct Giver {
  std::string_view variable;
  SignInMethod method;
};

constexpr std::array givers{Giver{token_variable, SignInMethod::oauth1},
                            Giver{bearer_variable, SignInMethod::token},
                            Giver{password_variable, SignInMethod::basic}};

/// Whether what `giver` gives can be the credential of `method`.
bool gives(const Giver& giver, std::optional<SignInMethod> method) {
  if (!method || giver.method == *method) {
    return true;
  }
  // Tokens look alike: the profile says which kind it is.
  return giver.method == SignInMethod::token &&
         (*method == SignInMethod::oauth2 || *method == SignInMethod::client_credentials ||
          *method == SignInMethod::api_token);
}

class EnvironmentStore final : public CredentialStore {
 public:
  EnvironmentStore(const Environment& environment,
                   std::unique_ptr<CredentialStore> behind,
                   std::optional<SignInMethod> method)
      : environment_(environment), behind_(std::move(behind)), method_(method) {}

  [[nodiscard]] std::string_view kind() const override { return behind_->kind(); }

  [[nodiscard]] Result<std::optional<Credential>> load(std::string_view profile) override {
    auto [giver, found] = given(profile);
    if (!found) {
      return behind_->load(profile);
    }
    Credential credential;
    credential.issued_for.method = giver.method;
    credential.read_only = true;
    if (giver.method == SignInMethod::oauth1) {
      credential.token = std::string(found->value.expose());
      if (auto secret = secret_from(environment_, token_secret_variable, profile)) {
        credential.token_secret = std::move(secret->value);
      }
    } else {
      credential.access = std::move(found->value);
    }
    return std::optional<Credential>(std::move(credential));
  }

  Status save(std::string_view profile, const Credential& credential) override {
    ATLINK_CHECK(refuse_given(profile));
    return behind_->save(profile, credential);
  }

  [[nodiscard]] Result<bool> replace(std::string_view profile,
                                     std::int64_t version,
                                     const Credential& credential) override {
    ATLINK_CHECK(refuse_given(profile));
    return behind_->replace(profile, version, credential);
  }

  Status erase(std::string_view profile) override {
    ATLINK_CHECK(refuse_given(profile));
    return behind_->erase(profile);
  }

  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock_renewal(
      std::string_view profile, std::chrono::milliseconds patience) override {
    return behind_->lock_renewal(profile, patience);
  }

  [[nodiscard]] Result<std::optional<Renewal>> load_renewal(std::string_view profile) override {
    return behind_->load_renewal(profile);
  }

  Status save_renewal(std::string_view profile, const Renewal& renewal) override {
    return behind_->save_renewal(profile, renewal);
  }

  Status erase_renewal(std::string_view profile) override {
    return behind_->erase_renewal(profile);
  }

  [[nodiscard]] Result<std::optional<PendingLogin>> load_pending(
      std::string_view profile) override {
    return behind_->load_pending(profile);
  }

  Status save_pending(std::string_view profile, const PendingLogin& pending) override {
    return behind_->save_pending(profile, pending);
  }

  Status erase_pending(std::string_view profile) override {
    return behind_->erase_pending(profile);
  }

  [[nodiscard]] Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view profile) override {
    std::optional<EnvironmentSecret> secret =
        secret_from(environment_, is_client() ? client_variable : consumer_variable, profile);
    if (!secret || !check_profile_name(profile)) {
      // What is kept beside a consumer's secret (kept_secret.h) is no profile's own.
      return behind_->load_consumer(profile);
    }
    ConsumerSecret consumer;
    consumer.secret = std::move(secret->value);
    return std::optional<ConsumerSecret>(std::move(consumer));
  }

  Status save_consumer(std::string_view profile, const ConsumerSecret& secret) override {
    return behind_->save_consumer(profile, secret);
  }

  Status erase_consumer(std::string_view profile) override {
    return behind_->erase_consumer(profile);
  }

  Status check_writable(std::string_view profile) override {
    return behind_->check_writable(profile);
  }

 private:
  /// Whether the consumer is a client of OAuth 2.0.
  [[nodiscard]] bool is_client() const {
    return method_ == SignInMethod::oauth2 || method_ == SignInMethod::client_credentials;
  }

  [[nodiscard]] std::pair<Giver, std::optional<EnvironmentSecret>> given(
      std::string_view profile) const {
    for (const Giver& giver : givers) {
      if (!gives(giver, method_)) {
        continue;
      }
      if (auto found = secret_from(environment_, giver.variable, profile)) {
        return {giver, std::move(found)};
      }
    }
    return {givers.front(), std::nullopt};
  }

  [[nodiscard]] Status refuse_given(std::string_view profile) const {
    if (const auto found = given(profile).second) {
      return fail(make_error(ErrorCode::credential_read_only,
                             fmt::format("the credential comes from {} and cannot be changed here",
                                         found->variable),
                             fmt::format("unset {} and run the command again", found->variable))
                      .with("variable", found->variable));
    }
    return {};
  }

  const Environment& environment_;
  std::unique_ptr<CredentialStore> behind_;
  std::optional<SignInMethod> method_;
};

}  // namespace

std::optional<EnvironmentSecret> secret_from(const Environment& environment,
                                             std::string_view variable,
                                             std::string_view profile) {
  const std::string ending = ending_of(profile);
  std::vector<std::string> names;
  if (!ambiguous(variable, ending)) {
    names.push_back(fmt::format("{}_{}", variable, ending));
  }
  names.emplace_back(variable);
  for (std::string& name : names) {
    std::optional<std::string> value = environment.get(name);
    if (value && !value->empty()) {
      return EnvironmentSecret{std::move(name), Secret::take(*value)};
    }
  }
  return std::nullopt;
}

std::unique_ptr<CredentialStore> make_environment_store(const Environment& environment,
                                                        std::unique_ptr<CredentialStore> behind,
                                                        std::optional<SignInMethod> method) {
  return std::make_unique<EnvironmentStore>(environment, std::move(behind), method);
}

}  // namespace atlink
