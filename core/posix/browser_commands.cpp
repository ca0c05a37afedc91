// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_browser.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace atlink::posix {

namespace {

/// The non-empty pieces of `text` between any of `separators`.
std::vector<std::string> pieces(std::string_view text, std::string_view separators) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) {
      found.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::vector<std::string> with_url(std::vector<std::string> command, const std::string& url) {
  bool placed = false;
  for (std::string& argument : command) {
    const std::size_t at = argument.find("%s");
    if (at != std::string::npos) {
      argument.replace(at, 2, url);
      placed = true;
    }
  }
  if (!placed) {
    command.push_back(url);
  }
  return command;
}

bool is_set(const Environment& environment, const std::string& name) {
  return !environment.get(name).value_or("").empty();
}

}  // namespace

std::vector<std::vector<std::string>> browser_commands(const Environment& environment,
                                                       const Url& url) {
  std::vector<std::vector<std::string>> commands;
  for (const std::string& command : pieces(environment.get("BROWSER").value_or(""), ":")) {
    if (std::vector<std::string> words = pieces(command, " \t"); !words.empty()) {
      commands.push_back(with_url(std::move(words), url.str()));
    }
  }
  if (is_set(environment, "DISPLAY") || is_set(environment, "WAYLAND_DISPLAY")) {
    commands.push_back({"xdg-open", url.str()});
    commands.push_back({"gio", "open", url.str()});
    commands.push_back({"sensible-browser", url.str()});
    commands.push_back({"x-www-browser", url.str()});
  }
  return commands;
}

}  // namespace atlink::posix
