// SPDX-License-Identifier: Apache-2.0
// How the sandbox lets itself be recognised, and the administrator's screens of a version.
#include "atlink/json.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string as_json = "Accept: application/json\r\n";
const std::string as_page = "Accept: text/html,*/*\r\n";

Probe probe(std::string path, std::string accept = "application/json") {
  Probe made;
  made.name = path;
  made.endpoint = {std::move(path), EndpointPath::RelativeTo::base};
  made.accept = std::move(accept);
  return made;
}

plugins::SandboxOptions probed() {
  auto options = acme_options();
  Probe about = probe("/rest/about");
  about.json = {{"/product/name", {"Acme Tracker", "Acme"}}, {"/kinds/0", {}}};
  about.version = "/product/version";
  about.build = "/build";
  about.title = "/title";
  about.base_url = "/url";
  Probe as_xml = probe("/rest/about", "application/xml");
  as_xml.body_contains = "<type>acme</type>";
  Probe front = probe("/", "text/html");
  front.endpoint.relative_to = EndpointPath::RelativeTo::site;
  front.header = "X-Acme-Node";
  front.proof = false;
  Probe home = probe("/", "text/html");
  home.body_contains = "id=\"acme-home\"";
  home.statuses = {203};
  Probe me = probe("/rest/me");
  me.json = {{"/person/type", {"user"}}};
  me.header = "X-Acme-Kind";
  me.header_is = "data";
  options.product.probes = {about, as_xml, front, home, me};
  return options;
}

std::string on_site(const RunningSandbox& sandbox, std::string_view path) {
  return ask_raw(
      sandbox.port(),
      fmt::format(
          "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", path, sandbox.authority()));
}

LinkGuide guide(std::string title, std::string from, std::string before) {
  LinkGuide made;
  made.title = std::move(title);
  made.from = std::move(from);
  made.before = std::move(before);
  LinkScreen kind{"Kind of link", "On {base_url}.", {}, {"a <warning>"}};
  kind.fields = {{"Kind", "Direct {{link}}", "choose", ""},
                 {"Service Provider Name", "", "empty", "See {authorize_url}"},
                 {"Incoming", "", "tick", ""},
                 {"Two-legged", "", "untick", ""}};
  LinkScreen consumer{"Consumer", "", {}, {}};
  consumer.fields = {{"Key", "{consumer_key}", "paste", ""},
                     {"Name", "{consumer_name}", "paste", ""},
                     {"Public Key", "{public_key_body}", "paste", ""},
                     {"Description", "", "any", ""}};
  made.screens = {kind, consumer};
  return made;
}

plugins::SandboxOptions with_screens() {
  auto options = acme_options();
  options.product.links_page = {"/admin/links", EndpointPath::RelativeTo::base};
  options.product.link_guides = {guide("The old dialog", "", "4.0"),
                                 guide("The new dialog", "4.0", "")};
  return options;
}

FormFields filled(const RunningSandbox& sandbox, std::string_view path) {
  return {{"xsrf", hidden_field(visit(sandbox, "GET", path), "xsrf")},
          {"guide", "0"},
          {"f0.0", "Direct {link}"},
          {"f0.2", "on"},
          {"f1.0", "practised"},
          {"f1.1", "Practised <Robot>"},
          {"f1.2", other_key().public_key().base64()}};
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox probes: JSON that the description recognises, told to anybody") {
  auto options = probed();
  options.site_version = "10.3.4";
  const RunningSandbox sandbox(options);
  const std::string answer = visit(sandbox, "GET", "/rest/about", as_json);
  CHECK(status_of(answer) == 200);
  CHECK(header_of(answer, "Content-Type") == "application/json;charset=UTF-8");
  const std::string body = body_of(answer);
  CHECK(json::find_string(body, "/product/name") == "Acme Tracker");
  CHECK(json::find_string(body, "/product/version") == "10.3.4");
  CHECK(json::find_string(body, "/build") == "10030004");
  CHECK(json::find_string(body, "/title") == "Acme <Tracker> sandbox");
  CHECK(json::find_string(body, "/url") == sandbox.base_url());
  CHECK(json::find_string(body, "/kinds/0") == "anything");
  CHECK(status_of(visit(sandbox, "GET", "/rest/other", as_json)) == 401);
  CHECK(status_of(visit(sandbox, "POST", "/rest/about", as_json)) == 401);
}

TEST_CASE("sandbox probes: one address may answer in several formats") {
  const RunningSandbox sandbox(probed());
  const std::string xml = visit(sandbox, "GET", "/rest/about", "Accept: application/xml\r\n");
  CHECK(header_of(xml, "Content-Type") == "application/xml;charset=UTF-8");
  CHECK(body_of(xml).find("<type>acme</type>") != std::string::npos);
  CHECK(header_of(visit(sandbox, "GET", "/rest/about"), "Content-Type") ==
        "application/json;charset=UTF-8");
}

TEST_CASE("sandbox probes: pages and headers, outside the context path as well") {
  const RunningSandbox sandbox(probed());
  const std::string front = on_site(sandbox, "/");
  CHECK(status_of(front) == 200);
  CHECK(header_of(front, "X-Acme-Node").has_value());
  CHECK(status_of(on_site(sandbox, "/else")) == 404);
  const std::string home = visit(sandbox, "GET", "/", as_page);
  CHECK(status_of(home) == 203);
  CHECK(home.find("stand-in") != std::string::npos);
  CHECK(home.find("id=\"acme-home\"") != std::string::npos);
}

TEST_CASE("sandbox probes: where who-am-I is a probe, both are told") {
  const RunningSandbox sandbox(probed());
  const std::string nobody = visit(sandbox, "GET", "/rest/me", as_json);
  CHECK(header_of(nobody, "X-Acme-Kind") == "data");
  CHECK(json::find_string(body_of(nobody), "/person/type") == "user");
  CHECK(json::find_string(body_of(nobody), "/person/name") == "nobody");
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(json::find_string(body_of(client.send("GET", "/rest/me")), "/person/name") == "alice");
}

TEST_CASE("sandbox probes: closed ones want a sign-in and lead browsers to the login page") {
  auto options = probed();
  options.closed_probes = true;
  ResponseSignal login;
  login.meaning = ResponseSignal::Meaning::login_page;
  login.statuses = {302};
  login.header = "Location";
  login.header_contains = "/login";
  options.product.signals = {login};
  const RunningSandbox sandbox(options, R"({"resources": [
    {"path": "/rest/about", "anonymous": true, "body": {"product": {"version": "1"}}}]})");
  const std::string refused = visit(sandbox, "GET", "/rest/about", as_json);
  CHECK(status_of(refused) == 401);
  CHECK(header_of(refused, "WWW-Authenticate").value_or("").find("OAuth") == 0);
  const std::string led = visit(sandbox, "GET", "/rest/about", as_page);
  CHECK(status_of(led) == 302);
  CHECK(header_of(led, "Location") == sandbox.base_url() + "/login");
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(status_of(client.send("GET", "/rest/about")) == 200);
}

TEST_CASE("sandbox probes: testdata wins, but for a version that somebody chose") {
  constexpr std::string_view testdata = R"({"version": "3.2", "resources": [
    {"path": "/rest/about", "anonymous": true,
     "body": {"product": {"version": "3.1"}, "build": 5, "at": "{version}"}}]})";
  const RunningSandbox sandbox(probed(), testdata);
  CHECK(body_of(visit(sandbox, "GET", "/rest/about")) ==
        R"({"product":{"version":"3.1"},"build":5,"at":"3.2"})");
  auto options = probed();
  options.site_version = "4.1";
  const RunningSandbox other(options, testdata);
  CHECK(body_of(visit(other, "GET", "/rest/about")) ==
        R"({"product":{"version":"4.1"},"build":4010000,"at":"4.1"})");
}

TEST_CASE("sandbox versions: OAuth 1.0a is there only in the versions that have it") {
  auto options = probed();
  options.product.oauth1->before = "7.0";
  options.site_version = "7.1";
  const RunningSandbox sandbox(options);
  CHECK(status_of(visit(sandbox, "POST", "/oauth/request")) == 401);
  CHECK(problem_of(visit(sandbox, "POST", "/oauth/request")).empty());
  CHECK(status_of(visit(sandbox, "GET", "/oauth/consent")) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/rest/about")) == 200);
  options.site_version.clear();
  const RunningSandbox older(options, R"({"version": "8.0"})");
  SigningClient client(older);
  CHECK(client.sign_in());
  options.site_version = "new";
  FakeWorld world;
  CHECK(plugins::make_sandbox(world.platform(), options).error().code == ErrorCode::usage);
}

TEST_CASE("sandbox screens: the dialog of the played version, with its fields") {
  auto options = with_screens();
  options.site_version = "3.9";
  const RunningSandbox old_site(options);
  const std::string old_page = visit(old_site, "GET", "/admin/links");
  CHECK(old_page.find("The old dialog") != std::string::npos);
  CHECK(old_page.find("The new dialog") == std::string::npos);
  options.site_version.clear();
  const RunningSandbox sandbox(options);
  const std::string page = visit(sandbox, "GET", "/-/sandbox/link");
  CHECK(page.find("The new dialog") != std::string::npos);
  CHECK(page.find("Acme &lt;Tracker&gt; 4.0") != std::string::npos);
  CHECK(page.find("On " + sandbox.base_url() + ".") != std::string::npos);
  CHECK(page.find("Direct {link}") != std::string::npos);
  CHECK(page.find("a &lt;warning&gt;") != std::string::npos);
  CHECK(page.find("See " + sandbox.base_url() + "/oauth/consent") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(visit(sandbox, "GET", "/").find("/acme/-/sandbox/link") != std::string::npos);
  CHECK(status_of(visit(sandbox, "DELETE", "/admin/links")) == 405);
}

TEST_CASE("sandbox screens: filled in as described, they register a consumer") {
  const RunningSandbox sandbox(with_screens());
  for (const char* path : {"/admin/links", "/-/sandbox/link"}) {
    const std::string answer = post_form(sandbox, path, filled(sandbox, path));
    CHECK(status_of(answer) == 200);
    CHECK(answer.find("the consumer practised can sign in now") != std::string::npos);
  }
  SigningClient client(sandbox);
  client.consumer_key = "practised";
  client.key = other_key();
  CHECK(client.sign_in());
}

TEST_CASE("sandbox screens: what is not as described is told, and nothing is registered") {
  const RunningSandbox sandbox(with_screens());
  const auto told = [&](std::string_view name, const std::string& value) {
    FormFields form = filled(sandbox, "/admin/links");
    std::erase_if(form, [&](const auto& field) { return field.first == name; });
    form.emplace_back(name, value);
    const std::string answer = post_form(sandbox, "/admin/links", form);
    CHECK(status_of(answer) == (name == "xsrf" ? 403 : 400));
    return answer;
  };
  CHECK(told("f0.0", "Something else").find("Kind: choose Direct {link}") != std::string::npos);
  CHECK(told("f0.1", "x").find("Service Provider Name: leave it empty") != std::string::npos);
  CHECK(told("f0.2", "").find("Incoming: tick it") != std::string::npos);
  CHECK(told("f0.3", "on").find("Two-legged: take the tick away") != std::string::npos);
  CHECK(told("f1.0", " ").find("Key: something has to stand there") != std::string::npos);
  CHECK(told("f1.2", "<nonsense>").find("Not registered") != std::string::npos);
  CHECK(told("guide", "7").find("another version") != std::string::npos);
  CHECK(told("xsrf", "x").find("did not come from this page") != std::string::npos);
  CHECK(visit(sandbox, "GET", "/-/sandbox/consumers").find("practised") == std::string::npos);
}

TEST_SUITE_END();
