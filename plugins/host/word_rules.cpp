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

}  // namespace

void RelativeToWord::read(Reading& reading,
                          const json::Value& value,
                          EndpointPath::RelativeTo& to) {
  using enum EndpointPath::RelativeTo;
  static constexpr std::array<Word<EndpointPath::RelativeTo>, 2> words{
      {{"base", base}, {"site", site}}};
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

void ActionWord::read(Reading& reading, const json::Value& value, std::string& to) {
  static constexpr std::array<Word<std::string_view>, 6> words{{{"paste", "paste"},
                                                                {"choose", "choose"},
                                                                {"tick", "tick"},
                                                                {"untick", "untick"},
                                                                {"empty", "empty"},
                                                                {"any", "any"}}};
  std::string_view word;
  read_word(reading, value, word, words);
  to = word;
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
