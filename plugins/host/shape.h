// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/reading.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// The machinery of the description reader: a table says for each member of an object its name,
/// whether it must be there, and the rule that judges and stores its value. A rule is a type with
///
///     static void read(Reading&, const json::Value&, Target&);
///     static void names(Names&);   // the member names below it
///
/// The tables (language.cpp) are the one place that knows the language: reading, suggesting a name
/// and comparing with the JSON schema all go over them.
namespace atlink::plugins {

enum class Presence {
  optional,
  /// In the effective description.
  required,
  /// In every file.
  always,
};

/// Collects the names of a language as patterns of JSON pointers: "/headers/*/value".
class Names {
 public:
  template <class Below>
  void add(std::string_view name, Presence presence, Below below) {
    const std::size_t length = prefix_.size();
    prefix_ += '/';
    prefix_ += name;
    all_.push_back(prefix_);
    if (presence != Presence::optional) {
      needed_.push_back(prefix_);
    }
    below(*this);
    prefix_.resize(length);
  }

  [[nodiscard]] const std::vector<std::string>& all() const { return all_; }

  /// Those that must be there in the end.
  [[nodiscard]] const std::vector<std::string>& needed() const { return needed_; }

 private:
  std::string prefix_;
  std::vector<std::string> all_;
  std::vector<std::string> needed_;
};

template <class T>
struct Member {
  using Target = T;
  std::string_view name;
  Presence presence;
  void (*read)(Reading&, const json::Value&, T&);
  void (*names)(Names&);
};

template <class Pointer>
struct MemberPointer;

template <class Class, class Field>
struct MemberPointer<Field Class::*> {
  using Target = Class;
};

/// A member whose value `Rule` stores in a field of `Target`.
template <class Rule, auto Field, class Target = typename MemberPointer<decltype(Field)>::Target>
constexpr Member<Target> member(std::string_view name, Presence presence = Presence::optional) {
  return {name,
          presence,
          [](Reading& reading, const json::Value& value, Target& to) {
            Rule::read(reading, value, to.*Field);
          },
          [](Names& names) { Rule::names(names); }};
}

/// A member whose value `Rule` spreads over the whole target.
template <class Rule, class Target>
constexpr Member<Target> group(std::string_view name, Presence presence = Presence::optional) {
  return {name,
          presence,
          [](Reading& reading, const json::Value& value, Target& to) {
            Rule::read(reading, value, to);
          },
          [](Names& names) { Rule::names(names); }};
}

/// Base of rules that have nothing below them.
struct Leaf {
  static void names(Names&) {}
};

template <class T>
void list_names(std::span<const Member<T>> members, Names& names) {
  for (const Member<T>& member : members) {
    names.add(member.name, member.presence, member.names);
  }
}

template <class T>
const Member<T>* find_member(std::span<const Member<T>> members, std::string_view name) {
  for (const Member<T>& member : members) {
    if (member.name == name) {
      return &member;
    }
  }
  return nullptr;
}

/// Reports a member that the language does not have, with the nearest that it has.
void report_unknown(Reading& reading,
                    std::string_view name,
                    const std::vector<std::string_view>& known);

template <class T>
void read_member(Reading& reading,
                 const std::pair<std::string, json::Value>& from,
                 T& to,
                 std::span<const Member<T>> members) {
  const auto& [name, value] = from;
  const Reading::Step step(reading, name);
  if (const Member<T>* member = find_member(members, name)) {
    const bool taken_away = value.is_null() && member->presence != Presence::always;
    if (!taken_away || reading.complete()) {
      member->read(reading, value, to);
    }
    return;
  }
  if (name.rfind("x-", 0) != 0) {
    std::vector<std::string_view> known;
    for (const Member<T>& member : members) {
      known.push_back(member.name);
    }
    report_unknown(reading, name, known);
  }
}

/// Reads an object by its table. Members that begin with "x-" are anybody's.
template <class T>
void read_members(Reading& reading,
                  const json::Value& value,
                  T& to,
                  std::span<const Member<T>> members) {
  const json::Object* object = reading.object(value);
  if (object == nullptr) {
    return;
  }
  for (const auto& from : *object) {
    read_member(reading, from, to, members);
  }
  for (const Member<T>& member : members) {
    const bool needed = member.presence == Presence::always ||
                        (member.presence == Presence::required && reading.complete());
    if (needed && value.find(member.name) == nullptr) {
      reading.report("missing-member",
                     fmt::format("\"{}\" is missing", member.name),
                     member.presence == Presence::always ? "add it; every file needs it"
                                                         : "add it, here or in what this extends");
    }
  }
}

/// An object that a table describes; a std::optional is filled.
template <const auto& Table>
struct ObjectOf {
  using Target = typename std::decay_t<decltype(Table)>::value_type::Target;

  static void read(Reading& reading, const json::Value& value, Target& to) {
    read_members<Target>(reading, value, to, Table);
  }

  static void read(Reading& reading, const json::Value& value, std::optional<Target>& to) {
    read(reading, value, to.emplace());
  }

  static void names(Names& names) { list_names<Target>(Table, names); }
};

/// An array; each element is whole.
template <class Rule>
struct ListOf {
  template <class T>
  static void read(Reading& reading, const json::Value& value, std::vector<T>& to) {
    const json::Array* array = reading.array(value);
    if (array == nullptr) {
      return;
    }
    const Reading::Whole whole(reading);
    to.clear();
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Reading::Step step(reading, i);
      T element{};
      Rule::read(reading, (*array)[i], element);
      to.push_back(std::move(element));
    }
  }

  static void names(Names& names) { Rule::names(names); }
};

/// An array that says nothing when it is empty, or when it says something twice.
template <class Rule>
struct SetOf {
  template <class T>
  static void read(Reading& reading, const json::Value& value, std::vector<T>& to) {
    ListOf<Rule>::read(reading, value, to);
    const json::Array* array = value.as_array();
    if (array != nullptr && array->empty()) {
      reading.report(
          "empty-list", "this list must not be empty", "name something, or leave it out");
    }
    for (std::size_t i = 1; array != nullptr && i < array->size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (is_same((*array)[i], (*array)[j])) {
          const Reading::Step step(reading, i);
          reading.report("listed-twice", "this is in the list already", "take one of them out");
        }
      }
    }
  }

  static void names(Names& names) { Rule::names(names); }
};

/// An object whose members have names of their own, which `NameRule` judges.
template <class NameRule, class Rule>
struct MapOf {
  template <class T>
  static void read(Reading& reading,
                   const json::Value& value,
                   std::vector<std::pair<std::string, T>>& to) {
    const json::Object* object = reading.object(value);
    if (object == nullptr) {
      return;
    }
    for (const auto& [name, entry] : *object) {
      const Reading::Step step(reading, name);
      NameRule::judge(reading, name);
      if (entry.is_null() && !reading.complete()) {
        continue;
      }
      auto& added = to.emplace_back();
      added.first = name;
      Rule::read(reading, entry, added.second);
    }
  }

  static void names(Names& names) {
    names.add("*", Presence::optional, [](Names& below) { Rule::names(below); });
  }
};

/// The same, read straight into structs that have a `name`.
template <class NameRule, class Rule>
struct NamedOf {
  template <class T>
  static void read(Reading& reading, const json::Value& value, std::vector<T>& to) {
    std::vector<std::pair<std::string, T>> named;
    MapOf<NameRule, Rule>::read(reading, value, named);
    to.clear();
    for (auto& [name, entry] : named) {
      entry.name = name;
      to.push_back(std::move(entry));
    }
  }

  static void names(Names& names) { MapOf<NameRule, Rule>::names(names); }
};

}  // namespace atlink::plugins
