// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/answer.h"

#include "atlink/json.h"
#include "atlink/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;
constexpr std::size_t longest_told = 200;

/// Keeps the front of an answer and ends the exchange there.
class Front final : public ResponseHandler {
 public:
  explicit Front(Answer& answer) : answer_(answer) {}

  [[nodiscard]] Status head(const HttpResponseHead& head) override {
    answer_.status = head.status;
    answer_.headers = head.headers;
    return {};
  }

  [[nodiscard]] Status write(std::string_view bytes) override {
    answer_.body += bytes.substr(0, longest_body - answer_.body.size());
    if (answer_.body.size() < longest_body) {
      return {};
    }
    full_ = true;
    return fail(ErrorCode::answer_too_large, "no more of this answer is looked at");
  }

  [[nodiscard]] bool full() const { return full_; }

 private:
  Answer& answer_;
  bool full_ = false;
};

bool header_fits(const AnswerConditions& conditions, const Headers& headers) {
  const std::string part = to_lower(conditions.header_contains);
  const std::string whole = to_lower(conditions.header_is);
  const auto values = headers.all(conditions.header);
  return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
    const std::string text = to_lower(value);
    return text.find(part) != std::string::npos && (whole.empty() || text == whole);
  });
}

bool stands_there(const Answer& answer,
                  const std::string& pointer,
                  const std::vector<std::string>& wanted) {
  const auto text = json::find_string(answer.body, pointer);
  return text &&
         (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const std::string& each) {
            return equals_ignoring_case(each, *text);
          }));
}

/// What follows `front` up to the next space; empty where `front` is not there.
std::string_view word_after(std::string_view text, std::string_view front) {
  const std::size_t at = text.find(front);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = trim(text.substr(at + front.size()));
  return rest.substr(0, rest.find_first_of(" \t\r\n"));
}

bool has_any(const std::string& text, const std::array<std::string_view, 4>& pieces) {
  return std::any_of(pieces.begin(), pieces.end(), [&](std::string_view piece) {
    return text.find(piece) != std::string::npos;
  });
}

}  // namespace

Answer ask(Transport& transport,
           const Url& url,
           const std::string& accept,
           const DetectOptions& options) {
  Headers headers{{"Accept", accept}};
  if (!options.user_agent.empty()) {
    headers.add("User-Agent", options.user_agent);
  }
  const HttpRequest request{"GET", url, std::move(headers)};
  Answer answer;
  Front front(answer);
  const Status sent = transport.send({request, front, options.connection, options.deadline});
  if (!sent && !front.full()) {
    answer.error = sent.error();
  }
  return answer;
}

bool fits(const AnswerConditions& conditions, const Answer& answer) {
  const auto& statuses = conditions.statuses;
  const bool status_fits =
      statuses.empty() ||
      std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end();
  const bool body_fits = conditions.body_contains.empty() ||
                         answer.body.find(conditions.body_contains) != std::string::npos;
  return answer.came() && status_fits && body_fits &&
         (conditions.header.empty() || header_fits(conditions, answer.headers));
}

bool holds(const Probe& probe, const Answer& answer) {
  return fits(probe, answer) &&
         std::all_of(probe.json.begin(), probe.json.end(), [&](const auto& condition) {
           return stands_there(answer, condition.first, condition.second);
         });
}

std::string told(const Answer& answer, const Probe& probe, std::string Probe::*pointer) {
  if ((probe.*pointer).empty()) {
    return {};
  }
  const auto text = json::find_string(answer.body, probe.*pointer);
  std::string_view what = text ? std::string_view(*text) : std::string_view();
  if (pointer == &Probe::version && !probe.version_after.empty()) {
    what = word_after(what, probe.version_after);
  }
  return printable(trim(what), longest_told);
}

bool is_redirect(const Answer& answer) {
  return answer.came() && answer.status >= 300 && answer.status < 400 &&
         answer.headers.find("Location").has_value();
}

bool is_html(const Answer& answer) {
  const std::string type = to_lower(answer.headers.find("Content-Type").value_or(""));
  return type.find("html") != std::string::npos;
}

bool names_sign_in(std::string_view url) {
  static constexpr std::array<std::string_view, 7> signs{
      "login", "logon", "signin", "sso", "saml", "saml2", "adfs"};
  const std::string text = to_lower(url.substr(0, url.find_first_of("?#")));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && is_letter(text[end])) {
      ++end;
    }
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    if (std::find(signs.begin(), signs.end(), word) != signs.end()) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

bool asks_for_sign_in(const Answer& answer) {
  if (is_redirect(answer)) {
    return names_sign_in(*answer.headers.find("Location"));
  }
  static constexpr std::array<std::string_view, 4> signs{
      "type=\"password\"", "type='password'", "type=password", "name=\"samlrequest\""};
  return is_html(answer) && has_any(to_lower(answer.body), signs);
}

std::string title_of(const Answer& answer) {
  const std::string lower = to_lower(answer.body);
  const std::size_t tag = is_html(answer) ? lower.find("<title") : std::string::npos;
  const std::size_t begin = tag == std::string::npos ? tag : lower.find('>', tag);
  if (begin == std::string::npos) {
    return {};
  }
  const std::size_t end = std::min(lower.find('<', begin), lower.size());
  return printable(trim(std::string_view(answer.body).substr(begin + 1, end - begin - 1)), 80);
}

std::optional<Url> target_of(const Url& url, const Answer& answer) {
  if (!is_redirect(answer)) {
    return std::nullopt;
  }
  auto target = url.resolve(*answer.headers.find("Location"));
  return target ? std::optional<Url>(*std::move(target)) : std::nullopt;
}

}  // namespace atlink::plugins
