// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/rule_parts.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= longest_word && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '+';
         });
}

bool is_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) {
      return false;
    }
  }
  return length_of(text) <= longest_text && is_plain(text);
}

std::size_t stars(std::string_view pattern) {
  std::size_t count = 0;
  for (std::size_t at = pattern.find("/*"); at != std::string_view::npos;
       at = pattern.find("/*", at + 2)) {
    count += at + 2 == pattern.size() || pattern[at + 2] == '/' ? 1 : 0;
  }
  return count;
}

bool is_setting_reference(std::string_view name) {
  return name.rfind(setting_prefix, 0) == 0 &&
         is_parameter_name(name.substr(setting_prefix.size()));
}

}  // namespace

void report_unknown(Reading& reading,
                    std::string_view name,
                    const std::vector<std::string_view>& known) {
  const std::string_view meant = nearest(name, known);
  reading.report("unknown-member",
                 fmt::format("there is no member \"{}\" here", printable(name, 60)),
                 meant.empty() ? "leave it out, or begin its name with \"x-\" for notes of your own"
                               : fmt::format("did you mean \"{}\"?", meant));
}

bool judge_text(Reading& reading, std::string_view text) {
  if (length_of(text) > longest_text) {
    reading.report("text",
                   fmt::format("this text is longer than {} characters", longest_text),
                   "say it in fewer");
    return false;
  }
  if (!is_plain(text)) {
    reading.report("text",
                   "this text has a line break, a control character or a direction mark",
                   "write it as one line of visible characters");
    return false;
  }
  return true;
}

void Text::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* text = reading.string(value);
  if (text == nullptr) {
    return;
  }
  if (text->empty()) {
    reading.report("text", "this text is empty", "write something, or leave the member out");
  } else if (judge_text(reading, *text)) {
    to = *text;
  }
}

void Template::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* text = reading.string(value);
  if (text == nullptr || !judge_text(reading, *text)) {
    return;
  }
  TemplateValues values;
  for (const std::string_view name : template_names()) {
    values.emplace_back(name, "");
  }
  for (std::string& name : names_in(*text)) {
    if (is_setting_reference(name)) {
      values.emplace_back(std::move(name), "");
    }
  }
  if (const auto expanded = expand(*text, values); !expanded.has_value()) {
    reading.report(
        "template",
        expanded.error().message,
        fmt::format("the names are {}, and setting.NAME; a brace itself is written twice",
                    fmt::join(template_names(), ", ")));
    return;
  }
  to = *text;
}

void SchemaNumber::read(Reading& reading, const json::Value& value, std::int64_t& to) {
  const auto number = reading.integer(value);
  if (!number) {
    return;
  }
  if (*number != 1) {
    reading.report("schema",
                   fmt::format("this is written in version {} of the language, and this program "
                               "reads version 1",
                               *number),
                   "use a newer atlink, or a plugin for this one");
  }
  to = *number;
}

void Feature::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* text = reading.string(value);
  if (text == nullptr) {
    return;
  }
  if (std::find(features().begin(), features().end(), *text) == features().end()) {
    reading.report(
        "needs",
        fmt::format("this needs \"{}\", which this program does not have", printable(*text, 70)),
        "use a newer atlink, or a plugin for this one");
    return;
  }
  to = *text;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_word && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_digit(c) || c == '-';
         });
}

void Id::judge(Reading& reading, std::string_view text) {
  if (!is_id(text)) {
    reading.report("id",
                   fmt::format("\"{}\" is not an id", printable(text, 70)),
                   "use lower-case letters, digits and \"-\", beginning with a letter, at most 64");
  }
}

void Id::read(Reading& reading, const json::Value& value, std::string& to) {
  if (const std::string* text = reading.string(value)) {
    judge(reading, *text);
    to = *text;
  }
}

void Version::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_version, "version", "a version such as \"8.22\"");
}

void Flag::read(Reading& reading, const json::Value& value, bool& to) {
  if (const bool* flag = reading.boolean(value)) {
    to = *flag;
  }
}

void JsonPointer::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_pointer, "json-pointer", "a JSON pointer such as \"/name\"");
}

void PointerName::judge(Reading& reading, std::string_view text) {
  if (!is_pointer(text)) {
    reading.report("json-pointer",
                   fmt::format("\"{}\" cannot be used here", printable(text, 100)),
                   "give a JSON pointer such as \"/name\"");
  }
}

void JsonPattern::read(Reading& reading, const json::Value& value, std::string& to) {
  const auto accepts = [](std::string_view text) { return is_pointer(text) && stars(text) <= 1; };
  read_text_if(reading,
               value,
               to,
               accepts,
               "json-pointer",
               "a JSON pointer in which one segment may be \"*\", such as \"/errors/*/message\"");
}

const std::vector<std::string_view>& features() {
  static const std::vector<std::string_view> names{
      "operations", "recipes", "catalogues", "atlink.convert/1"};
  return names;
}

const std::vector<std::string_view>& template_names() {
  static const std::vector<std::string_view> names{"base_url",
                                                   "site",
                                                   "context_path",
                                                   "consumer_key",
                                                   "consumer_name",
                                                   "public_key",
                                                   "public_key_body",
                                                   "request_token_url",
                                                   "access_token_url",
                                                   "authorize_url",
                                                   "callback",
                                                   "application_url"};
  return names;
}

}  // namespace atlink::plugins
