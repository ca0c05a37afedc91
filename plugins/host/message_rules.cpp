// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/rule_parts.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::plugins {

namespace {

constexpr std::int64_t hundred_years = std::int64_t{100} * 365 * 24 * 3600;

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return !text.empty() && text.size() <= longest_text && text.front() != ' ' &&
         text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_method(std::string_view text) {
  return !text.empty() && text.size() <= longest_word &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// RFC 1123 labels; at least `least` of them.
bool is_host(std::string_view text, std::size_t least) {
  std::size_t labels = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++labels) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const std::string_view label = text.substr(begin, end - begin);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
        !std::all_of(label.begin(), label.end(), [](char c) {
          return is_lower(c) || is_digit(c) || c == '-';
        })) {
      return false;
    }
    begin = end + 1;
  }
  return labels >= least && text.size() <= 253;
}

bool is_host_pattern(std::string_view text) {
  return text.rfind("*.", 0) == 0 ? is_host(text.substr(2), 2) : is_host(text, 1);
}

constexpr std::int64_t most = 1000000;

/// A port as one writes it: 1 to 65535, without leading zeros.
bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0' ||
      !std::all_of(text.begin(), text.end(), is_digit)) {
    return false;
  }
  return text.size() < 5 || text <= "65535";
}

bool is_origin(std::string_view text) {
  static constexpr std::string_view scheme = "https://";
  if (text.rfind(scheme, 0) != 0) {
    return text.empty();
  }
  const std::string_view authority = text.substr(scheme.size());
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  return is_host(authority.substr(0, colon), 1) &&
         (colon == authority.size() || is_port(authority.substr(colon + 1)));
}

bool is_scope(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
}

bool is_scheme(std::string_view text) {
  return !text.empty() && text.size() <= 32 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-';
         });
}

bool is_media_part(std::string_view text) {
  return !text.empty() && text.size() <= longest_word &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_digit(c) ||
                  std::string_view("!#$&^_.+-").find(c) != std::string_view::npos;
         });
}

bool is_media_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_media_part(text.substr(0, slash)) &&
         is_media_part(text.substr(slash + 1));
}

bool is_quote(std::string_view text) {
  return text.size() == 1 && text.front() > 0x20 && text.front() < 0x7f &&
         !is_letter(text.front()) && !is_digit(text.front());
}

}  // namespace

void Origin::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading,
               value,
               to,
               is_origin,
               "origin",
               "\"https://\" and a host in lower case, maybe with a port; no path");
}

void Scope::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_scope, "scope", "one scope, without spaces and quotes");
}

void AuthenticationScheme::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_scheme, "scheme", "one word, such as \"Bearer\"");
}

void MediaType::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading,
               value,
               to,
               is_media_type,
               "media-type",
               "a type such as \"multipart/form-data\", in lower case and without parameters");
}

void QuoteCharacter::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_quote, "quote", "one visible character, such as \"'\"");
}

void Count::read(Reading& reading, const json::Value& value, std::int64_t& to) {
  const auto number = reading.integer(value);
  if (!number) {
    return;
  }
  if (*number < 0 || *number > most) {
    reading.report("count",
                   fmt::format("{} cannot be used here", *number),
                   fmt::format("give a whole number from 0 to {}", most));
    return;
  }
  to = *number;
}

void HostPattern::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading,
               value,
               to,
               is_host_pattern,
               "host",
               "a host in lower case, or \"*.\" and a domain of two labels or more");
}

void HeaderName::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_token, "header-name", "the name of a header");
}

void AddedHeaderName::judge(Reading& reading, std::string_view name) {
  static constexpr std::array<std::string_view, 19> ours{"accept-encoding",
                                                         "authorization",
                                                         "connection",
                                                         "content-encoding",
                                                         "content-length",
                                                         "cookie",
                                                         "cookie2",
                                                         "date",
                                                         "expect",
                                                         "forwarded",
                                                         "host",
                                                         "http2-settings",
                                                         "keep-alive",
                                                         "proxy-connection",
                                                         "set-cookie",
                                                         "te",
                                                         "trailer",
                                                         "upgrade",
                                                         "via"};
  const std::string lower = to_lower(name);
  if (!is_token(name)) {
    reading.report("header-name",
                   fmt::format("\"{}\" is not the name of a header", printable(name, 60)),
                   "use letters, digits and \"-\"");
  } else if (std::find(ours.begin(), ours.end(), lower) != ours.end() ||
             lower.rfind("proxy-", 0) == 0 || lower.rfind("transfer-", 0) == 0) {
    reading.report("header-forbidden",
                   fmt::format("a description must not set the header \"{}\"", name),
                   "leave it out: credentials, hosts and lengths are not a plugin's");
  }
}

void AddedHeaderName::read(Reading& reading, const json::Value& value, std::string& to) {
  if (const std::string* name = reading.string(value)) {
    judge(reading, *name);
    to = *name;
  }
}

void HeaderValue::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_header_value, "header-value", "visible ASCII on one line");
}

void Method::read(Reading& reading, const json::Value& value, std::string& to) {
  read_text_if(reading, value, to, is_method, "method", "a method in capitals, such as \"POST\"");
}

void StatusNumber::read(Reading& reading, const json::Value& value, int& to) {
  const auto number = reading.integer(value);
  if (!number) {
    return;
  }
  if (*number < 100 || *number > 599) {
    reading.report("status",
                   fmt::format("{} is not an HTTP status", *number),
                   "give whole numbers from 100 to 599");
    return;
  }
  to = static_cast<int>(*number);
}

void Seconds::read(Reading& reading, const json::Value& value, std::chrono::seconds& to) {
  const auto number = reading.integer(value);
  if (!number) {
    return;
  }
  if (*number < 0 || *number > hundred_years) {
    reading.report("lifetime",
                   fmt::format("{} is no lifetime", *number),
                   fmt::format("give whole seconds from 0 (unknown) to {}", hundred_years));
    return;
  }
  to = std::chrono::seconds(*number);
}

}  // namespace atlink::plugins
