// SPDX-License-Identifier: Apache-2.0
#include "atlink/sha256.h"
#include "tests/plugins/native_folder.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

/// A module of tests/native in this process.
LoadedNative loaded(const std::string& name) {
  NativeFolder folder;
  folder.put_module(name);
  auto module = folder.modules({"", {sha256(native_module(name)).value()}}).load(folder.file);
  REQUIRE_MESSAGE(module.has_value(), module.error().message);
  return *std::move(module);
}

const LoadedNative& right() {
  static const LoadedNative module = loaded("right");
  return module;
}

struct Outcome {
  Status status;
  std::string output;
};

Outcome convert(const LoadedNative& module, NativeConversion conversion, std::string_view input) {
  Outcome outcome;
  outcome.status = module.convert(conversion, input, [&outcome](std::string_view piece) {
    outcome.output += piece;
    return Status();
  });
  return outcome;
}

Error refused(NativeConversion conversion, std::string_view input) {
  const Outcome outcome = convert(right(), std::move(conversion), input);
  REQUIRE_FALSE(outcome.status.has_value());
  CHECK_FALSE(outcome.status.error().next.empty());
  return outcome.status.error();
}

const atlink_conversion_1_t offered[] = {{"text", "anything"}};

atlink_status_t throwing(
    const char*, const char*, atlink_text_t, const atlink_sink_t*, const atlink_sink_t*) {
  throw std::runtime_error("out of a module");
}

const atlink_convert_1_t throwing_table = {offered, 1, throwing};

const void* throwing_extension(const char* /*id*/) {
  return &throwing_table;
}

const atlink_plugin_entry_t throwing_entry = {
    ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "acme", "1", throwing_extension};

}  // namespace

TEST_CASE("convert: the pieces come in order") {
  const Outcome upper = convert(right(), {"text", "upper"}, "Hello, \xC3\xA9!");
  CHECK(upper.status.has_value());
  CHECK(upper.output == "HELLO, \xC3\xA9!");
  const Outcome empty = convert(right(), {"text", "upper"}, "");
  CHECK(empty.status.has_value());
  CHECK(empty.output.empty());
  const LoadedNative in_cpp = loaded("right_in_cpp");
  CHECK(convert(in_cpp, {"text", "words"}, "b a b").output == "a 1\nb 2\n");
}

TEST_CASE("convert: what is not offered is not asked for") {
  const Error error = refused({"upper", "text"}, "x");
  CHECK(error.code == ErrorCode::product_unsupported);
  CHECK(error.message.find("does not convert from upper to text") != std::string::npos);
  CHECK(error.next == "it converts text to upper, text to failure");
}

TEST_CASE("convert: a malformed text is refused, with what the module says made fit to print") {
  const Error error = refused({"text", "failure"}, "");
  CHECK(error.code == ErrorCode::conversion_refused);
  CHECK(error.message == "line 1: \xEF\xBF\xBD[31mnot a number ");
  CHECK(refused({"text", "upper"}, "\xFF").code == ErrorCode::conversion_refused);
  const LoadedNative in_cpp = loaded("right_in_cpp");
  const Outcome outcome = convert(in_cpp, {"text", "nothing"}, "x");
  REQUIRE_FALSE(outcome.status.has_value());
  CHECK(outcome.status.error().message == "line 7 is not x");
}

TEST_CASE("convert: every other trouble is the module's own") {
  for (const char* input : {"2", "3", "4", "5", "9"}) {
    CAPTURE(input);
    const Error error = refused({"text", "failure"}, input);
    CHECK(error.code == ErrorCode::native_failed);
    CHECK(error.fact("side") == "plugin");
    CHECK(error.message.find("/acme/acme.so: it ") != std::string::npos);
  }
  const LoadedNative throwing_module(
      throwing_entry, "/x/acme.so", {"1", {"atlink.convert/1"}, {{"text", "anything"}}});
  const Outcome outcome = convert(throwing_module, {"text", "anything"}, "x");
  REQUIRE_FALSE(outcome.status.has_value());
  CHECK(outcome.status.error().code == ErrorCode::native_failed);
}

TEST_CASE("convert: an output that fails ends the conversion with its own error") {
  int pieces = 0;
  const Status status = right().convert({"text", "upper"}, "abcdef", [&pieces](std::string_view) {
    return ++pieces == 3 ? Status(fail(ErrorCode::output_closed, "nobody reads")) : Status();
  });
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().code == ErrorCode::output_closed);
  CHECK(pieces == 3);
}

TEST_CASE("convert: no exception of the host enters a module") {
  const Status status = right().convert(
      {"text", "upper"}, "abc", [](std::string_view) -> Status { throw std::bad_alloc(); });
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().code == ErrorCode::internal);
}

TEST_SUITE_END();
