// SPDX-License-Identifier: Apache-2.0
#include "atlink/http_server.h"
#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "cli/inner_run.h"
#include "cli/link_page.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::int64_t highest_port = 65535;
constexpr std::chrono::seconds between_looks{4};

ServerResponse answer(int status, std::string_view type, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", fmt::format("{}; charset=utf-8", type)},
                      {"Content-Security-Policy", "default-src 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}};
  response.body = std::move(body);
  return response;
}

/// The page, how far things are, and the button that ends it.
class LinkPage final : public HttpServer::Handler {
 public:
  LinkPage(const Call& call, const std::string& profile, std::string path, std::uint16_t port)
      : call_(call), profile_(profile), path_(std::move(path)), port_(port) {}

  /// Set before the page is served.
  std::string html;
  std::string nonce;

  [[nodiscard]] ServerResponse handle(const ServerRequest& request) override {
    if (!is_local_name(request.headers.find("Host").value_or(""))) {
      return answer(421, "text/plain", "this address serves only the machine that it runs on\n");
    }
    if (request.target == path_ && request.method == "GET") {
      return page();
    }
    if (request.target == path_ + "/state" && request.method == "GET") {
      return answer(200, "application/json", state());
    }
    if (request.target == path_ + "/done" && request.method == "POST") {
      if (is_from_another_page(request)) {
        return answer(403, "text/plain", "only the page itself ends this\n");
      }
      done_ = true;
      return answer(200, "application/json", "{}");
    }
    return answer(404, "text/plain", "there is nothing here\n");
  }

  [[nodiscard]] bool done() override { return done_; }

 private:
  [[nodiscard]] bool is_from_another_page(const ServerRequest& request) const {
    const auto origin = request.headers.find("Origin");
    constexpr std::string_view scheme = "http://";
    return origin && (origin->substr(0, scheme.size()) != scheme ||
                      !is_local_name(origin->substr(scheme.size())));
  }

  [[nodiscard]] bool is_local_name(std::string_view host) const {
    return host == fmt::format("127.0.0.1:{}", port_) ||
           equals_ignoring_case(host, fmt::format("localhost:{}", port_));
  }

  [[nodiscard]] ServerResponse page() const {
    ServerResponse response = answer(200, "text/html", html);
    response.headers.set(
        "Content-Security-Policy",
        fmt::format(
            "default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; connect-src "
            "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            nonce));
    return response;
  }

  // Several tabs ask; the server beyond is asked once for all of them.
  std::string state() {
    const auto now = call_.app.platform.clock.steady();
    if (text_.empty() || now >= next_look_) {
      text_ = look();
      next_look_ = call_.app.platform.clock.steady() + between_looks;
    }
    json::Value object;
    object.set("text", text_);
    return json::write(object);
  }

  std::string look() {
    if (const auto status = run_inner(call_, {"status", "--profile", profile_})) {
      const json::Value* const user = status->find("user");
      const bool named = user != nullptr && user->as_string() != nullptr;
      return named
                 ? fmt::format("Signed in as {}. Everything works.", printable(*user->as_string()))
                 : std::string("Signed in. Everything works.");
    }
    const auto link = run_inner(call_, {"link", "check", "--profile", profile_});
    if (link) {
      return fmt::format("The link is there. What is left is to sign in: atlink login --profile {}",
                         profile_);
    }
    return fmt::format("The link is not there yet: {}", link.error().message);
  }

  const Call& call_;
  std::string profile_;
  std::string path_;
  std::uint16_t port_;
  bool done_ = false;
  std::string text_;
  std::chrono::steady_clock::time_point next_look_;
};

Status announce(const Call& call, const std::string& address) {
  ATLINK_ASSIGN(const Url url, Url::parse(address));
  if (!call.arguments.has("--no-browser")) {
    const Status opened = call.app.platform.browser.open(url);
    if (!opened) {
      call.report.warn(fmt::format("no browser could be opened: {}", opened.error().message));
    }
  }
  call.report.note("the page is here until its button is pressed, or Ctrl-C:");
  call.report.hand_over("url", address);
  return {};
}

}  // namespace

Status show_link_page(const Call& call,
                      const Place& place,
                      const LinkValues& values,
                      const std::vector<LinkGuide>& guides) {
  ATLINK_ASSIGN(const std::int64_t port, call.arguments.integer("--port", 0, highest_port, 0));
  ATLINK_ASSIGN(const auto server, make_http_server(static_cast<std::uint16_t>(port)));
  ATLINK_ASSIGN(const std::string token, oauth1::make_nonce(call.app.platform.random));
  const std::string path = "/link/" + token;
  LinkPage page(call, place.profile.name, path, server->port());
  ATLINK_ASSIGN(page.nonce, oauth1::make_nonce(call.app.platform.random));
  page.html = link_page(place, values, guides, page.nonce, path);
  return call.app.surroundings.until_signalled(
      [&]() -> Status {
        ATLINK_CHECK(announce(call, fmt::format("http://127.0.0.1:{}{}", server->port(), path)));
        return server->run(page);
      },
      [&] { server->stop(); });
}

}  // namespace atlink::cli
