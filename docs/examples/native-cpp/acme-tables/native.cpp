// SPDX-License-Identifier: Apache-2.0
// A native extension in C++: offers atlink.convert/1 from CSV (RFC 4180) to an HTML table, whose
// header is the first line.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <atlink/plugin/plugin.hpp>

namespace {

using Row = std::vector<std::string>;

/// Reads a text row by row. What is wrong is thrown, with the line on which the row begins.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  Row next() {
    begin_ = line_;
    Row row;
    do {
      row.push_back(take('"') ? quoted() : plain());
    } while (take(','));
    if (!at_end() && !take_line_break()) {
      refuse("something behind a closing quote");
    }
    return row;
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw atlink::plugin::MalformedInput("the row of line " + std::to_string(begin_) + " has " +
                                         why);
  }

 private:
  bool take(char expected) {
    const bool there = !rest_.empty() && rest_.front() == expected;
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }

  bool take_line_break() {
    const bool returned = take('\r');
    const bool there = take('\n') || returned;
    line_ += there ? 1 : 0;
    return there;
  }

  std::string plain() {
    const std::string_view field = rest_.substr(0, rest_.find_first_of(",\"\r\n"));
    rest_.remove_prefix(field.size());
    if (!at_end() && rest_.front() == '"') {
      refuse("a quote within a field that does not begin with one");
    }
    return std::string(field);
  }

  std::string quoted() {
    std::string field;
    for (;;) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        refuse("a quote that is not closed");
      }
      const std::string_view piece = rest_.substr(0, end);
      line_ += std::count(piece.begin(), piece.end(), '\n');
      field += piece;
      rest_.remove_prefix(end + 1);
      if (!take('"')) {
        return field;
      }
      field += '"';
    }
  }

  std::string_view rest_;
  std::ptrdiff_t line_ = 1;
  std::ptrdiff_t begin_ = 1;
};

/// A field as HTML; false for one that HTML has no way to write.
bool append_escaped(std::string& html, std::string_view field) {
  for (const char character : field) {
    const auto byte = static_cast<unsigned char>(character);
    switch (character) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '\n':
        html += "<br/>";
        break;
      case '\r':
        break;
      default:
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
          return false;
        }
        html += character;
    }
  }
  return true;
}

std::string html_row(const CsvReader& reader, const Row& row, std::string_view cell) {
  std::string html = "<tr>";
  for (const std::string& field : row) {
    html.append("<").append(cell).append(">");
    if (!append_escaped(html, field)) {
      reader.refuse("a control character");
    }
    html.append("</").append(cell).append(">");
  }
  return html.append("</tr>\n");
}

void write_table(std::string_view csv, atlink::plugin::Output& output) {
  CsvReader reader(csv);
  if (reader.at_end()) {
    return;
  }
  const Row header = reader.next();
  output << "<table>\n" << html_row(reader, header, "th");
  while (!reader.at_end()) {
    const Row row = reader.next();
    if (row.size() != header.size()) {
      reader.refuse(std::to_string(row.size()) + " fields, and the header " +
                    std::to_string(header.size()));
    }
    output << html_row(reader, row, "td");
  }
  output << "</table>\n";
}

using Converter = atlink::plugin::Converter<atlink::plugin::Conversion<"csv", "html", write_table>>;

}  // namespace

const atlink_plugin_entry_t atlink_plugin_entry =
    atlink::plugin::entry<Converter>("acme-tables", "1.0");
