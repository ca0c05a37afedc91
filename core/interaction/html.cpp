// SPDX-License-Identifier: Apache-2.0
#include "atlink/html.h"

#include <fmt/format.h>

namespace atlink {

namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}"
    "code,textarea,input{font-family:ui-monospace,monospace;overflow-wrap:anywhere}"
    ".code{font-size:2rem;letter-spacing:.15em;user-select:all}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top}"
    "textarea,input[type=text]{width:100%;box-sizing:border-box}"
    "button{font:inherit;padding:.3rem 1.2rem;margin-right:.6rem}";

// The policy names the style by its digest; a test computes it.
constexpr std::string_view style_digest = "sha256-D0w6qkuF19tk4p7T4JPluJVKlUDI08O8GZ16jfTN/Zg=";

std::string policy(PageForms forms) {
  return fmt::format(
      "default-src 'none'; style-src '{}'; base-uri 'none'; frame-ancestors 'none'{}",
      style_digest,
      forms == PageForms::refused ? "; form-action 'none'" : "");
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

ServerResponse html_page(int status,
                         std::string_view title,
                         std::string_view body,
                         PageForms forms) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", policy(forms)},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}};
  const std::string heading = escape_html(title);
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<h1>{}</h1>\n{}\n</body>\n</html>\n",
      heading,
      style,
      heading,
      body);
  return response;
}

}  // namespace atlink
