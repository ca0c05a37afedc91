// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/rule_parts.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::plugins {

namespace {

/// What is wrong with the braces of a text with parameters, or nothing.
std::string_view wrong_braces(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == c) {
      ++at;
      continue;
    }
    const std::size_t end = c == '{' ? text.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      return "this has a single brace";
    }
    if (!is_parameter_name(text.substr(at + 1, end - at - 1))) {
      return "braces stand around the name of a parameter only";
    }
    at = end;
  }
  return {};
}

bool judge_parameter_text(Reading& reading, std::string_view text) {
  if (!judge_text(reading, text)) {
    return false;
  }
  if (const std::string_view wrong = wrong_braces(text); !wrong.empty()) {
    reading.report(
        "template", std::string(wrong), "write {name} for a parameter, and a brace itself twice");
    return false;
  }
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
void judge_strings(Reading& reading, const json::Value& value) {
  if (const std::string* text = value.as_string()) {
    judge_parameter_text(reading, *text);
  } else if (const json::Array* elements = value.as_array()) {
    for (std::size_t i = 0; i < elements->size(); ++i) {
      const Reading::Step step(reading, i);
      judge_strings(reading, (*elements)[i]);
    }
  } else if (const json::Object* members = value.as_object()) {
    for (const auto& [name, member] : *members) {
      const Reading::Step step(reading, name);
      judge_strings(reading, member);
    }
  }
}

constexpr std::array<std::string_view, 5> link_values{
    "application_url", "consumer_key", "consumer_name", "public_key", "public_key_body"};

bool is_link_value(std::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         std::find(link_values.begin(), link_values.end(), text.substr(1, text.size() - 2)) !=
             link_values.end();
}

void judge_link_text(Reading& reading, const std::string& text) {
  if (text.empty() || is_link_value(text) || !judge_text(reading, text)) {
    return;
  }
  if (text.find_first_of("{}") != std::string::npos) {
    reading.report("template",
                   "braces stand around the name of a value of the link only, and then alone",
                   "write \"{consumer_key}\" or another such name, or text without braces");
  }
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
void judge_link_strings(Reading& reading, const json::Value& value) {
  if (const std::string* text = value.as_string()) {
    judge_link_text(reading, *text);
  } else if (const json::Array* elements = value.as_array()) {
    for (std::size_t i = 0; i < elements->size(); ++i) {
      const Reading::Step step(reading, i);
      judge_link_strings(reading, (*elements)[i]);
    }
  } else if (const json::Object* members = value.as_object()) {
    for (const auto& [name, member] : *members) {
      const Reading::Step step(reading, name);
      judge_link_strings(reading, member);
    }
  }
}

}  // namespace

void LinkBody::read(Reading& reading, const json::Value& value, std::optional<json::Value>& to) {
  if (reading.object(value) != nullptr) {
    judge_link_strings(reading, value);
    to = value;
  }
}

void ParameterText::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* text = reading.string(value);
  if (text != nullptr && judge_parameter_text(reading, *text)) {
    to = *text;
  }
}

void ParameterJson::read(Reading& reading,
                         const json::Value& value,
                         std::optional<json::Value>& to) {
  if (value.as_object() == nullptr && value.as_array() == nullptr) {
    reading.report("kind",
                   fmt::format("this must be an object or an array, and is {}", value.kind()),
                   "write the JSON body that is sent");
    return;
  }
  judge_strings(reading, value);
  to = value;
}

void DefaultValue::read(Reading& reading,
                        const json::Value& value,
                        std::optional<std::string>& to) {
  if (value.as_string() == nullptr) {
    to = json::write(value);
    return;
  }
  std::string text;
  Text::read(reading, value, text);
  to = std::move(text);
}

void GivenName::judge(Reading& reading, std::string_view text) {
  ParameterName::judge(reading, text);
  if (text == "null") {
    reading.report("name",
                   "\"null\" cannot be a parameter: {null} stands for the null of JSON",
                   "give the parameter another name");
  }
}

void SettingName::judge(Reading& reading, std::string_view text) {
  ParameterName::judge(reading, text);
  if (std::find(endpoint_settings.begin(), endpoint_settings.end(), text) !=
      endpoint_settings.end()) {
    reading.report("name",
                   fmt::format("\"{}\" is what a profile moves an endpoint with", text),
                   "give the setting another name");
  }
}

void ParameterName::judge(Reading& reading, std::string_view text) {
  if (!is_parameter_name(text)) {
    reading.report("name",
                   fmt::format("\"{}\" is not the name of a value", printable(text, 70)),
                   "use lower-case letters, digits and \"_\", beginning with a letter, at most 64");
  }
}

void ParameterName::read(Reading& reading, const json::Value& value, std::string& to) {
  if (const std::string* text = reading.string(value)) {
    judge(reading, *text);
    to = *text;
  }
}

void WireName::judge(Reading& reading, std::string_view text) {
  if (text.empty()) {
    reading.report("text", "this name is empty", "name something, or leave the member out");
  } else {
    judge_text(reading, text);
  }
}

}  // namespace atlink::plugins
