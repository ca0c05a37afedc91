// SPDX-License-Identifier: Apache-2.0
#include "tests/support/running_sandbox.h"

#include "atlink/json.h"
#include "core/posix/posix_files.h"
#include "tests/support/raw_client.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace atlink::tests {

Product sandbox_product() {
  Product product;
  product.id = "acme";
  product.name = "Acme <Tracker>";
  product.default_context_path = "/acme";
  product.oauth1.emplace();
  product.oauth1->request_token = {"/oauth/request", EndpointPath::RelativeTo::base};
  product.oauth1->authorize = {"/oauth/consent", EndpointPath::RelativeTo::base};
  product.oauth1->access_token = {"/oauth/access", EndpointPath::RelativeTo::base};
  product.oauth1->transmissions = {
      oauth1::Transmission::header, oauth1::Transmission::query, oauth1::Transmission::form};
  product.oauth1->two_legged = true;
  product.oauth1->denied_verifier = "denied";
  product.oauth1->access_token_lifetime = std::chrono::seconds(157680000);
  product.oauth1->session_lifetime = std::chrono::seconds(160272000);
  IdentityRule identity;
  identity.endpoint = {"/rest/me", EndpointPath::RelativeTo::base};
  identity.json_pointers = {"/person/name", "/name"};
  identity.header = "X-User";
  identity.header_percent_encoded = true;
  identity.anonymous_values = {"nobody"};
  product.identity = identity;
  product.error_messages = {"/errors/*/text", "/message"};
  return product;
}

const RsaPrivateKey& test_key() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048).value();
  return key;
}

const RsaPrivateKey& other_key() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048).value();
  return key;
}

plugins::SandboxOptions acme_options() {
  plugins::SandboxOptions options;
  options.product = sandbox_product();
  plugins::SandboxConsumer robot;
  robot.key = "robot";
  robot.name = "The <Robot>";
  robot.public_key = test_key().public_key().pem();
  options.consumers = {robot};
  return options;
}

RunningSandbox::RunningSandbox(plugins::SandboxOptions options)
    : RunningSandbox(std::move(options), "") {}

RunningSandbox::RunningSandbox(plugins::SandboxOptions options, std::string_view testdata) {
  posix::PosixFiles files;
  const TemporaryFolder folder;
  if (!testdata.empty()) {
    std::filesystem::create_directory(folder / "testdata");
    std::ofstream(folder / "testdata/sandbox.json") << testdata;
    options.folders = {folder / "empty", folder.path()};
  }
  Platform platform = world_.platform(files);
  auto made = plugins::make_sandbox({clock_,
                                     random_,
                                     platform.environment,
                                     platform.files,
                                     platform.terminal,
                                     platform.browser,
                                     platform.transport,
                                     platform.process,
                                     platform.loader},
                                    std::move(options));
  REQUIRE_MESSAGE(made.has_value(), made.error().message);
  sandbox_ = *std::move(made);
  base_url_ = sandbox_->base_url();
  authority_ = base_url_.substr(7, base_url_.find('/', 7) - 7);
  port_ = static_cast<std::uint16_t>(std::stoi(authority_.substr(authority_.find(':') + 1)));
  thread_ = std::thread([this] { CHECK(sandbox_->run().has_value()); });
}

RunningSandbox::~RunningSandbox() {
  sandbox_->stop();
  thread_.join();
}

std::string SigningClient::carry_out(std::string_view http_method,
                                     std::string url,
                                     const FormFields& extra,
                                     const std::string* form,
                                     std::string_view json) const {
  const std::string unique = nonce.value_or(fmt::format("n{}x{}", ++count_, fmt::ptr(this)));
  const std::int64_t now = sandbox_.seconds() + clock_error;
  const oauth1::Consumer consumer{consumer_key, key, Secret(shared_secret)};
  const oauth1::Token pair{token, Secret(token_secret)};
  oauth1::AuthorizeInput input{http_method, url, std::nullopt, now, unique, extra};
  if (form != nullptr) {
    input.form_body = *form;
  }
  const auto signed_request =
      oauth1::authorize(input, {method, transmission, consumer, with_token ? &pair : nullptr});
  REQUIRE_MESSAGE(signed_request.has_value(), signed_request.error().message);
  std::string body = form != nullptr ? *form : std::string(json);
  std::string lines = headers;
  if (transmission == oauth1::Transmission::header) {
    lines += fmt::format("Authorization: {}\r\n", signed_request->header);
  } else if (transmission == oauth1::Transmission::query) {
    url += (url.find('?') == std::string::npos ? "?" : "&") + signed_request->query;
  } else {
    body += (body.empty() ? "" : "&") + signed_request->form;
    form = &body;
  }
  if (form != nullptr) {
    lines += "Content-Type: application/x-www-form-urlencoded\r\n";
  } else if (!json.empty()) {
    lines += "Content-Type: application/json\r\n";
  }
  const std::size_t path = url.find('/', 7);
  return ask_raw(sandbox_.port(),
                 fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}Content-Length: {}\r\n"
                             "Connection: close\r\n\r\n{}",
                             http_method,
                             url.substr(path),
                             url.substr(7, path - 7),
                             lines,
                             body.size(),
                             body));
}

std::string SigningClient::send(std::string_view http_method,
                                std::string_view path,
                                const FormFields& extra,
                                std::optional<std::string> form) const {
  const std::string context = sandbox_.base_url().substr(7 + sandbox_.authority().size());
  const std::string& name = host.empty() ? sandbox_.authority() : host;
  return carry_out(http_method,
                   fmt::format("http://{}{}{}", name, context, path),
                   extra,
                   form ? &*form : nullptr,
                   "");
}

std::string SigningClient::send_json(std::string_view http_method,
                                     std::string_view path,
                                     std::string_view body) const {
  return carry_out(http_method, fmt::format("{}{}", sandbox_.base_url(), path), {}, nullptr, body);
}

void SigningClient::use(std::string_view answer) {
  token = field_of(answer, "oauth_token");
  token_secret = field_of(answer, "oauth_token_secret");
  with_token = true;
}

bool SigningClient::sign_in(std::string_view callback) {
  with_token = false;
  const std::string temporary =
      send("POST", "/oauth/request", {{"oauth_callback", std::string(callback)}});
  use(temporary);
  const std::string decided =
      post_form(sandbox_, "/-/sandbox/decide", {{"oauth_token", token}, {"decision", "allow"}});
  const auto verifier = json::find_string(body_of(decided), "/verifier");
  const std::string answer =
      send("POST", "/oauth/access", {{"oauth_verifier", verifier.value_or("")}});
  use(answer);
  return status_of(answer) == 200 && !token.empty();
}

std::string visit(const RunningSandbox& sandbox,
                  std::string_view method,
                  std::string_view path,
                  std::string_view headers,
                  std::string_view body) {
  const std::string context = sandbox.base_url().substr(7 + sandbox.authority().size());
  return ask_raw(sandbox.port(),
                 fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n{}Content-Length: {}\r\n"
                             "Connection: close\r\n\r\n{}",
                             method,
                             context,
                             path,
                             sandbox.authority(),
                             headers,
                             body.size(),
                             body));
}

std::string post_form(const RunningSandbox& sandbox,
                      std::string_view path,
                      const FormFields& form,
                      std::string_view headers) {
  return visit(sandbox,
               "POST",
               path,
               fmt::format("Content-Type: application/x-www-form-urlencoded\r\n{}", headers),
               to_form(form));
}

std::string field_of(std::string_view answer, std::string_view name) {
  const FormFields fields = parse_form(body_of(answer));
  return std::string(form_value(fields, name).value_or(""));
}

std::string problem_of(std::string_view answer) {
  const auto value = header_of(answer, "WWW-Authenticate");
  const auto fields = value ? oauth1::parse_authorization(*value) : std::nullopt;
  return fields ? std::string(form_value(*fields, "oauth_problem").value_or("")) : std::string();
}

std::string hidden_field(std::string_view page, std::string_view name) {
  const std::string front = fmt::format("name=\"{}\" value=\"", name);
  const std::size_t begin = page.find(front);
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::size_t value = begin + front.size();
  return std::string(page.substr(value, page.find('"', value) - value));
}

}  // namespace atlink::tests
