// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/operation.h"
#include "atlink/text.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view content = "a file of atlink plugin check\n\xC3\xA9\n";
constexpr std::string_view boundary = "atlink-plugin-check-boundary";

/// A value for each parameter.
TemplateValues all_values(const Operation& operation) {
  TemplateValues values;
  for (const OperationParameter& parameter : operation.parameters) {
    values.emplace_back(parameter.name, some_value(parameter.type));
  }
  return values;
}

/// Each required parameter, and each of the path, with the id of a file.
TemplateValues all_as(const Operation& operation, const std::string& id) {
  const std::vector<std::string> in_path = names_in(operation.path);
  TemplateValues values;
  for (const OperationParameter& parameter : operation.parameters) {
    const bool needed = parameter.required ||
                        std::find(in_path.begin(), in_path.end(), parameter.name) != in_path.end();
    if (needed) {
      values.emplace_back(parameter.name, id);
    }
  }
  return values;
}

/// RFC 7578: the fields, and one file.
std::string form_with_file(const std::string& field, const FormFields& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, name, value);
  }
  return body +
         fmt::format(
             "--{0}\r\nContent-Disposition: form-data; name=\"{1}\"; filename=\"check.txt\"\r\n"
             "Content-Type: text/plain\r\n\r\n{2}\r\n--{0}--\r\n",
             boundary,
             field,
             content);
}

/// The first text at a member "id", from the outside in.
// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
std::string first_id(const json::Value& value) {
  if (std::string id = text_at(value, "id"); !id.empty()) {
    return id;
  }
  std::string id;
  if (const json::Array* elements = value.as_array()) {
    for (std::size_t i = 0; id.empty() && i < elements->size(); ++i) {
      id = first_id((*elements)[i]);
    }
  }
  if (const json::Object* members = value.as_object()) {
    for (std::size_t i = 0; id.empty() && i < members->size(); ++i) {
      id = first_id((*members)[i].second);
    }
  }
  return id;
}

/// Sends a file; the id that the sandbox gives it.
Result<std::string> upload(Client& client, const Product& product, const Operation& operation) {
  ATLINK_ASSIGN(FilledOperation filled,
                fill_in(operation, product.query_languages, all_values(operation)));
  const auto body =
      body_from_string(form_with_file(operation.upload->field, filled.form.value_or(FormFields())));
  ApiRequest request;
  request.method = std::move(filled.method);
  request.path = std::move(filled.path);
  request.query = std::move(filled.query);
  request.headers.add("Content-Type", fmt::format("multipart/form-data; boundary={}", boundary));
  request.body = body.get();
  ATLINK_ASSIGN(const Answer answer, ask(client, request));
  if (answer.error) {
    return fail(*answer.error);
  }
  ATLINK_ASSIGN(const json::Value document, json::parse(answer.body));
  return first_id(document);
}

Result<Answer> get(Client& client, std::string path, FormFields query) {
  ApiRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  ATLINK_ASSIGN(Answer answer, ask(client, request));
  return answer.error ? Result<Answer>(fail(*answer.error)) : Result<Answer>(std::move(answer));
}

/// The bytes of a file, wherever the answer leads.
Result<std::string> download(Client& client,
                             const Product& product,
                             const Operation& operation,
                             const std::string& id) {
  ATLINK_ASSIGN(FilledOperation filled,
                fill_in(operation, product.query_languages, all_as(operation, id)));
  ATLINK_ASSIGN(Answer answer, get(client, std::move(filled.path), std::move(filled.query)));
  const std::string& url = operation.download->url;
  if (url.empty()) {
    return std::move(answer.body);
  }
  const auto named = json::find_strings(answer.body, url, 1);
  if (named.empty()) {
    return fail(ErrorCode::answer_not_understood,
                "the answer does not name the file",
                "check the operation's download/url");
  }
  ATLINK_ASSIGN(Answer file, get(client, named.front(), {}));
  return std::move(file.body);
}

Verdict play_download(Client& client,
                      const Product& product,
                      const Operation& operation,
                      const std::string& id) {
  const auto bytes = download(client, product, operation, id);
  if (!bytes) {
    return failed("fetching a file", bytes.error());
  }
  return *bytes == content ? passed(fmt::format("bytes: {}", bytes->size()))
                           : failed("the file came back as another");
}

}  // namespace

void play_files(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  const Product& product = stage.product();
  const std::string version = stage.sandbox().version();
  const auto client =
      credential ? client_of(stage, *credential) : Result<std::unique_ptr<Client>>();
  const auto cannot = [&](const Operation& operation) -> std::optional<Verdict> {
    if (!operation.holds(version)) {
      return skipped(fmt::format("version {} does not have it", printable(version, 40)));
    }
    return credential && client ? std::nullopt : std::optional(skipped("no sign-in worked"));
  };
  std::string id;
  for (const Operation& operation : product.operations) {
    if (operation.upload) {
      recorder.run("play.upload." + operation.name, [&] {
        if (auto why = cannot(operation)) {
          return *std::move(why);
        }
        const auto sent = upload(**client, product, operation);
        id = sent.value_or(id);
        return sent ? passed() : failed("sending a file", sent.error());
      });
    }
  }
  for (const Operation& operation : product.operations) {
    if (operation.download) {
      recorder.run("play.download." + operation.name, [&] {
        if (auto why = cannot(operation)) {
          return *std::move(why);
        }
        return id.empty() ? skipped("no file was sent that could be fetched")
                          : play_download(**client, product, operation, id);
      });
    }
  }
}

}  // namespace atlink::plugins::kit
