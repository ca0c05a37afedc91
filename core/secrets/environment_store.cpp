// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

namespace {

constexpr std::string_view token_variable = "ATLINK_OAUTH_TOKEN";
constexpr std::string_view token_secret_variable = "ATLINK_OAUTH_TOKEN_SECRET";
constexpr std::string_view consumer_variable = "ATLINK_CONSUMER_SECRET";

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

/// A variable and what stands in it.
struct Found {
  std::string name;
  Secret value;
};

/// The specific variable, else the general one; an empty one counts as unset, as in a build whose
/// secret is not defined.
std::optional<Found> look_up(const Environment& environment,
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
      return Found{std::move(name), Secret::take(*value)};
    }
  }
  return std::nullopt;
}

Error read_only(const std::string& variable, std::string_view what) {
  return make_error(ErrorCode::credential_read_only,
                    fmt::format("the {} comes from {} and cannot be changed here", what, variable),
                    fmt::format("unset {} and run the command again", variable))
      .with("variable", variable);
}

class EnvironmentStore final : public CredentialStore {
 public:
  EnvironmentStore(const Environment& environment, std::unique_ptr<CredentialStore> behind)
      : environment_(environment), behind_(std::move(behind)) {}

  [[nodiscard]] std::string_view kind() const override { return behind_->kind(); }

  [[nodiscard]] Result<std::optional<Credential>> load(std::string_view profile) override {
    std::optional<Found> token = look_up(environment_, token_variable, profile);
    if (!token) {
      return behind_->load(profile);
    }
    Credential credential;
    credential.token = std::string(token->value.expose());
    if (auto secret = look_up(environment_, token_secret_variable, profile)) {
      credential.token_secret = std::move(secret->value);
    }
    credential.read_only = true;
    return std::optional<Credential>(std::move(credential));
  }

  Status save(std::string_view profile, const Credential& credential) override {
    ATLINK_CHECK(refuse_given(token_variable, profile, "credential"));
    return behind_->save(profile, credential);
  }

  Status erase(std::string_view profile) override {
    ATLINK_CHECK(refuse_given(token_variable, profile, "credential"));
    return behind_->erase(profile);
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
    std::optional<Found> secret = look_up(environment_, consumer_variable, profile);
    if (!secret) {
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

  Status check_writable() override { return behind_->check_writable(); }

 private:
  [[nodiscard]] Status refuse_given(std::string_view variable,
                                    std::string_view profile,
                                    std::string_view what) const {
    if (const auto found = look_up(environment_, variable, profile)) {
      return fail(read_only(found->name, what));
    }
    return {};
  }

  const Environment& environment_;
  std::unique_ptr<CredentialStore> behind_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_environment_store(const Environment& environment,
                                                        std::unique_ptr<CredentialStore> behind) {
  return std::make_unique<EnvironmentStore>(environment, std::move(behind));
}

}  // namespace atlink
