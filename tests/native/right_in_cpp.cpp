// SPDX-License-Identifier: Apache-2.0
// A module in C++ that uses much of the standard library, whose weak and unique symbols must not
// show.
#include "atlink/plugin/plugin.hpp"

#include <map>
#include <sstream>
#include <string>

namespace {

template <class Word>
struct Counter {
  inline static std::map<Word, int> shared;
};

// Words and how often they come.
std::string to_words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::map<std::string, int> words = Counter<std::string>::shared;
  for (std::string word; stream >> word;) {
    ++words[word];
  }
  std::ostringstream out;
  for (const auto& [word, count] : words) {
    out << word << ' ' << count << '\n';
  }
  return out.str();
}

void refuse(std::string_view text, atlink::plugin::Output& output) {
  output << "begun";
  throw atlink::plugin::MalformedInput("line 7 is not " + std::string(text));
}

using Converter = atlink::plugin::Converter<atlink::plugin::Conversion<"text", "words", to_words>,
                                            atlink::plugin::Conversion<"text", "nothing", refuse>>;

}  // namespace

const atlink_plugin_entry_t atlink_plugin_entry = atlink::plugin::entry<Converter>("acme", "3.0.0");
