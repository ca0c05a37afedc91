// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::doctor {

namespace {

using std::chrono::milliseconds;

// Lets an answer through and keeps its head, and of a refusal the beginning of its body.
class Tee final : public ResponseHandler {
 public:
  explicit Tee(ResponseHandler& behind) : behind_(behind) {}

  [[nodiscard]] Status head(const HttpResponseHead& head) override {
    head_ = head;
    return behind_.head(head);
  }

  [[nodiscard]] Status write(std::string_view bytes) override {
    constexpr std::size_t most = std::size_t{64} << 10;
    size_ += bytes.size();
    // The body of a success may hold tokens.
    if (head_.status >= 400 && beginning_.size() < most) {
      beginning_ += bytes.substr(0, most - beginning_.size());
    }
    return behind_.write(bytes);
  }

  [[nodiscard]] const HttpResponseHead& head() const { return head_; }

  [[nodiscard]] const std::string& beginning() const { return beginning_; }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  ResponseHandler& behind_;
  HttpResponseHead head_;
  std::string beginning_;
  std::size_t size_ = 0;
};

std::string without_query(const Url& url) {
  return std::string(url.origin()) + std::string(url.path());
}

std::int64_t to_seconds(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// What we signed, made again from what went out; empty where nothing of it was signed so.
std::string base_string_of(const HttpRequest& request) {
  FormFields parameters;
  if (const auto header = request.headers.find("Authorization")) {
    parameters = oauth1::parse_authorization(*header).value_or(FormFields());
  }
  const auto text = oauth1::signature_base_string({request.method, request.url.str(), parameters});
  return text.value_or("");
}

bool is_signed(const HttpRequest& request) {
  const std::string query(request.url.query().value_or(""));
  return request.headers.find("Authorization").has_value() ||
         query.find("oauth_signature=") != std::string::npos;
}

// What servers say that look at client certificates only after the handshake.
std::optional<Error> certificate_page(int status, std::string_view text) {
  const auto says = [&](std::string_view words) {
    return status == 400 && text.find(words) != std::string_view::npos;
  };
  if (says("No required SSL certificate was sent")) {
    return make_error(ErrorCode::client_certificate_wanted,
                      "the server wants a client certificate, and none is set for it",
                      "name it: atlink profile set NAME --client-cert FILE");
  }
  if (says("The SSL certificate error")) {
    return make_error(
        ErrorCode::client_certificate_refused,
        "the server does not take the client certificate",
        "have whoever runs the server say which authority it takes and whether the "
        "certificate is still good, then: atlink profile set NAME --client-cert FILE");
  }
  return std::nullopt;
}

void take_answer(const Tee& tee, TimePoint now, const HttpRequest& request, Seen& seen) {
  const Headers& headers = tee.head().headers;
  seen.status = tee.head().status;
  seen.body_size = tee.size();
  seen.html =
      to_lower(headers.find("Content-Type").value_or("")).find("text/html") != std::string::npos;
  if (seen.status >= 300 && seen.status < 400) {
    seen.location = headers.find("Location").value_or("");
  }
  if (const auto date = from_http_date(headers.find("Date").value_or(""))) {
    seen.date_skew = to_seconds(*date) - to_seconds(now);
  }
  if (seen.status < 400) {
    return;
  }
  seen.error = certificate_page(seen.status, tee.beginning());
  seen.problem = oauth1::read_problem(tee.head(), tee.beginning());
  if (seen.problem && seen.problem->server_time) {
    seen.told_skew = *seen.problem->server_time - to_seconds(now);
  }
  if (seen.problem && seen.problem->base_string) {
    seen.base_string = base_string_of(request);
  }
}

milliseconds shorter(milliseconds asked, milliseconds most) {
  return asked.count() > 0 ? std::min(asked, most) : most;
}

}  // namespace

Watch::Watch(Transport& inner, Clock& clock, const Budget& budget)
    : inner_(inner), clock_(clock), budget_(budget), started_(clock.steady()) {}

Status Watch::check_budget() const {
  if (seen_.size() < budget_.requests && clock_.steady() - started_ < budget_.total) {
    return {};
  }
  return fail(ErrorCode::network_other,
              fmt::format("the examination ended after {} requests", seen_.size()),
              "run it again later: the site answers too slowly, or wants too many questions");
}

Status Watch::send(const Exchange& exchange) {
  ATLINK_CHECK(check_budget());
  Seen seen;
  seen.method = exchange.request.method;
  seen.url = printable(without_query(exchange.request.url));
  seen.proven = is_signed(exchange.request);
  Tee tee(exchange.handler);
  Exchange watched{exchange.request, tee, exchange.connection};
  watched.deadline = shorter(exchange.deadline, budget_.deadline);
  watched.idle_deadline = exchange.idle_deadline;
  const TimePoint before = clock_.now();
  Status outcome = inner_.send(watched);
  take_answer(tee, before + (clock_.now() - before) / 2, exchange.request, seen);
  if (!outcome) {
    seen.error = outcome.error();
  }
  seen_.push_back(std::move(seen));
  return outcome;
}

}  // namespace atlink::cli::doctor
