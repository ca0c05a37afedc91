// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "core/text/utf8.h"

#include <fmt/format.h>

#include <cmath>

namespace atlink::json {

namespace {

/// The escape of a character that must not stand in a JSON string by itself (RFC 8259 section 7);
/// empty if it may.
std::string escape(char32_t code) {
  switch (code) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return code < 0x20 || code == 0x7F ? fmt::format("\\u{:04x}", static_cast<unsigned>(code))
                                         : std::string();
  }
}

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Value& value) {
    if (const bool* boolean = value.as_bool()) {
      out_ += *boolean ? "true" : "false";
    } else if (const std::int64_t* integer = value.as_integer()) {
      out_ += fmt::format("{}", *integer);
    } else if (const double* number = value.as_double()) {
      write_double(*number);
    } else if (const std::string* string = value.as_string()) {
      write_string(*string);
    } else if (const Array* array = value.as_array()) {
      write_array(*array);
    } else if (const Object* object = value.as_object()) {
      write_object(*object);
    } else {
      out_ += "null";
    }
  }

  std::string take() {
    if (indent_ > 0) {
      out_ += '\n';
    }
    return std::move(out_);
  }

 private:
  /// The shortest text that reads as the same number, and never as an integer. JSON has no text
  /// for what is not finite.
  void write_double(double number) {
    if (!std::isfinite(number)) {
      out_ += "null";
      return;
    }
    const std::string text = fmt::format("{}", number);
    out_ += text;
    if (text.find_first_of(".e") == std::string::npos) {
      out_ += ".0";
    }
  }

  void write_string(std::string_view text) {
    out_ += '"';
    for (std::size_t at = 0; at < text.size();) {
      const auto character = text::decode_utf8(text, at);
      if (!character) {
        out_ += text::replacement_character;
        ++at;
        continue;
      }
      const std::string escaped = escape(character->code);
      out_ += escaped.empty() ? text.substr(at, character->bytes) : std::string_view(escaped);
      at += character->bytes;
    }
    out_ += '"';
  }

  void write_array(const Array& array) {
    open('[');
    for (const Value& value : array) {
      next();
      write(value);
    }
    close(']', array.empty());
  }

  void write_object(const Object& object) {
    open('{');
    for (const auto& [name, value] : object) {
      next();
      write_string(name);
      out_ += indent_ > 0 ? ": " : ":";
      write(value);
    }
    close('}', object.empty());
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    first_ = true;
  }

  void next() {
    if (!first_) {
      out_ += ',';
    }
    first_ = false;
    break_line();
  }

  void close(char bracket, bool empty) {
    --depth_;
    first_ = false;
    if (!empty) {
      break_line();
    }
    out_ += bracket;
  }

  void break_line() {
    if (indent_ > 0) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(indent_) * depth_, ' ');
    }
  }

  int indent_;
  std::size_t depth_ = 0;
  bool first_ = true;
  std::string out_;
};

}  // namespace

std::string write(const Value& value, int indent) {
  Writer writer(indent);
  writer.write(value);
  return writer.take();
}

}  // namespace atlink::json
