// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/operations.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace atlink::plugins::language {

namespace {

constexpr std::array api_members{
    member<Path, &EndpointPath::path>("path", Presence::required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
};

constexpr std::array api_own{
    group<Versions, ApiBase>("versions"),
    member<Text, &ApiBase::note>("note"),
};

/// What the texts of an operation or recipe may name.
class Known {
 public:
  Known(Reading& reading, const std::vector<OperationParameter>& parameters) : reading_(reading) {
    for (const OperationParameter& parameter : parameters) {
      names_.insert(parameter.name);
    }
  }

  void add(const std::string& name) { names_.insert(name); }

  void check_text(std::string_view text) {
    for (const std::string& name : names_in(text)) {
      if (names_.count(name) == 0) {
        reading_.report("name-missing",
                        fmt::format("nothing here is named \"{}\"", printable(name, 70)),
                        "add it to \"parameters\", or write a brace twice");
      }
    }
  }

  void check_all(std::string_view member,
                 const std::vector<std::pair<std::string, std::string>>& all) {
    const Reading::Step step(reading_, member);
    for (const auto& [name, text] : all) {
      const Reading::Step at(reading_, name);
      check_text(text);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
  void check_json(const json::Value& value) {
    if (const std::string* text = value.as_string()) {
      check_text(*text == "{null}" ? std::string_view() : std::string_view(*text));
    } else if (const json::Array* elements = value.as_array()) {
      for (std::size_t i = 0; i < elements->size(); ++i) {
        const Reading::Step step(reading_, i);
        check_json((*elements)[i]);
      }
    } else if (const json::Object* members = value.as_object()) {
      for (const auto& [name, member] : *members) {
        const Reading::Step step(reading_, name);
        check_json(member);
      }
    }
  }

 private:
  Reading& reading_;
  std::set<std::string, std::less<>> names_;
};

/// Whether a default is of its parameter's type.
bool is_default_of(OperationParameter::Type type, const json::Value& value) {
  using enum OperationParameter::Type;
  switch (type) {
    case number:
      return value.as_integer() != nullptr || value.as_double() != nullptr;
    case flag:
      return value.as_bool() != nullptr;
    case json:
      return true;
    case text:
    case path:
      break;
  }
  return value.as_string() != nullptr;
}

void check_default(Reading& reading, const json::Value& value, const OperationParameter& to) {
  const json::Value* given = value.find("default");
  if (given != nullptr && !given->is_null() && !is_default_of(to.type, *given)) {
    const Reading::Step step(reading, "default");
    reading.report("operation",
                   fmt::format("the default is {}, which is not of the type", given->kind()),
                   "write it as its \"type\" says");
  }
  if (to.add != 0 && to.type != OperationParameter::Type::number) {
    const Reading::Step step(reading, "add");
    reading.report("operation",
                   "only to a number can something be added",
                   "say \"type\": \"number\", or leave \"add\" out");
  }
}

void check_body(Reading& reading, const Operation& operation) {
  const bool fields = !operation.form.empty();
  const bool body = operation.json || operation.upload || fields;
  if (operation.json && (operation.upload || fields)) {
    reading.report(
        "operation",
        "an operation sends one body",
        "keep one of \"json\", \"form\" and \"upload\"; only a form can stand beside a file");
  }
  if (body && (operation.method == "GET" || operation.method == "HEAD")) {
    reading.report("operation",
                   fmt::format("a {} has no body", operation.method),
                   "say another \"method\", or move the values to \"query\"");
  }
}

void check_names(Reading& reading, const Operation& operation) {
  Known known(reading, operation.parameters);
  {
    const Reading::Step step(reading, "path");
    known.check_text(operation.path);
  }
  known.check_all("query", operation.query);
  known.check_all("form", operation.form);
  if (operation.json) {
    const Reading::Step step(reading, "json");
    known.check_json(*operation.json);
  }
}

}  // namespace

void ApiMembers::read(Reading& reading, const json::Value& value, ApiBase& to) {
  const json::Object* object = reading.object(value);
  if (object == nullptr) {
    return;
  }
  json::Value place{json::Object{}};
  json::Value own{json::Object{}};
  for (const auto& [name, entry] : *object) {
    (name == "versions" || name == "note" ? own : place).set(name, entry);
  }
  read_members<EndpointPath>(reading, place, to.endpoint, api_members);
  read_members<ApiBase>(reading, own, to, api_own);
}

void ApiMembers::names(Names& names) {
  ObjectOf<api_members>::names(names);
  ObjectOf<api_own>::names(names);
}

void ParameterMembers::read(Reading& reading, const json::Value& value, OperationParameter& to) {
  ObjectOf<parameter>::read(reading, value, to);
  if (!to.literal.empty() && to.type != OperationParameter::Type::text) {
    reading.report("operation",
                   "only a text can be a literal of a query language",
                   "leave \"type\" or \"literal\" out");
  }
  if (reading.complete() && value.as_object() != nullptr) {
    check_default(reading, value, to);
  }
}

void OperationMembers::read(Reading& reading, const json::Value& value, Operation& to) {
  ObjectOf<operation_members>::read(reading, value, to);
  if (to.safe_to_repeat && (to.method == "POST" || to.method == "PATCH")) {
    reading.report("safe",
                   fmt::format("a description cannot say that a {} may be repeated", to.method),
                   "leave \"safe_to_repeat\" out: only the person who sends it can know");
  }
  if (reading.complete() && value.as_object() != nullptr) {
    check_body(reading, to);
    check_names(reading, to);
  }
}

void RecipeMembers::read(Reading& reading, const json::Value& value, Recipe& to) {
  ObjectOf<recipe_members>::read(reading, value, to);
  if (!reading.complete() || value.as_object() == nullptr) {
    return;
  }
  Known known(reading, to.parameters);
  const Reading::Step steps(reading, "steps");
  if (to.steps.empty()) {
    reading.report("empty-list", "a recipe has at least one step", "name an operation");
  }
  for (std::size_t i = 0; i < to.steps.size(); ++i) {
    const Reading::Step at(reading, i);
    known.check_all("with", to.steps[i].with);
    for (const auto& [name, pointer] : to.steps[i].keep) {
      known.add(name);
    }
  }
}

}  // namespace atlink::plugins::language
