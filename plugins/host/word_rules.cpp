// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/rule_parts.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::plugins {

namespace {

template <class T>
struct Word {
  std::string_view text;
  T value;
};

/// Reads one of `words`, or says which there are.
template <class T, std::size_t N>
void read_word(Reading& reading,
               const json::Value& value,
               T& to,
               const std::array<Word<T>, N>& words) {
  const std::string* text = reading.string(value);
  if (text == nullptr) {
    return;
  }
  std::string known;
  for (const Word<T>& word : words) {
    if (word.text == *text) {
      to = word.value;
      return;
    }
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", word.text);
  }
  reading.report("word",
                 fmt::format("\"{}\" is not known here", printable(*text, 60)),
                 fmt::format("use one of {}", known));
}

/// A word that stands for itself.
constexpr Word<std::string_view> same(std::string_view text) {
  return {text, text};
}

template <std::size_t N>
void read_same(Reading& reading,
               const json::Value& value,
               std::string& to,
               const std::array<Word<std::string_view>, N>& words) {
  std::string_view word;
  read_word(reading, value, word, words);
  to = word;
}

}  // namespace

void RelativeToWord::read(Reading& reading,
                          const json::Value& value,
                          EndpointPath::RelativeTo& to) {
  using enum EndpointPath::RelativeTo;
  static constexpr std::array<Word<EndpointPath::RelativeTo>, 2> words{
      {{"base", base}, {"site", site}}};
  read_word(reading, value, to, words);
}

void ParameterTypeWord::read(Reading& reading,
                             const json::Value& value,
                             OperationParameter::Type& to) {
  using enum OperationParameter::Type;
  static constexpr std::array<Word<OperationParameter::Type>, 5> words{
      {{"text", text}, {"number", number}, {"flag", flag}, {"json", json}, {"path", path}}};
  read_word(reading, value, to, words);
}

void SignatureMethodWord::read(Reading& reading,
                               const json::Value& value,
                               oauth1::SignatureMethod& to) {
  using enum oauth1::SignatureMethod;
  static constexpr std::array<Word<oauth1::SignatureMethod>, 5> words{{
      {"RSA-SHA1", rsa_sha1},
      {"RSA-SHA256", rsa_sha256},
      {"HMAC-SHA1", hmac_sha1},
      {"HMAC-SHA256", hmac_sha256},
      {"PLAINTEXT", plaintext},
  }};
  read_word(reading, value, to, words);
}

void TransmissionWord::read(Reading& reading, const json::Value& value, oauth1::Transmission& to) {
  using enum oauth1::Transmission;
  static constexpr std::array<Word<oauth1::Transmission>, 3> words{
      {{"header", header}, {"query", query}, {"form", form}}};
  read_word(reading, value, to, words);
}

void MeaningWord::read(Reading& reading, const json::Value& value, ResponseSignal::Meaning& to) {
  using enum ResponseSignal::Meaning;
  static constexpr std::array<Word<ResponseSignal::Meaning>, 6> words{{
      {"login_page", login_page},
      {"captcha", captcha},
      {"anonymous", anonymous},
      {"authentication_failed", authentication_failed},
      {"xsrf", xsrf},
      {"rate_limited", rate_limited},
  }};
  read_word(reading, value, to, words);
}

void RefusalWord::read(Reading& reading, const json::Value& value, LinkRefusal::Meaning& to) {
  using enum LinkRefusal::Meaning;
  static constexpr std::array<Word<LinkRefusal::Meaning>, 5> words{{{"rights", rights},
                                                                    {"session", session},
                                                                    {"duplicate", duplicate},
                                                                    {"key", key},
                                                                    {"absent", absent}}};
  read_word(reading, value, to, words);
}

void StepWord::read(Reading& reading, const json::Value& value, LinkRefusal::Step& to) {
  using enum LinkRefusal::Step;
  static constexpr std::array<Word<LinkRefusal::Step>, 4> words{
      {{"list", list}, {"create", create}, {"consumer", consumer}, {"remove", remove}}};
  read_word(reading, value, to, words);
}

void GrantWord::read(Reading& reading, const json::Value& value, OAuth2Rules::Grant& to) {
  using enum OAuth2Rules::Grant;
  static constexpr std::array<Word<OAuth2Rules::Grant>, 2> words{
      {{"authorization_code", authorization_code}, {"client_credentials", client_credentials}}};
  read_word(reading, value, to, words);
}

void EncodingWord::read(Reading& reading, const json::Value& value, OAuth2Rules::Encoding& to) {
  static constexpr std::array<Word<OAuth2Rules::Encoding>, 2> words{
      {{"form", OAuth2Rules::Encoding::form}, {"json", OAuth2Rules::Encoding::json}}};
  read_word(reading, value, to, words);
}

void ClientAuthenticationWord::read(Reading& reading,
                                    const json::Value& value,
                                    OAuth2Rules::ClientAuthentication& to) {
  using enum OAuth2Rules::ClientAuthentication;
  static constexpr std::array<Word<OAuth2Rules::ClientAuthentication>, 2> words{
      {{"body", body}, {"basic", basic}}};
  read_word(reading, value, to, words);
}

void PkceWord::read(Reading& reading, const json::Value& value, OAuth2Rules::Pkce& to) {
  using enum OAuth2Rules::Pkce;
  static constexpr std::array<Word<OAuth2Rules::Pkce>, 3> words{
      {{"none", none}, {"plain", plain}, {"S256", s256}}};
  read_word(reading, value, to, words);
}

void RefreshWord::read(Reading& reading, const json::Value& value, OAuth2Rules::Refresh& to) {
  using enum OAuth2Rules::Refresh;
  static constexpr std::array<Word<OAuth2Rules::Refresh>, 3> words{
      {{"none", none}, {"keeps", keeps}, {"rotates", rotates}}};
  read_word(reading, value, to, words);
}

void RedirectPortWord::read(Reading& reading,
                            const json::Value& value,
                            OAuth2Rules::RedirectPort& to) {
  using enum OAuth2Rules::RedirectPort;
  static constexpr std::array<Word<OAuth2Rules::RedirectPort>, 2> words{
      {{"any", any}, {"fixed", fixed}}};
  read_word(reading, value, to, words);
}

void ResetFormatWord::read(Reading& reading,
                           const json::Value& value,
                           RateLimitRules::ResetFormat& to) {
  using enum RateLimitRules::ResetFormat;
  static constexpr std::array<Word<RateLimitRules::ResetFormat>, 3> words{
      {{"seconds", seconds}, {"epoch", epoch}, {"date", date}}};
  read_word(reading, value, to, words);
}

void PagerStyleWord::read(Reading& reading, const json::Value& value, Pager::Style& to) {
  using enum Pager::Style;
  static constexpr std::array<Word<Pager::Style>, 4> words{
      {{"offset", offset}, {"page", page}, {"token", token}, {"link", link}}};
  read_word(reading, value, to, words);
}

void LoopbackHost::read(Reading& reading, const json::Value& value, std::string& to) {
  static constexpr std::array words{same("127.0.0.1"), same("localhost"), same("[::1]")};
  read_same(reading, value, to, words);
}

void OAuth2ErrorWord::read(Reading& reading, const json::Value& value, std::string& to) {
  static constexpr std::array words{same("invalid_request"),
                                    same("invalid_client"),
                                    same("invalid_grant"),
                                    same("unauthorized_client"),
                                    same("unsupported_grant_type"),
                                    same("invalid_scope")};
  read_same(reading, value, to, words);
}

void ActionWord::read(Reading& reading, const json::Value& value, std::string& to) {
  static constexpr std::array words{
      same("paste"), same("choose"), same("tick"), same("untick"), same("empty"), same("any")};
  read_same(reading, value, to, words);
}

void DeploymentWord::judge(Reading& reading, std::string_view text) {
  if (!deployment_from(text)) {
    reading.report("deployment",
                   fmt::format("there is no deployment \"{}\"", printable(text, 60)),
                   "use \"cloud\" or \"data-center\"");
  }
}

void DeploymentWord::read(Reading& reading,
                          const json::Value& value,
                          std::optional<Deployment>& to) {
  if (const std::string* text = reading.string(value)) {
    judge(reading, *text);
    to = deployment_from(*text);
  }
}

}  // namespace atlink::plugins
