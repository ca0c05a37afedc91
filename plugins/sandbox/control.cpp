// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/control.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;

/// The faults that a body names: one, or {"faults": […]}.
Result<std::vector<Fault>> read_body(std::string_view body, bool several) {
  ATLINK_ASSIGN(const json::Value document, json::parse(body, longest_body));
  std::vector<Fault> faults;
  if (!several) {
    ATLINK_ASSIGN(Fault fault, read_fault(document));
    faults.push_back(std::move(fault));
    return faults;
  }
  const json::Value* list = document.find("faults");
  if (list == nullptr || list->as_array() == nullptr || document.as_object()->size() != 1) {
    return fail(ErrorCode::usage, "the body must be {\"faults\": [...]}");
  }
  for (const json::Value& each : *list->as_array()) {
    ATLINK_ASSIGN(Fault fault, read_fault(each));
    faults.push_back(std::move(fault));
  }
  return faults;
}

Status take(const Visit& visit, Faults& faults) {
  const bool all = visit.request.method == "PUT";
  ATLINK_ASSIGN(std::vector<Fault> read, read_body(visit.request.body, all));
  Faults changed = all ? Faults() : faults;
  for (Fault& fault : read) {
    ATLINK_CHECK(changed.add(std::move(fault)));
  }
  faults = std::move(changed);
  return {};
}

}  // namespace

ServerResponse control_faults(const Visit& visit, const Product& product, Faults& faults) {
  const std::string& method = visit.request.method;
  if (method == "DELETE") {
    faults.clear();
    ServerResponse response;
    response.status = 204;
    return response;
  }
  if (method == "PUT" || method == "POST") {
    const Status taken = take(visit, faults);
    if (!taken) {
      const Error& error = taken.error();
      return error_answer(
          product,
          400,
          fmt::format("{}{}{}", error.message, error.next.empty() ? "" : "; ", error.next));
    }
  } else if (method != "GET" && method != "HEAD") {
    return method_refused("GET, PUT, POST, DELETE");
  }
  return json_answer(200, faults.list());
}

}  // namespace atlink::plugins::sandbox
