// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/checks.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* endpoint = "https://acme.example/tools/oauth/request";
constexpr const char* me = "https://acme.example/tools/rest/me";
constexpr const char* tokens =
    "oauth_token=temporary-token&oauth_token_secret=temporary-secret&oauth_callback_confirmed=true";

Headers problem(const std::string& rest) {
  return {{"WWW-Authenticate", "OAuth realm=\"x\", oauth_problem=" + rest}};
}

// A profile whose credential has texts that can be told from others.
class Sick : public Program {
 public:
  Sick() {
    make_profile();
    sign_in();
    files.put_folder("/desk");
  }

  void knock() { world.transport.expect("GET", endpoint).answers(200); }

  void link_works() {
    knock();
    world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  }

  void link_refuses(int status, const std::string& rest) {
    knock();
    world.transport.expect("POST", endpoint).answers(status, problem(rest));
  }

  // The signature on trial: for the same address in plain http.
  void refuses_other_address() {
    world.transport.expect("POST", endpoint).answers(401, problem("\"signature_invalid\""));
  }

  // Runs doctor, which must find this cause by this check; the document.
  json::Value finds(const std::string& check, const std::string& code, int exit_code) {
    CAPTURE(check);
    CHECK_MESSAGE(run({"doctor", "--output", "json"}) == exit_code, err);
    const json::Value document = parsed(out);
    CHECK(text_at(document, "/cause/code") == code);
    const json::Value error = parsed(err);
    CHECK(text_at(error, "/code") == code);
    CHECK(text_at(error, "/context/check") == check);
    CHECK(text_at(error, "/next") == text_at(document, "/cause/next"));
    CHECK(outcome(document, check) == "fail");
    return document;
  }

  static json::Value parsed(const std::string& text) {
    auto value = json::parse(text);
    REQUIRE_MESSAGE(value.has_value(), text);
    return *value;
  }

  static std::string member(const json::Value& document,
                            const std::string& check,
                            const char* name) {
    for (const json::Value& each : *document.find("checks")->as_array()) {
      if (text_at(each, "/name") == check) {
        return text_at(each, std::string("/") + name);
      }
    }
    FAIL("there is no check " << check);
    return {};
  }

  static std::string outcome(const json::Value& document, const std::string& check) {
    return member(document, check, "outcome");
  }

  static std::string message(const json::Value& document, const std::string& check) {
    return member(document, check, "message");
  }
};

std::string next_of(const json::Value& document) {
  return text_at(document, "/cause/next");
}

}  // namespace

TEST_CASE("doctor: the order of causes is the one that docs/doctor.md publishes") {
  std::string table;
  for (const cli::doctor::Check& check : cli::doctor::all_checks()) {
    table += "| `" + std::string(check.name) + "` | " + std::string(check.about) + " | " +
             (check.of_link ? "yes" : "no") + " |\n";
  }
  std::ifstream file(ATLINK_SOURCE_DIR "/docs/doctor.md");
  std::ostringstream page;
  page << file.rdbuf();
  CHECK(holds(page.str(), "| --- | --- | --- |\n" + table + "<!-- /checks -->"));
}

TEST_CASE("doctor: a healthy profile has no cause, and ends with 0") {
  Sick sick;
  sick.world.transport.expect("GET", endpoint)
      .answers(200, {{"Date", "Sat, 31 Jan 2026 09:30:01 GMT"}});
  sick.world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  const json::Value document = sick.run_json({"doctor"});
  CHECK(document.find("cause")->is_null());
  CHECK(*document.find("requests")->as_integer() == 3);
  for (const char* check :
       {"profile",    "plugin",    "files", "key",        "system",   "proxy",  "name",
        "connection", "tls",       "clock", "base-url",   "endpoint", "method", "transmission",
        "consumer",   "signature", "link",  "credential", "token",    "user"}) {
    CAPTURE(std::string(check));
    CHECK(Sick::outcome(document, check) == "pass");
  }
  CHECK(Sick::message(document, "user") == "alice");
  CHECK(Sick::outcome(document, "product") == "skip");
}

TEST_CASE("doctor: for people it is a table, and a last word") {
  Sick sick;
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  CHECK(sick.run({"doctor"}) == 0);
  CHECK(holds(sick.out, "OUTCOME"));
  CHECK(holds(sick.out, "consumer"));
  CHECK(holds(sick.err, "nothing is wrong with profile work"));
  sick.link_refuses(401, "\"consumer_key_unknown\"");
  CHECK(sick.run({"doctor"}) == 3);
  CHECK(holds(sick.err, "next: atlink link show --profile work"));
}

TEST_CASE("doctor: what this machine lacks is found without a request") {
  Sick sick;
  const std::string profile = "/home/me/.config/atlink/profiles/work.json";
  const std::string whole = sick.files.content(profile).value();
  CHECK(sick.run({"doctor", "--profile", "other", "--output", "json"}) == 3);
  CHECK(text_at(Sick::parsed(sick.out), "/cause/code") == "profile.missing");
  sick.files.put(profile, "{");
  sick.finds("profile", "file.damaged", 3);
  std::string other = whole;
  other.replace(other.find("\"acme\""), 6, "\"acmy\"");
  sick.files.put(profile, other);
  sick.finds("plugin", "product.missing", 3);
  sick.files.put(profile, whole);
  sick.files.put("/keys/private.pem", "no key");
  sick.finds("key", "key.unreadable", 3);
  sick.files.remove("/keys/private.pem");
  sick.finds("key", "file.not_found", 3);
  CHECK(sick.run({"profile", "set", "work", "--consumer-key", ""}) == 0);
  sick.finds("key", "consumer.missing", 3);
}

TEST_CASE("doctor: a credential that others can read comes before the network") {
  Sick sick;
  sick.files.set_mode("/home/me/.local/state/atlink/credentials/work.json", 0644);
  sick.link_works();
  const json::Value document = sick.finds("files", "file.permissions", 3);
  CHECK(holds(next_of(document), "chmod"));
}

TEST_CASE("doctor: a key that others can read is a warning") {
  Sick sick;
  sick.files.set_mode("/keys/private.pem", 0644);
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  const json::Value document = sick.run_json({"doctor"});
  CHECK(Sick::outcome(document, "files") == "warn");
  CHECK(holds(Sick::message(document, "files"), "/keys/private.pem"));
}

TEST_CASE("doctor: a public key of another pair is the cause until the server proves it unused") {
  Sick sick;
  const auto other = RsaPrivateKey::generate(2048);
  sick.files.put("/keys/public.pem", other->public_key().pem(), 0644);
  sick.link_refuses(401, "\"signature_invalid\"");
  sick.refuses_other_address();
  const json::Value document = sick.finds("key-pair", "key.mismatch", 3);
  CHECK(next_of(document) == "atlink keygen --out /keys --public-only");
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  CHECK(Sick::outcome(sick.run_json({"doctor"}), "key-pair") == "warn");
  CHECK(sick.run({"keygen", "--out", "/keys", "--public-only"}) == 0);
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  CHECK(Sick::outcome(sick.run_json({"doctor"}), "key-pair") == "pass");
}

TEST_CASE("doctor: what is wrong with the network is asked once and told apart") {
  const std::initializer_list<std::pair<ErrorCode, const char*>> cases{
      {ErrorCode::network_name, "name"},
      {ErrorCode::network_refused, "connection"},
      {ErrorCode::network_timeout, "connection"},
      {ErrorCode::network_unreachable, "connection"},
      {ErrorCode::network_lost, "connection"},
      {ErrorCode::network_answer_lost, "connection"},
      {ErrorCode::network_tls, "tls"},
      {ErrorCode::network_certificate, "tls"},
  };
  Sick sick;
  sick.world.transport.on_look = [](const Url&, const ConnectionOptions&) {
    return Result<PresentedChain>(fail(ErrorCode::network_refused, "nobody is there"));
  };
  for (const auto& [code, check] : cases) {
    sick.world.transport.expect("GET", endpoint).fails(code);
    const json::Value document = sick.finds(check, std::string(name_of(code)), 9);
    CHECK(*document.find("requests")->as_integer() == 1);
    CHECK_FALSE(holds(next_of(document), "carried out"));
    CHECK(Sick::outcome(document, "endpoint") == "skip");
    CHECK(Sick::outcome(document, "user") == "skip");
  }
}

TEST_CASE("doctor: a proxy is named with where it is set, and never its password") {
  Sick sick;
  sick.world.environment.variables["HTTPS_PROXY"] = "http://user:secret-of-proxy@proxy.example";
  sick.world.transport.expect("GET", endpoint).fails(ErrorCode::network_refused);
  const json::Value document = sick.finds("connection", "network.refused", 9);
  CHECK(Sick::outcome(document, "proxy") == "pass");
  CHECK(holds(Sick::message(document, "proxy"), "http://proxy.example:80 (HTTPS_PROXY)"));
  CHECK(Sick::outcome(document, "name") == "skip");
  CHECK_FALSE(holds(sick.out + sick.err, "secret-of-proxy"));
}

TEST_CASE("doctor: a proxy setting that cannot be used is the cause") {
  Sick sick;
  sick.world.environment.variables["HTTPS_PROXY"] = "gopher://user:secret-of-proxy@proxy.example";
  const json::Value document = sick.finds("proxy", "profile.invalid", 3);
  CHECK(holds(Sick::message(document, "proxy"), "HTTPS_PROXY"));
  CHECK_FALSE(holds(sick.out + sick.err, "secret-of-proxy"));
}

TEST_CASE("doctor: clocks that differ are measured by the refusal, before anything later") {
  Sick sick;
  sick.knock();
  // 2026-01-31T09:45:00Z, five minutes either way.
  sick.world.transport.expect("POST", endpoint)
      .answers(400,
               problem("\"timestamp_refused\", "
                       "oauth_acceptable_timestamps=\"1769852400-1769853000\""));
  sick.world.transport.expect("POST", endpoint).answers(401, problem("\"consumer_key_unknown\""));
  const json::Value document = sick.finds("clock", "oauth1.timestamp_refused", 7);
  CHECK(holds(text_at(document, "/cause/message"), "900 seconds ahead"));
  CHECK(Sick::outcome(document, "consumer") == "fail");
}

TEST_CASE("doctor: a Date that differs and harms nobody is a warning") {
  Sick sick;
  sick.world.transport.expect("GET", endpoint)
      .answers(200, {{"Date", "Sat, 31 Jan 2026 09:10:00 GMT"}});
  sick.world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  const json::Value document = sick.run_json({"doctor"});
  CHECK(Sick::outcome(document, "clock") == "warn");
  CHECK(holds(Sick::message(document, "clock"), "1200 seconds behind"));
}

TEST_CASE("doctor: each refusal of the link has its check") {
  const std::initializer_list<std::tuple<const char*, int, const char*, int>> cases{
      {"signature_method_rejected", 400, "method", 3},
      {"consumer_key_unknown", 401, "consumer", 3},
      {"consumer_key_rejected", 401, "consumer", 3},
      {"signature_invalid", 401, "signature", 3},
      {"permission_denied", 401, "link", 5},
      {"version_rejected", 400, "link", 7},
  };
  Sick sick;
  for (const auto& [word, status, check, exit_code] : cases) {
    sick.link_refuses(status, std::string("\"") + word + "\"");
    if (std::string(word) == "signature_invalid") {
      sick.refuses_other_address();
    }
    const json::Value document = sick.finds(check, std::string("oauth1.") + word, exit_code);
    CHECK(Sick::outcome(document, "endpoint") == "pass");
    CHECK(Sick::outcome(document, "token") == "skip");
  }
}

TEST_CASE("doctor: the words for an unknown consumer name what servers do not tell apart") {
  Sick sick;
  sick.link_refuses(401, "\"consumer_key_unknown\"");
  const json::Value document = sick.finds("consumer", "oauth1.consumer_key_unknown", 3);
  for (const char* words : {"build", "incoming", "outgoing", "external application"}) {
    CHECK(holds(text_at(document, "/cause/message"), words));
  }
  CHECK(next_of(document) == "atlink link show --profile work");
}

TEST_CASE("doctor: a base string of the server that differs is told by its first difference") {
  Sick sick;
  sick.link_refuses(401,
                    "\"signature_invalid\", oauth_signature_base_string=\"POST%26http%253A%252F%"
                    "252Finner.example%252Ftools%252Foauth%252Frequest%26a%253D1\"");
  json::Value document = sick.finds("base-url", "site.rewritten", 3);
  CHECK(holds(text_at(document, "/cause/message"), "scheme: sent \"https\", arrived \"http\""));
  CHECK(holds(next_of(document), "proxy"));
  CHECK(Sick::outcome(document, "signature") == "skip");
  const char* const inner =
      "\"signature_invalid\", oauth_signature_base_string=\"POST%26https%253A%252F%252F"
      "acme.example%252Finner%252Foauth%252Frequest%26a%253D1\"";
  sick.link_refuses(401, inner);
  // Said without any proof whether that address answers from here, and so is a remedy.
  sick.world.transport.expect("POST", "https://acme.example/inner/oauth/request")
      .answers(400, problem("\"parameter_absent\""));
  document = sick.finds("base-url", "site.rewritten", 3);
  CHECK(sick.world.transport.sent.back().header("Authorization").empty());
  CHECK(holds(text_at(document, "/cause/message"), "path: sent \"/tools/oauth/request\""));
  CHECK(next_of(document) ==
        "atlink profile set work --url https://acme.example --context-path /inner");
  sick.link_refuses(401, inner);
  sick.world.transport.expect("POST", "https://acme.example/inner/oauth/request").answers(404);
  CHECK(holds(next_of(sick.finds("base-url", "site.rewritten", 3)), "have the proxy"));
}

TEST_CASE("doctor: parameters that arrive by the query only") {
  Sick sick;
  sick.link_refuses(400, "\"parameter_absent\", oauth_parameters_absent=\"oauth_consumer_key\"");
  sick.world.transport.expect_prefix("POST", std::string(endpoint) + "?").answers(200, {}, tokens);
  const json::Value document = sick.finds("transmission", "oauth1.parameter_absent", 7);
  CHECK(next_of(document) == "atlink profile set work --transmission query");
  CHECK_FALSE(holds(sick.out + sick.err, "oauth_signature"));
}

TEST_CASE("doctor: a header that is lost only on the way to resources") {
  Sick sick;
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"anonymous"})");
  sick.world.transport.expect_prefix("GET", std::string(me) + "?")
      .answers(200, {}, R"({"name":"alice"})");
  const json::Value document = sick.finds("transmission", "credential.anonymous", 4);
  CHECK(next_of(document) == "atlink profile set work --transmission query");
}

TEST_CASE("doctor: an endpoint that is not there, also not below the site") {
  Sick sick;
  sick.world.transport.expect("GET", endpoint).answers(404);
  sick.world.transport.expect("POST", endpoint).answers(404);
  sick.world.transport.expect("POST", "https://acme.example/oauth/request").answers(404);
  const json::Value document = sick.finds("endpoint", "answer.not_found", 6);
  CHECK(holds(next_of(document), "atlink detect https://acme.example"));
}

TEST_CASE("doctor: an endpoint below the site instead of the base URL, asked without any proof") {
  Sick sick;
  sick.world.transport.expect("GET", endpoint).answers(404);
  sick.world.transport.expect("POST", endpoint).answers(404);
  sick.world.transport.expect("POST", "https://acme.example/oauth/request")
      .answers(400, problem("\"parameter_absent\""));
  const std::size_t before = sick.world.transport.sent.size();
  const json::Value document = sick.finds("endpoint", "answer.not_found", 6);
  CHECK(next_of(document) ==
        "atlink profile set work --set request_token=site:/oauth/request --set "
        "authorize=site:/oauth/authorize --set access_token=site:/oauth/access");
  CHECK(sick.world.transport.sent.at(before).header("Authorization").empty());
  CHECK(sick.world.transport.sent.at(before + 2).header("Authorization").empty());
}

TEST_CASE("doctor: a web page, a CAPTCHA-like refusal or an empty answer at the endpoint") {
  Sick sick;
  const Headers html{{"Content-Type", "text/html"}};
  sick.world.transport.expect("GET", endpoint).answers(200, html, "<html>");
  sick.world.transport.expect("POST", endpoint).answers(200, html, "<html>");
  sick.world.transport.expect("POST", "https://acme.example/oauth/request")
      .answers(200, html, "<html>");
  CHECK(holds(text_at(sick.finds("endpoint", "answer.login_page", 4), "/cause/message"),
              "a web page"));
  sick.knock();
  sick.world.transport.expect("POST", endpoint).answers(200);
  sick.world.transport.expect("POST", "https://acme.example/oauth/request").answers(200);
  sick.finds("endpoint", "oauth1.token_absent", 1);
}

TEST_CASE("doctor: the product at another context path, and another product there") {
  Sick sick;
  sick.put_shop();
  CHECK(sick.run({"profile",
                  "set",
                  "work",
                  "--product",
                  "shop",
                  "--url",
                  "https://acme.example",
                  "--context-path",
                  "/wrong"}) == 0);
  const std::string wrong = "https://acme.example/wrong";
  auto& transport = sick.world.transport;
  transport.expect("GET", wrong + "/oauth/request").answers(404);
  transport.expect("POST", wrong + "/oauth/request").answers(404);
  transport.expect("POST", "https://acme.example/oauth/request").answers(404);
  transport.expect("GET", wrong + "/about").answers(404);
  transport.expect("GET", "https://acme.example/about").answers(404);
  transport.expect("GET", wrong).answers(404);
  transport.expect("GET", "https://acme.example/shop/about")
      .answers(200, {}, R"({"product":"shop"})");
  json::Value document = sick.finds("base-url", "site.other_base", 3);
  CHECK(next_of(document) ==
        "atlink profile set work --url https://acme.example --context-path /shop");
  CHECK(sick.run({"profile",
                  "set",
                  "work",
                  "--url",
                  "https://acme.example",
                  "--context-path",
                  "/shop",
                  "--product",
                  "beta",
                  "--signature-method",
                  "RSA-SHA1"}) == 0);
  const std::string shop = "https://acme.example/shop";
  transport.expect("GET", shop + "/oauth/request").answers(200);
  transport.expect("POST", shop + "/oauth/request").answers(200, {}, tokens);
  transport.expect("GET", shop + "/about").answers(200, {}, R"({"product":"shop","version":"2"})");
  document = sick.finds("product", "site.other_product", 3);
  CHECK(next_of(document) == "atlink profile set work --product shop");
  // A product that the other builds on is right, if less exact.
  CHECK(sick.run({"profile", "set", "work", "--product", "acme", "--signature-method", ""}) == 0);
  transport.expect("GET", shop + "/oauth/request").answers(200);
  transport.expect("POST", shop + "/oauth/request").answers(200, {}, tokens);
  transport.expect("GET", shop + "/about").answers(200, {}, R"({"product":"shop"})");
  document = sick.finds("credential", "credential.elsewhere", 4);
  CHECK(Sick::outcome(document, "product") == "pass");
}

TEST_CASE("doctor: a redirect to the same endpoint elsewhere names the right base URL") {
  Sick sick;
  sick.world.transport.expect("GET", endpoint)
      .answers(301, {{"Location", "https://new.example/x/oauth/request"}});
  sick.world.transport.expect("POST", endpoint)
      .answers(301, {{"Location", "https://new.example/x/oauth/request"}});
  sick.world.transport.expect("POST", "https://acme.example/oauth/request").answers(404);
  const json::Value document = sick.finds("base-url", "site.other_base", 3);
  CHECK(next_of(document) == "atlink profile set work --url https://new.example --context-path /x");
}

TEST_CASE(
    "doctor: where no base string is shown, signatures for other addresses tell what is seen") {
  Sick sick;
  sick.link_refuses(401, "\"signature_invalid\"");
  sick.world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  const json::Value document = sick.finds("base-url", "site.rewritten", 3);
  CHECK(holds(text_at(document, "/cause/message"), "scheme: sent \"https\", arrived \"http\""));
  CHECK(holds(next_of(document), "have the proxy"));
  CHECK(Sick::outcome(document, "signature") == "skip");
  CHECK_FALSE(holds(sick.out + sick.err, "temporary-token"));
  // It was signed for that address, and went to the profile's own.
  const auto& sent = sick.world.transport.sent.back();
  const auto parameters = oauth1::parse_authorization(sent.header("Authorization"));
  REQUIRE(parameters.has_value());
  const auto key = RsaPrivateKey::parse(sick.files.content("/keys/private.pem").value(), nullptr);
  REQUIRE(key.has_value());
  const std::string plain = "http" + std::string(endpoint).substr(5);
  const std::string base_string =
      oauth1::signature_base_string({"POST", plain, *parameters}).value();
  const oauth1::ConsumerVerifier verifier{key->public_key()};
  const auto signature = form_value(*parameters, "oauth_signature");
  CHECK(oauth1::verify(
      oauth1::SignatureMethod::rsa_sha1, base_string, *signature, verifier, nullptr));
}

TEST_CASE("doctor: nothing is signed for the host that a server says it is") {
  Sick sick;
  sick.put_shop();
  CHECK(sick.run({"profile", "set", "work", "--product", "shop"}) == 0);
  sick.link_refuses(401, "\"signature_invalid\"");
  sick.world.transport.expect("GET", "https://acme.example/tools/about")
      .answers(200, {}, R"({"product":"shop","url":"https://victim.example/tools"})");
  // One for plain http on the same host, and that is all.
  sick.refuses_other_address();
  const json::Value document = sick.finds("base-url", "site.rewritten", 3);
  CHECK(*document.find("requests")->as_integer() == 4);
}

TEST_CASE(
    "doctor: a server that calls itself otherwise is the cause only if signatures do not fit") {
  Sick sick;
  sick.put_shop();
  CHECK(sick.run({"profile", "set", "work", "--product", "shop"}) == 0);
  const std::string about = "https://acme.example/tools/about";
  const char* const told = R"({"product":"shop","url":"https://inner.example/tools"})";
  sick.link_refuses(401, "\"signature_invalid\"");
  sick.world.transport.expect("GET", about).answers(200, {}, told);
  sick.refuses_other_address();
  const json::Value document = sick.finds("base-url", "site.rewritten", 3);
  CHECK(holds(next_of(document), "have the proxy"));
  CHECK(holds(next_of(document), "--url https://inner.example --context-path /tools"));
  sick.link_works();
  sick.world.transport.expect("GET", about).answers(200, {}, told);
  CHECK(Sick::outcome(sick.finds("credential", "credential.elsewhere", 4), "base-url") == "warn");
}

TEST_CASE("doctor: without a credential, with one of elsewhere, with a sign-in half done") {
  Sick sick;
  sick.files.remove("/home/me/.local/state/atlink/credentials/work.json");
  sick.link_works();
  const json::Value document = sick.finds("credential", "credential.missing", 4);
  CHECK(next_of(document) == "atlink login --profile work");
  CHECK(Sick::outcome(document, "user") == "skip");
  sick.world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  CHECK(sick.run({"login", "--begin"}) == 0);
  sick.link_works();
  CHECK(holds(text_at(sick.finds("credential", "credential.missing", 4), "/cause/message"),
              "never finished"));
}

TEST_CASE("doctor: a token that is refused ends in a sign-in") {
  Sick sick;
  for (const char* word :
       {"token_rejected", "token_expired", "token_revoked", "permission_unknown"}) {
    sick.link_works();
    sick.world.transport.expect("GET", me).answers(401, problem(std::string("\"") + word + "\""));
    const json::Value document = sick.finds("token", std::string("oauth1.") + word, 4);
    // The session of an expired token goes on.
    CHECK(next_of(document) == (std::string(word) == "token_expired"
                                    ? "atlink renew --profile work"
                                    : "atlink login --profile work"));
  }
}

TEST_CASE("doctor: a token from the environment is not to be had by a sign-in") {
  Sick sick;
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "environment-token";
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "environment-secret";
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(401, problem("\"token_rejected\""));
  CHECK(holds(next_of(sick.finds("token", "oauth1.token_rejected", 4)), "ATLINK_OAUTH_TOKEN"));
}

TEST_CASE("doctor: without a user it is the link that has to allow it") {
  Sick sick;
  CHECK(sick.run({"profile", "set", "work", "--two-legged"}) == 0);
  sick.link_refuses(401, "\"permission_denied\"");
  sick.world.transport.expect("GET", me).answers(401, problem("\"permission_denied\""));
  const json::Value document = sick.finds("token", "oauth1.permission_denied", 5);
  CHECK(holds(text_at(document, "/cause/message"), "two-legged"));
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(200, {}, R"({"name":"robot"})");
  const json::Value healthy = sick.run_json({"doctor"});
  CHECK(healthy.find("cause")->is_null());
}

TEST_CASE("doctor: what a server repeats of what it was sent is shown nowhere") {
  Sick sick;
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "canary/of-token";
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "canary-of-secret";
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(
      500,
      {{"Content-Type", "application/json"}},
      R"({"messages":["canary/of-token canary%2Fof-token canary-of-secret temporary-token temporary-secret"]})");
  CHECK(sick.run({"doctor", "--output", "json", "--report", "r.txt"}) == 10);
  const std::string everything =
      sick.out + sick.err + sick.files.content("/desk/r.txt").value_or("");
  CHECK(holds(everything, "(hidden)"));
  for (const char* secret : {"canary", "temporary-token", "temporary-secret"}) {
    CHECK_FALSE(holds(everything, secret));
  }
}

TEST_CASE("doctor: a token as the word of a problem is not shown either") {
  Sick sick;
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "canary-of-token";
  sick.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "canary-of-secret";
  sick.link_works();
  sick.world.transport.expect("GET", me).answers(401, problem("\"has canary-of-token\""));
  CHECK(sick.run({"doctor", "--output", "json", "--report", "r.txt"}) == 7);
  CHECK(holds(sick.files.content("/desk/r.txt").value_or(""), "has (hidden)"));
  CHECK_FALSE(
      holds(sick.out + sick.err + sick.files.content("/desk/r.txt").value_or(""), "canary"));
}

TEST_CASE("doctor: the report is a new private file, or nothing is asked") {
  Sick sick;
  sick.link_refuses(401, "\"consumer_key_unknown\"");
  CHECK(sick.run({"doctor", "--report", "r.txt"}) == 3);
  CHECK(sick.files.mode("/desk/r.txt") == 0600);
  const std::string report = sick.files.content("/desk/r.txt").value();
  for (const char* words : {"https://acme.example/tools",
                            "consumer_key_unknown",
                            "build",
                            "atlink link show --profile work",
                            "POST",
                            "RSA-SHA1"}) {
    CHECK(holds(report, words));
  }
  CHECK(sick.run({"doctor", "--report", "/desk/r.txt", "--output", "json"}) == 3);
  CHECK(text_at(Sick::parsed(sick.err), "/code") == "file.exists");
  CHECK(sick.out.empty());
  CHECK(sick.files.content("/desk/r.txt") == report);
  CHECK(sick.run({"doctor", "--report", ""}) == 2);
}

TEST_CASE("link check: a link that works, without any credential") {
  Program program;
  program.make_profile();
  program.world.transport.expect("GET", endpoint)
      .answers(200, {{"Date", "Sat, 31 Jan 2026 09:30:10 GMT"}});
  program.world.transport.expect("POST", endpoint).answers(200, {}, tokens);
  const json::Value document = program.run_json({"link", "check"});
  CHECK(*document.find("works")->as_bool());
  CHECK(*document.find("clock_skew_seconds")->as_integer() == 10);
  CHECK(text_at(document, "/request_token_url") == endpoint);
  CHECK_FALSE(holds(program.out + program.err, "temporary-"));
  for (const std::string& file : program.files.files()) {
    CHECK_FALSE(holds(program.files.content(file).value_or(""), "temporary-"));
  }
}

TEST_CASE("link check: says what was tried and what came") {
  Program program;
  program.make_profile();
  program.world.transport.expect("GET", endpoint).answers(200);
  program.world.transport.expect("POST", endpoint).answers(400, problem("\"parameter_absent\""));
  program.world.transport.expect_prefix("POST", std::string(endpoint) + "?")
      .answers(401, problem("\"consumer_key_unknown\""));
  CHECK(program.run({"link", "check", "--output", "json"}) == 7);
  const json::Value document = Sick::parsed(program.out);
  CHECK_FALSE(*document.find("works")->as_bool());
  const json::Array& tried = *document.find("tried")->as_array();
  REQUIRE(tried.size() == 2);
  CHECK(text_at(tried[0], "/transmission") == "header");
  CHECK(text_at(tried[0], "/answer") == "oauth1.parameter_absent");
  CHECK(text_at(tried[1], "/transmission") == "query");
  CHECK(text_at(tried[1], "/answer") == "oauth1.consumer_key_unknown");
  CHECK(text_at(Sick::parsed(program.err), "/next") ==
        "atlink profile set work --transmission query");
  CHECK(program.run({"link", "check", "--profile", "none"}) == 3);
}

TEST_SUITE_END();
