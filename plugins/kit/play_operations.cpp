// SPDX-License-Identifier: Apache-2.0
#include "atlink/operation.h"
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace atlink::plugins::kit {

namespace {

/// What changes something comes after what only looks.
int rank(std::string_view method) {
  static constexpr std::array<std::string_view, 5> order{"GET", "HEAD", "POST", "PUT", "PATCH"};
  return static_cast<int>(std::find(order.begin(), order.end(), method) - order.begin());
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

/// Whether a segment is what a pattern with at most one {name} says; adds the value of the name.
bool fits(std::string_view pattern, std::string_view segment, TemplateValues& values) {
  const std::size_t open = pattern.find('{');
  const std::size_t close = pattern.find('}');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return pattern == segment;
  }
  const std::string_view front = pattern.substr(0, open);
  const std::string_view back = pattern.substr(close + 1);
  const bool same = segment.size() > front.size() + back.size() &&
                    segment.substr(0, front.size()) == front &&
                    segment.substr(segment.size() - back.size()) == back;
  if (same) {
    const std::string_view value =
        segment.substr(front.size(), segment.size() - front.size() - back.size());
    values.emplace_back(pattern.substr(open + 1, close - open - 1), percent_decode(value));
  }
  return same;
}

/// The values with which the path of an operation is that of an answer; none where it cannot be.
std::optional<TemplateValues> values_for(const Operation& operation, const SandboxAnswer& answer) {
  const auto patterns = split(operation.path);
  const auto segments = split(answer.path);
  TemplateValues values;
  bool same = patterns.size() == segments.size();
  for (std::size_t i = 0; same && i < patterns.size(); ++i) {
    same = fits(patterns[i], segments[i], values);
  }
  return same ? std::optional(std::move(values)) : std::nullopt;
}

/// Whether the testdata gives an answer of this kind to a method.
bool serves(const SandboxAnswer& answer, std::string_view method) {
  using Kind = SandboxAnswer::Kind;
  switch (answer.kind) {
    case Kind::resource:
      return answer.method == method;
    case Kind::collection:
      return method == "GET" || method == "POST";
    case Kind::list:
      return method == "GET";
    case Kind::document:
      break;
  }
  return method == "GET" || method == "PUT" || method == "DELETE";
}

/// What answers an operation, and the values that lead there.
struct Served {
  const SandboxAnswer* answer = nullptr;
  TemplateValues values;
};

Served find_answer(const Operation& operation, const std::vector<SandboxAnswer>& answers) {
  for (const SandboxAnswer& answer : answers) {
    if (!serves(answer, operation.method)) {
      continue;
    }
    if (auto values = values_for(operation, answer)) {
      return {&answer, std::move(*values)};
    }
  }
  return {};
}

bool is_given(const TemplateValues& values, std::string_view name) {
  return std::any_of(
      values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
}

/// `known` and something for every other parameter, or for those that are required only.
TemplateValues completed(const Operation& operation, TemplateValues known, bool all) {
  for (const OperationParameter& parameter : operation.parameters) {
    if ((all || parameter.required) && !is_given(known, parameter.name)) {
      known.emplace_back(parameter.name, some_value(parameter.type));
    }
  }
  return known;
}

Result<Answer> send(Client& client, FilledOperation filled) {
  ApiRequest request;
  request.method = std::move(filled.method);
  request.path = std::move(filled.path);
  request.query = std::move(filled.query);
  request.form = std::move(filled.form);
  std::unique_ptr<BodySource> body;
  if (!filled.json.empty()) {
    body = body_from_string(std::move(filled.json));
    request.body = body.get();
    request.headers.add("Content-Type", "application/json");
  }
  return ask(client, request);
}

Verdict judge(const Answer& answer, const Served& served) {
  const bool fixed = served.answer->kind == SandboxAnswer::Kind::resource;
  const int status = answer.head.status;
  if (fixed && status != served.answer->status) {
    return failed(
        fmt::format("the status is {}, and testdata says {}", status, served.answer->status));
  }
  const bool expected = fixed && served.answer->status >= 400;
  return answer.error && !expected ? failed("the answer", *answer.error)
                                   : passed(fmt::format("status {}", status));
}

Verdict play_operation(Client& client,
                       const Product& product,
                       const Operation& operation,
                       const std::vector<SandboxAnswer>& answers) {
  const Served served = find_answer(operation, answers);
  const auto fill = [&](bool all) {
    return fill_in(operation, product.query_languages, completed(operation, served.values, all));
  };
  auto filled = fill(false);
  if (const auto whole = fill(true); !whole || !filled) {
    return failed("it cannot be filled in", whole ? filled.error() : whole.error());
  }
  if (operation.upload || operation.download) {
    // Whether the file arrives is a check of its own (play.upload, play.download).
    return passed("filled in");
  }
  if (served.answer == nullptr) {
    return skipped(fmt::format("filled in; testdata has no answer to {} {}",
                               filled->method,
                               printable(filled->path, 200)));
  }
  const auto answer = send(client, std::move(*filled));
  return answer ? judge(*answer, served) : failed("it was not answered", answer.error());
}

}  // namespace

std::string some_value(OperationParameter::Type type) {
  switch (type) {
    case OperationParameter::Type::number:
      return "1";
    case OperationParameter::Type::flag:
      return "true";
    case OperationParameter::Type::json:
      return "{}";
    case OperationParameter::Type::text:
    case OperationParameter::Type::path:
      break;
  }
  return "check";
}

void play_operations(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  const Product& product = stage.product();
  const std::string version = stage.sandbox().version();
  std::vector<const Operation*> operations;
  for (const Operation& operation : product.operations) {
    operations.push_back(&operation);
  }
  std::stable_sort(operations.begin(), operations.end(), [](const auto* a, const auto* b) {
    return rank(a->method) < rank(b->method);
  });
  const auto client =
      credential ? client_of(stage, *credential) : Result<std::unique_ptr<Client>>();
  const std::vector<SandboxAnswer> answers = stage.sandbox().answers();
  for (const Operation* operation : operations) {
    recorder.run("play.operation." + operation->name, [&] {
      if (!operation->holds(version)) {
        return skipped(fmt::format("version {} does not have it", printable(version, 40)));
      }
      return credential && client ? play_operation(**client, product, *operation, answers)
                                  : skipped("no sign-in worked");
    });
  }
}

}  // namespace atlink::plugins::kit
