// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "atlink/url.h"
#include "tests/cli/program.h"
#include "tests/support/raw_client.h"

#include <doctest/doctest.h>

#include <thread>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

// Stops the site as a signal would, once it has been visited.
class Signal {
 public:
  explicit Signal(Program& program) {
    program.surroundings.on_work = [this](const std::function<void()>& stop) { stop_ = stop; };
    program.on_output_text = [this](std::string_view text) { visit(text); };
  }

  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  ~Signal() { finish(); }

  // What the visitor was answered, once the site has stopped.
  std::string finish() {
    if (thread_.joinable()) {
      thread_.join();
    }
    return answer_;
  }

 private:
  void visit(std::string_view text) {
    const std::size_t begin = text.find("http://");
    REQUIRE(begin != std::string_view::npos);
    const std::string_view base = text.substr(begin, text.find_first_of("\"\n", begin) - begin);
    const auto url = Url::parse(std::string(base) + "/rest/me");
    REQUIRE(url.has_value());
    thread_ = std::thread([this, url = *url] {
      answer_ = tests::ask_raw(url.port(),
                               "GET " + std::string(url.target()) +
                                   " HTTP/1.1\r\nHost: " + std::string(url.origin().substr(7)) +
                                   "\r\n" + "Connection: close\r\n\r\n");
      stop_();
    });
  }

  std::function<void()> stop_;
  std::string answer_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("sandbox: prints its base URL as one line, answers, and ends with 0 when stopped") {
  Program program;
  program.files.put("/public.pem",
                    RsaPrivateKey::parse(tests::test_private_key(), nullptr)->public_key().pem());
  Signal signal(program);
  CHECK(program.run({"sandbox",
                     "--product",
                     "acme",
                     "--consumer",
                     "build=/public.pem",
                     "--context-path",
                     "/tools",
                     "--user",
                     "bob"}) == 0);
  CHECK(signal.finish().substr(0, 9) == "HTTP/1.1 ");
  CHECK(program.out.substr(0, 17) == "http://127.0.0.1:");
  CHECK(holds(program.out, "/tools\n"));
  CHECK(program.out.find('\n') == program.out.size() - 1);
}

TEST_CASE("sandbox: as JSON it prints one line too") {
  Program program;
  Signal signal(program);
  const json::Value site = program.run_json({"sandbox", "--product", "acme"});
  CHECK(site.as_object()->size() == 2);
  CHECK(text_at(site, "/product") == "acme");
  CHECK(text_at(site, "/base_url").substr(0, 17) == "http://127.0.0.1:");
  CHECK(program.out.find('\n') == program.out.size() - 1);
}

TEST_CASE("sandbox: what it is told is looked at before it listens") {
  Program program;
  CHECK(program.run({"sandbox", "--product", "none"}) == 3);
  CHECK(program.run({"sandbox", "--product", "acme", "--port", "70000"}) == 2);
  CHECK(program.run({"sandbox", "--product", "acme", "--deployment", "moon"}) == 2);
  CHECK(program.run({"sandbox", "--product", "acme", "--consumer", "build"}) == 2);
  CHECK(program.run({"sandbox", "--product", "acme", "--consumer", "build=/none"}) == 3);
  program.files.put("/junk", "junk");
  CHECK(program.run({"sandbox", "--product", "acme", "--consumer", "build=/junk"}) == 3);
  CHECK(program.run({"sandbox", "--product", "acme", "--clock-skew", "soon"}) == 2);
  CHECK(program.run({"sandbox", "--product", "acme", "--consumer-secret-file", "k=/none"}) == 3);
}

TEST_SUITE_END();
