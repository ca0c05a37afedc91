// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "plugins/host/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink::plugins {

/// One pass of the reader over a document: where it is, and what it found wrong.
class Reading {
 public:
  /// What is read: one file, in which members may be missing because another description has them
  /// and null takes one away; or the effective description, which must be complete.
  enum class Stage { file, effective };

  explicit Reading(Stage stage) : stage_(stage) {}

  /// While it lives, the reader is at a member or element of where it was.
  class Step {
   public:
    Step(Reading& reading, std::string_view segment);
    Step(Reading& reading, std::size_t index);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    Step(Step&&) = delete;
    Step& operator=(Step&&) = delete;

   private:
    Reading& reading_;
    std::size_t length_;
  };

  /// While it lives, members that must be there must be there in a file too: elements of arrays are
  /// not put together from several files.
  class Whole {
   public:
    explicit Whole(Reading& reading) : reading_(reading) { ++reading_.whole_; }

    ~Whole() { --reading_.whole_; }

    Whole(const Whole&) = delete;
    Whole& operator=(const Whole&) = delete;
    Whole(Whole&&) = delete;
    Whole& operator=(Whole&&) = delete;

   private:
    Reading& reading_;
  };

  /// Whether a required member that is missing here is missing for good.
  [[nodiscard]] bool complete() const { return stage_ == Stage::effective || whole_ > 0; }

  /// Notes that the value at the present place breaks `rule`, which the list of rules has.
  void report(RuleName rule, std::string message, std::string next = {});

  /// Takes a problem that another pass over the same place found.
  void report(Problem problem) { problems_.push_back(std::move(problem)); }

  /// Each gives the value as that kind, or reports and gives null.
  const std::string* string(const json::Value& value);
  const json::Array* array(const json::Value& value);
  const json::Object* object(const json::Value& value);
  const bool* boolean(const json::Value& value);
  /// A number that is whole, however it is written: 200, 200.0 and 2e2 are the same.
  std::optional<std::int64_t> integer(const json::Value& value);

  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

 private:
  void wrong_kind(const json::Value& value, std::string_view wanted);

  Stage stage_;
  int whole_ = 0;
  std::string pointer_;
  std::vector<Problem> problems_;
};

/// Whether two values say the same, as JSON Schema compares: numbers by what they are.
[[nodiscard]] bool is_same(const json::Value& a, const json::Value& b);

}  // namespace atlink::plugins
