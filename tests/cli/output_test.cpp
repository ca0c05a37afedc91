// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "cli/layout.h"
#include "cli/report.h"
#include "cli/suggest.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::KeptOutput;
using tests::text_at;

namespace {

struct Streams {
  KeptOutput out;
  KeptOutput err;
  cli::Report report{out, err};
};

Error unknown_consumer() {
  return make_error(ErrorCode::oauth1_consumer_key_unknown,
                    "the server does not know the consumer key",
                    "compare the key")
      .with("profile", "work");
}

}  // namespace

TEST_CASE("report: an error is a line, its facts and the next step") {
  Streams streams;
  CHECK(streams.report.failed(unknown_consumer()) == 3);
  CHECK(streams.err.text ==
        "atlink: the server does not know the consumer key\n"
        "  profile: work\n"
        "  next: compare the key\n");
  CHECK(streams.out.text.empty());
}

TEST_CASE("report: with --output json an error is one object on one line") {
  Streams streams;
  streams.report.format = cli::OutputFormat::json;
  CHECK(streams.report.failed(unknown_consumer()) == 3);
  CHECK(streams.err.text.find('\n') == streams.err.text.size() - 1);
  const json::Value value = json::parse(streams.err.text).value();
  CHECK(text_at(value, "/code") == "oauth1.consumer_key_unknown");
  CHECK(text_at(value, "/message") == "the server does not know the consumer key");
  CHECK(text_at(value, "/next") == "compare the key");
  CHECK(text_at(value, "/context/profile") == "work");
}

TEST_CASE("report: nobody is left without a next step") {
  for (const ErrorCode code : all_error_codes()) {
    CAPTURE(name_of(code));
    const json::Value object = cli::to_json(make_error(code, "it went wrong"));
    CHECK_FALSE(text_at(object, "/next").empty());
    Streams streams;
    static_cast<void>(streams.report.failed(make_error(code, "it went wrong")));
    CHECK((streams.err.text.empty() || streams.err.text.find("  next: ") != std::string::npos));
  }
}

TEST_CASE("report: a command line that a command refuses leads to its page") {
  tests::Program program;
  CHECK(program.run({"keygen", "--out", "/keys", "--bits", "many"}) == 2);
  CHECK(tests::holds(program.err, "next: atlink help keygen"));
}

TEST_CASE("report: no control character reaches the terminal") {
  Streams streams;
  const Error error =
      make_error(ErrorCode::internal, "a\x1b[31m\nb", "c\r\n\x07").with("k\n", "\x9b");
  static_cast<void>(streams.report.failed(error));
  streams.report.note("n\x1b]0;x\x07");
  streams.report.warn("w\b");
  streams.report.hand_over("url", "u\x1b");
  for (const char byte : streams.err.text) {
    CHECK((byte == '\n' || static_cast<unsigned char>(byte) >= 0x20));
  }
}

TEST_CASE("report: in JSON, talk is left out and warnings wait for the one object") {
  Streams streams;
  streams.report.format = cli::OutputFormat::json;
  streams.report.note("hello");
  streams.report.warn("plain http");
  CHECK(streams.err.text.empty());
  static_cast<void>(streams.report.failed(unknown_consumer()));
  const json::Value value = json::parse(streams.err.text).value();
  REQUIRE(value.find("warnings") != nullptr);
  CHECK(json::write(*value.find("warnings")) == "[\"plain http\"]");
}

TEST_CASE("report: warnings of a command that worked come in one object too") {
  Streams streams;
  streams.report.format = cli::OutputFormat::json;
  CHECK(streams.report.finished() == 0);
  CHECK(streams.err.text.empty());
  streams.report.warn("plain http");
  CHECK(streams.report.finished() == 0);
  CHECK(streams.err.text == "{\"warnings\":[\"plain http\"]}\n");
}

TEST_CASE("report: a reader that went away ends the program quietly") {
  Streams streams;
  CHECK(streams.report.failed(make_error(ErrorCode::output_closed, "x")) == 141);
  CHECK(streams.err.text.empty());
}

TEST_CASE("layout: pairs are aligned and empty ones left out") {
  CHECK(cli::lay_out_pairs({{"a", "1"}, {"long", "2"}, {"none", ""}}) == "a     1\nlong  2\n");
  CHECK(cli::lay_out_pairs({{"ä", "1"}, {"bb", "2"}}) == "ä   1\nbb  2\n");
}

TEST_CASE("layout: columns are as wide as their widest cell") {
  CHECK(cli::lay_out_table({"A", "B"}, {{"xxx", "y"}, {"z", "wwww"}}) ==
        "A    B\nxxx  y\nz    wwww\n");
  CHECK(cli::lay_out_table({"A", "B"}, {{"\x1b", ""}}).find('\x1b') == std::string::npos);
}

TEST_CASE("layout: text is wrapped at spaces only") {
  CHECK(cli::wrap("aa bb cc", 2, 7) == "  aa bb\n  cc\n");
  CHECK(cli::wrap("abcdefghij k", 0, 4) == "abcdefghij\nk\n");
  CHECK(cli::wrap("", 2) == "  \n");
}

TEST_CASE("suggestions: near words are found and far ones are not") {
  CHECK(cli::nearest("stauts", {"status", "sign"}) == "status");
  CHECK(cli::nearest("logni", {"login", "logout"}) == "login");
  CHECK(cli::nearest("--querry", {"--query", "--data"}) == "--query");
  CHECK_FALSE(cli::nearest("xyz", {"status", "sign"}));
  CHECK_FALSE(cli::nearest("", {"status"}));
}

TEST_SUITE_END();
