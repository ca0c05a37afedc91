// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/last_use.h"
#include "cli/private_key.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr std::array headers_of_ours{
    "Authorization", "Host", "Content-Length", "Transfer-Encoding"};
constexpr std::size_t longest_header = std::size_t{64} << 10;

// The answer as it comes: to standard output, whatever its status.
class ToOutput final : public ResponseHandler {
 public:
  ToOutput(Report& report, bool include) : report_(report), include_(include) {}

  [[nodiscard]] Status head(const HttpResponseHead& head) override {
    if (!include_) {
      return {};
    }
    std::string text = fmt::format("HTTP {}\n", head.status);
    for (const auto& [name, value] : head.headers) {
      text += fmt::format("{}: {}\n", printable(name), printable(value, longest_header));
    }
    return report_.bytes(text + "\n");
  }

  [[nodiscard]] Status write(std::string_view bytes) override { return report_.bytes(bytes); }

 private:
  Report& report_;
  bool include_;
};

Result<FormFields> pairs_of(const Arguments& arguments, std::string_view option) {
  FormFields fields;
  for (const std::string& text : arguments.values(option)) {
    ATLINK_ASSIGN(fields.emplace_back(), split_pair(option, text));
  }
  return fields;
}

Result<Headers::Field> header_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return fail(ErrorCode::usage,
                fmt::format("--header takes \"Name: value\", not \"{}\"", printable(text, 80)));
  }
  Headers::Field field{text.substr(0, colon),
                       std::string(trim(std::string_view(text).substr(colon + 1)))};
  ATLINK_CHECK(check_header(field.first, field.second));
  const bool ours =
      std::any_of(headers_of_ours.begin(), headers_of_ours.end(), [&field](std::string_view name) {
        return equals_ignoring_case(name, field.first);
      });
  if (ours) {
    return fail(ErrorCode::usage, fmt::format("the header {} is made by atlink", field.first));
  }
  return field;
}

Result<Headers> headers_of(const Arguments& arguments) {
  Headers headers;
  for (const std::string& text : arguments.values("--header")) {
    ATLINK_ASSIGN(Headers::Field field, header_of(text));
    headers.add(std::move(field.first), std::move(field.second));
  }
  const std::size_t types = headers.all("Content-Type").size();
  if (types > 1) {
    // Which one counts would be the server's guess, and whether the body is signed hangs on it.
    return fail(ErrorCode::usage, "--header gives more than one Content-Type");
  }
  const bool typed = types == 1;
  if (typed && arguments.has("--form")) {
    return fail(ErrorCode::usage, "--form sets the Content-Type itself");
  }
  if (!typed && arguments.has("--data")) {
    headers.add("Content-Type", "application/json");
  }
  return headers;
}

// Opened before anything is sent, so that a missing file leaves nothing half-sent.
Result<std::unique_ptr<BodySource>> body_of(const Call& call) {
  const auto data = call.arguments.value("--data");
  if (!data) {
    return std::unique_ptr<BodySource>();
  }
  FileSystem& files = call.app.platform.files;
  if (*data == "-") {
    ATLINK_ASSIGN(std::unique_ptr<File> input, files.open_descriptor(0));
    return body_from_file(std::move(input));
  }
  if (*data == "@") {
    return fail(ErrorCode::usage, "--data @ names no file");
  }
  if (data->substr(0, 1) == "@") {
    ATLINK_ASSIGN(std::unique_ptr<File> input, files.open(data->substr(1), OpenMode::read, 0));
    return body_from_file(std::move(input));
  }
  return body_from_string(*data);
}

Result<ApiRequest> request_of(const Arguments& arguments) {
  ApiRequest request;
  request.method = arguments.text("METHOD");
  ATLINK_CHECK(check_method(request.method));
  request.path = arguments.text("PATH");
  ATLINK_ASSIGN(request.query, pairs_of(arguments, "--query"));
  ATLINK_ASSIGN(request.headers, headers_of(arguments));
  if (arguments.has("--form")) {
    if (arguments.has("--data")) {
      return fail(ErrorCode::usage, "--data and --form are two bodies; a request has one");
    }
    ATLINK_ASSIGN(request.form, pairs_of(arguments, "--form"));
  }
  return request;
}

Status run(Call& call) {
  ATLINK_ASSIGN(ApiRequest request, request_of(call.arguments));
  ATLINK_ASSIGN(const std::unique_ptr<BodySource> body, body_of(call));
  request.body = body.get();
  ATLINK_ASSIGN(Session session, open_session(call));
  ATLINK_ASSIGN(const auto client, open_client(call, session));
  ToOutput output(call.report, call.arguments.has("--include"));
  auto answer = client->send(request, output);
  if (!answer) {
    return fail(for_session(std::move(answer).error(), session));
  }
  if (!answer->error || exit_code_of(answer->error->code) != exit_sign_in) {
    note_use(call, session);
  }
  if (answer->error) {
    return fail(for_session(std::move(*answer->error), session));
  }
  return {};
}

constexpr std::array positionals{
    PositionalSpec{"METHOD", "GET, POST, PUT, DELETE, …"},
    PositionalSpec{"PATH", "relative to the base URL and already encoded, or a full URL below it"},
};
constexpr std::array options{
    OptionSpec{"--query", "NAME=VALUE", "add to the query, as raw text", true},
    OptionSpec{"--form", "NAME=VALUE", "send as a form field, as raw text", true},
    OptionSpec{"--data",
               "STRING|@FILE|-",
               "send as the body: the text, a file, or standard input; JSON unless a Content-Type "
               "header says otherwise"},
    OptionSpec{"--header", "'NAME: VALUE'", "send this header", true},
    OptionSpec{"--as", "USER", "act for this user, where requests are signed without one"},
    OptionSpec{"--include", "", "print status and headers of the answer before its body"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink request GET /rest/acme/1/me", "who the server thinks you are"},
    Example{"atlink request GET /rest/acme/1/search --query 'q=two words' --query max=5",
            "raw text, encoded for you"},
    Example{"atlink request POST /rest/acme/1/things --data '{\"name\":\"x\"}'", "send JSON"},
    Example{"atlink request PUT /rest/acme/1/files/7 --data @photo.png --header 'Content-Type: "
            "image/png'",
            "send a file as it is"},
};

}  // namespace

const Command request{
    "request",
    "send one signed request and print the answer's body",
    "The body goes to standard output byte for byte, also that of an error answer; what went wrong "
    "goes to standard error and into the exit code. GET, HEAD, PUT, DELETE and OPTIONS are "
    "repeated "
    "after a failure that may pass, unless the body is standard input; others never are.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
