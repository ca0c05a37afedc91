// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Plain text for people: aligned, no colour, one thing a line.
namespace atlink::cli {

/// Lines "label  value" with the values aligned. Texts are made printable; a pair with an empty
/// value is left out.
[[nodiscard]] std::string lay_out_pairs(
    const std::vector<std::pair<std::string, std::string>>& pairs);

/// Columns under `header`, as wide as their widest cell. Texts are made printable; the last column
/// is not padded.
[[nodiscard]] std::string lay_out_table(const std::vector<std::string>& header,
                                        const std::vector<std::vector<std::string>>& rows);

/// `text` in lines of at most `width` columns, each after `indent` spaces. Breaks at spaces only;
/// ends with a line break.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 80);

/// Columns that `text` takes: its code points, which is right for the scripts most names are in.
[[nodiscard]] std::size_t columns_of(std::string_view text);

}  // namespace atlink::cli
