// SPDX-License-Identifier: Apache-2.0
#include "tests/vectors/run_vector.h"

#include "atlink/oauth1.h"
#include "atlink/url.h"

#include <algorithm>
#include <array>

namespace atlink::vectors {

namespace {

using Outcome = std::optional<Failure>;

std::string or_error(const Result<std::string>& result) {
  return result ? *result : "error: " + result.error().message;
}

Outcome compare(std::string_view stage, std::string_view expected, std::string_view got) {
  if (expected == got) {
    return std::nullopt;
  }
  return Failure{std::string(stage), std::string(expected), std::string(got)};
}

Outcome wrong(std::string_view stage, std::string_view expected, std::string_view got) {
  return Failure{std::string(stage), std::string(expected), std::string(got)};
}

/// A list of [name, value] lists; none where it is something else.
std::optional<FormFields> read_pairs(const json::Value* list) {
  if (list == nullptr || list->as_array() == nullptr) {
    return std::nullopt;
  }
  FormFields fields;
  for (const json::Value& pair : *list->as_array()) {
    const json::Array* items = pair.as_array();
    if (items == nullptr || items->size() != 2 || (*items)[0].as_string() == nullptr ||
        (*items)[1].as_string() == nullptr) {
      return std::nullopt;
    }
    fields.emplace_back(*(*items)[0].as_string(), *(*items)[1].as_string());
  }
  return fields;
}

/// What a `signature`, as a vector or beside a request, is made and checked with.
struct Signer {
  oauth1::SignatureMethod method{};
  oauth1::Consumer consumer;
  oauth1::ConsumerVerifier verifier;
  Secret token_secret;
};

Result<Signer> read_signer(const VectorFile& file, const json::Value& signature) {
  const auto method = oauth1::signature_method(text_of(signature, "method"));
  if (!method) {
    return fail(ErrorCode::usage, "unknown method " + std::string(text_of(signature, "method")));
  }
  Signer signer;
  signer.method = *method;
  signer.consumer.secret = Secret(text_of(signature, "consumer_secret"));
  signer.verifier.secret = signer.consumer.secret.clone();
  signer.token_secret = Secret(text_of(signature, "token_secret"));
  if (oauth1::uses_rsa(*method)) {
    const std::string_view name = text_of(signature, "key");
    ATLINK_ASSIGN(signer.consumer.private_key,
                  RsaPrivateKey::parse(file.key(name, "private"), nullptr));
    ATLINK_ASSIGN(signer.verifier.public_key, RsaPublicKey::parse(file.key(name, "public")));
  }
  return signer;
}

/// Signs, compares, and has our own verifier accept it and refuse it over another text.
Outcome run_signature(const VectorFile& file,
                      const json::Value& signature,
                      std::string_view base_string) {
  const auto signer = read_signer(file, signature);
  if (!signer) {
    return wrong("signature", "a key and a method", signer.error().message);
  }
  const std::string got =
      or_error(oauth1::sign(signer->method, base_string, signer->consumer, &signer->token_secret));
  if (auto failure = compare("signature", text_of(signature, "expected"), got)) {
    return failure;
  }
  const auto accepted = [&](std::string_view text) {
    return oauth1::verify(signer->method, text, got, signer->verifier, &signer->token_secret);
  };
  // An empty shared secret signs, but a verifier takes it from nobody.
  const bool verifiable = oauth1::uses_rsa(signer->method) || !signer->verifier.secret.empty();
  if (accepted(base_string) != verifiable) {
    return wrong(
        "verify", verifiable ? "accepted" : "refused", verifiable ? "refused" : "accepted");
  }
  if (signer->method != oauth1::SignatureMethod::plaintext &&
      accepted(std::string(base_string) + "x")) {
    return wrong("verify another text", "refused", "accepted");
  }
  return std::nullopt;
}

bool is_form(std::string_view content_type) {
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  return equals_ignoring_case(type, "application/x-www-form-urlencoded");
}

/// Everything that is signed, decoded by the form reader, to check the normal form by itself.
FormFields all_parameters(const oauth1::SignatureInput& input) {
  FormFields all;
  const auto take = [&all](const FormFields& fields) {
    std::copy_if(fields.begin(), fields.end(), std::back_inserter(all), [](const auto& field) {
      return field.first != "oauth_signature";
    });
  };
  const std::string_view url = input.url.substr(0, input.url.find('#'));
  if (const std::size_t mark = url.find('?'); mark != std::string_view::npos) {
    take(parse_form(url.substr(mark + 1)));
  }
  FormFields without_realm = input.oauth_parameters;
  without_realm.erase(std::remove_if(without_realm.begin(),
                                     without_realm.end(),
                                     [](const auto& field) { return field.first == "realm"; }),
                      without_realm.end());
  take(without_realm);
  take(parse_form(input.form_body.value_or("")));
  return all;
}

/// What RFC 5849 section 3.5.1 says of the header, spelt out.
std::string expected_header(const FormFields& sent) {
  std::string text = "OAuth ";
  for (const auto& [name, value] : sent) {
    text += text.size() > 6 ? ", " : "";
    text += percent_encode(name) + "=\"" + percent_encode(value) + "\"";
  }
  return text;
}

/// The parameters written as a header and read back are the same, and sign the same text.
Outcome run_header(const oauth1::SignatureInput& input, std::string_view base_string) {
  FormFields sent = input.oauth_parameters;
  sent.emplace_back("realm", "\"A, b\"=%41+");
  sent.emplace_back("oauth_signature", "a/b+c= \"\\,%\xC3\xA9");
  const std::string header = oauth1::format_authorization(sent);
  std::stable_partition(
      sent.begin(), sent.end(), [](const auto& field) { return field.first == "realm"; });
  if (auto failure = compare("header", expected_header(sent), header)) {
    return failure;
  }
  const auto read = oauth1::parse_authorization(header);
  if (!read || *read != sent) {
    return wrong("header read back", "what was written", read ? to_form(*read) : "nothing");
  }
  return compare(
      "header's base_string",
      base_string,
      or_error(oauth1::signature_base_string({input.method, input.url, *read, input.form_body})));
}

Outcome run_request(const VectorFile& file, const json::Value& vector) {
  const auto parameters = read_pairs(vector.find("oauth_params"));
  const json::Value* expected = vector.find("expected");
  if (!parameters || expected == nullptr || text_of(*expected, "base_string").empty()) {
    return wrong("reading", "oauth_params and expected.base_string", "something is missing");
  }
  oauth1::SignatureInput input{
      text_of(vector, "method"), text_of(vector, "url"), *parameters, std::nullopt};
  if (is_form(text_of(vector, "content_type"))) {
    input.form_body = text_of(vector, "body");
  }
  const std::string base_string = or_error(oauth1::signature_base_string(input));
  const std::array stages{
      compare(
          "base_uri", text_of(*expected, "base_uri"), or_error(oauth1::base_string_uri(input.url))),
      compare("normalized",
              text_of(*expected, "normalized"),
              oauth1::normalize_parameters(all_parameters(input))),
      compare("base_string", text_of(*expected, "base_string"), base_string),
      run_header(input, base_string)};
  for (const Outcome& stage : stages) {
    if (stage) {
      return stage;
    }
  }
  const json::Value* signature = vector.find("signature");
  return signature != nullptr ? run_signature(file, *signature, base_string) : std::nullopt;
}

}  // namespace

std::optional<Failure> run_vector(const VectorFile& file, const json::Value& vector) {
  const std::string_view kind = text_of(vector, "kind");
  const std::string_view expected = text_of(vector, "expected");
  if (kind == "percent_encode") {
    return compare(kind, expected, percent_encode(text_of(vector, "input")));
  }
  if (kind == "normalize_parameters") {
    const auto parameters = read_pairs(vector.find("params"));
    return parameters ? compare(kind, expected, oauth1::normalize_parameters(*parameters))
                      : wrong("reading", "params as a list of pairs", "something else");
  }
  if (kind == "base_string_uri") {
    return compare(kind, expected, or_error(oauth1::base_string_uri(text_of(vector, "url"))));
  }
  if (kind == "request") {
    return run_request(file, vector);
  }
  if (kind == "signature") {
    return run_signature(file, vector, text_of(vector, "base_string"));
  }
  return wrong("reading", "a known kind", "kind \"" + std::string(kind) + "\"");
}

}  // namespace atlink::vectors
