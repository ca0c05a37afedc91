// SPDX-License-Identifier: Apache-2.0
#include "cli/layout.h"

#include "atlink/text.h"

#include <algorithm>

namespace atlink::cli {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t longest_cell = 4000;

std::string padded(std::string text, std::size_t width) {
  text.append(width - std::min(width, columns_of(text)), ' ');
  return text;
}

std::vector<std::string> clean_row(const std::vector<std::string>& row) {
  std::vector<std::string> clean;
  clean.reserve(row.size());
  for (const std::string& cell : row) {
    clean.push_back(printable(cell, longest_cell));
  }
  return clean;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += i + 1 < cells.size() ? padded(cells[i], widths[i] + gap) : cells[i];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  // Bytes that continue a UTF-8 sequence do not begin a character.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

std::string lay_out_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::vector<std::string>> rows;
  std::size_t width = 0;
  for (const auto& [label, value] : pairs) {
    if (!value.empty()) {
      rows.push_back(clean_row({label, value}));
      width = std::max(width, columns_of(rows.back().front()));
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : rows) {
    text += line_of(row, {width, 0});
  }
  return text;
}

std::string lay_out_table(const std::vector<std::string>& header,
                          const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> clean{header};
  for (const std::vector<std::string>& row : rows) {
    clean.push_back(clean_row(row));
  }
  std::vector<std::size_t> widths(header.size(), 0);
  for (const std::vector<std::string>& row : clean) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : clean) {
    text += line_of(row, widths);
  }
  return text;
}

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string wrapped;
  std::string line;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!line.empty() && indent + columns_of(line) + 1 + columns_of(word) > width) {
      wrapped += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    line += line.empty() ? "" : " ";
    line += word;
  }
  return wrapped + std::string(indent, ' ') + line + "\n";
}

}  // namespace atlink::cli
