// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/multipart.h"

#include "atlink/http_message.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t most_parts = 100;
constexpr std::size_t longest_head = std::size_t{8} << 10;
constexpr std::size_t longest_boundary = 70;
constexpr std::string_view line_end = "\r\n";

tl::unexpected<Error> wrong(std::string what) {
  return fail(ErrorCode::usage, std::move(what), "send multipart/form-data as RFC 7578 has it");
}

/// A header's value and its parameters, read from the front.
class Parameters {
 public:
  explicit Parameters(std::string_view value) {
    const std::size_t end = std::min(value.find(';'), value.size());
    main_ = to_lower(trim(value.substr(0, end)));
    rest_ = value.substr(end);
    good_ = read_all();
  }

  /// Whether the whole value could be read, without a parameter that stands there twice.
  [[nodiscard]] bool good() const { return good_; }

  [[nodiscard]] const std::string& main() const { return main_; }

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    for (const auto& [each, value] : parameters_) {
      if (each == name) {
        return value;
      }
    }
    return std::nullopt;
  }

 private:
  bool read_all() {
    while (!rest_.empty()) {
      rest_.remove_prefix(1);
      const std::size_t equals = rest_.find('=');
      const std::string name = to_lower(trim(rest_.substr(0, equals)));
      if (equals == std::string_view::npos || name.empty() || find(name)) {
        return false;
      }
      rest_.remove_prefix(equals + 1);
      const auto value = read_value();
      if (!value) {
        return false;
      }
      parameters_.emplace_back(name, *value);
    }
    return true;
  }

  /// A token, or text in quotes in which only a quote is escaped: that is how browsers write it.
  std::optional<std::string> read_value() {
    std::string value;
    if (rest_.empty() || rest_.front() != '"') {
      const std::size_t end = std::min(rest_.find(';'), rest_.size());
      value = trim(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return value.empty() ? std::nullopt : std::optional(std::move(value));
    }
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.substr(0, 2) == "\\\"") {
        rest_.remove_prefix(1);
      }
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) {
      return std::nullopt;
    }
    rest_.remove_prefix(1);
    const std::size_t end = std::min(rest_.find_first_not_of(" \t"), rest_.size());
    rest_.remove_prefix(end);
    return rest_.empty() || rest_.front() == ';' ? std::optional(std::move(value)) : std::nullopt;
  }

  std::string main_;
  std::string_view rest_;
  FormFields parameters_;
  bool good_ = false;
};

Result<std::string> boundary_of(std::string_view content_type) {
  const Parameters type(content_type);
  const auto boundary = type.find("boundary");
  if (!type.good() || type.main() != "multipart/form-data" || !boundary) {
    return wrong("the body is not multipart/form-data with a boundary");
  }
  const bool fits = boundary->size() <= longest_boundary && boundary->back() != ' ' &&
                    printable(*boundary) == *boundary;
  return fits ? Result<std::string>(*boundary)
              : Result<std::string>(wrong("the boundary of the body is none"));
}

/// Reads the lines of a part's head into `part`.
Status read_head(std::string_view head, FormPart& part) {
  bool named = false;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find(line_end), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + line_end.size(), head.size()));
    const std::size_t colon = line.find(':');
    const std::string name = to_lower(line.substr(0, colon));
    const std::string_view value = trim(line.substr(std::min(colon, line.size() - 1) + 1));
    if (colon == std::string_view::npos || !check_header(name, value)) {
      return wrong("a part has a malformed header");
    }
    if (name == "content-type") {
      part.type = value;
    } else if (name == "content-disposition") {
      const Parameters disposition(value);
      const auto field = disposition.find("name");
      if (named || !disposition.good() || disposition.main() != "form-data" || !field) {
        return wrong("a part has no Content-Disposition: form-data with a name");
      }
      named = true;
      part.name = *field;
      part.file_name = disposition.find("filename");
    } else if (name == "content-transfer-encoding" && !equals_ignoring_case(value, "binary")) {
      return wrong("a part has a Content-Transfer-Encoding, which forms do not have any more");
    }
  }
  return named ? Status() : Status(wrong("a part has no Content-Disposition"));
}

/// Moves `text` behind `front`; false where it does not begin so.
bool take(std::string_view& text, std::string_view front) {
  const bool there = text.substr(0, front.size()) == front;
  text.remove_prefix(there ? front.size() : 0);
  return there;
}

}  // namespace

Result<std::vector<FormPart>> read_multipart(std::string_view content_type, std::string_view body) {
  ATLINK_ASSIGN(const std::string boundary, boundary_of(content_type));
  const std::string delimiter = fmt::format("\r\n--{}", boundary);
  std::vector<FormPart> parts;
  if (!take(body, std::string_view(delimiter).substr(line_end.size()))) {
    return wrong("the body does not begin with its boundary");
  }
  while (!take(body, "--")) {
    FormPart part;
    // Without any header the empty line comes at once.
    const std::size_t end = body.find("\r\n\r\n");
    if (!take(body, line_end) || end == std::string_view::npos || end > longest_head) {
      return wrong("a part has no head, or one that is too long");
    }
    ATLINK_CHECK(read_head(body.substr(0, end == 0 ? 0 : end - line_end.size()), part));
    body.remove_prefix(end + line_end.size());
    const std::size_t next = body.find(delimiter);
    if (next == std::string_view::npos || parts.size() == most_parts) {
      return wrong("the body is cut short, or has too many parts");
    }
    part.bytes = body.substr(0, next);
    body.remove_prefix(next + delimiter.size());
    parts.push_back(std::move(part));
  }
  if (!body.empty() && body != line_end) {
    return wrong("something stands behind the last boundary");
  }
  return parts;
}

}  // namespace atlink::plugins::sandbox
