// SPDX-License-Identifier: Apache-2.0
#include "tests/support/acme.h"

#include "atlink/text.h"

#include <doctest/doctest.h>

namespace atlink::tests {

namespace {

using Meaning = ResponseSignal::Meaning;

ResponseSignal signal(Meaning meaning,
                      std::vector<int> statuses,
                      std::string header,
                      std::string header_contains,
                      std::string body_contains = {}) {
  ResponseSignal made;
  made.meaning = meaning;
  made.statuses = std::move(statuses);
  made.header = std::move(header);
  made.header_contains = std::move(header_contains);
  made.body_contains = std::move(body_contains);
  return made;
}

ResponseSignal nobody() {
  ResponseSignal made = signal(Meaning::anonymous, {}, "X-Acme-User", "");
  made.header_is = "Anonymous";
  return made;
}

std::vector<ResponseSignal> acme_signals() {
  return {signal(Meaning::captcha, {403}, "X-Acme-Denied", "captcha"),
          signal(Meaning::login_page, {200}, "Content-Type", "text/html", "id=\"login\""),
          signal(Meaning::login_page, {302}, "Location", "/login"),
          signal(Meaning::authentication_failed, {}, "X-Acme-Login", "failed"),
          nobody(),
          signal(Meaning::xsrf, {403}, "", "", "XSRF check failed"),
          signal(Meaning::rate_limited, {420}, "", "")};
}

FormFields with_query(FormFields fields, std::string_view url) {
  const std::size_t mark = url.find('?');
  if (mark != std::string_view::npos) {
    for (auto& field : parse_form(url.substr(mark + 1))) {
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

/// Fields of the header, the query and the form, in this order.
FormFields all_fields(const SentRequest& request) {
  FormFields fields =
      oauth1::parse_authorization(request.header("Authorization")).value_or(FormFields());
  fields = with_query(std::move(fields), request.url);
  if (request.body && request.header("Content-Type").find("form") != std::string::npos) {
    for (auto& field : parse_form(*request.body)) {
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace

Product acme_product() {
  Product product;
  product.id = "acme";
  product.name = "Acme";
  OAuth1Rules rules;
  rules.request_token = {"/oauth/request-token", EndpointPath::RelativeTo::base};
  rules.authorize = {"/oauth/authorize", EndpointPath::RelativeTo::base};
  rules.access_token = {"/oauth/access-token", EndpointPath::RelativeTo::base};
  rules.denied_verifier = "denied";
  rules.access_token_lifetime = std::chrono::seconds(3600);
  rules.session_lifetime = std::chrono::seconds(7200);
  product.oauth1 = rules;
  IdentityRule identity;
  identity.endpoint = {"/rest/myself", EndpointPath::RelativeTo::base};
  identity.json_pointers = {"/name", "/accountId"};
  identity.header = "X-Acme-Name";
  identity.header_percent_encoded = true;
  identity.anonymous_values = {"anonymous"};
  product.identity = identity;
  product.signals = acme_signals();
  product.headers = {{"X-Acme-Check", "off", {"POST", "PUT"}}};
  product.error_messages = {"/errorMessages/*", "/message"};
  return product;
}

Connection acme_connection(std::string_view site, std::string_view context_path) {
  Connection connection{acme_product(),
                        BaseUrl::make(Url::parse(site).value(), context_path).value(),
                        {},
                        oauth1::SignatureMethod::hmac_sha1,
                        oauth1::Transmission::header,
                        {}};
  connection.consumer.key = "atlink-tests";
  connection.consumer.secret = Secret("consumer-secret");
  return connection;
}

oauth1::Token acme_token() {
  return {"token", Secret("token-secret")};
}

bool is_signed(const SentRequest& request, std::string_view token_secret) {
  FormFields protocol;
  std::string signature;
  for (auto& [name, value] : all_fields(request)) {
    if (name == "oauth_signature") {
      signature = value;
    }
  }
  const auto header = oauth1::parse_authorization(request.header("Authorization"));
  if (header) {
    protocol = *header;
  }
  const bool form = request.header("Content-Type").find("form") != std::string::npos;
  oauth1::SignatureInput input{request.method, request.url, protocol, std::nullopt};
  if (form && request.body) {
    input.form_body = *request.body;
  }
  const auto base = oauth1::signature_base_string(input);
  oauth1::ConsumerVerifier verifier;
  verifier.secret = Secret("consumer-secret");
  const Secret secret(token_secret);
  return base &&
         oauth1::verify(oauth1::SignatureMethod::hmac_sha1, *base, signature, verifier, &secret);
}

std::optional<std::string> oauth_of(const SentRequest& request, std::string_view name) {
  const FormFields fields = all_fields(request);
  const auto value = form_value(fields, name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

Status Keeper::head(const HttpResponseHead& head) {
  ++heads;
  CHECK_MESSAGE(body.empty(), "a body came before its head");
  status = head.status;
  headers = head.headers;
  return {};
}

void Keeper::clear() {
  heads = 0;
  status = 0;
  headers = Headers();
  body.clear();
}

Status Keeper::write(std::string_view bytes) {
  CHECK_MESSAGE(heads == 1, "a body came without one head");
  if (broken) {
    return fail(ErrorCode::file_io, "planned to fail");
  }
  body += bytes;
  return {};
}

}  // namespace atlink::tests
