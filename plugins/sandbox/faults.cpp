// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/faults.h"

#include "atlink/text.h"
#include "plugins/sandbox/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

using Kind = Fault::Kind;

constexpr std::size_t most_faults = 100;
constexpr std::int64_t most_requests = 1'000'000'000;
constexpr std::int64_t ten_years = std::int64_t{10} * 365 * 86400;
constexpr std::int64_t one_hour_ms = 3'600'000;
constexpr std::int64_t longest_body = std::int64_t{1} << 30;

/// What may stand behind "=".
struct Values {
  enum class Form { none, number, problem, wait };
  Form form = Form::none;
  std::int64_t least = 0;
  std::int64_t most = 0;
  /// Where none is given; the value is needed where `needed`.
  std::int64_t usual = 0;
  bool needed = false;
};

struct Known {
  Kind kind;
  std::string_view name;
  /// For the list: "clock-skew=SECONDS".
  std::string_view shown;
  Values values;
};

using Form = Values::Form;

constexpr std::array<Known, 14> known_faults{{
    {Kind::clock_skew,
     "clock-skew",
     "clock-skew=SECONDS",
     {Form::number, -ten_years, ten_years, 0, true}},
    {Kind::problem, "problem", "problem=WORD", {Form::problem, 0, 0, 0, true}},
    {Kind::login_page, "login-page", "login-page", {}},
    {Kind::captcha, "captcha", "captcha", {}},
    {Kind::anonymous, "anonymous", "anonymous", {}},
    {Kind::authentication_failed, "authentication-failed", "authentication-failed", {}},
    {Kind::xsrf, "xsrf", "xsrf", {}},
    {Kind::rate_limit,
     "rate-limit",
     "rate-limit[=SECONDS|date|absent|nonsense]",
     {Form::wait, 0, ten_years, 1, false}},
    {Kind::status, "status", "status[=CODE]", {Form::number, 400, 599, 503, false}},
    {Kind::delay, "delay", "delay[=MILLISECONDS]", {Form::number, 0, one_hour_ms, 1000, false}},
    {Kind::slow, "slow", "slow[=MILLISECONDS]", {Form::number, 0, one_hour_ms, 1000, false}},
    {Kind::cut, "cut", "cut[=BYTES]", {Form::number, 0, longest_body, -1, false}},
    {Kind::wrong_length,
     "wrong-length",
     "wrong-length[=BYTES]",
     {Form::number, -longest_body, longest_body, 10, false}},
    {Kind::repeat_page, "repeat-page", "repeat-page", {}},
}};

std::string all_faults() {
  std::string all;
  for (const Known& known : known_faults) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", known.shown);
  }
  return all;
}

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(
      ErrorCode::usage,
      what,
      fmt::format("the faults are {}; each may have ,count=N and ,path=/PREFIX", all_faults()));
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const std::string_view digits = text.substr(text.substr(0, 1) == "+" ? 1 : 0);
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

std::string problem_names() {
  std::string names;
  for (const std::string_view word : problem_words()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", word);
  }
  return names;
}

Status check_problem(const Fault& fault) {
  const auto words = problem_words();
  if (std::find(words.begin(), words.end(), fault.value) == words.end()) {
    return refuse(fmt::format(
        "\"{}\" is no OAuth problem; there are {}", printable(fault.value, 60), problem_names()));
  }
  return {};
}

Status take_value(const Known& known, Fault& fault) {
  const Values& values = known.values;
  if (fault.value.empty()) {
    fault.number = values.usual;
    return values.needed ? Status(refuse(fmt::format("{} needs a value", known.name))) : Status();
  }
  if (values.form == Form::problem) {
    return check_problem(fault);
  }
  const bool word = values.form == Form::wait &&
                    (fault.value == "date" || fault.value == "absent" || fault.value == "nonsense");
  const auto number = number_in(fault.value);
  const bool fits =
      values.form != Form::none && number && *number >= values.least && *number <= values.most;
  if (!word && !fits) {
    return refuse(
        fmt::format("\"{}\" is no value of the fault {}", printable(fault.value, 60), known.shown));
  }
  fault.number = number.value_or(values.usual);
  return {};
}

/// Looks a name up and judges the rest.
Result<Fault> complete(std::string_view name, Fault fault) {
  const auto* const known = std::find_if(known_faults.begin(),
                                         known_faults.end(),
                                         [&](const Known& each) { return each.name == name; });
  if (known == known_faults.end()) {
    return refuse(fmt::format("there is no fault \"{}\"", printable(name, 60)));
  }
  fault.kind = known->kind;
  ATLINK_CHECK(take_value(*known, fault));
  if (fault.count && (*fault.count < 1 || *fault.count > most_requests)) {
    return refuse("the count of a fault is a number from 1");
  }
  if (!fault.path.empty() && fault.path.front() != '/') {
    return refuse("the path of a fault begins with \"/\"");
  }
  return fault;
}

bool begins(std::string_view text, std::string_view front) {
  return text.substr(0, front.size()) == front;
}

}  // namespace

std::string_view name_of(Kind kind) {
  const auto* const known = std::find_if(known_faults.begin(),
                                         known_faults.end(),
                                         [&](const Known& each) { return each.kind == kind; });
  return known->name;
}

Result<Fault> parse_fault(std::string_view text) {
  const std::string_view head = text.substr(0, text.find(','));
  const std::size_t equals = std::min(head.find('='), head.size());
  Fault fault;
  fault.value = head.substr(std::min(equals + 1, head.size()));
  if (equals < head.size() && fault.value.empty()) {
    return refuse(fmt::format("nothing stands behind \"{}\"", printable(head, 60)));
  }
  for (std::string_view rest = text.substr(head.size()); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view piece = rest.substr(0, rest.find(','));
    rest.remove_prefix(piece.size());
    if (begins(piece, "path=")) {
      fault.path = piece.substr(5);
    } else if (begins(piece, "count=")) {
      fault.count = number_in(piece.substr(6)).value_or(0);
    } else {
      return refuse(fmt::format("\"{}\" is no part of a fault", printable(piece, 60)));
    }
  }
  return complete(head.substr(0, equals), std::move(fault));
}

Result<Fault> read_fault(const json::Value& value) {
  const json::Object* object = value.as_object();
  if (object == nullptr) {
    return refuse("a fault is a JSON object");
  }
  Fault fault;
  std::string name;
  for (const auto& [member, given] : *object) {
    const std::string* text = given.as_string();
    const std::int64_t* number = given.as_integer();
    if (member == "name" && text != nullptr) {
      name = *text;
    } else if (member == "value" && (text != nullptr || number != nullptr)) {
      fault.value = text != nullptr ? *text : std::to_string(*number);
    } else if (member == "count" && number != nullptr) {
      fault.count = *number;
    } else if (member == "path" && text != nullptr) {
      fault.path = *text;
    } else {
      return refuse(
          fmt::format("\"{}\" is no member of a fault, or of another kind", printable(member, 60)));
    }
  }
  return complete(name, std::move(fault));
}

Status Faults::add(Fault fault) {
  if (faults_.size() >= most_faults) {
    return fail(ErrorCode::usage,
                fmt::format("there are {} faults already", most_faults),
                "take them away first");
  }
  faults_.push_back(std::move(fault));
  return {};
}

std::vector<Fault> Faults::meet(std::string_view below_base, std::string_view path) {
  std::vector<Fault> met;
  for (Fault& fault : faults_) {
    if (begins(below_base, fault.path) || begins(path, fault.path)) {
      met.push_back(fault);
      if (fault.count) {
        --*fault.count;
      }
    }
  }
  std::erase_if(faults_, [](const Fault& fault) { return fault.count == 0; });
  return met;
}

json::Value Faults::list() const {
  json::Array faults;
  for (const Fault& fault : faults_) {
    json::Value object;
    object.set("name", name_of(fault.kind));
    if (!fault.value.empty()) {
      object.set("value", fault.value);
    }
    if (fault.count) {
      object.set("count", *fault.count);
    }
    if (!fault.path.empty()) {
      object.set("path", fault.path);
    }
    faults.push_back(std::move(object));
  }
  return json::Object{{"faults", std::move(faults)}};
}

}  // namespace atlink::plugins::sandbox
