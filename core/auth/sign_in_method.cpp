// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"

#include <algorithm>
#include <array>

namespace atlink {

namespace {

struct Named {
  SignInMethod method;
  std::string_view name;
};

constexpr std::array methods{Named{SignInMethod::oauth1, "oauth1"},
                             Named{SignInMethod::oauth2, "oauth2"},
                             Named{SignInMethod::client_credentials, "client-credentials"},
                             Named{SignInMethod::token, "token"},
                             Named{SignInMethod::api_token, "api-token"},
                             Named{SignInMethod::basic, "basic"}};

template <class Rules>
const SignInRules* pointer_to(const std::optional<Rules>& rules) {
  return rules ? &*rules : nullptr;
}

const SignInRules* granting(const Product& product, OAuth2Rules::Grant grant) {
  if (!product.oauth2) {
    return nullptr;
  }
  const auto& grants = product.oauth2->grants;
  if (std::find(grants.begin(), grants.end(), grant) == grants.end()) {
    return nullptr;
  }
  const auto& own = product.oauth2->client_credentials;
  return grant == OAuth2Rules::Grant::client_credentials && own ? &*own : &*product.oauth2;
}

}  // namespace

std::string_view to_string(SignInMethod method) {
  return methods.at(static_cast<std::size_t>(method)).name;
}

std::optional<SignInMethod> sign_in_method_from(std::string_view text) {
  for (const Named& each : methods) {
    if (each.name == text) {
      return each.method;
    }
  }
  return std::nullopt;
}

const SignInRules* rules_of(const Product& product, SignInMethod method) {
  switch (method) {
    case SignInMethod::oauth1:
      return pointer_to(product.oauth1);
    case SignInMethod::oauth2:
      return granting(product, OAuth2Rules::Grant::authorization_code);
    case SignInMethod::client_credentials:
      return granting(product, OAuth2Rules::Grant::client_credentials);
    case SignInMethod::token:
      return pointer_to(product.token);
    case SignInMethod::api_token:
      return pointer_to(product.api_token);
    case SignInMethod::basic:
      return pointer_to(product.basic);
  }
  return nullptr;
}

}  // namespace atlink
