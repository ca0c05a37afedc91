// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <fmt/format.h>

namespace atlink::oauth1 {

namespace {

/// RFC 5849 section 3.4.4: PLAINTEXT is the secrets themselves, so only a protected channel will
/// do.
Status check_channel(SignatureMethod method, std::string_view url) {
  if (method != SignatureMethod::plaintext) {
    return {};
  }
  ATLINK_ASSIGN(const Url target, Url::parse(url));
  if (target.is_https() || target.is_loopback()) {
    return {};
  }
  return fail(
      ErrorCode::oauth1_insecure,
      fmt::format("PLAINTEXT would send the shared secrets readable to {}", target.origin()),
      "use https, or another signature method");
}

Status check_consumer(SignatureMethod method, const Consumer& consumer) {
  if (consumer.key.empty()) {
    return fail(ErrorCode::consumer_missing,
                "no consumer key is set",
                "set the one that the site knows: atlink profile set NAME --consumer-key KEY");
  }
  if (!uses_rsa(method) && consumer.secret.empty()) {
    return fail(
        ErrorCode::consumer_missing,
        fmt::format("{} needs the consumer's shared secret, and none is set", wire_name(method)),
        "give it by ATLINK_CONSUMER_SECRET or with: atlink profile set NAME "
        "--secret-file FILE");
  }
  return {};
}

/// Section 3.1, without the signature.
FormFields protocol_parameters(const AuthorizeInput& input, const AuthorizeWith& with) {
  FormFields fields;
  fields.reserve(7 + input.extra.size());
  fields.emplace_back("oauth_consumer_key", with.consumer.key);
  if (with.token != nullptr) {
    fields.emplace_back("oauth_token", with.token->token);
  }
  fields.emplace_back("oauth_signature_method", wire_name(with.method));
  fields.emplace_back("oauth_timestamp", std::to_string(input.timestamp));
  fields.emplace_back("oauth_nonce", input.nonce);
  fields.emplace_back("oauth_version", "1.0");
  fields.insert(fields.end(), input.extra.begin(), input.extra.end());
  return fields;
}

}  // namespace

std::string_view to_string(Transmission transmission) {
  switch (transmission) {
    case Transmission::query:
      return "query";
    case Transmission::form:
      return "form";
    default:
      return "header";
  }
}

std::optional<Transmission> transmission_from(std::string_view text) {
  for (const auto known : {Transmission::header, Transmission::query, Transmission::form}) {
    if (text == to_string(known)) {
      return known;
    }
  }
  return std::nullopt;
}

Result<Authorized> authorize(const AuthorizeInput& input, const AuthorizeWith& with) {
  ATLINK_CHECK(check_channel(with.method, input.url));
  ATLINK_CHECK(check_consumer(with.method, with.consumer));
  FormFields fields = protocol_parameters(input, with);
  Authorized result;
  ATLINK_ASSIGN(result.base_string,
                signature_base_string({input.method, input.url, fields, input.form_body}));
  const Secret* token_secret = with.token != nullptr ? &with.token->secret : nullptr;
  ATLINK_ASSIGN(std::string signature,
                sign(with.method, result.base_string, with.consumer, token_secret));
  fields.emplace_back("oauth_signature", std::move(signature));
  switch (with.transmission) {
    case Transmission::header:
      result.header = format_authorization(fields);
      break;
    case Transmission::query:
      result.query = to_form(fields);
      break;
    case Transmission::form:
      result.form = to_form(fields);
      break;
  }
  return result;
}

}  // namespace atlink::oauth1
