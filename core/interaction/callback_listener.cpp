// SPDX-License-Identifier: Apache-2.0
#include "atlink/html.h"
#include "atlink/http_server.h"
#include "atlink/interaction.h"
#include "atlink/secret.h"
#include "core/posix/small_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace atlink {

namespace {

ServerResponse plain(int status, std::string_view text) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"Content-Security-Policy", "default-src 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"}};
  response.body = text;
  return response;
}

std::string paragraphs(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    html += fmt::format("<p>{}</p>\n", escape_html(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return html;
}

constexpr std::string_view can_be_closed = "This tab can be closed.";

ServerResponse stale_page(int status) {
  return html_page(
      status,
      "This belongs to another sign-in",
      paragraphs("The sign-in that is going on now did not begin in this tab: it is an old tab, or "
                 "another program sent you here. Nothing was changed by it.\n"
                 "Close this tab, and answer in the one that the running sign-in opened; its "
                 "address stands in the terminal."));
}

constexpr std::string_view path_prefix = "/callback/";
constexpr std::size_t token_length = 32;
/// How long a second click finds somebody after the answer.
constexpr std::chrono::milliseconds after_answer{300};

/// Sixteen unpredictable bytes in hex.
Result<std::string> make_path_token(RandomSource& random) {
  std::array<unsigned char, 16> bytes{};
  ATLINK_CHECK(random.fill(bytes));
  std::string text;
  for (const unsigned char byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

class LoopbackListener final : public CallbackListener, private HttpServer::Handler {
 public:
  LoopbackListener(std::unique_ptr<HttpServer> server, std::string host, std::string_view path)
      : server_(std::move(server)), host_(std::move(host)), path_(path) {}

  [[nodiscard]] std::string callback_url() const override {
    return fmt::format("http://{}:{}{}", host_, server_->port(), path_.expose());
  }

  [[nodiscard]] Result<FormFields> wait(Judge& judge, std::chrono::milliseconds patience) override {
    judge_ = &judge;
    accepted_.reset();
    deadline_ = clock_.steady() + patience;
    const Status served = server_->run(*this);
    if (!served && !accepted_) {
      return fail(served.error());
    }
    if (!accepted_) {
      return fail(ErrorCode::login_expired,
                  fmt::format("no answer came from the browser within {} s",
                              std::chrono::ceil<std::chrono::seconds>(patience).count()),
                  "start the sign-in again and answer in the browser before the time is over");
    }
    return *std::exchange(accepted_, std::nullopt);
  }

 private:
  [[nodiscard]] ServerResponse handle(const ServerRequest& request) override {
    if (!is_local_name(request.headers.find("Host").value_or(""))) {
      return plain(421, "this address serves only the machine that it runs on\n");
    }
    const std::string_view target = request.target;
    const std::size_t question = target.find('?');
    if (!path_.equals(target.substr(0, question))) {
      const bool of_ours = target.rfind(path_prefix, 0) == 0;
      return of_ours ? stale_page(404) : plain(404, "there is nothing here\n");
    }
    if (request.method != "GET") {
      ServerResponse refused = plain(405, "only GET is answered here\n");
      refused.headers.add("Allow", "GET");
      return refused;
    }
    return question == std::string_view::npos ? judge(FormFields{})
                                              : judge(parse_form(target.substr(question + 1)));
  }

  [[nodiscard]] bool done() override { return clock_.steady() >= deadline_; }

  // A name that leads here by a trick of the name server is not ours (DNS rebinding).
  [[nodiscard]] bool is_local_name(std::string_view host) const {
    const std::string port = fmt::format(":{}", server_->port());
    return host == "127.0.0.1" + port || equals_ignoring_case(host, "localhost" + port);
  }

  [[nodiscard]] ServerResponse judge(FormFields fields) {
    if (accepted_) {
      return html_page(200,
                       "Already answered",
                       paragraphs("The first answer counts, and atlink has it: see the terminal. "
                                  "Nothing was changed by coming here again.\n") +
                           paragraphs(can_be_closed));
    }
    if (!judge_->accepts(fields)) {
      return stale_page(400);
    }
    const Page page = judge_->page(fields);
    accepted_ = std::move(fields);
    deadline_ = clock_.steady() + after_answer;
    return html_page(200, page.title, paragraphs(page.text) + paragraphs(can_be_closed));
  }

  std::unique_ptr<HttpServer> server_;
  std::string host_;
  Secret path_;
  posix::PosixClock clock_;
  Judge* judge_ = nullptr;
  std::optional<FormFields> accepted_;
  std::chrono::steady_clock::time_point deadline_;
};

/// Small bounds: one person's browser is all that has business here.
HttpServerLimits limits() {
  HttpServerLimits limits;
  limits.connections = 64;
  limits.head_bytes = std::size_t{16} << 10;
  limits.body_bytes = std::size_t{64} << 10;
  return limits;
}

}  // namespace

CallbackListener::~CallbackListener() = default;

Result<std::unique_ptr<CallbackListener>> listen_for_callback(std::string_view callback_url) {
  const auto url = Url::parse(callback_url);
  const std::string_view path = url ? url->target() : std::string_view();
  if (!url || url->host() != "127.0.0.1" || url->is_https() ||
      path.substr(0, path_prefix.size()) != path_prefix ||
      path.size() != path_prefix.size() + token_length) {
    return fail(ErrorCode::listen_failed,
                fmt::format("nothing of this program listened at {}", printable(callback_url)),
                "start the sign-in again");
  }
  const auto port = static_cast<std::uint16_t>(url->port());
  ATLINK_ASSIGN(auto server, make_http_server(port, limits()));
  return std::make_unique<LoopbackListener>(std::move(server), "127.0.0.1", path);
}

Result<std::unique_ptr<CallbackListener>> listen_for_callback(RandomSource& random,
                                                              std::uint16_t port) {
  ATLINK_ASSIGN(const std::string token, make_path_token(random));
  ATLINK_ASSIGN(auto server, make_http_server(port, limits()));
  return std::make_unique<LoopbackListener>(
      std::move(server), "127.0.0.1", fmt::format("{}{}", path_prefix, token));
}

Result<std::unique_ptr<CallbackListener>> listen_at(const Url& redirect, bool any_port) {
  const bool ours = redirect.host() == "127.0.0.1" || redirect.host() == "localhost";
  if (redirect.is_https() || !ours || redirect.query()) {
    return fail(ErrorCode::listen_failed,
                fmt::format("{} is no address at which this machine can listen", redirect.str()),
                "register http://localhost:PORT/PATH or http://127.0.0.1:PORT/PATH, or finish with "
                "--begin and --verifier");
  }
  ATLINK_ASSIGN(auto server, make_http_server(any_port ? 0 : redirect.port(), limits()));
  return std::make_unique<LoopbackListener>(
      std::move(server), std::string(redirect.host()), redirect.path());
}

}  // namespace atlink
