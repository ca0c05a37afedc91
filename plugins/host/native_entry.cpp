// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_entry.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace atlink::plugins {

namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_version = 64;
constexpr std::size_t longest_name = 64;
constexpr std::uint32_t most_conversions = 256;

/// Ids that nobody defines, and shapes of ids that a careless comparison takes for known ones.
constexpr std::array unknown_ids{
    "",
    "atlink.convert",
    "atlink.convert/",
    "atlink.convert/0",
    "atlink.convert/10",
    "atlink.convert/4294967297",
    "ATLINK.CONVERT/1",
    "atlink.nothing/1",
    " atlink.convert/1",
    "atlink.convert/1 ",
};

/// The text at `text`, or what stands there of one that goes on beyond `most` bytes; none for NULL.
std::optional<std::string> text_at(const char* text, std::size_t most) {
  if (text == nullptr) {
    return std::nullopt;
  }
  return std::string(text, ::strnlen(text, most + 1));
}

NativeProblem of_abi(const atlink_plugin_entry_t& entry) {
  const bool newer =
      entry.abi_major > ATLINK_PLUGIN_ABI_MAJOR ||
      (entry.abi_major == ATLINK_PLUGIN_ABI_MAJOR && entry.abi_minor > ATLINK_PLUGIN_ABI_MINOR);
  return {
      "native-abi",
      fmt::format("it was compiled for version {}.{} of the interface, and this atlink has {}.{}",
                  entry.abi_major,
                  entry.abi_minor,
                  ATLINK_PLUGIN_ABI_MAJOR,
                  ATLINK_PLUGIN_ABI_MINOR),
      newer ? "use a newer atlink, or compile the module with the headers of this one"
            : "compile the module again, with the headers of this atlink"};
}

std::optional<NativeProblem> judge_id(const atlink_plugin_entry_t& entry, std::string_view id) {
  const auto own = text_at(entry.id, longest_id);
  if (own && *own == id) {
    return std::nullopt;
  }
  return NativeProblem{
      "native-id",
      own ? fmt::format("its id is \"{}\", and the folder is named \"{}\"", printable(*own), id)
          : "its entry has no id (NULL)",
      "use one id for folder, file, description and module"};
}

std::optional<NativeProblem> judge_version(const atlink_plugin_entry_t& entry) {
  const auto version = text_at(entry.version, longest_version);
  const bool good = version && !version->empty() && version->size() <= longest_version &&
                    printable(*version) == *version;
  if (good) {
    return std::nullopt;
  }
  return NativeProblem{
      "native-version",
      version ? "its version is not one short line of text" : "its entry has no version (NULL)",
      "give it a version such as \"1.0.0\""};
}

NativeProblem of_extension(std::string message, std::string next) {
  return {"native-extension", std::move(message), std::move(next)};
}

NativeProblem of_table(const std::string& message) {
  return of_extension(fmt::format("its table {} {}", ATLINK_EXT_CONVERT_1, message),
                      "fill the table as atlink/plugin/ext/convert.h says");
}

std::optional<NativeProblem> judge_unknown(const atlink_plugin_entry_t& entry) {
  if (entry.get_extension == nullptr) {
    return of_extension("its entry has no get_extension (NULL)",
                        "answer NULL for what the module does not know, but answer");
  }
  for (const char* id : unknown_ids) {
    if (entry.get_extension(id) != nullptr) {
      return of_extension(
          fmt::format("it answers \"{}\", an extension that does not exist, with a table", id),
          "compare the whole id, and answer NULL for every other");
    }
  }
  return std::nullopt;
}

std::optional<NativeProblem> judge_conversion(const atlink_conversion_1_t& each,
                                              std::uint32_t number,
                                              std::vector<NativeConversion>& into) {
  const auto from = text_at(each.from, longest_name);
  const auto to = text_at(each.to, longest_name);
  if (!from || !to) {
    return of_table(fmt::format("has a NULL name in conversion {}", number));
  }
  if (!is_format_name(*from) || !is_format_name(*to)) {
    return of_table(fmt::format("names a format \"{}\", which is no name of one",
                                printable(is_format_name(*from) ? *to : *from, longest_name)));
  }
  NativeConversion conversion{*from, *to};
  if (std::find(into.begin(), into.end(), conversion) != into.end()) {
    return of_table(fmt::format("offers {} to {} twice", *from, *to));
  }
  into.push_back(std::move(conversion));
  return std::nullopt;
}

std::optional<NativeProblem> judge_table(const atlink_convert_1_t& table,
                                         std::vector<NativeConversion>& into) {
  if (table.count == 0 || table.count > most_conversions) {
    return of_table(fmt::format(
        "counts {} conversions, and must count 1 to {}", table.count, most_conversions));
  }
  if (table.conversions == nullptr || table.convert == nullptr) {
    return of_table(table.conversions == nullptr
                        ? fmt::format("counts {} conversions and has none (NULL)", table.count)
                        : "has no function that converts (NULL)");
  }
  for (std::uint32_t i = 0; i < table.count; ++i) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-bounds-pointer-arithmetic): an array of C
    if (auto problem = judge_conversion(table.conversions[i], i + 1, into)) {
      return problem;
    }
  }
  return std::nullopt;
}

std::optional<NativeProblem> judge_convert(const atlink_plugin_entry_t& entry, NativeOffer& offer) {
  const void* const table = entry.get_extension(ATLINK_EXT_CONVERT_1);
  if (table != entry.get_extension(ATLINK_EXT_CONVERT_1)) {
    return of_extension("it gives another table each time that it is asked",
                        "give the address of a constant");
  }
  if (table == nullptr) {
    return std::nullopt;
  }
  offer.extensions.emplace_back(ATLINK_EXT_CONVERT_1);
  return judge_table(*static_cast<const atlink_convert_1_t*>(table), offer.conversions);
}

}  // namespace

bool takes_abi(std::uint32_t major, std::uint32_t minor) {
  if (major == 0) {
    return ATLINK_PLUGIN_ABI_MAJOR == 0 && minor == ATLINK_PLUGIN_ABI_MINOR;
  }
  return major == ATLINK_PLUGIN_ABI_MAJOR && minor <= ATLINK_PLUGIN_ABI_MINOR;
}

bool is_format_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= longest_name && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
         });
}

tl::expected<NativeOffer, NativeProblem> judge_entry(const atlink_plugin_entry_t& entry,
                                                     std::string_view id) {
  if (!takes_abi(entry.abi_major, entry.abi_minor)) {
    return tl::unexpected(of_abi(entry));
  }
  for (auto problem : {judge_id(entry, id), judge_version(entry)}) {
    if (problem) {
      return tl::unexpected(std::move(*problem));
    }
  }
  NativeOffer offer;
  offer.version = entry.version;
  if (auto problem = judge_unknown(entry)) {
    return tl::unexpected(std::move(*problem));
  }
  if (auto problem = judge_convert(entry, offer)) {
    return tl::unexpected(std::move(*problem));
  }
  return offer;
}

}  // namespace atlink::plugins
