// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/host/rule_parts.h"
#include "plugins/host/rules.h"

#include <algorithm>
#include <cctype>

namespace atlink::plugins {

namespace {

/// RFC 3986 section 3.3, without percent-encoding.
bool is_path_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x80 && std::isalnum(byte) != 0) ||
         std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

bool is_escape(std::string_view text, std::size_t at) {
  const auto hex = [&](std::size_t i) {
    return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  return text[at] == '%' && hex(at + 1) && hex(at + 2);
}

/// Whether an escape stands for something that may change where a path leads, depending on who
/// decodes it and how often.
bool is_escape_hiding_something(std::string_view escape) {
  const std::string byte = percent_decode(escape);
  const auto code = static_cast<unsigned char>(byte.front());
  return code < 0x20 || code == 0x7f ||
         std::string_view("./\\%").find(byte) != std::string_view::npos;
}

/// What is wrong with the characters of a path, or nothing.
std::string_view wrong_characters(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '?' || path[i] == '#') {
      return "a path must not have a query or a fragment";
    }
    if (path[i] == '\\') {
      return "a path must not have a backslash";
    }
    if (path[i] == '%' ? !is_escape(path, i) : !is_path_character(path[i])) {
      return "a path must be encoded, and this has a character that needs it";
    }
    if (path[i] == '%' && is_escape_hiding_something(path.substr(i, 3))) {
      return "a path must not encode a dot, a slash, a percent sign or a control character";
    }
  }
  return {};
}

/// What is wrong with the segments of a path, or nothing.
std::string_view wrong_segments(std::string_view path) {
  for (std::size_t begin = 1; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    // What follows ";" is a parameter of the segment, which servers cut off.
    const std::string_view whole = path.substr(begin, end - begin);
    const std::string_view name = whole.substr(0, whole.find(';'));
    if (name == "." || name == "..") {
      return "a path must not have \".\" or \"..\" as a segment";
    }
    if (name.empty()) {
      return "a path must not have an empty segment (\"//\")";
    }
    begin = end + 1;
  }
  return {};
}

/// What is wrong with a path, or nothing.
std::string_view wrong_path(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return "a path must begin with \"/\"";
  }
  if (path.size() > 500) {
    return "a path must not be longer than 500 bytes";
  }
  const std::string_view wrong = wrong_characters(path);
  return wrong.empty() ? wrong_segments(path) : wrong;
}

/// What is wrong with a path in which {names} that `accepts` takes stand for values, or nothing.
template <class Accepts>
std::string wrong_template(std::string_view path, Accepts accepts) {
  std::string plain;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '{') {
      plain += path[at];
      continue;
    }
    const std::size_t end = path.find('}', at);
    const std::string_view name =
        end == std::string_view::npos ? std::string_view{} : path.substr(at + 1, end - at - 1);
    if (!accepts(name)) {
      return "a path has braces only around the name of a value";
    }
    plain += 'x';
    at = end;
  }
  return path.size() > 500 ? "a path must not be longer than 500 bytes"
                           : std::string(wrong_path(plain));
}

template <class Accepts>
void read_template(Reading& reading,
                   const json::Value& value,
                   std::string& to,
                   Accepts accepts,
                   std::string_view remedy) {
  const std::string* path = reading.string(value);
  if (path == nullptr) {
    return;
  }
  if (std::string wrong = wrong_template(*path, accepts); !wrong.empty()) {
    reading.report("path", std::move(wrong), std::string(remedy));
    return;
  }
  to = *path;
}

constexpr std::string_view path_remedy =
    "write what follows the base URL, such as \"/oauth/request-token\"";

}  // namespace

void Path::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* path = reading.string(value);
  if (path == nullptr) {
    return;
  }
  if (const std::string_view wrong = wrong_path(*path); !wrong.empty()) {
    reading.report("path", std::string(wrong), std::string(path_remedy));
    return;
  }
  to = *path;
}

void ParameterPath::read(Reading& reading, const json::Value& value, std::string& to) {
  read_template(
      reading, value, to, is_parameter_name, "write a path such as \"/things/{key}\", encoded");
}

void SitePath::read(Reading& reading, const json::Value& value, std::string& to) {
  read_template(
      reading,
      value,
      to,
      [](std::string_view name) { return name == "site_id"; },
      "write an encoded path; the one name that it can have is {site_id}");
}

void LinkPath::read(Reading& reading, const json::Value& value, std::string& to) {
  read_template(
      reading,
      value,
      to,
      [](std::string_view name) { return name == "link_id"; },
      "write an encoded path; the one name that it can have is {link_id}");
}

void ContextPath::read(Reading& reading, const json::Value& value, std::string& to) {
  const std::string* path = reading.string(value);
  if (path == nullptr) {
    return;
  }
  if (path->empty()) {
    to.clear();
    return;
  }
  std::string_view wrong = wrong_path(*path);
  if (wrong.empty() && path->back() == '/') {
    wrong = "a context path must not end with \"/\"";
  }
  if (!wrong.empty()) {
    reading.report("path", std::string(wrong), "write \"\" for none, or a path such as \"/acme\"");
    return;
  }
  to = *path;
}

}  // namespace atlink::plugins
