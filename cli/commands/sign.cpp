// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/last_use.h"
#include "cli/private_key.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

// A signature is as good as a password for its one request: only for the profile's own addresses.
Result<Url> url_to_sign(const BaseUrl& base, const std::string& text) {
  if (text.find("://") == std::string::npos) {
    return fail(ErrorCode::usage,
                fmt::format("sign takes a full URL, not \"{}\"", printable(text, 80)),
                fmt::format("write it as {}/…", base.str()));
  }
  return base.request_url(text);
}

Result<std::optional<std::string>> form_body(const Arguments& arguments) {
  FormFields fields;
  for (const std::string& text : arguments.values("--form")) {
    ATLINK_ASSIGN(fields.emplace_back(), split_pair("--form", text));
  }
  return fields.empty() ? std::optional<std::string>() : std::optional(to_form(fields));
}

Status print(Call& call, const Url& url, const oauth1::Authorized& authorized) {
  if (!call.report.json()) {
    return call.report.bytes(fmt::format("Authorization: {}\n", authorized.header));
  }
  json::Value object;
  object.set("method", call.arguments.text("METHOD"));
  object.set("url", url.str());
  object.set("authorization", authorized.header);
  object.set("base_string", authorized.base_string);
  return call.report.document(object);
}

// Whom a request acts for is part of its URL, and that is signed as it is given.
void warn_if_for_nobody(const Call& call, const Session& session, const Url& url) {
  const auto& rules = session.connection.product.oauth1;
  const std::string& user = session.connection.act_as;
  if (user.empty() || !rules || !rules->impersonation) {
    return;
  }
  const std::string& parameter = rules->impersonation->parameter;
  const FormFields query = parse_form(url.query().value_or(""));
  if (!form_value(query, parameter)) {
    call.report.warn(
        fmt::format("profile {} acts for {}, and this URL does not say so: add {}={} to "
                    "its query",
                    session.profile,
                    user,
                    percent_encode(parameter),
                    percent_encode(user)));
  }
}

Status run(Call& call) {
  const std::string method = call.arguments.text("METHOD");
  ATLINK_CHECK(check_method(method));
  ATLINK_ASSIGN(const std::optional<std::string> form, form_body(call.arguments));
  ATLINK_ASSIGN(Session session, open_session(call));
  ATLINK_ASSIGN(const Url url, url_to_sign(session.connection.base, call.arguments.text("URL")));
  ATLINK_ASSIGN(const oauth1::Token token, token_of(session));
  warn_if_for_nobody(call, session, url);
  ATLINK_ASSIGN(const std::string nonce, oauth1::make_nonce(call.app.platform.random));
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      call.app.platform.clock.now().time_since_epoch());
  ATLINK_ASSIGN(const oauth1::Authorized authorized,
                oauth1::authorize({method,
                                   url.str(),
                                   form ? std::optional<std::string_view>(*form) : std::nullopt,
                                   now.count(),
                                   nonce,
                                   {}},
                                  {session.connection.method,
                                   oauth1::Transmission::header,
                                   session.connection.consumer,
                                   &token}));
  ATLINK_CHECK(print(call, url, authorized));
  note_use(call, session);
  return {};
}

constexpr std::array positionals{
    PositionalSpec{"METHOD", "GET, POST, …"},
    PositionalSpec{"URL", "the exact URL that will be requested"},
};
constexpr std::array options{
    OptionSpec{
        "--form", "NAME=VALUE", "a field of the form that will be the body, as raw text", true},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink sign GET \"$u\" | curl -H @- \"$u\"", "a signed request by curl"},
    Example{"atlink sign POST \"$u\" --form name=x | curl -H @- --data-urlencode name=x \"$u\"",
            "a form; its fields are part of what is signed"},
};

}  // namespace

const Command sign{
    "sign",
    "print the Authorization header for another's request",
    "Prints one line, whatever place the profile prefers for OAuth parameters. It is good for one "
    "request of exactly this method, URL and form, for a few minutes. A JSON or other body is not "
    "part of an OAuth 1.0a signature.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
