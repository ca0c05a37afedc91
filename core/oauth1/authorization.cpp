// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "core/oauth1/challenge.h"
#include "core/text/percent.h"

namespace atlink::oauth1 {

namespace {

void append_parameter(std::string& header, std::string_view name, std::string_view value) {
  constexpr std::string_view scheme = "OAuth ";
  if (header.size() > scheme.size()) {
    header += ", ";
  }
  text::append_percent_encoded(header, name);
  header += "=\"";
  text::append_percent_encoded(header, value);
  header += '"';
}

}  // namespace

std::optional<FormFields> parse_authorization(std::string_view value) {
  const std::vector<Challenge> challenges = read_challenges(value);
  if (challenges.size() != 1 || !challenges.front().well_formed || !is_oauth(challenges.front())) {
    return std::nullopt;
  }
  return decoded_parameters(challenges.front());
}

std::string format_authorization(const FormFields& parameters) {
  std::string header = "OAuth ";
  header.reserve(1024);
  for (const auto& [name, value] : parameters) {
    if (name == "realm") {
      append_parameter(header, name, value);
    }
  }
  for (const auto& [name, value] : parameters) {
    if (name != "realm") {
      append_parameter(header, name, value);
    }
  }
  return header;
}

}  // namespace atlink::oauth1
