// SPDX-License-Identifier: Apache-2.0
// Uploads and downloads by the operations of the description.
#include "atlink/json.h"
#include "plugins/sandbox/multipart.h"
#include "plugins/sandbox/path_pattern.h"
#include "plugins/sandbox/visit.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace atlink;
using namespace atlink::tests;
using plugins::sandbox::PathPattern;
using plugins::sandbox::read_multipart;

namespace {

constexpr const char* form_type = "multipart/form-data; boundary=\"b o\"";

std::string part(std::string_view disposition, std::string_view bytes, std::string_view type = "") {
  return fmt::format("--b o\r\nContent-Disposition: form-data; {}\r\n{}\r\n{}\r\n",
                     disposition,
                     type.empty() ? "" : fmt::format("Content-Type: {}\r\n", type),
                     bytes);
}

std::string file_part(std::string_view field, std::string_view name, std::string_view bytes) {
  return part(fmt::format("name=\"{}\"; filename=\"{}\"", field, name), bytes, "image/png");
}

const std::string end = "--b o--\r\n";

bool reads(std::string_view body, std::string_view type = form_type) {
  return read_multipart(type, body).has_value();
}

/// Values of a pattern in a path, joined by "|"; "(no)" for another path.
std::string matched(std::string_view pattern, std::string_view path) {
  const auto values = PathPattern(pattern).match(plugins::sandbox::segments_of(path));
  std::string joined = values ? "" : "(no)";
  for (const std::string& value : values.value_or(std::vector<std::string>())) {
    joined += fmt::format("{}{}", joined.empty() ? "" : "|", value);
  }
  return joined;
}

plugins::SandboxOptions filing(const std::string& url = "/content", bool leads_away = false) {
  auto options = acme_options();
  Operation add;
  add.name = "picture-add";
  add.method = "POST";
  add.path = "/rest/things/{key}/pictures";
  add.form = {{"comment", "{comment}"}};
  add.upload = UploadRule{"picture", true, {422, 413}};
  Operation one = add;
  one.name = "logo-add";
  one.path = "/rest/logo";
  one.upload->several = false;
  Operation get;
  get.name = "picture-get";
  get.path = "/rest/things/{key}/pictures/{picture}";
  get.download = DownloadRule{url, leads_away};
  options.product.operations = {add, one, get};
  return options;
}

constexpr std::string_view testdata = R"({"files": {
  "largest": 20, "initial": [{"id": "7", "name": "first.txt", "text": "here from the start"}]}})";

std::string upload(SigningClient& client, std::string_view path, const std::string& body) {
  client.headers = fmt::format("Content-Type: {}\r\n", form_type);
  std::string answer = client.send_json("POST", path, body);
  client.headers.clear();
  return answer;
}

/// The answer to a plain request for a URL.
std::string get(const RunningSandbox& sandbox,
                const std::string& url,
                std::string_view headers = "") {
  const std::size_t path = url.find('/', 7);
  return ask_raw(sandbox.port(),
                 fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}Connection: close\r\n\r\n",
                             url.substr(path),
                             url.substr(7, path - 7),
                             headers));
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("multipart: parts are read with their names, types and bytes") {
  const std::string body = part("name=note", "a\r\n--b x\r\n") +
                           file_part("picture", "a \\\"b\\\"; c.png", std::string("\0\r\n-", 4)) +
                           file_part("picture", "", "") + end;
  const auto parts = read_multipart(form_type, body);
  REQUIRE(parts.has_value());
  REQUIRE(parts->size() == 3);
  CHECK((*parts)[0].name == "note");
  CHECK_FALSE((*parts)[0].file_name.has_value());
  CHECK((*parts)[0].type == "text/plain");
  CHECK((*parts)[1].file_name == "a \"b\"; c.png");
  CHECK((*parts)[1].type == "image/png");
  CHECK((*parts)[1].bytes == std::string_view("\0\r\n-", 4));
  CHECK((*parts)[2].file_name == "");
  CHECK(reads("--b o--"));
}

TEST_CASE("multipart: what is not to the letter is refused") {
  const std::string good = part("name=a", "x");
  CHECK(reads(good + end));
  for (const std::string& bad :
       {std::string(),
        good,
        "x" + good + end,
        good + end + "x",
        good + "--b o\n",
        good.substr(0, good.size() - 2) + end,
        part("filename=a", "x") + end,
        part("name=a; name=b", "x") + end,
        part("name=\"a", "x") + end,
        part("name", "x") + end,
        "--b o\r\n\r\nx\r\n" + end,
        "--b o\r\nContent-Type: text/plain\r\n\r\nx\r\n" + end,
        "--b o\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n" + end,
        "--b o\r\nno colon\r\n\r\nx\r\n" + end,
        "--b o\nContent-Disposition: form-data; name=a\n\nx\n" + end,
        "--b o\r\nContent-Disposition: form-data; name=a\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nx\r\n" +
            end,
        part(fmt::format("name=\"{}\"", std::string(9000, 'a')), "x") + end}) {
    CAPTURE(bad.substr(0, 200));
    CHECK_FALSE(reads(bad));
  }
  for (const char* type : {"",
                           "text/plain; boundary=x",
                           "multipart/form-data",
                           "multipart/mixed; boundary=\"b o\"",
                           "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"b o \"",
                           "multipart/form-data; boundary=\"x"}) {
    CAPTURE(type);
    CHECK_FALSE(reads(good + end, type));
  }
  std::string many;
  for (int i = 0; i < 101; ++i) {
    many += good;
  }
  CHECK_FALSE(reads(many + end));
}

TEST_CASE("path patterns: names stand for whole or part segments") {
  CHECK(matched("/a/{b}/c", "/a/x%2Fy/c") == "x/y");
  CHECK(matched("/a/{b}/c", "/a//c") == "(no)");
  CHECK(matched("/a/{b}/c", "/a/x/d") == "(no)");
  CHECK(matched("/a/{b}", "/a/x/c") == "(no)");
  CHECK(matched("/a/v{b}.{c}.png", "/a/v1.2.png") == "1|2");
  CHECK(matched("/a/{b}.png", "/a/.png") == "(no)");
  CHECK(matched("/a/{b}.png", "/a/x.png.png") == "x.png");
  CHECK(matched("/a/{{b}}", "/a/{b}") == "");
  CHECK(PathPattern("/a/{b}/c").common(PathPattern("/a/{x}/d")) == 2);
}

TEST_CASE("sandbox files: what is sent can be fetched again, byte for byte") {
  RunningSandbox sandbox(filing(), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string bytes("\x89PNG\r\n\0\xff", 8);
  const std::string answer =
      upload(client,
             "/rest/things/T-1/pictures",
             part("name=comment", "hello") + file_part("picture", "a é.png", bytes) +
                 file_part("picture", "b.png", "second") + end);
  REQUIRE(status_of(answer) == 200);
  const std::string body = body_of(answer);
  CHECK(json::find_string(body, "/0/name") == "a é.png");
  CHECK(json::find_string(body, "/0/size") == "8");
  CHECK(json::find_string(body, "/1/type") == "image/png");
  const std::string url = json::find_string(body, "/0/content").value_or("");
  CHECK(url.find(sandbox.base_url()) == 0);
  CHECK(status_of(get(sandbox, url)) == 401);
  const std::string fetched = client.send("GET", url.substr(sandbox.base_url().size()));
  CHECK(body_of(fetched) == bytes);
  CHECK(header_of(fetched, "Content-Type") == "image/png");
  CHECK(header_of(fetched, "Content-Disposition") == "attachment; filename*=UTF-8''a%20%C3%A9.png");
  const std::string id = json::find_string(body, "/1/id").value_or("");
  const std::string told = client.send("GET", "/rest/things/T-1/pictures/" + id);
  CHECK(json::find_string(body_of(told), "/content") == json::find_string(body, "/1/content"));
  CHECK(status_of(client.send("GET", "/rest/things/T-1/pictures/none")) == 404);
}

TEST_CASE("sandbox files: the content itself, or where it lies below a pattern") {
  RunningSandbox direct(filing(""), testdata);
  SigningClient client(direct);
  REQUIRE(client.sign_in());
  CHECK(body_of(client.send("GET", "/rest/things/T-1/pictures/7")) == "here from the start");
  RunningSandbox listed(filing("/results/*/_links/download"), testdata);
  SigningClient other(listed);
  REQUIRE(other.sign_in());
  const std::string body = body_of(other.send("GET", "/rest/things/T-1/pictures/7"));
  CHECK(json::find_string(body, "/results/0/name") == "first.txt");
  const std::string url = json::find_string(body, "/results/0/_links/download").value_or("");
  CHECK(body_of(other.send("GET", url.substr(listed.base_url().size()))) == "here from the start");
}

TEST_CASE("sandbox files: another origin gives them to those who bring no credential") {
  for (const char* pattern : {"", "/content"}) {
    RunningSandbox sandbox(filing(pattern, true), testdata);
    SigningClient client(sandbox);
    REQUIRE(client.sign_in());
    std::string path = "/rest/things/T-1/pictures/7";
    if (*pattern != '\0') {
      const auto told = json::find_string(body_of(client.send("GET", path)), pattern);
      path = told.value_or("").substr(sandbox.base_url().size());
    }
    const std::string led = client.send("GET", path);
    CHECK(status_of(led) == 303);
    const std::string away = header_of(led, "Location").value_or("");
    CHECK(away.find(fmt::format("http://localhost:{}/acme/", sandbox.port())) == 0);
    CHECK(body_of(get(sandbox, away)) == "here from the start");
    for (const char* credential :
         {"Authorization: OAuth oauth_token=\"x\"\r\n", "Cookie: a=b\r\n"}) {
      const std::string refused = get(sandbox, away, credential);
      CHECK(status_of(refused) == 400);
      CHECK(body_of(refused).find("no credential belongs") != std::string::npos);
    }
    CHECK(status_of(get(sandbox, away + "&oauth_token=x")) == 400);
    CHECK(status_of(get(sandbox, away.substr(0, away.find('?')))) == 403);
    CHECK(status_of(get(sandbox, away + "x")) == 403);
    for (const auto& [host, other] :
         {std::pair{"localhost", "127.0.0.1"}, std::pair{"[::1]", "localhost"}}) {
      client.host = fmt::format("{}:{}", host, sandbox.port());
      const std::string there = header_of(client.send("GET", path), "Location").value_or("");
      CHECK(there.find(fmt::format("http://{}:{}/acme/", other, sandbox.port())) == 0);
    }
    client.host.clear();
  }
}

TEST_CASE("sandbox files: a wrong field, too large a file, and too many are refused as described") {
  RunningSandbox sandbox(filing(), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const auto status = [&](std::string_view path, const std::string& body) {
    return status_of(upload(client, path, body));
  };
  const std::string small = file_part("picture", "a", "x");
  CHECK(status("/rest/things/T-1/pictures", part("name=coment", "hello") + small + end) == 400);
  CHECK(status("/rest/things/T-1/pictures", file_part("file", "a", "x") + end) == 400);
  CHECK(status("/rest/things/T-1/pictures",
               file_part("picture", "a", std::string(21, 'x')) + end) == 422);
  CHECK(status("/rest/things/T-1/pictures", part("name=picture", "x") + end) == 400);
  CHECK(status("/rest/things/T-1/pictures", small) == 400);
  CHECK(status("/rest/logo", small + small + end) == 400);
  const std::string answer = upload(client, "/rest/logo", small + end);
  CHECK(status_of(answer) == 200);
  CHECK(json::find_string(body_of(answer), "/name") == "a");
  CHECK(status_of(client.send_json("POST", "/rest/logo", "{}")) == 400);
  CHECK(status_of(visit(sandbox,
                        "POST",
                        "/rest/logo",
                        fmt::format("Content-Type: {}\r\n", form_type),
                        small + end)) == 401);
}

TEST_CASE("sandbox files: the list of files may stand elsewhere, and the store is bounded") {
  RunningSandbox sandbox(filing(), R"({"files": {"largest": 33000000, "items": "/results"}})");
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string path = "/rest/things/T-1/pictures";
  const std::string answer = upload(client, path, file_part("picture", "a", "x") + end);
  CHECK(json::find_string(body_of(answer), "/results/0/name") == "a");
  const std::string large = file_part("picture", "a", std::string(30 << 20, 'x')) + end;
  CHECK(status_of(upload(client, path, large)) == 200);
  CHECK(status_of(upload(client, path, large)) == 200);
  CHECK(status_of(upload(client, path, large)) == 507);
}

TEST_SUITE_END();
