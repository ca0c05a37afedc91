// SPDX-License-Identifier: Apache-2.0
#include "cli/description_text.h"

#include "atlink/text.h"
#include "cli/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace atlink::cli {

namespace {

constexpr std::size_t longest_value = 4000;

// The sections of the language in the order of reading, and what they are about. A section that is
// not listed comes last, under its own name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> sections{{
    {"context_path", "where it is"},
    {"settings", "settings of a profile"},
    {"detect", "recognising a site"},
    {"sign_in", "ways to sign in"},
    {"identity", "who is signed in"},
    {"signals", "what answers mean"},
    {"headers", "headers of requests"},
    {"xsrf", "against forged requests"},
    {"errors", "errors"},
    {"rate_limit", "limits"},
    {"pagers", "pagers"},
    {"apis", "APIs"},
    {"query_languages", "query languages"},
    {"operations", "operations"},
    {"recipes", "recipes"},
    {"catalogues", "catalogues"},
    {"pages", "pages for people"},
    {"link", "the application link"},
}};

// What the file is and how deployments are chosen: shown at the top.
constexpr std::array<std::string_view, 9> head_members{"schema",
                                                       "id",
                                                       "version",
                                                       "needs",
                                                       "name",
                                                       "summary",
                                                       "extends",
                                                       "replaces",
                                                       "preferred_deployment"};

// As a segment of a JSON pointer.
std::string segment(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '~' || c == '/') {
      text += c == '~' ? "~0" : "~1";
    } else {
      text += c;
    }
  }
  return text;
}

const std::string* text_at(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

bool has_only(const json::Object& members, std::initializer_list<std::string_view> names) {
  return std::all_of(members.begin(), members.end(), [&](const auto& member) {
    return member.second.as_string() != nullptr &&
           std::find(names.begin(), names.end(), member.first) != names.end();
  });
}

// Whether nothing else is said of it than where it is.
bool is_place(const json::Object& members) {
  return std::all_of(members.begin(), members.end(), [](const auto& member) {
    const json::Object* query = member.first == "query" ? member.second.as_object() : nullptr;
    const bool is_text = member.second.as_string() != nullptr;
    return query != nullptr
               ? std::all_of(query->begin(),
                             query->end(),
                             [](const auto& entry) { return entry.second.as_string() != nullptr; })
               : is_text && (member.first == "path" || member.first == "relative_to" ||
                             member.first == "setting");
  });
}

// The fixed query of a place, as it goes into its URL.
std::string query_in_words(const json::Value& place) {
  FormFields fields;
  const json::Value* query = place.find("query");
  for (std::size_t i = 0; query != nullptr && i < query->as_object()->size(); ++i) {
    const auto& [name, value] = (*query->as_object())[i];
    fields.emplace_back(name, *value.as_string());
  }
  return fields.empty() ? std::string() : fmt::format("?{}", to_form(fields));
}

// A place as one reads it: "BASE/path", "SITE/path", or "<origin of the setting>/path".
std::string place_in_words(const json::Value& value) {
  const std::string* path = text_at(value, "path");
  if (path == nullptr || !is_place(*value.as_object())) {
    return {};
  }
  const std::string end = fmt::format("{}{}", *path, query_in_words(value));
  if (const std::string* setting = text_at(value, "setting")) {
    return fmt::format("<{}>{}", *setting, end);
  }
  const std::string* relative_to = text_at(value, "relative_to");
  const bool of_site = relative_to != nullptr && *relative_to == "site";
  return fmt::format("{}{}", of_site ? "SITE" : "BASE", end);
}

std::string range_in_words(const json::Value& value) {
  const std::string* from = text_at(value, "from");
  const std::string* before = text_at(value, "before");
  if (value.as_object()->empty() || !has_only(*value.as_object(), {"from", "before"})) {
    return {};
  }
  return from == nullptr     ? fmt::format("before {}", *before)
         : before == nullptr ? fmt::format("from {} on", *from)
                             : fmt::format("from {} to before {}", *from, *before);
}

std::string scalar_in_words(const json::Value& value) {
  if (const std::string* text = value.as_string()) {
    return text->empty() ? "none" : *text;
  }
  if (value.is_null()) {
    return "taken away";
  }
  if (const bool* flag = value.as_bool()) {
    return *flag ? "yes" : "no";
  }
  return json::write(value);
}

bool is_scalar(const json::Value& value) {
  return value.as_array() == nullptr && value.as_object() == nullptr;
}

// What fits on one line; empty where the value has to be taken apart.
std::string one_line(const json::Value& value) {
  if (is_scalar(value)) {
    return scalar_in_words(value);
  }
  if (const json::Array* array = value.as_array()) {
    std::string text;
    for (const json::Value& element : *array) {
      if (!is_scalar(element)) {
        return {};
      }
      text += fmt::format("{}{}", text.empty() ? "" : ", ", scalar_in_words(element));
    }
    return array->empty() ? "an empty list" : text;
  }
  if (value.as_object()->empty()) {
    return "nothing";
  }
  const std::string place = place_in_words(value);
  return place.empty() && value.find("path") == nullptr ? range_in_words(value) : place;
}

// Writes values with their origins. A place in the document is a JSON pointer.
class Writer {
 public:
  explicit Writer(const plugins::Description& description)
      : origins_(description.origins.begin(), description.origins.end()) {}

  // NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
  void member(const std::string& name,
              const json::Value& value,
              const std::string& pointer,
              std::size_t indent) {
    if (const std::string line = one_line(value); !line.empty()) {
      put_line(indent, name, line, origin_of(pointer));
    } else if (const json::Array* array = value.as_array()) {
      put_line(indent, name, "", origin_of(pointer));
      elements(*array, indent + 2);
    } else {
      put_line(indent, name, "", "");
      members(*value.as_object(), pointer, indent + 2);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
  void members(const json::Object& object, const std::string& pointer, std::size_t indent) {
    for (const auto& [name, value] : object) {
      member(name, value, fmt::format("{}/{}", pointer, segment(name)), indent);
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  // A list came as a whole, so that its elements have no origins of their own.
  // NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
  void elements(const json::Array& array, std::size_t indent) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      const std::string name = fmt::format("{}.", i + 1);
      if (const std::string line = one_line(array[i]); !line.empty()) {
        put_line(indent, name, line, "");
        continue;
      }
      put_line(indent, name, "", "");
      if (const json::Array* inner = array[i].as_array()) {
        elements(*inner, indent + 3);
      } else {
        members(*array[i].as_object(), "?", indent + 3);
      }
    }
  }

  // Where a value that was put together from several members came from: from all of theirs.
  [[nodiscard]] std::string origin_of(const std::string& pointer) const {
    const auto exact = origins_.find(pointer);
    if (exact != origins_.end()) {
      return exact->second;
    }
    std::string ids;
    const std::string below = pointer + "/";
    for (auto each = origins_.lower_bound(below);
         each != origins_.end() && each->first.compare(0, below.size(), below) == 0;
         ++each) {
      if (fmt::format(", {}, ", ids).find(fmt::format(", {}, ", each->second)) ==
          std::string::npos) {
        ids += fmt::format("{}{}", ids.empty() ? "" : ", ", each->second);
      }
    }
    return ids;
  }

  void put_line(std::size_t indent,
                const std::string& name,
                const std::string& value,
                const std::string& origin) {
    std::string line = fmt::format("{:{}}{}", "", indent, printable(name, 200));
    if (!value.empty()) {
      line += fmt::format("{} {}", name.back() == '.' ? "" : ":", printable(value, longest_value));
    }
    text_ += fmt::format("{}{}\n", line, origin.empty() ? "" : fmt::format("  [{}]", origin));
  }

  std::map<std::string, std::string> origins_;
  std::string text_;
};

bool is_listed(std::string_view name) {
  return name == "deployments" || name == "$schema" ||
         std::find(head_members.begin(), head_members.end(), name) != head_members.end() ||
         std::any_of(sections.begin(), sections.end(), [&](const auto& section) {
           return section.first == name;
         });
}

std::string heading(std::string_view name, std::string_view about) {
  return about.empty() ? fmt::format("\n{}\n", printable(name))
                       : fmt::format("\n{} ({})\n", about, name);
}

std::string section_text(const plugins::Description& description,
                         const std::string& name,
                         std::string_view about,
                         const json::Value& value) {
  Writer writer(description);
  const std::string pointer = fmt::format("/{}", segment(name));
  if (value.as_object() != nullptr && one_line(value).empty()) {
    writer.members(*value.as_object(), pointer, 2);
  } else {
    writer.member(name, value, pointer, 2);
  }
  return heading(name, about) + writer.take();
}

std::string head_text(const plugins::Description& description) {
  Writer writer(description);
  for (const std::string_view name : head_members) {
    if (const json::Value* value = description.document.find(name)) {
      writer.member(std::string(name), *value, fmt::format("/{}", name), 0);
    }
  }
  std::string text = writer.take();
  std::string folders;
  for (const std::string& folder : description.folders) {
    folders += fmt::format("{}{}", folders.empty() ? "" : ", ", folder);
  }
  return text + fmt::format("folders: {}\n", printable(folders, longest_value));
}

// What a deployment says for itself.
std::string deployment_text(const plugins::Description& description, Deployment deployment) {
  const std::string name(to_string(deployment));
  const json::Value* all = description.document.find("deployments");
  const json::Value* part = all == nullptr ? nullptr : all->find(name);
  const bool is_same =
      part == nullptr || part->as_object() == nullptr || part->as_object()->empty();
  if (is_same) {
    return fmt::format("\n{}:\n  as above\n", name);
  }
  Writer writer(description);
  writer.members(*part->as_object(), fmt::format("/deployments/{}", name), 2);
  return fmt::format("\n{}: where it differs\n{}", name, writer.take());
}

}  // namespace

std::string to_text(const plugins::Description& description) {
  std::string text = head_text(description);
  const json::Object& members = *description.document.as_object();
  for (const auto& [name, about] : sections) {
    if (const json::Value* value = description.document.find(name)) {
      text += section_text(description, std::string(name), about, *value);
    }
  }
  for (const auto& [name, value] : members) {
    if (!is_listed(name)) {
      text += section_text(description, name, "", value);
    }
  }
  if (description.document.find("deployments") != nullptr || description.deployments.size() > 1) {
    for (const Deployment deployment : description.deployments) {
      text += deployment_text(description, deployment);
    }
  }
  return text;
}

}  // namespace atlink::cli
