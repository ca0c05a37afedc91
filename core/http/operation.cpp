// SPDX-License-Identifier: Apache-2.0
#include "atlink/operation.h"

#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

/// Texts in which no brace is left unmatched are checked by the reader of descriptions; this walks
/// over what is between single braces.
template <class Plain, class Name>
void walk(std::string_view text, Plain plain, Name name) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool twice = at + 1 < text.size() && text[at + 1] == c;
    if ((c == '{' || c == '}') && twice) {
      plain(c);
      ++at;
    } else if (c == '{') {
      const std::size_t end = std::min(text.find('}', at), text.size());
      name(text.substr(at + 1, end - at - 1));
      at = end;
    } else {
      plain(c);
    }
  }
}

/// The values of one call, each fit for a text of its parameter's kind.
class Filling {
 public:
  explicit Filling(const Operation& operation) : operation_(operation) {}

  /// Checks the values against the parameters and makes literals of those that want it.
  Status take(const std::vector<QueryLanguage>& languages, const TemplateValues& values);

  /// A template filled in; none where one of its values was not given.
  [[nodiscard]] std::optional<std::string> fill(std::string_view text) const;

  /// The same for an encoded path, in which every value is needed and encoded.
  [[nodiscard]] Result<std::string> fill_path(std::string_view path) const;

  /// The same for the strings of a JSON value; none where nothing is left of it.
  [[nodiscard]] std::optional<json::Value> fill(const json::Value& value) const;

  /// The entries of a map of which every value was given.
  [[nodiscard]] FormFields fill(const FormFields& entries) const;

 private:
  /// Checks one value and makes of it what its parameter asks for.
  Status take(const std::vector<QueryLanguage>& languages,
              const OperationParameter& parameter,
              std::string& value);
  /// Fills in what nobody gave, or says that it is missing.
  Status take_others(const std::vector<QueryLanguage>& languages);
  [[nodiscard]] const OperationParameter* parameter(std::string_view name) const;
  [[nodiscard]] const std::string* find(std::string_view name) const;
  /// What stands in the path for a value.
  [[nodiscard]] std::string encoded(std::string_view name, std::string_view value) const;
  /// The value of a string that is nothing but the {name} of a parameter that is no text.
  [[nodiscard]] const json::Value* whole(std::string_view text) const;
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view name, std::string_view what) const;
  [[nodiscard]] json::Value fill_object(const json::Object& members) const;
  [[nodiscard]] json::Value fill_array(const json::Array& elements) const;

  const Operation& operation_;
  TemplateValues values_;
  /// By the text that stands for them: "{name}".
  std::vector<std::pair<std::string, json::Value>> json_values_;
};

/// Stands for null in a body: a null itself takes a member away when descriptions are merged.
constexpr std::string_view null_text = "{null}";

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string literal(const QueryLanguage& language, std::string_view value) {
  std::string text = language.quote;
  for (const char c : value) {
    const std::string one(1, c);
    if (one == language.quote || one == language.escape) {
      text += language.escape;
    }
    text += c;
  }
  return text + language.quote;
}

tl::unexpected<Error> Filling::wrong(std::string_view name, std::string_view what) const {
  std::string known;
  for (const OperationParameter& parameter : operation_.parameters) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", parameter.name);
  }
  return fail(
      ErrorCode::usage,
      fmt::format("{}: the parameter \"{}\" {}", operation_.name, printable(name, 60), what),
      known.empty() ? "it takes no parameters" : fmt::format("it takes: {}", known));
}

const std::string* Filling::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) {
      return &value;
    }
  }
  return nullptr;
}

/// What a type wants of a value, for messages.
std::string_view wanted(OperationParameter::Type type) {
  switch (type) {
    case OperationParameter::Type::number:
      return "must be a number";
    case OperationParameter::Type::flag:
      return "must be true or false";
    default:
      return "must be JSON";
  }
}

bool is_of(OperationParameter::Type type, const json::Value& value) {
  switch (type) {
    case OperationParameter::Type::number:
      return value.as_integer() != nullptr || value.as_double() != nullptr;
    case OperationParameter::Type::flag:
      return value.as_bool() != nullptr;
    default:
      return true;
  }
}

/// None where it is no whole number, or leaves what fits.
std::optional<std::int64_t> sum_of(const json::Value& value, std::int64_t add) {
  const std::int64_t* number = value.as_integer();
  std::int64_t sum = 0;
  if (number == nullptr || __builtin_add_overflow(*number, add, &sum)) {
    return std::nullopt;
  }
  return sum;
}

const OperationParameter* Filling::parameter(std::string_view name) const {
  for (const OperationParameter& each : operation_.parameters) {
    if (each.name == name) {
      return &each;
    }
  }
  return nullptr;
}

Status Filling::take(const std::vector<QueryLanguage>& languages,
                     const OperationParameter& parameter,
                     std::string& value) {
  using enum OperationParameter::Type;
  if (parameter.type == number || parameter.type == flag || parameter.type == json) {
    auto parsed = json::parse(value);
    if (!parsed || !is_of(parameter.type, *parsed)) {
      return wrong(parameter.name, wanted(parameter.type));
    }
    if (parameter.add != 0) {
      auto sum = sum_of(*parsed, parameter.add);
      if (!sum) {
        return wrong(parameter.name, "must be a whole number that can be counted on from");
      }
      value = std::to_string(*sum);
      parsed = json::Value(*sum);
    }
    json_values_.emplace_back(fmt::format("{{{}}}", parameter.name), *std::move(parsed));
  }
  const auto language =
      std::find_if(languages.begin(), languages.end(), [&](const QueryLanguage& each) {
        return each.name == parameter.literal;
      });
  if (language != languages.end()) {
    if (std::any_of(value.begin(), value.end(), is_control)) {
      return wrong(parameter.name, "has a control character");
    }
    value = literal(*language, value);
  }
  return {};
}

Status Filling::take(const std::vector<QueryLanguage>& languages, const TemplateValues& values) {
  values_ = values;
  for (auto& [name, value] : values_) {
    const OperationParameter* known = parameter(name);
    if (known == nullptr) {
      return wrong(name, "is not one of its own");
    }
    ATLINK_CHECK(take(languages, *known, value));
  }
  return take_others(languages);
}

Status Filling::take_others(const std::vector<QueryLanguage>& languages) {
  for (const OperationParameter& each : operation_.parameters) {
    if (find(each.name) != nullptr) {
      continue;
    }
    if (each.default_text) {
      std::string value = *each.default_text;
      ATLINK_CHECK(take(languages, each, value));
      values_.emplace_back(each.name, std::move(value));
    } else if (each.required) {
      return wrong(each.name, "is missing");
    }
  }
  return {};
}

std::string Filling::encoded(std::string_view name, std::string_view value) const {
  const OperationParameter* known = parameter(name);
  if (known == nullptr || known->type != OperationParameter::Type::path) {
    return percent_encode(value);
  }
  std::string text;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find('/', begin), value.size());
    text += fmt::format(
        "{}{}", begin == 0 ? "" : "/", percent_encode(value.substr(begin, end - begin)));
    begin = end + 1;
  }
  return text;
}

const json::Value* Filling::whole(std::string_view text) const {
  for (const auto& [name, value] : json_values_) {
    if (name == text) {
      return &value;
    }
  }
  return nullptr;
}

std::optional<std::string> Filling::fill(std::string_view text) const {
  std::string filled;
  bool whole = true;
  walk(
      text,
      [&](char c) { filled += c; },
      [&](std::string_view name) {
        const std::string* value = find(name);
        whole = whole && value != nullptr;
        filled += value == nullptr ? "" : *value;
      });
  return whole ? std::optional(std::move(filled)) : std::nullopt;
}

Result<std::string> Filling::fill_path(std::string_view path) const {
  std::string filled;
  std::string_view missing;
  walk(
      path,
      [&](char c) { filled += c; },
      [&](std::string_view name) {
        const std::string* value = find(name);
        missing = value == nullptr ? name : missing;
        filled += value == nullptr ? "" : encoded(name, *value);
      });
  if (!missing.empty()) {
    return wrong(missing, "is missing");
  }
  // A slash at the end that the description wrote ends the path; a value must not.
  const std::size_t last = filled.size() - (path.back() == '/' ? 1 : 0);
  for (std::size_t begin = 1; begin <= last;) {
    const std::size_t end = std::min(filled.find('/', begin), filled.size());
    const std::string_view segment = std::string_view(filled).substr(begin, end - begin);
    // What follows ";" is a parameter of the segment, which servers cut off.
    const std::string_view name = segment.substr(0, segment.find(';'));
    if (name.empty() || name == "." || name == "..") {
      return fail(
          ErrorCode::usage,
          fmt::format("{}: its path would have the segment \"{}\"", operation_.name, segment),
          "give a value that names something");
    }
    begin = end + 1;
  }
  return filled;
}

json::Value Filling::fill_object(const json::Object& members) const {
  json::Object filled;
  for (const auto& [name, value] : members) {
    if (auto member = fill(value)) {
      filled.emplace_back(name, *std::move(member));
    }
  }
  return filled;
}

json::Value Filling::fill_array(const json::Array& elements) const {
  json::Array filled;
  for (const json::Value& value : elements) {
    if (auto element = fill(value)) {
      filled.push_back(*std::move(element));
    }
  }
  return filled;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
std::optional<json::Value> Filling::fill(const json::Value& value) const {
  if (const std::string* text = value.as_string()) {
    if (*text == null_text) {
      return json::Value();
    }
    if (const json::Value* typed = whole(*text)) {
      return *typed;
    }
    auto filled = fill(std::string_view(*text));
    return filled ? std::optional<json::Value>(*std::move(filled)) : std::nullopt;
  }
  if (const json::Object* members = value.as_object()) {
    return fill_object(*members);
  }
  if (const json::Array* elements = value.as_array()) {
    return fill_array(*elements);
  }
  return value;
}

FormFields Filling::fill(const FormFields& entries) const {
  FormFields filled;
  for (const auto& [name, text] : entries) {
    if (auto value = fill(std::string_view(text))) {
      filled.emplace_back(name, *std::move(value));
    }
  }
  return filled;
}

}  // namespace

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  walk(
      text, [](char) {}, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

Result<FilledOperation> fill_in(const Operation& operation,
                                const std::vector<QueryLanguage>& languages,
                                const TemplateValues& values) {
  Filling filling(operation);
  ATLINK_CHECK(filling.take(languages, values));
  FilledOperation filled;
  filled.method = operation.method;
  ATLINK_ASSIGN(filled.path, filling.fill_path(operation.path));
  filled.query = filling.fill(operation.query);
  if (!operation.form.empty()) {
    filled.form = filling.fill(operation.form);
  }
  if (operation.json) {
    filled.json = json::write(filling.fill(*operation.json).value_or(json::Value()));
  }
  filled.safe_to_repeat = operation.safe_to_repeat;
  return filled;
}

}  // namespace atlink
