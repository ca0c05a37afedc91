// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/oauth1.h"

#include <fmt/format.h>

#include <charconv>

namespace atlink::oauth1 {

namespace {

constexpr std::size_t longest_answer = std::size_t{64} << 10;

constexpr std::string_view check_address =
    "check the profile's URL: it has to be the base URL of the site, context path included; then "
    "check the product, which says where its OAuth endpoints are";

bool begins_ignoring_case(std::string_view text, std::string_view start) {
  return equals_ignoring_case(text.substr(0, start.size()), start);
}

/// Whether a body is a page for people, by its type or by how it begins.
bool is_html(const HttpResponseHead& head, std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) {
    body.remove_prefix(3);
  }
  body = trim(body);
  if (body.empty()) {
    return false;
  }
  const std::string_view type = head.headers.find("Content-Type").value_or("");
  if (begins_ignoring_case(type, "text/html") ||
      begins_ignoring_case(type, "application/xhtml+xml")) {
    // A form in the wrong clothes is still read: some servers call everything text/html.
    return !begins_ignoring_case(body, "oauth_");
  }
  return begins_ignoring_case(body, "<!doctype html") || begins_ignoring_case(body, "<html") ||
         begins_ignoring_case(body, "<head") || begins_ignoring_case(body, "<body");
}

/// The sentence of a JSON error, or nothing.
std::string json_words(std::string_view body) {
  constexpr std::string_view pointers[] = {"/error_description",
                                           "/message",
                                           "/errorMessages/0",
                                           "/errors/0/message",
                                           "/error/message",
                                           "/error"};
  for (const std::string_view pointer : pointers) {
    if (const auto text = json::find_string(body, pointer)) {
      return printable(*text, 200);
    }
  }
  return {};
}

/// What the server says in the body of an error: a JSON error's sentence, or how the text begins.
std::string words_of(std::string_view body) {
  if (std::string words = json_words(body); !words.empty()) {
    return words;
  }
  const bool delicate = body.find("secret") != std::string_view::npos;
  return delicate ? std::string() : printable(trim(body.substr(0, 1024)), 200);
}

ErrorCode code_of_status(int status) {
  switch (status) {
    case 401:
      return ErrorCode::answer_unauthorized;
    case 403:
      return ErrorCode::answer_forbidden;
    case 404:
    case 410:
      return ErrorCode::answer_not_found;
    case 409:
    case 412:
      return ErrorCode::answer_conflict;
    case 429:
      return ErrorCode::answer_rate_limited;
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    return ErrorCode::answer_redirect;
  }
  return status >= 500 ? ErrorCode::answer_server_error : ErrorCode::answer_invalid;
}

std::string_view next_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_server_error:
      return "try again later; an administrator of the site finds the cause in the server's log at "
             "this time";
    case ErrorCode::answer_rate_limited:
      return "wait a minute and try again";
    case ErrorCode::answer_redirect:
      return "give the profile the URL that the site itself uses: scheme, host, port and context "
             "path";
    default:
      return check_address;
  }
}

Error status_error(const HttpResponseHead& head, std::string_view body, bool html) {
  const ErrorCode code = code_of_status(head.status);
  std::string message = fmt::format("the token endpoint answered {}", head.status);
  if (const auto location = head.headers.find("Location");
      location && code == ErrorCode::answer_redirect) {
    message +=
        fmt::format(" and points to {}", printable(location->substr(0, location->find('?')), 200));
  } else if (html) {
    message += " with a page for people";
  } else if (const std::string words = words_of(body); !words.empty()) {
    message += ": " + words;
  }
  return make_error(code, std::move(message), std::string(next_of(code)))
      .with("status", std::to_string(head.status));
}

Error login_page(const HttpResponseHead& head) {
  return make_error(
             ErrorCode::answer_login_page,
             fmt::format("the token endpoint answered {} with a page for people, most likely "
                         "one to log in",
                         head.status),
             std::string(check_address) +
                 "; a single sign-on in front of the site must let its OAuth endpoints pass")
      .with("status", std::to_string(head.status));
}

Error token_absent(std::string_view body) {
  if (trim(body).empty()) {
    return make_error(ErrorCode::oauth1_token_absent,
                      "the token endpoint answered with nothing",
                      "endpoints answer so to a GET, which a redirect makes of a POST: give the "
                      "profile the exact URL (https, host, context path) so that none is needed");
  }
  // What is there may hold a secret under another name, so only an error's sentence is quoted.
  const std::string words = json_words(body);
  return make_error(
      ErrorCode::oauth1_token_absent,
      fmt::format("the answer of the token endpoint ({} bytes) holds no oauth_token{}{}",
                  body.size(),
                  words.empty() ? "" : ": ",
                  words),
      std::string(check_address));
}

std::optional<std::int64_t> seconds(const FormFields& fields, std::string_view name) {
  const std::string_view text = form_value(fields, name).value_or("");
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && value >= 0 ? std::optional(value) : std::nullopt;
}

Secret secret(const FormFields& fields, std::string_view name) {
  return Secret(form_value(fields, name).value_or(""));
}

TokenAnswer from_fields(const FormFields& fields) {
  TokenAnswer answer;
  answer.token.token = form_value(fields, "oauth_token").value_or("");
  answer.token.secret = secret(fields, "oauth_token_secret");
  answer.callback_confirmed = form_value(fields, "oauth_callback_confirmed") == "true";
  answer.expires_in = seconds(fields, "oauth_expires_in");
  answer.authorization_expires_in = seconds(fields, "oauth_authorization_expires_in");
  answer.session_handle = secret(fields, "oauth_session_handle");
  return answer;
}

}  // namespace

Result<TokenAnswer> read_token_answer(const HttpResponseHead& head, std::string_view body) {
  if (body.size() > longest_answer) {
    return fail(ErrorCode::answer_too_large,
                fmt::format("the answer of the token endpoint has {} bytes", body.size()),
                std::string(check_address));
  }
  if (const auto problem = read_problem(head, body)) {
    return fail(to_error(*problem).with("status", std::to_string(head.status)));
  }
  const bool html = is_html(head, body);
  const bool ok = head.status >= 200 && head.status < 300;
  if (html && (ok || head.status == 401)) {
    return fail(login_page(head));
  }
  if (!ok) {
    return fail(status_error(head, body, html));
  }
  FormFields fields = parse_form(trim(body));
  TokenAnswer answer = from_fields(fields);
  for (auto& [name, value] : fields) {
    wipe_memory(value.data(), value.size());
  }
  if (answer.token.token.empty()) {
    return fail(token_absent(body));
  }
  return answer;
}

}  // namespace atlink::oauth1
