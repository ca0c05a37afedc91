// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/admin.h"

#include "atlink/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

json::Value describe(const Consumer& consumer) {
  json::Object object{{"key", consumer.key},
                      {"name", consumer.name},
                      {"callback", consumer.callback},
                      {"two_legged", consumer.two_legged}};
  if (consumer.verifier.public_key) {
    object.emplace_back("public_key", consumer.verifier.public_key->pem());
  }
  return object;
}

/// Takes a member of the JSON of a consumer over; false for another kind or an unknown name.
bool take_member(const std::string& name, const json::Value& value, SandboxConsumer& consumer) {
  if (name == "two_legged") {
    consumer.two_legged = value.as_bool() != nullptr && *value.as_bool();
    return value.as_bool() != nullptr;
  }
  const std::array<std::pair<std::string_view, std::string*>, 4> texts{
      {{"name", &consumer.name},
       {"public_key", &consumer.public_key},
       {"shared_secret", &consumer.shared_secret},
       {"callback", &consumer.callback}}};
  const auto* const found = std::find_if(
      texts.begin(), texts.end(), [&](const auto& text) { return text.first == name; });
  if (found == texts.end() || value.as_string() == nullptr) {
    return false;
  }
  *found->second = *value.as_string();
  return true;
}

std::string row(std::string_view head, std::string_view html) {
  return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escape_html(head), html);
}

std::string code(std::string_view text) {
  return fmt::format("<code>{}</code>", escape_html(text));
}

}  // namespace

std::string Admin::addresses(const Visit& visit) const {
  const auto at = [&](const EndpointPath& endpoint) { return code(url_at(visit, endpoint)); };
  const auto own = [&](std::string_view path) {
    return code(fmt::format("{}{}{}", visit.base_url, admin_path, path));
  };
  std::string html = "<table>\n" + row("Version", escape_html(version_)) +
                     row("Base URL", code(visit.base_url)) +
                     row("Request token URL", at(parts_.rules.request_token)) +
                     row("Authorize URL", at(parts_.rules.authorize)) +
                     row("Access token URL", at(parts_.rules.access_token));
  if (parts_.product.identity) {
    html += row("Who am I", at(parts_.product.identity->endpoint));
  }
  html += row("What arrived", own("/echo")) + row("Faults on demand", own("/faults"));
  return html +
         row("The administrator's screens, to practise on",
             fmt::format("<a href=\"{}{}/link\">Application links</a>",
                         escape_html(visit.context),
                         admin_path)) +
         "</table>\n";
}

std::string Admin::table() const {
  if (parts_.consumers.all().empty()) {
    return "<p>None yet.</p>\n";
  }
  std::string html = "<table>\n<tr><th>Key</th><th>Name</th><th>Signs with</th></tr>\n";
  for (const auto& [key, consumer] : parts_.consumers.all()) {
    const auto& rsa = consumer.verifier.public_key;
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        code(key),
                        escape_html(consumer.name),
                        rsa ? fmt::format("RSA key of {} bits", rsa->bits()) : "shared secret");
  }
  return html + "</table>\n";
}

std::string Admin::form(const Visit& visit) const {
  return fmt::format(
      "<form method=\"post\" action=\"{}{}/consumers\">\n"
      "<input type=\"hidden\" name=\"xsrf\" value=\"{}\">\n"
      "<p><label>Consumer key<br><input type=\"text\" name=\"key\" required></label></p>\n"
      "<p><label>Consumer name<br><input type=\"text\" name=\"name\"></label></p>\n"
      "<p><label>Public key<br><textarea name=\"public_key\" rows=\"8\"></textarea></label></p>\n"
      "<p><label>or shared secret<br><input type=\"text\" name=\"shared_secret\"></label></p>\n"
      "<p><label>Consumer callback URL (may be empty)<br>"
      "<input type=\"text\" name=\"callback\"></label></p>\n"
      "<p><label><input type=\"checkbox\" name=\"two_legged\" value=\"true\"> "
      "Allow 2-legged OAuth</label></p>\n"
      "<p><button type=\"submit\">Register</button></p>\n</form>\n",
      escape_html(visit.context),
      admin_path,
      xsrf_);
}

ServerResponse Admin::home(const Visit& visit, int status, std::string_view note) const {
  std::string body = fmt::format(
      "<p>This is a stand-in for a {} site: it plays the sign-in and a few REST resources from the "
      "product's description, for trying and testing. Nothing here is kept when it ends.</p>\n",
      escape_html(parts_.product.name));
  if (!note.empty()) {
    body += fmt::format("<p role=\"alert\"><strong>{}</strong></p>\n", escape_html(note));
  }
  body += addresses(visit) + "<h2>Consumers</h2>\n" + table() + "<h2>Register a consumer</h2>\n" +
          form(visit);
  return html_page(
      status, fmt::format("{} sandbox", parts_.product.name), body, PageForms::allowed);
}

ServerResponse Admin::take_form(const Visit& visit) {
  const FormFields fields = parse_form(form_of(visit.request).value_or(""));
  const auto value = [&](std::string_view name) {
    return std::string(trim(form_value(fields, name).value_or("")));
  };
  if (!Secret(xsrf_).equals(value("xsrf"))) {
    return home(visit, 403, "The form did not come from this page. Fill it in again.");
  }
  const SandboxConsumer consumer{value("key"),
                                 value("name"),
                                 value("public_key"),
                                 value("shared_secret"),
                                 value("callback"),
                                 value("two_legged") == "true"};
  const auto added = parts_.consumers.put(consumer);
  if (!added) {
    return home(visit, 400, "Not registered: " + added.error().message);
  }
  return redirect_to(visit.base_url + "/");
}

ServerResponse Admin::list(const Visit& visit) {
  if (visit.request.method == "POST") {
    return take_form(visit);
  }
  if (visit.request.method != "GET" && visit.request.method != "HEAD") {
    return method_refused("GET, POST");
  }
  json::Array consumers;
  for (const auto& [key, consumer] : parts_.consumers.all()) {
    consumers.push_back(describe(consumer));
  }
  return json_answer(200, json::Object{{"consumers", std::move(consumers)}});
}

ServerResponse Admin::put(const Visit& visit, const std::string& key) {
  const auto document = json::parse(visit.request.body, std::size_t{64} << 10);
  if (!document || document->as_object() == nullptr) {
    return error_answer(parts_.product, 400, "the body must be a JSON object");
  }
  SandboxConsumer consumer;
  consumer.key = key;
  for (const auto& [name, value] : *document->as_object()) {
    if (!take_member(name, value, consumer)) {
      return error_answer(parts_.product,
                          400,
                          fmt::format("\"{}\" is no member of a consumer, or of another kind",
                                      printable(name, 60)));
    }
  }
  const auto added = parts_.consumers.put(consumer);
  if (!added) {
    return error_answer(parts_.product, 400, added.error().message);
  }
  ServerResponse response;
  response.status = *added ? 201 : 204;
  return response;
}

ServerResponse Admin::one(const Visit& visit, const std::string& key) {
  const std::string& method = visit.request.method;
  if (method == "PUT") {
    return put(visit, key);
  }
  if (method != "GET" && method != "HEAD" && method != "DELETE") {
    return method_refused("GET, PUT, DELETE");
  }
  const Consumer* consumer = parts_.consumers.find(key);
  if (consumer == nullptr) {
    return error_answer(parts_.product, 404, "there is no consumer of that key");
  }
  if (method != "DELETE") {
    return json_answer(200, describe(*consumer));
  }
  parts_.tokens.remove_of(key);
  parts_.consumers.remove(key);
  ServerResponse response;
  response.status = 204;
  return response;
}

}  // namespace atlink::plugins::sandbox
