// SPDX-License-Identifier: Apache-2.0
#include "core/http/prepare.h"

#include "atlink/text.h"
#include "core/http/header_rules.h"
#include "core/http/retry.h"

#include <fmt/format.h>

#include <array>

namespace atlink::http {

namespace {

constexpr std::size_t most_form = std::size_t{1} << 20;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

Result<std::string> read_form(BodySource& source) {
  std::string form;
  std::array<char, 16384> buffer{};
  while (true) {
    ATLINK_ASSIGN(const std::size_t count, source.read(buffer));
    if (count == 0) {
      return form;
    }
    if (form.size() + count > most_form) {
      return fail(ErrorCode::usage,
                  fmt::format("the form body is larger than {} bytes; it is signed as a whole and "
                              "so has to fit into memory",
                              most_form),
                  "send it as another content type if the server takes one");
    }
    form.append(buffer.data(), count);
  }
}

/// Puts the body where it belongs: forms into memory, all else as a stream.
Status take_body(const ApiRequest& request, Prepared& prepared) {
  if (request.form && request.body != nullptr) {
    return fail(ErrorCode::usage,
                "a request has either form fields or a body of its own",
                "leave one of them out");
  }
  if (request.form) {
    if (!prepared.headers.find("Content-Type")) {
      prepared.headers.add("Content-Type", std::string(form_type));
    }
    if (!is_form(prepared.headers)) {
      return fail(ErrorCode::header_invalid,
                  "form fields cannot be sent under another content type",
                  fmt::format("leave Content-Type out, or set it to {}", form_type));
    }
    prepared.form = to_form(*request.form);
    return {};
  }
  if (request.body == nullptr) {
    return {};
  }
  if (is_form(prepared.headers)) {
    ATLINK_ASSIGN(prepared.form, read_form(*request.body));
    return {};
  }
  prepared.body = request.body;
  // Asked before the first byte is read, so that it is known in time whether there can be a second
  // attempt.
  prepared.can_rewind = request.body->rewind();
  return {};
}

}  // namespace

Result<Url> request_url(const Connection& connection, const ApiRequest& request) {
  // A full URL below the base URL means the same behind a gateway.
  std::string_view path = request.path;
  if (const std::string& base = connection.base.str();
      connection.gateway && path.substr(0, base.size() + 1) == base + "/") {
    path.remove_prefix(base.size());
  }
  ATLINK_ASSIGN(const Url url, connection.requests_base().request_url(path));
  return url.with_query(to_form(request.query));
}

Result<Prepared> prepare(const Connection& connection, const ApiRequest& request) {
  ATLINK_CHECK(check_method(request.method));
  ATLINK_ASSIGN(Url url, request_url(connection, request));
  ATLINK_ASSIGN(Headers headers,
                request_headers(request.headers, connection.product, request.method));
  Prepared prepared{request.method, std::move(url), std::move(headers)};
  prepared.safe_to_repeat = request.safe_to_repeat || is_idempotent(request.method);
  prepared.follow_redirects = request.follow_redirects;
  ATLINK_CHECK(take_body(request, prepared));
  return prepared;
}

}  // namespace atlink::http
