// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/consent.h"

#include "atlink/html.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::plugins::sandbox {

namespace {

std::string field(const FormFields& fields, std::string_view name) {
  return std::string(form_value(fields, name).value_or(""));
}

std::string hidden(std::string_view name, std::string_view value) {
  return fmt::format(
      "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, escape_html(value));
}

/// Adds to the query of a URL, before a fragment.
std::string with_query(std::string_view url, const FormFields& fields) {
  const std::size_t end = std::min(url.find('#'), url.size());
  const bool has_query = url.substr(0, end).find('?') != std::string_view::npos;
  return fmt::format(
      "{}{}{}{}", url.substr(0, end), has_query ? "&" : "?", to_form(fields), url.substr(end));
}

ServerResponse answered_page(const RequestToken& token) {
  if (token.state == RequestToken::State::denied) {
    return html_page(
        200, "Access denied", "<p>The application was refused. Nothing else is done.</p>");
  }
  if (token.old_version) {
    return html_page(200, "Access approved", "<p>Go back to the application and go on there.</p>");
  }
  return html_page(200,
                   "Access approved",
                   fmt::format("<p>Your verification code is</p>\n<p><code class=\"code\" "
                               "id=\"verifier\">{}</code></p>\n"
                               "<p>Type it into the application that asked for access.</p>",
                               escape_html(token.verifier)));
}

std::string_view explain(const Problem& problem) {
  if (problem.word == "token_used") {
    return "This question has been answered before.";
  }
  if (problem.word == "token_expired") {
    return "This question is too old. Start the sign-in again.";
  }
  return "No application is waiting for this answer. Start the sign-in again.";
}

}  // namespace

std::optional<Problem> Consent::judge(std::string_view name, std::int64_t now) const {
  const RequestToken* token = parts_.tokens.find_request(name);
  if (token == nullptr || parts_.consumers.find(token->consumer_key) == nullptr) {
    return Problem{"token_rejected", {}};
  }
  if (token->state != RequestToken::State::pending) {
    return Problem{"token_used", {}};
  }
  return now >= token->expires ? std::optional(Problem{"token_expired", {}}) : std::nullopt;
}

ServerResponse Consent::problem_page(const Visit& visit, const Problem& problem) const {
  ServerResponse page = html_page(status_of(problem),
                                  "This request for access cannot be answered",
                                  fmt::format("<p>{}</p>", escape_html(explain(problem))));
  page.headers.set("WWW-Authenticate", challenge(visit.base_url, &problem));
  return page;
}

ServerResponse Consent::ask(const Visit& visit) const {
  const FormFields query = parse_form(visit.query);
  const std::string name = field(query, "oauth_token");
  if (const auto problem = judge(name, visit.now)) {
    return problem_page(visit, *problem);
  }
  const RequestToken& token = *parts_.tokens.find_request(name);
  const Consumer& consumer = *parts_.consumers.find(token.consumer_key);
  std::string body = fmt::format(
      "<p><strong>{}</strong> (consumer key <code>{}</code>) asks to read and change everything "
      "that <strong>{}</strong> may read and change on this {} site.</p>\n",
      escape_html(consumer.name),
      escape_html(consumer.key),
      escape_html(user_),
      escape_html(parts_.product.name));
  const std::string fixed = to_form(parts_.rules.authorize.query);
  const std::string action = fmt::format("{}{}{}", visit.path, fixed.empty() ? "" : "?", fixed);
  body += fmt::format("<form method=\"post\" action=\"{}\">\n", escape_html(action));
  body += hidden("oauth_token", token.token) + hidden("xsrf", token.xsrf);
  if (token.old_version) {
    body += hidden("oauth_callback", field(query, "oauth_callback"));
  }
  body +=
      "<button type=\"submit\" name=\"approve\" value=\"Allow\">Allow</button>\n"
      "<button type=\"submit\" name=\"deny\" value=\"Deny\">Deny</button>\n</form>\n"
      "<p><small>This is a stand-in site for trying and testing.</small></p>";
  return html_page(200, "Allow access?", body, PageForms::allowed);
}

std::string Consent::destination(const RequestToken& token, std::string_view asked) const {
  const Consumer* consumer = parts_.consumers.find(token.consumer_key);
  std::string callback = token.callback;
  if (callback.empty() && token.old_version && is_callback(asked)) {
    callback = asked;
  }
  if (callback.empty() && consumer != nullptr) {
    callback = consumer->callback;  // also for "oob"
  }
  if (callback.empty()) {
    return {};
  }
  FormFields fields{{"oauth_token", token.token}};
  if (token.state == RequestToken::State::allowed && !token.old_version) {
    fields.emplace_back("oauth_verifier", token.verifier);
  } else if (token.state == RequestToken::State::denied) {
    const std::string& word = parts_.rules.denied_verifier;
    fields.emplace_back(word.empty() ? "oauth_problem" : "oauth_verifier",
                        word.empty() ? "permission_denied" : word);
  }
  return with_query(callback, fields);
}

RequestToken* Consent::settle(std::string_view name, bool allow) {
  RequestToken* token = parts_.tokens.find_request(name);
  if (allow) {
    auto verifier = parts_.tokens.make_verifier();
    if (!verifier) {
      return nullptr;
    }
    token->verifier = *std::move(verifier);
    token->user = user_;
  }
  token->state = allow ? RequestToken::State::allowed : RequestToken::State::denied;
  return token;
}

bool Consent::is_said_again(const FormFields& form) const {
  const RequestToken* token = parts_.tokens.find_request(field(form, "oauth_token"));
  const bool allow = form_value(form, "approve").has_value();
  return token != nullptr && token->state != RequestToken::State::pending &&
         allow == (token->state == RequestToken::State::allowed) &&
         Secret(token->xsrf).equals(field(form, "xsrf"));
}

ServerResponse Consent::take_form(const Visit& visit) {
  const FormFields form = parse_form(form_of(visit.request).value_or(""));
  const std::string name = field(form, "oauth_token");
  const auto problem = judge(name, visit.now);
  if (problem && !is_said_again(form)) {
    return problem_page(visit, *problem);
  }
  const std::string expected = parts_.tokens.find_request(name)->xsrf;
  if (!Secret(expected).equals(field(form, "xsrf"))) {
    return html_page(403,
                     "XSRF check failed",
                     "<p>The answer did not come from the page that asks. Go back to it, load it "
                     "again and answer there.</p>");
  }
  const bool allow = form_value(form, "approve").has_value();
  if (allow == form_value(form, "deny").has_value()) {
    return html_page(400, "Allow or deny?", "<p>The answer says neither, or both.</p>");
  }
  const RequestToken* token = problem ? parts_.tokens.find_request(name) : settle(name, allow);
  if (token == nullptr) {
    return problem_answer(visit.base_url, Problem{});
  }
  const std::string where = destination(*token, field(form, "oauth_callback"));
  return where.empty() ? answered_page(*token) : redirect_to(where);
}

ServerResponse Consent::authorize(const Visit& visit) {
  const std::string& method = visit.request.method;
  if (method == "POST") {
    return take_form(visit);
  }
  return method == "GET" || method == "HEAD" ? ask(visit) : method_refused("GET, POST");
}

ServerResponse Consent::decide(const Visit& visit) {
  if (visit.request.method != "POST") {
    return method_refused("POST");
  }
  const FormFields form = parse_form(form_of(visit.request).value_or(""));
  const std::string name = field(form, "oauth_token");
  const std::string decision = field(form, "decision");
  if (decision != "allow" && decision != "deny") {
    return error_answer(
        parts_.product, 400, "the form needs oauth_token and decision=allow or deny");
  }
  if (const auto problem = judge(name, visit.now)) {
    return error_answer(parts_.product, 409, problem->word);
  }
  const RequestToken* token = settle(name, decision == "allow");
  if (token == nullptr) {
    return problem_answer(visit.base_url, Problem{});
  }
  const std::string where = destination(*token, "");
  json::Object answer;
  answer.emplace_back("verifier",
                      token->verifier.empty() ? json::Value() : json::Value(token->verifier));
  answer.emplace_back("redirect", where.empty() ? json::Value() : json::Value(where));
  return json_answer(200, answer);
}

}  // namespace atlink::plugins::sandbox
