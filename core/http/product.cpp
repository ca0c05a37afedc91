// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"

#include "atlink/text.h"

#include <fmt/format.h>

namespace atlink {

namespace {

/// The value of a template's name. Fails with `plugin_invalid`.
Result<std::string_view> value_of(std::string_view name, const TemplateValues& values) {
  for (const auto& [key, value] : values) {
    if (key == name) {
      return std::string_view(value);
    }
  }
  return fail(ErrorCode::plugin_invalid,
              fmt::format("a template uses {{{}}}, which nothing stands for", printable(name, 60)),
              "use a name of the list in the plugin author's guide");
}

}  // namespace

std::string_view to_string(Deployment deployment) {
  return deployment == Deployment::cloud ? "cloud" : "data-center";
}

std::optional<Deployment> deployment_from(std::string_view text) {
  for (const Deployment deployment : {Deployment::cloud, Deployment::data_center}) {
    if (text == to_string(deployment)) {
      return deployment;
    }
  }
  return std::nullopt;
}

Result<std::string> expand(std::string_view text, const TemplateValues& values) {
  std::string expanded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      expanded += c;
    } else if (at + 1 < text.size() && text[at + 1] == c) {
      expanded += c;
      ++at;
    } else {
      const std::size_t end = c == '{' ? text.find('}', at) : std::string_view::npos;
      if (end == std::string_view::npos) {
        return fail(ErrorCode::plugin_invalid,
                    fmt::format("a template has a single \"{}\": {}", c, printable(text, 120)),
                    "write a brace itself twice");
      }
      ATLINK_ASSIGN(const std::string_view value,
                    value_of(text.substr(at + 1, end - at - 1), values));
      expanded += value;
      at = end;
    }
  }
  return expanded;
}

}  // namespace atlink
