// SPDX-License-Identifier: Apache-2.0
#include "atlink/html.h"
#include "atlink/interaction.h"
#include "tests/support/child.h"
#include "tests/support/fake_world.h"
#include "tests/support/raw_client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using namespace atlink;
using namespace atlink::tests;
using std::chrono::milliseconds;

namespace {

/// Takes the answer with the right token and repeats what it says.
class TokenJudge final : public CallbackListener::Judge {
 public:
  bool accepts(const FormFields& fields) const override {
    return form_value(fields, "oauth_token") == "right";
  }

  CallbackListener::Page page(const FormFields& fields) override {
    return {"Signed <in>", fmt::format("as {}", form_value(fields, "user").value_or("nobody"))};
  }
};

/// A listener that waits in a thread of its own.
class Waiting {
 public:
  explicit Waiting(milliseconds patience = milliseconds(20000))
      : listener(listen_for_callback(random, 0).value()) {
    const std::string url = listener->callback_url();
    const std::size_t slash = url.find('/', 7);
    authority = url.substr(7, slash - 7);
    path = url.substr(slash);
    port = static_cast<std::uint16_t>(std::stoi(authority.substr(authority.find(':') + 1)));
    thread_ = std::thread([this, patience] { result_.emplace(listener->wait(judge_, patience)); });
  }

  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  ~Waiting() {
    if (thread_.joinable()) {
      send(fmt::format("GET {}?oauth_token=right HTTP/1.1\r\nHost: {}", path, authority));
      thread_.join();
    }
  }

  /// Sends a request given as its head without the last line break.
  std::string send(const std::string& head) const {
    return ask_raw(port, head + "\r\nConnection: close\r\n\r\n");
  }

  std::string visit(std::string_view target) const {
    return send(fmt::format("GET {} HTTP/1.1\r\nHost: {}", target, authority));
  }

  Result<FormFields> result() {
    thread_.join();
    return *std::move(result_);
  }

  FakeRandom random;
  std::unique_ptr<CallbackListener> listener;
  std::string authority;
  std::string path;
  std::uint16_t port = 0;

 private:
  TokenJudge judge_;
  std::optional<Result<FormFields>> result_;
  std::thread thread_;
};

std::string sha256_base64(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

TEST_SUITE_BEGIN("core/interaction");

TEST_CASE("callback: the answer's fields come back and the page is whole") {
  Waiting waiting;
  const std::string page = waiting.visit(waiting.path + "?oauth_token=right&oauth_verifier=a%2Bb");
  CHECK(status_of(page) == 200);
  CHECK(page.find("This tab can be closed.") != std::string::npos);
  CHECK(page.find("</html>") != std::string::npos);
  const auto fields = waiting.result();
  REQUIRE(fields.has_value());
  CHECK(*fields == FormFields{{"oauth_token", "right"}, {"oauth_verifier", "a+b"}});
}

TEST_CASE("callback: the address is on 127.0.0.1 and cannot be guessed") {
  std::set<std::string> paths;
  FakeRandom random;
  for (int i = 0; i < 3; ++i) {
    const auto listener = listen_for_callback(random, 0);
    REQUIRE(listener.has_value());
    const std::string url = listener.value()->callback_url();
    CHECK(url.substr(0, 17) == "http://127.0.0.1:");
    const std::string token = url.substr(url.rfind('/') + 1);
    CHECK(token.size() == 32);
    CHECK(paths.insert(token).second);
  }
}

TEST_CASE("callback: without randomness nothing listens") {
  FakeRandom random;
  random.broken = true;
  const auto listener = listen_for_callback(random, 0);
  REQUIRE_FALSE(listener.has_value());
  CHECK(listener.error().code == ErrorCode::internal);
}

TEST_CASE("callback: wrong visitors get a plain answer and the right one is still heard") {
  Waiting waiting;
  CHECK(status_of(waiting.visit("/")) == 404);
  CHECK(status_of(waiting.visit("/favicon.ico")) == 404);
  CHECK(status_of(waiting.visit("/callback/?oauth_token=right")) == 404);
  CHECK(status_of(waiting.visit(waiting.path + "/more?oauth_token=right")) == 404);
  CHECK(status_of(waiting.visit(waiting.path)) == 400);
  CHECK(status_of(waiting.visit(waiting.path + "?oauth_token=wrong")) == 400);
  const std::string post = waiting.send(
      fmt::format("POST {}?oauth_token=right HTTP/1.1\r\nHost: {}\r\nContent-Length: 0",
                  waiting.path,
                  waiting.authority));
  CHECK(status_of(post) == 405);
  CHECK(header_of(post, "Allow") == "GET");
  CHECK(status_of(waiting.visit(waiting.path + "?oauth_token=right")) == 200);
  CHECK(waiting.result().has_value());
}

TEST_CASE("callback: a visit under a foreign name is refused, also with the right path") {
  Waiting waiting;
  for (const std::string& host : {std::string("rebound.example"),
                                  std::string("127.0.0.1"),
                                  fmt::format("rebound.example:{}", waiting.port),
                                  fmt::format("127.0.0.1:{}", waiting.port + 1)}) {
    CAPTURE(host);
    const std::string answer = waiting.send(
        fmt::format("GET {}?oauth_token=right HTTP/1.1\r\nHost: {}", waiting.path, host));
    CHECK(status_of(answer) == 421);
  }
  CHECK(
      status_of(waiting.send(fmt::format("GET {}?oauth_token=right HTTP/1.1\r\nHost: LocalHost:{}",
                                         waiting.path,
                                         waiting.port))) == 200);
}

TEST_CASE("callback: nothing of a visit stands unescaped in a page") {
  Waiting waiting;
  const std::string wrong = waiting.visit(waiting.path + "?oauth_token=%3Cscript%3E");
  CHECK(wrong.find("script") == std::string::npos);
  const std::string page =
      waiting.visit(waiting.path + "?oauth_token=right&user=%3Cimg%20src='x'%26%22%3E");
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;img src=&#39;x&#39;&amp;&quot;&gt;") != std::string::npos);
  CHECK(page.find("<h1>Signed &lt;in&gt;</h1>") != std::string::npos);
}

TEST_CASE("callback: every answer is kept out of caches and may load nothing") {
  Waiting waiting;
  for (const std::string& target : {std::string("/"),
                                    waiting.path + "?oauth_token=wrong",
                                    waiting.path + "?oauth_token=right"}) {
    const std::string answer = waiting.visit(target);
    CHECK(header_of(answer, "Cache-Control") == "no-store");
    CHECK(header_of(answer, "X-Content-Type-Options") == "nosniff");
    const std::string policy = header_of(answer, "Content-Security-Policy").value_or("");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("unsafe") == std::string::npos);
  }
}

TEST_CASE("pages: the policy names the digest of the style, and forms only on demand") {
  const ServerResponse page = html_page(200, "t", "<p>b</p>");
  const std::size_t begin = page.body.find("<style>") + 7;
  const std::string style = page.body.substr(begin, page.body.find("</style>") - begin);
  const std::string policy(page.headers.find("Content-Security-Policy").value_or(""));
  CHECK(policy.find("'sha256-" + sha256_base64(style) + "'") != std::string::npos);
  CHECK(policy.find("form-action 'none'") != std::string::npos);
  const ServerResponse with_form = html_page(200, "t", "", PageForms::allowed);
  CHECK(with_form.headers.find("Content-Security-Policy")->find("form-action") ==
        std::string_view::npos);
}

TEST_CASE("callback: silent and dripping visitors do not hold up the right one") {
  Waiting waiting;
  std::vector<RawClient> visitors;
  for (int i = 0; i < 200; ++i) {
    visitors.emplace_back(waiting.port);
    visitors.back().send(i % 2 == 0 ? "" : "GET /callback");
  }
  CHECK(status_of(waiting.visit(waiting.path + "?oauth_token=right")) == 200);
  CHECK(waiting.result().has_value());
}

TEST_CASE("callback: when nobody answers in time the sign-in has expired") {
  Waiting waiting(milliseconds(150));
  RawClient silent(waiting.port);
  const auto result = waiting.result();
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::login_expired);
  CHECK(result.error().message.find("within 1 s") != std::string::npos);
  CHECK_FALSE(result.error().next.empty());
}

TEST_CASE("callback: a second wait hears a new answer") {
  FakeRandom random;
  const auto listener = listen_for_callback(random, 0).value();
  TokenJudge judge;
  CHECK(listener->wait(judge, milliseconds(1)).error().code == ErrorCode::login_expired);
  CHECK(listener->wait(judge, milliseconds(1)).error().code == ErrorCode::login_expired);
}

TEST_CASE("callback: an interruption ends the wait with cancelled") {
  const int outcome = in_child([] {
    FakeRandom random;
    const auto listener = listen_for_callback(random, 0);
    interrupt_waiting();
    TokenJudge judge;
    const auto result = listener.value()->wait(judge, milliseconds(20000));
    return !result.has_value() && result.error().code == ErrorCode::cancelled ? 42 : 1;
  });
  CHECK(outcome == 42);
}

TEST_CASE("callback listener: where one listened before another can, and nowhere else") {
  FakeRandom random;
  std::string url;
  {
    const auto first = listen_for_callback(random, 0);
    REQUIRE(first.has_value());
    url = (*first)->callback_url();
    // Not while it is still there.
    const auto second = listen_for_callback(url);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == ErrorCode::listen_failed);
  }
  const auto again = listen_for_callback(url);
  REQUIRE(again.has_value());
  CHECK((*again)->callback_url() == url);
  const std::string path = url.substr(url.find('/', 7));
  for (const std::string& other : {std::string("oob"),
                                   std::string(),
                                   "http://localhost:8080" + path,
                                   "https://127.0.0.1:8080" + path,
                                   std::string("http://127.0.0.1:8080/else/where"),
                                   "http://127.0.0.1:8080" + path + "0",
                                   "http://127.0.0.1:8080" + path.substr(0, path.size() - 1)}) {
    CAPTURE(other);
    const auto refused = listen_for_callback(other);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::listen_failed);
  }
}

TEST_CASE("callback: a port in use fails with its number and what to do") {
  FakeRandom random;
  Waiting waiting;
  const auto second = listen_for_callback(random, waiting.port);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::listen_failed);
  CHECK(second.error().message.find(std::to_string(waiting.port)) != std::string::npos);
  CHECK_FALSE(second.error().next.empty());
}

TEST_SUITE_END();
