// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "core/posix/posix_files.h"
#include "plugins/sandbox/sandbox.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace atlink;
using namespace atlink::tests;

namespace {

constexpr const char* consumers = "/-/sandbox/consumers";

constexpr std::string_view testdata = R"({
  "resources": [
    {"method": "GET", "path": "/rest/open", "anonymous": true, "headers": {"X-Place": "{base_url}"},
     "body": {"who": "{user}", "at": ["{base_url}/x", 1, null, "{other}"]}},
    {"method": "GET", "path": "/rest/closed/a%20b", "status": 203, "text": "for {user}"},
    {"method": "POST", "path": "/rest/closed/a b", "status": 204},
    {"method": "GET", "path": "/rest/me", "body": {"name": "{user}", "more": true}}
  ],
  "collections": [
    {"path": "/rest/things", "id_member": "key", "id_prefix": "T-",
     "initial": [{"key": "T-7", "owner": "{user}"}]}
  ]
})";

/// What make_sandbox says to a testdata file.
std::string complaint(std::string_view text) {
  FakeWorld world;
  posix::PosixFiles files;
  posix::PosixRandom random;
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "testdata");
  std::ofstream(folder / "testdata/sandbox.json") << text;
  plugins::SandboxOptions options = acme_options();
  options.folders = {folder.path()};
  Platform platform = world.platform(files);
  const auto made = plugins::make_sandbox({platform.clock,
                                           random,
                                           platform.environment,
                                           files,
                                           platform.terminal,
                                           platform.browser,
                                           platform.transport,
                                           platform.process,
                                           platform.loader},
                                          options);
  if (made.has_value()) {
    return "";
  }
  CHECK(made.error().code == ErrorCode::plugin_invalid);
  CHECK(made.error().message.find(folder / "testdata/sandbox.json") == 0);
  return made.error().message;
}

/// make_sandbox of options that it must refuse.
ErrorCode refusal(plugins::SandboxOptions options) {
  FakeWorld world;
  const auto made = plugins::make_sandbox(world.platform(), std::move(options));
  REQUIRE_FALSE(made.has_value());
  return made.error().code;
}

json::Value robot_json() {
  return json::Object{{"name", "R2"}, {"public_key", other_key().public_key().pem()}};
}

std::string put(const RunningSandbox& sandbox, std::string_view key, const json::Value& body) {
  return visit(sandbox, "PUT", fmt::format("{}/{}", consumers, key), "", json::write(body));
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox: it lives at the product's context path unless told otherwise") {
  CHECK(RunningSandbox().base_url().find("/acme") != std::string::npos);
  auto options = acme_options();
  options.context_path = "";
  RunningSandbox at_root(options);
  CHECK(at_root.base_url() == "http://" + at_root.authority());
  SigningClient client(at_root);
  CHECK(client.sign_in());
  options.context_path = "/a/b";
  RunningSandbox deeper(options);
  SigningClient other(deeper);
  CHECK(other.sign_in());
  CHECK(status_of(other.send("GET", "/rest/me")) == 200);
  const std::string outside =
      ask_raw(deeper.port(), "GET /a/bc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK(status_of(outside) == 404);
}

TEST_CASE("sandbox: endpoints of the site stand outside the context path") {
  auto options = acme_options();
  options.product.oauth1->request_token = {"/token", EndpointPath::RelativeTo::site};
  RunningSandbox sandbox(options);
  const std::string answer =
      ask_raw(sandbox.port(), "POST /token HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK(problem_of(answer) == "parameter_absent");
}

TEST_CASE("sandbox: endpoints with one path and different queries are told apart") {
  auto options = acme_options();
  const auto endpoint = [](const char* name) {
    return EndpointPath{"/index.cgi", EndpointPath::RelativeTo::base, {{"page", name}}};
  };
  options.product.oauth1->request_token = endpoint("OAuth/begin & go");
  options.product.oauth1->authorize = endpoint("OAuth/ask");
  options.product.oauth1->access_token = endpoint("OAuth/end");
  options.product.identity->endpoint = endpoint("me");
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  const std::string begun =
      client.send("POST", "/index.cgi?page=OAuth%2Fbegin%20%26%20go", {{"oauth_callback", "oob"}});
  CHECK(begun.find("oauth_callback_confirmed=true") != std::string::npos);
  const FormFields token = parse_form(body_of(begun));
  const std::string asked = fmt::format("/index.cgi?oauth_token={}&page=OAuth/ask",
                                        form_value(token, "oauth_token").value_or(""));
  CHECK(visit(sandbox, "GET", asked).find("action=\"/acme/index.cgi?page=OAuth%2Fask\"") !=
        std::string::npos);
  CHECK(problem_of(client.send("POST", "/index.cgi?page=OAuth/end")) == "parameter_absent");
  CHECK(status_of(visit(sandbox, "GET", "/index.cgi?page=OAuth/ask&oauth_token=none")) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/index.cgi")) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/")) == 200);
  CHECK(visit(sandbox, "GET", "/").find("/index.cgi?page=OAuth%2Fask") != std::string::npos);
}

TEST_CASE("sandbox: what cannot be played is refused before it listens") {
  auto options = acme_options();
  options.product.oauth1.reset();
  CHECK(refusal(options) == ErrorCode::product_unsupported);
  options = acme_options();
  options.context_path = "no-slash";
  CHECK(refusal(options) == ErrorCode::url_invalid);
  options = acme_options();
  options.consumers[0].public_key = "no key";
  CHECK(refusal(options) == ErrorCode::key_unreadable);
  options = acme_options();
  RunningSandbox sandbox;
  options.port = sandbox.port();
  CHECK(refusal(options) == ErrorCode::listen_failed);
}

TEST_CASE("sandbox: the home page says what it is, lists consumers and escapes their names") {
  RunningSandbox sandbox;
  const std::string page = visit(sandbox, "GET", "/");
  CHECK(status_of(page) == 200);
  CHECK(page.find("stand-in") != std::string::npos);
  CHECK(page.find("The &lt;Robot&gt;") != std::string::npos);
  CHECK(page.find(sandbox.base_url() + "/oauth/request") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<Robot>") == std::string::npos);
}

TEST_CASE("sandbox: a consumer registered with the form of the home page can sign in") {
  RunningSandbox sandbox;
  const std::string xsrf = hidden_field(visit(sandbox, "GET", "/"), "xsrf");
  FormFields form{{"key", "formed"},
                  {"name", "Formed"},
                  {"public_key", other_key().public_key().pem()},
                  {"shared_secret", ""},
                  {"callback", ""}};
  CHECK(status_of(post_form(sandbox, consumers, form)) == 403);
  form.emplace_back("xsrf", xsrf);
  const std::string answer = post_form(sandbox, consumers, form);
  CHECK(status_of(answer) == 303);
  CHECK(header_of(answer, "Location") == sandbox.base_url() + "/");
  SigningClient client(sandbox);
  client.consumer_key = "formed";
  client.key = other_key();
  CHECK(client.sign_in());
  form[2].second = "<nonsense>";
  const std::string refused = post_form(sandbox, consumers, form);
  CHECK(status_of(refused) == 400);
  CHECK(refused.find("Not registered") != std::string::npos);
  CHECK(refused.find("<nonsense>") == std::string::npos);
}

TEST_CASE("sandbox: consumers come and go over REST, and their tokens go with them") {
  RunningSandbox sandbox;
  CHECK(status_of(put(sandbox, "r%202", robot_json())) == 201);
  CHECK(status_of(put(sandbox, "r%202", robot_json())) == 204);
  const std::string list = body_of(visit(sandbox, "GET", consumers));
  CHECK(json::find_string(list, "/consumers/0/key") == "r 2");
  CHECK(json::find_string(list, "/consumers/1/key") == "robot");
  SigningClient client(sandbox);
  client.consumer_key = "r 2";
  client.key = other_key();
  REQUIRE(client.sign_in());
  const std::string one = std::string(consumers) + "/r%202";
  CHECK(status_of(visit(sandbox, "DELETE", one)) == 204);
  CHECK(status_of(visit(sandbox, "DELETE", one)) == 404);
  CHECK(status_of(visit(sandbox, "GET", one)) == 404);
  CHECK(problem_of(client.send("GET", "/rest/me")) == "token_rejected");
  CHECK(problem_of(client.send("POST", "/oauth/request")) == "consumer_key_unknown");
}

TEST_CASE("sandbox: a consumer that makes no sense is refused, and no secret is ever shown") {
  RunningSandbox sandbox;
  CHECK(status_of(put(sandbox, "x", json::Object{{"shared_secret", "hidden-word"}})) == 201);
  CHECK(visit(sandbox, "GET", consumers).find("hidden-word") == std::string::npos);
  CHECK(visit(sandbox, "GET", "/").find("hidden-word") == std::string::npos);
  for (const json::Value& bad :
       {json::Value(json::Object{}),
        json::Value(json::Object{{"public_key", "abc"}}),
        json::Value(json::Object{{"shared_secret", 1}}),
        json::Value(json::Object{{"shared_secret", "s"}, {"more", 1}}),
        json::Value(json::Object{{"shared_secret", "s"}, {"callback", "x"}}),
        json::Value(json::Array{})}) {
    CAPTURE(json::write(bad));
    CHECK(status_of(put(sandbox, "y", bad)) == 400);
  }
  CHECK(status_of(visit(sandbox, "PUT", std::string(consumers) + "/y", "", "{")) == 400);
  CHECK(status_of(put(sandbox, "a%0Ab", json::Object{{"shared_secret", "s"}})) == 400);
  CHECK(status_of(put(sandbox, "", json::Object{{"shared_secret", "s"}})) == 404);
}

TEST_CASE("sandbox: a page of another site cannot register or remove consumers") {
  RunningSandbox sandbox;
  const std::string one = std::string(consumers) + "/robot";
  CHECK(status_of(visit(sandbox, "DELETE", one, "Origin: null\r\n")) == 403);
  CHECK(status_of(visit(
            sandbox, "PUT", one, "Origin: http://evil.example\r\n", json::write(robot_json()))) ==
        403);
  SigningClient client(sandbox);
  CHECK(client.sign_in());
}

TEST_CASE("sandbox: resources of the testdata are served with names filled in") {
  RunningSandbox sandbox(acme_options(), testdata);
  const std::string open = visit(sandbox, "GET", "/rest/open?query=ignored");
  CHECK(status_of(open) == 200);
  CHECK(body_of(open) ==
        fmt::format(R"({{"who":"nobody","at":["{}/x",1,null,"{{other}}"]}})", sandbox.base_url()));
  CHECK(header_of(open, "X-Place") == sandbox.base_url());
  CHECK(status_of(visit(sandbox, "GET", "/rest/closed/a%20b")) == 401);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string closed = client.send("GET", "/rest/closed/%61%20b");
  CHECK(status_of(closed) == 203);
  CHECK(body_of(closed) == "for alice");
  CHECK(status_of(client.send("POST", "/rest/closed/a%20b")) == 204);
  const std::string wrong = client.send("DELETE", "/rest/closed/a%20b");
  CHECK(status_of(wrong) == 405);
  CHECK(header_of(wrong, "Allow") == "GET, POST");
  CHECK(body_of(client.send("GET", "/rest/me")) == R"({"name":"alice","more":true})");
  const std::string unknown = client.send("GET", "/rest/closed/a%2Fb");
  CHECK(status_of(unknown) == 404);
  CHECK(header_of(unknown, "Content-Type") == "application/json;charset=UTF-8");
}

TEST_CASE("sandbox: resources with one path are told apart by their queries") {
  RunningSandbox sandbox(acme_options(), R"({"resources": [
    {"path": "/api.cgi", "query": {"do": "list things", "as": "json"}, "anonymous": true, "text": "things"},
    {"path": "/api.cgi", "query": {"do": "me"}, "text": "{user}"}
  ]})");
  CHECK(body_of(visit(sandbox, "GET", "/api.cgi?x&as=json&do=list+things")) == "things");
  CHECK(status_of(visit(sandbox, "GET", "/api.cgi?do=me")) == 401);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(body_of(client.send("GET", "/api.cgi?do=me&as=json")) == "alice");
  CHECK(status_of(client.send("GET", "/api.cgi?as=json")) == 404);
  CHECK(status_of(client.send("GET", "/api.cgi")) == 404);
}

TEST_CASE("sandbox: a collection stores, gives, changes and drops documents") {
  RunningSandbox sandbox(acme_options(), testdata);
  CHECK(status_of(visit(sandbox, "POST", "/rest/things", "", "{}")) == 401);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string made =
      client.send_json("POST", "/rest/things", R"({"text":"{user} é","key":"mine"})");
  CHECK(status_of(made) == 201);
  CHECK(header_of(made, "Location") == sandbox.base_url() + "/rest/things/T-8");
  CHECK(body_of(made) == R"({"text":"{user} é","key":"T-8"})");
  CHECK(body_of(client.send("GET", "/rest/things")) ==
        R"({"values":[{"key":"T-7","owner":"alice"},{"text":"{user} é","key":"T-8"}]})");
  const std::string changed = client.send_json("PUT", "/rest/things/T-8", R"({"text":"new"})");
  CHECK(body_of(changed) == R"({"text":"new","key":"T-8"})");
  CHECK(body_of(client.send("GET", "/rest/things/T-8")) == body_of(changed));
  CHECK(status_of(client.send("DELETE", "/rest/things/T-8")) == 204);
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    CHECK(status_of(client.send(method, "/rest/things/T-8")) == 404);
  }
  CHECK(status_of(client.send("DELETE", "/rest/things")) == 405);
  CHECK(status_of(client.send("POST", "/rest/things/T-7")) == 405);
  CHECK(header_of(client.send_json("POST", "/rest/things", "{}"), "Location") ==
        sandbox.base_url() + "/rest/things/T-9");
}

TEST_CASE("sandbox: a document with a version is replaced only by the next one") {
  RunningSandbox sandbox(acme_options(), R"({"collections": [{"path": "/rest/pages",
    "version": "/version/number", "initial": [{"id": "1", "version": {"number": 4}}]}]})");
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const auto put = [&](const char* body) {
    return status_of(client.send_json("PUT", "/rest/pages/1", body));
  };
  CHECK(put(R"({"version":{"number":4}})") == 409);
  CHECK(put(R"({"version":{"number":6}})") == 409);
  CHECK(put(R"({"text":"x"})") == 409);
  CHECK(put(R"({"version":{"number":5},"text":"five"})") == 200);
  CHECK(put(R"({"version":{"number":5}})") == 409);
  CHECK(json::find_string(body_of(client.send("GET", "/rest/pages/1")), "/text") == "five");
  CHECK(json::find_string(body_of(client.send_json("POST", "/rest/pages", R"({"a":1})")),
                          "/version/number") == "1");
}

TEST_CASE("sandbox: an answer may be for one deployment") {
  constexpr std::string_view answers = R"({"resources": [
    {"deployment": "cloud", "path": "/rest/where", "anonymous": true, "text": "cloud"},
    {"deployment": "data-center", "path": "/rest/where", "anonymous": true, "text": "here"}]})";
  auto options = acme_options();
  for (const Deployment deployment : {Deployment::cloud, Deployment::data_center}) {
    options.product.deployment = deployment;
    const RunningSandbox sandbox(options, answers);
    CHECK(body_of(visit(sandbox, "GET", "/rest/where")) ==
          (deployment == Deployment::cloud ? "cloud" : "here"));
  }
}

TEST_CASE("sandbox: a collection refuses what is no object, and more than it can hold") {
  RunningSandbox sandbox(acme_options(), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  for (const char* bad : {"[]", "1", "{", R"({"a":1,"a":2})"}) {
    CHECK(status_of(client.send_json("POST", "/rest/things", bad)) == 400);
  }
  const std::string large = fmt::format(R"({{"text":"{}"}})", std::string(1000000, 'x'));
  int full = 0;
  for (int i = 0; i < 10; ++i) {
    full += status_of(client.send_json("POST", "/rest/things", large)) == 507 ? 1 : 0;
  }
  CHECK(full == 2);
  CHECK(status_of(client.send("DELETE", "/rest/things/T-8")) == 204);
  CHECK(status_of(client.send_json("POST", "/rest/things", large)) == 201);
}

TEST_CASE("sandbox: testdata that breaks a rule is refused with file and place") {
  CHECK(complaint(testdata).empty());
  CHECK(complaint("{").find("line") != std::string::npos);
  CHECK(complaint("[]").find("must be an object") != std::string::npos);
  CHECK(complaint(R"({"resource":[]})").find("\"resource\"") != std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"rest"}]})").find("/resources/0/path") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","status":99}]})").find("/resources/0/status") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","body":1,"text":"x"}]})").find("both") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","headers":{"a b":"c"}}]})").find("a b") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","headers":{"a":1}}]})").find("/headers/a") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","query":["b"]}]})").find("/resources/0/query") !=
        std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","method":"get"}]})").find("method") !=
        std::string::npos);
  CHECK(complaint(R"({"collections":[{"path":"/a","initial":[{"id":1}]}]})")
            .find("/collections/0/initial/0") != std::string::npos);
  CHECK(complaint(R"({"resources":7})").find("must be an array") != std::string::npos);
  CHECK(complaint(R"({"resources":[{"path":"/a","deployment":"moon"}]})").find("\"cloud\"") !=
        std::string::npos);
}

TEST_CASE("sandbox: hostile requests are answered and the site goes on") {
  RunningSandbox sandbox;
  const std::string deep(20000, '[');
  const std::string odd = "%00%ff%E2%80%AE<x>\\..";
  CHECK(status_of(put(sandbox, "d", json::Value())) == 400);
  CHECK(status_of(visit(sandbox, "PUT", std::string(consumers) + "/d", "", deep)) == 400);
  CHECK(status_of(visit(sandbox, "GET", "/rest/" + odd)) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/oauth/consent?oauth_token=" + odd)) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/-/sandbox/../../x")) == 404);
  const std::string garbage = "Authorization: OAuth oauth_token=\"%zz\", ,,=, x\"\r\n";
  CHECK(status_of(visit(sandbox, "POST", "/oauth/access", garbage)) == 400);
  const std::string many =
      fmt::format("Authorization: OAuth {}a=\"1\"\r\n", std::string(30000, ' '));
  CHECK(status_of(visit(sandbox, "POST", "/oauth/access", many)) == 400);
  SigningClient client(sandbox);
  CHECK(client.sign_in());
}

TEST_SUITE_END();
