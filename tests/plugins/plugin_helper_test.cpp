// SPDX-License-Identifier: Apache-2.0
#include "atlink/plugin/plugin.hpp"

#include <doctest/doctest.h>

#include <new>
#include <stdexcept>
#include <string>

TEST_SUITE_BEGIN("plugins/include");

using namespace atlink::plugin;

namespace {

std::string shout(std::string_view text) {
  return std::string(text) + "!";
}

void in_pieces(std::string_view text, Output& output) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    output << text.substr(i, 1) << "-";
  }
}

// Throws whatever the text asks for.
std::string fail_as(std::string_view text) {
  if (text == "malformed") {
    throw MalformedInput("line 1");
  }
  if (text == "memory") {
    throw std::bad_alloc();
  }
  if (text == "standard") {
    throw std::logic_error("a fault");
  }
  throw 7;
}

using Everything =
    Converter<Conversion<"text", "shouting", shout>,
              Conversion<"text", "pieces", in_pieces>,
              Conversion<"text", "error", fail_as>,
              Conversion<"text", "same", [](std::string_view text) { return std::string(text); }>>;

constexpr atlink_plugin_entry_t made = entry<Everything>("acme", "2.0");

/// What a host does: keeps the pieces, and takes no more than it wants.
struct Host {
  std::string output;
  std::string message;
  int pieces_wanted = 1000;

  static bool write(const atlink_sink_t* sink, atlink_text_t piece) {
    auto& self = *static_cast<Host*>(sink->host_data);
    self.output.append(piece.data, piece.size);
    return --self.pieces_wanted > 0;
  }

  static bool complain(const atlink_sink_t* sink, atlink_text_t piece) {
    static_cast<Host*>(sink->host_data)->message.append(piece.data, piece.size);
    return true;
  }

  atlink_status_t convert(const char* from, const char* to, std::string_view text) {
    const auto* table =
        static_cast<const atlink_convert_1_t*>(made.get_extension(ATLINK_EXT_CONVERT_1));
    const atlink_sink_t into{this, write};
    const atlink_sink_t complaints{this, complain};
    return table->convert(from, to, {text.data(), text.size()}, &into, &complaints);
  }
};

}  // namespace

TEST_CASE("helper: the entry and its table are constants") {
  static_assert(made.abi_major == ATLINK_PLUGIN_ABI_MAJOR);
  static_assert(made.abi_minor == ATLINK_PLUGIN_ABI_MINOR);
  CHECK(std::string(made.id) == "acme");
  CHECK(std::string(made.version) == "2.0");
  const void* const table = made.get_extension(ATLINK_EXT_CONVERT_1);
  REQUIRE(table != nullptr);
  CHECK(table == made.get_extension(std::string(ATLINK_EXT_CONVERT_1).c_str()));
  CHECK(made.get_extension("atlink.convert/2") == nullptr);
  CHECK(made.get_extension("") == nullptr);
  const auto& convert = *static_cast<const atlink_convert_1_t*>(table);
  REQUIRE(convert.count == 4);
  CHECK(std::string(convert.conversions[1].from) == "text");
  CHECK(std::string(convert.conversions[1].to) == "pieces");
}

TEST_CASE("helper: functions, pieces and lambdas convert") {
  Host host;
  CHECK(host.convert("text", "shouting", "hey") == ATLINK_OK);
  CHECK(host.convert("text", "pieces", "ab") == ATLINK_OK);
  CHECK(host.convert("text", "same", "x") == ATLINK_OK);
  CHECK(host.output == "hey!a-b-x");
  CHECK(host.convert("text", "nothing", "x") == ATLINK_ERROR_UNSUPPORTED);
  CHECK(host.convert("shouting", "text", "x") == ATLINK_ERROR_UNSUPPORTED);
  CHECK(host.message.empty());
}

TEST_CASE("helper: no text at all is an empty one") {
  Host host;
  const auto* table =
      static_cast<const atlink_convert_1_t*>(made.get_extension(ATLINK_EXT_CONVERT_1));
  const atlink_sink_t into{&host, Host::write};
  CHECK(table->convert("text", "shouting", {nullptr, 0}, &into, &into) == ATLINK_OK);
  CHECK(host.output == "!");
}

TEST_CASE("helper: what is thrown becomes a status, and says why") {
  Host host;
  CHECK(host.convert("text", "error", "malformed") == ATLINK_ERROR_INPUT);
  CHECK(host.message == "line 1");
  host.message.clear();
  CHECK(host.convert("text", "error", "memory") == ATLINK_ERROR_MEMORY);
  CHECK(host.message.empty());
  CHECK(host.convert("text", "error", "standard") == ATLINK_ERROR_INTERNAL);
  CHECK(host.message == "a fault");
  CHECK(host.convert("text", "error", "anything") == ATLINK_ERROR_INTERNAL);
}

TEST_CASE("helper: a host that wants no more is heard at the next piece") {
  Host host;
  host.pieces_wanted = 2;
  CHECK(host.convert("text", "pieces", "abc") == ATLINK_ERROR_STOPPED);
  CHECK(host.output == "a-");
}

TEST_SUITE_END();
