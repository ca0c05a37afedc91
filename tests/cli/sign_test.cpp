// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

// Whether a header is a right signature over the request, by the engine's verification.
bool fits(const std::string& header,
          std::string_view method,
          std::string_view url,
          std::optional<std::string_view> form) {
  const auto fields = oauth1::parse_authorization(header);
  REQUIRE(fields.has_value());
  const auto base = oauth1::signature_base_string({method, url, *fields, form});
  REQUIRE(base.has_value());
  oauth1::ConsumerVerifier consumer;
  consumer.public_key = RsaPrivateKey::parse(tests::test_private_key(), nullptr)->public_key();
  return oauth1::verify(oauth1::SignatureMethod::rsa_sha1,
                        *base,
                        form_value(*fields, "oauth_signature").value_or(""),
                        consumer,
                        nullptr);
}

class Signed : public Program {
 public:
  Signed() {
    make_profile();
    sign_in();
  }

  // The one line that is printed, without the name of the header.
  std::string header(std::vector<std::string> line) {
    line.insert(line.begin(), "sign");
    CHECK_MESSAGE(run(line) == 0, err);
    CHECK(err.empty());
    CHECK(out.substr(0, 21) == "Authorization: OAuth ");
    CHECK(out.find('\n') == out.size() - 1);
    return out.substr(15, out.size() - 16);
  }
};

}  // namespace

TEST_CASE("sign: one line that fits the request, and nothing on standard error") {
  Signed program;
  const char* url = "https://acme.example/tools/a%20b?q=1&q=%C3%A4";
  const std::string header = program.header({"GET", url});
  CHECK(fits(header, "GET", url, std::nullopt));
  CHECK_FALSE(fits(header, "POST", url, std::nullopt));
  CHECK(holds(header, "oauth_timestamp=\"1769851800\""));
  CHECK(holds(header, "oauth_token=\"at\""));
}

TEST_CASE("sign: form fields are part of what is signed") {
  Signed program;
  const char* url = "https://acme.example/tools/f";
  const std::string header = program.header({"POST", url, "--form", "a=1 2", "--form", "b="});
  CHECK(fits(header, "POST", url, "b=&a=1+2"));
  CHECK_FALSE(fits(header, "POST", url, std::nullopt));
}

TEST_CASE("sign: prints a header whatever place the profile prefers") {
  Signed program;
  REQUIRE(program.run({"profile", "set", "work", "--transmission", "query"}) == 0);
  CHECK(fits(program.header({"GET", "https://acme.example/tools/x"}),
             "GET",
             "https://acme.example/tools/x",
             std::nullopt));
}

TEST_CASE("sign: only for addresses at or below the profile's base URL") {
  Signed program;
  for (const char* url : {"https://other.example/tools/x",
                          "http://acme.example/tools/x",
                          "https://acme.example/x",
                          "https://acme.example/toolshed",
                          "https://acme.example/tools/../x",
                          "https://acme.example:444/tools/x",
                          "/tools/x",
                          "rest/x",
                          ""}) {
    CAPTURE(std::string(url));
    CHECK(program.run({"sign", "GET", url}) == 2);
    CHECK(program.out.empty());
  }
  CHECK(program.run({"sign", "get", "https://acme.example/tools/x"}) == 2);
}

TEST_CASE("sign: as data it shows what was signed") {
  Signed program;
  const json::Value made = program.run_json({"sign", "GET", "https://acme.example/tools/x?b=2"});
  CHECK(text_at(made, "/url") == "https://acme.example/tools/x?b=2");
  CHECK(fits(text_at(made, "/authorization"), "GET", text_at(made, "/url"), std::nullopt));
  CHECK(text_at(made, "/base_string").substr(0, 44) ==
        "GET&https%3A%2F%2Facme.example%2Ftools%2Fx&b");
}

TEST_CASE("sign: two calls never give the same nonce") {
  Signed program;
  CHECK(program.header({"GET", "https://acme.example/tools/x"}) !=
        program.header({"GET", "https://acme.example/tools/x"}));
}

TEST_SUITE_END();
