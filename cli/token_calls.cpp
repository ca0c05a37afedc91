// SPDX-License-Identifier: Apache-2.0
#include "cli/token_calls.h"

#include "atlink/client.h"
#include "cli/last_use.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

Result<Operation> operation_of(const Product& product, std::string TokenRules::*which) {
  const std::string name = product.token ? (*product.token).*which : std::string();
  const auto found = std::find_if(product.operations.begin(),
                                  product.operations.end(),
                                  [&](const Operation& each) { return each.name == name; });
  if (name.empty() || found == product.operations.end()) {
    return fail(ErrorCode::method_unavailable,
                fmt::format("{} ({}) describes no such call for tokens",
                            product.name,
                            to_string(product.deployment)),
                "do it on the product's own pages");
  }
  return *found;
}

bool lacks_user(const Operation& operation, const TemplateValues& values) {
  const auto is_user = [](const auto& each) { return each.first == "user"; };
  const auto wants_user = [](const OperationParameter& each) { return each.name == "user"; };
  return std::any_of(operation.parameters.begin(), operation.parameters.end(), wants_user) &&
         std::none_of(values.begin(), values.end(), is_user);
}

}  // namespace

Status call_for_tokens(Call& call, std::string TokenRules::*which, TemplateValues values) {
  ATLINK_ASSIGN(Place place, open_place(call));
  ATLINK_ASSIGN(Session session, open_session(call, std::move(place)));
  ATLINK_ASSIGN(const Operation operation, operation_of(session.connection.product, which));
  const auto languages = session.connection.product.query_languages;
  ATLINK_ASSIGN(const auto client, open_client(call, session));
  if (lacks_user(operation, values)) {
    ATLINK_ASSIGN(std::string user, client->who_am_i());
    values.emplace_back("user", std::move(user));
  }
  ATLINK_ASSIGN(const FilledOperation filled, fill_in(operation, languages, values));
  ApiRequest request;
  request.method = filled.method;
  request.path = filled.path;
  request.query = filled.query;
  request.form = filled.form;
  request.safe_to_repeat = filled.safe_to_repeat;
  const auto body = filled.json.empty() ? nullptr : body_from_string(filled.json);
  if (body) {
    request.headers.add("Content-Type", "application/json");
    request.body = body.get();
  }
  auto answer = client->fetch(request);
  if (!answer) {
    return fail(for_session(std::move(answer).error(), session));
  }
  note_use(call, session);
  return call.report.bytes(answer->body);
}

}  // namespace atlink::cli
