// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/signals.h"

#include "atlink/html.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace atlink::plugins::sandbox {

namespace {

using Meaning = ResponseSignal::Meaning;

bool header_fits(const AnswerConditions& conditions, const Headers& headers) {
  const auto values = headers.all(conditions.header);
  return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
    const std::string text = to_lower(value);
    const bool whole = conditions.header_is.empty() || text == to_lower(conditions.header_is);
    return whole && text.find(to_lower(conditions.header_contains)) != std::string::npos;
  });
}

/// A value that fits; of Location a URL that does.
std::string value_for(const AnswerConditions& conditions, const Visit& visit) {
  if (!conditions.header_is.empty()) {
    return conditions.header_is;
  }
  const std::string& part = conditions.header_contains;
  if (!equals_ignoring_case(conditions.header, "Location")) {
    return part.empty() ? "1" : part;
  }
  if (part.find("://") != std::string::npos) {
    return part;
  }
  const bool is_path = !part.empty() && part.front() == '/';
  return visit.base_url + (is_path ? "" : "/sign-in?") + part;
}

/// Puts a text into a body as it stands: pages run nothing, whatever a description wants in them.
void insert(std::string_view text, ServerResponse& response) {
  const std::size_t end = response.body.rfind("</body>");
  if (end != std::string::npos) {
    response.body.insert(end, fmt::format("{}\n", text));
    return;
  }
  response.body = fmt::format("{}\n", text);
  response.headers.set("Content-Type", "text/plain;charset=UTF-8");
}

int usual_status(Meaning meaning) {
  switch (meaning) {
    case Meaning::login_page:
    case Meaning::anonymous:
      return 200;
    case Meaning::captcha:
    case Meaning::xsrf:
      return 403;
    case Meaning::authentication_failed:
      return 401;
    case Meaning::rate_limited:
      return 429;
  }
  return 500;
}

std::string_view words_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::login_page:
      return "Log in";
    case Meaning::anonymous:
      return "you are not signed in";
    case Meaning::captcha:
      return "solve the CAPTCHA in a browser first";
    case Meaning::xsrf:
      return "the request may have been forged by a page of another site";
    case Meaning::authentication_failed:
      return "the credential was not accepted";
    case Meaning::rate_limited:
      return "too many requests";
  }
  return "";
}

const ResponseSignal* first_of(const Product& product, Meaning meaning) {
  const auto found = std::find_if(product.signals.begin(),
                                  product.signals.end(),
                                  [&](const auto& signal) { return signal.meaning == meaning; });
  return found == product.signals.end() ? nullptr : &*found;
}

ServerResponse login_page() {
  return html_page(200,
                   "Log in",
                   "<form><p><label>Name <input type=\"text\" name=\"name\"></label></p>\n"
                   "<p><label>Password <input type=\"password\" name=\"password\"></label></p>\n"
                   "<p>This is a stand-in; nobody can log in here.</p></form>");
}

}  // namespace

void fulfil(const AnswerConditions& conditions, const Visit& visit, ServerResponse& response) {
  const auto& statuses = conditions.statuses;
  if (!statuses.empty() &&
      std::find(statuses.begin(), statuses.end(), response.status) == statuses.end()) {
    response.status = statuses.front();
  }
  const std::string& text = conditions.body_contains;
  if (!text.empty() && response.body.find(text) == std::string::npos) {
    insert(text, response);
  }
  if (!conditions.header.empty() && !header_fits(conditions, response.headers)) {
    response.headers.set(conditions.header, value_for(conditions, visit));
  }
}

ServerResponse signal_answer(const Product& product, Meaning meaning, const Visit& visit) {
  const ResponseSignal* signal = first_of(product, meaning);
  ServerResponse response;
  if (meaning == Meaning::login_page) {
    response = login_page();
  } else {
    const bool own_words = signal != nullptr && !signal->body_contains.empty();
    response = error_answer(product,
                            usual_status(meaning),
                            own_words ? signal->body_contains : std::string(words_of(meaning)));
  }
  if (signal != nullptr) {
    fulfil(*signal, visit, response);
  }
  return response;
}

void add_signal(const Product& product,
                Meaning meaning,
                const Visit& visit,
                ServerResponse& response) {
  if (const ResponseSignal* signal = first_of(product, meaning)) {
    fulfil(*signal, visit, response);
  }
}

}  // namespace atlink::plugins::sandbox
