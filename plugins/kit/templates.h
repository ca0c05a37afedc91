// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

/// What the files of a new plugin begin as. In their texts @id@, @name@, @name_json@ (a JSON
/// string), @schema@ (a JSON string) and @base@ stand for what the author said.
namespace atlink::plugins::kit {

/// Which plugins have a file.
enum class For { all, standalone, extending, native, data };

struct Template {
  std::string_view path;
  std::string_view text;
  For whom = For::all;
  unsigned mode = 0644;
};

/// Every file. No path comes twice for one plugin.
[[nodiscard]] std::span<const Template> templates();

extern const std::string_view standalone_description;
extern const std::string_view standalone_answers;

}  // namespace atlink::plugins::kit
