// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect.h"

#include "tests/plugins/plugin_folders.h"
#include "tests/support/fake_transport.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

using Outcome = Asked::Outcome;

json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return *std::move(value);
}

/// A probe of GET /manifest with that condition on /type.
json::Value manifest_probe(const std::string& types) {
  return parsed(fmt::format(R"({{"probes": {{"manifest": {{
    "endpoint": {{"path": "/manifest"}},
    "json": {{"/type": {}}},
    "tells": {{"version": "/version", "build": "/build", "title": "/name", "base_url": "/url"}}
  }}}}}})",
                            types));
}

/// Four products of a family, whose common base recognises any of them, and one of another.
class Site {
 public:
  Site() {
    put("family",
        {{"detect", manifest_probe("[]")}, {"context_path", contexts("", R"(["/one", "/two"])")}});
    put("one",
        {{"extends", "family"},
         {"detect", manifest_probe(R"(["one"])")},
         {"context_path", contexts("", R"(["/one"])")},
         {"sign_in", ways()}});
    put("two",
        {{"extends", "family"},
         {"detect", manifest_probe(R"(["two"])")},
         {"context_path", contexts("/two", R"(["/two"])")}});
    put("other", {{"detect", parsed(R"({"probes": {"about": {
          "endpoint": {"path": "/about"}, "json": {"/product": ["Other"], "/edition": []}}}})")}});
  }

  static json::Value contexts(const std::string& usual, const std::string& known) {
    return parsed(fmt::format(R"({{"default": "{}", "known": {}}})", usual, known));
  }

  static json::Value ways() {
    return parsed(R"({
      "oauth1": {
        "versions": {"before": "9.0"}, "note": "the old way",
        "request_token": {"path": "/r"}, "authorize": {"path": "/a"}, "access_token": {"path": "/t"}
      },
      "token": {"versions": {"from": "8.14"}},
      "basic": {"off_from": "10.0"}
    })");
  }

  void put(const std::string& id, json::Object more) {
    folders.put(PluginFolders::installed, id, small(id, std::move(more)));
  }

  PlannedExchange& expect(const std::string& path) {
    return transport.expect("GET", "https://site.example" + path);
  }

  void expect_manifest(const std::string& path, std::string_view body) {
    expect(path).answers(200, {{"Content-Type", "application/json"}}, std::string(body));
  }

  Detection detect(const std::string& path, bool all = false) {
    DetectOptions options;
    options.all = all;
    options.user_agent = "tests/1";
    Registry registry = folders.registry();
    auto detection =
        plugins::detect(transport, registry, *Url::parse("https://site.example" + path), options);
    REQUIRE_MESSAGE(detection.has_value(), detection.error().message);
    return *std::move(detection);
  }

  PluginFolders folders;
  FakeTransport transport;
};

/// Answers whatever is asked with one function, and keeps what was asked.
class Answering final : public Transport {
 public:
  struct Reply {
    int status = 404;
    Headers headers;
    std::string body;
    std::optional<ErrorCode> failure;
  };

  explicit Answering(std::function<Reply(const std::string& url)> answer)
      : answer_(std::move(answer)) {}

  Status send(const Exchange& exchange) override {
    const std::string& url = exchange.request.url.str();
    CHECK(exchange.request.method == "GET");
    CHECK(exchange.request.body == nullptr);
    CHECK(exchange.deadline.count() > 0);
    for (const auto& [name, value] : exchange.request.headers) {
      const auto header = name;  // clang 14 captures no binding
      CAPTURE(header);
      CHECK((header == "Accept" || header == "User-Agent"));
    }
    const std::string question =
        fmt::format("{} {}", url, exchange.request.headers.find("Accept").value_or(""));
    CHECK(std::find(asked.begin(), asked.end(), question) == asked.end());
    asked.push_back(question);
    const Reply reply = answer_(url);
    if (reply.failure) {
      return fail(*reply.failure, "the double fails");
    }
    ATLINK_CHECK(exchange.handler.head({reply.status, reply.headers}));
    return exchange.handler.write(reply.body);
  }

  std::vector<std::string> asked;

 private:
  std::function<Reply(const std::string& url)> answer_;
};

Detection detect_with(Site& site, Answering& transport, const std::string& url, bool all = false) {
  DetectOptions options;
  options.all = all;
  Registry registry = site.folders.registry();
  auto detection = plugins::detect(transport, registry, *Url::parse(url), options);
  REQUIRE_MESSAGE(detection.has_value(), detection.error().message);
  return *std::move(detection);
}

std::vector<std::string> methods_of(const Found& found) {
  std::vector<std::string> methods;
  for (const SignInWay& way : found.sign_in) {
    methods.push_back(way.method);
  }
  return methods;
}

using Methods = std::vector<std::string>;

}  // namespace

TEST_CASE("detect: one question tells product, version and place, and no more is asked") {
  Site site;
  site.expect_manifest("/manifest",
                       R"({"type": "one", "version": "8.22.1", "build": 822, "name": "Ours",
                           "url": "https://site.example/"})");
  const Detection detection = site.detect("/");
  REQUIRE(detection.found.size() == 1);
  const Found& found = detection.found.front();
  CHECK(detection.certain());
  CHECK_FALSE(detection.ambiguous);
  CHECK(found.product.id == "one");
  CHECK(found.version == "8.22.1");
  CHECK(found.build == "822");
  CHECK(found.title == "Ours");
  CHECK(found.base.str() == "https://site.example");
  CHECK(found.server_base_url.empty());
  REQUIRE(detection.asked.size() == 1);
  CHECK(detection.asked[0].outcome == Outcome::recognised);
  CHECK(detection.asked[0].said.find("8.22.1") != std::string::npos);
  const SentRequest& sent = site.transport.sent.front();
  CHECK(sent.header("Accept") == "application/json");
  CHECK(sent.header("User-Agent") == "tests/1");
  CHECK(sent.headers.size() == 2);
  CHECK_FALSE(sent.body.has_value());
  CHECK(sent.deadline == std::chrono::seconds(10));
}

TEST_CASE("detect: ways to sign in are those of the version") {
  const auto ways_at = [](const std::string& version) {
    Site site;
    site.expect_manifest("/manifest",
                         fmt::format(R"({{"type": "one", "version": "{}"}})", version));
    return site.detect("/").found.at(0);
  };
  CHECK(methods_of(ways_at("8.13")) == Methods{"oauth1", "basic"});
  CHECK(methods_of(ways_at("8.14")) == Methods{"oauth1", "token", "basic"});
  CHECK(methods_of(ways_at("9.0")) == Methods{"token", "basic"});
  CHECK(ways_at("9.0").sign_in.back().off_from.empty());
  CHECK(ways_at("10.0").sign_in.back().off_from == "10.0");
  CHECK(ways_at("8.14").sign_in.front().note == "the old way");
  CHECK(ways_at("8.14").sign_in.front().versions.before.empty());
}

TEST_CASE("detect: where the version is not told, every way is named with its versions") {
  Site site;
  site.expect_manifest("/manifest", R"({"type": "one"})");
  const Found found = site.detect("/").found.at(0);
  CHECK(found.version.empty());
  CHECK(methods_of(found) == Methods{"oauth1", "token", "basic"});
  CHECK(found.sign_in[0].versions.before == "9.0");
  CHECK(found.sign_in[1].versions.from == "8.14");
  CHECK(found.sign_in[2].off_from == "10.0");
}

TEST_CASE("detect: the general description counts where no particular one fits") {
  Site site;
  site.expect_manifest("/manifest", R"({"type": "three", "version": "1"})");
  const Detection detection = site.detect("/");
  REQUIRE(detection.found.size() == 1);
  CHECK(detection.found[0].product.id == "family");
  CHECK(detection.certain());
}

TEST_CASE("detect: a context path in the address is asked first, whatever stands behind it") {
  Site site;
  site.expect_manifest("/one/manifest", R"({"type": "one", "url": "https://site.example/one"})");
  const Found found = site.detect("/one/browse/ABC-1").found.at(0);
  CHECK(found.base.str() == "https://site.example/one");
  CHECK(found.server_base_url.empty());
}

TEST_CASE("detect: a context path that nobody describes is found in the address") {
  Site site;
  site.expect_manifest("/tools/manifest", R"({"type": "two"})");
  CHECK(site.detect("/tools/x").found.at(0).base.context_path() == "/tools");
}

TEST_CASE("detect: known context paths come after the root and the front door") {
  Site site;
  site.expect("/manifest").answers(404);
  site.expect("/about").answers(404);
  site.expect("/").answers(200, {{"Content-Type", "text/html"}}, "<TITLE>Hello</TITLE>");
  site.expect("/one/manifest").answers(404);
  site.expect_manifest("/two/manifest", R"({"type": "two"})");
  const Detection detection = site.detect("/");
  CHECK(detection.found.at(0).base.context_path() == "/two");
  CHECK(detection.asked[0].outcome == Outcome::not_found);
  CHECK(detection.asked[2].said == "an HTML page \"Hello\"");
  CHECK(detection.asked[2].accept == "text/html");
}

TEST_CASE("detect: redirects on the site show context paths and are not followed") {
  Site site;
  SUBCASE("of the front door") {
    site.expect("/manifest").answers(404);
    site.expect("/about").answers(404);
    site.expect("/").answers(302, {{"Location", "/x/"}});
    site.expect_manifest("/x/manifest", R"({"type": "one"})");
    CHECK(site.detect("/").found.at(0).base.context_path() == "/x");
  }
  SUBCASE("of the question itself, several segments deep") {
    site.expect("/manifest").answers(301, {{"Location", "https://site.example/a/b/manifest"}});
    site.expect_manifest("/a/b/manifest", R"({"type": "one"})");
    CHECK(site.detect("/").found.at(0).base.context_path() == "/a/b");
  }
}

TEST_CASE("detect: a redirect to another site is not asked there, and said") {
  Site site;
  Answering transport([](const std::string&) {
    return Answering::Reply{302, {{"Location", "https://sso.example/start?\x1b[2J"}}, "", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  CHECK(detection.found.empty());
  CHECK(std::none_of(transport.asked.begin(), transport.asked.end(), [](const std::string& url) {
    return url.find("sso.example") != std::string::npos;
  }));
  Answering clean([](const std::string&) {
    return Answering::Reply{302, {{"Location", "https://sso.example/start"}}, "", {}};
  });
  const Detection told = detect_with(site, clean, "https://site.example/");
  REQUIRE(told.notes.size() == 1);
  CHECK(told.notes[0].find("https://sso.example") != std::string::npos);
  CHECK(detection.asked[0].said.find('\x1b') == std::string::npos);
}

TEST_CASE("detect: at most twelve questions, each once, whatever the site says") {
  Site site;
  for (int i = 0; i < 40; ++i) {
    const std::string id = fmt::format("more{}", i);
    site.put(id,
             {{"detect",
               parsed(fmt::format(R"({{"probes": {{"p": {{"endpoint": {{"path": "/p{}"}},
                                              "json": {{"/x": []}}}}}}}})",
                                  i))},
              {"context_path", Site::contexts("", fmt::format(R"(["/c{}"])", i))}});
  }
  int count = 0;
  Answering transport([&count](const std::string&) {
    return Answering::Reply{302, {{"Location", fmt::format("/r{}/", ++count)}}, "", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/a/b/c", true);
  CHECK(transport.asked.size() == 12);
  CHECK(detection.asked.size() == 12);
  CHECK_FALSE(detection.certain());
}

TEST_CASE("detect: a site that answers everything with a login page is told so") {
  Site site;
  Answering transport([](const std::string&) {
    return Answering::Reply{200,
                            {{"Content-Type", "text/html; charset=utf-8"}},
                            "<html><title>\n Log in\x1b </title><input type=\"password\">",
                            {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  CHECK(detection.found.empty());
  CHECK(detection.asked.size() <= 12);
  for (const Asked& asked : detection.asked) {
    CHECK(asked.outcome == Outcome::login_page);
    CHECK(asked.status == 200);
    CHECK(asked.said.rfind("a login page \"Log in", 0) == 0);
    CHECK(asked.said.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("detect: a description's own sign of a login page counts") {
  Site site;
  site.put("signs",
           {{"extends", "family"},
            {"signals", parsed(R"({"page": {"means": "login_page", "status": [302],
                       "header": {"name": "Location", "contains": "destination="}}})")}});
  Answering transport([](const std::string&) {
    return Answering::Reply{302, {{"Location", "/in.jsp?destination=x"}}, "", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  CHECK(detection.asked.at(0).outcome == Outcome::login_page);
  CHECK(detection.asked.at(0).said == "leads to a login page, /in.jsp?destination=x");
}

TEST_CASE("detect: redirects to a sign-in are told, and are no places") {
  const auto told_of = [](const std::string& location) {
    Site site;
    Answering transport([&location](const std::string&) {
      return Answering::Reply{302, {{"Location", location}}, "", {}};
    });
    const Detection detection = detect_with(site, transport, "https://site.example/");
    CHECK(std::none_of(transport.asked.begin(), transport.asked.end(), [](const std::string& url) {
      return url.rfind("https://site.example/login/", 0) == 0;
    }));
    return detection.asked.at(0).outcome;
  };
  CHECK(told_of("/login?to=x") == Outcome::login_page);
  CHECK(told_of("https://sso.example/start") == Outcome::login_page);
  CHECK(told_of("https://id.example/adfs/ls/?wa=wsignin1.0") == Outcome::login_page);
  CHECK(told_of("/processor/lessons") == Outcome::redirect);
  CHECK(told_of("/home?next=/login") == Outcome::redirect);
}

TEST_CASE("detect: a closed manifest is said, and other probes are tried") {
  Site site;
  site.put("one", {{"extends", "family"}, {"detect", parsed(R"({"probes": {
      "manifest": {"endpoint": {"path": "/manifest"}, "json": {"/type": ["one"]}},
      "info": {"endpoint": {"path": "/info"}, "json": {"/kind": ["ONE"]}, "tells": {"version": "/v"}}}})")}});
  Answering transport([](const std::string& url) {
    if (url == "https://site.example/info") {
      return Answering::Reply{200, {}, R"({"kind": "one", "v": "3.1"})", {}};
    }
    return Answering::Reply{url.find("/manifest") != std::string::npos ? 401 : 404, {}, "", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  REQUIRE(detection.found.size() == 1);
  CHECK(detection.found[0].product.id == "one");
  CHECK(detection.found[0].version == "3.1");
  CHECK(detection.asked.at(0).outcome == Outcome::closed);
  CHECK(detection.asked.at(0).said == "closed: wants a sign-in");
}

TEST_CASE("detect: a hint makes it look like a product, and never certain") {
  Site site;
  site.put("one", {{"extends", "family"}, {"detect", parsed(R"({"probes": {
      "manifest": {"endpoint": {"path": "/manifest"}, "json": {"/type": ["one"]}},
      "header": {"endpoint": {"path": "/"}, "accept": "text/html", "header": {"name": "X-One"},
                 "proof": false}}})")}});
  Answering transport([](const std::string&) {
    return Answering::Reply{403, {{"X-One", "yes"}}, "", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  REQUIRE(detection.found.size() == 1);
  CHECK(detection.found[0].product.id == "one");
  CHECK_FALSE(detection.found[0].certain);
  CHECK_FALSE(detection.certain());
  CHECK_FALSE(detection.ambiguous);
  CHECK(detection.asked.at(0).outcome == Outcome::closed);
  CHECK(std::any_of(detection.asked.begin(), detection.asked.end(), [](const Asked& asked) {
    return asked.outcome == Outcome::hint && asked.said == "looks like The one product";
  }));
}

TEST_CASE("detect: two products that fit equally well are both named") {
  Site site;
  site.put("twin", {{"extends", "family"}, {"detect", manifest_probe(R"(["one"])")}});
  site.expect_manifest("/manifest", R"({"type": "one"})");
  const Detection detection = site.detect("/");
  CHECK(detection.ambiguous);
  REQUIRE(detection.found.size() == 2);
  CHECK(detection.found[0].product.id == "one");
  CHECK(detection.found[1].product.id == "twin");
  CHECK_FALSE(detection.found[0].certain);
  CHECK_FALSE(detection.found[1].certain);
}

TEST_CASE("detect: more conditions win, and what asks for nothing more counts at its own paths") {
  Site site;
  SUBCASE("more conditions") {
    site.put("exact",
             {{"detect", parsed(R"({"probes": {"manifest": {"endpoint": {"path": "/manifest"},
        "json": {"/type": ["one"], "/company": ["Ours"]}}}})")}});
    site.expect_manifest("/manifest", R"({"type": "one", "company": "ours"})");
    CHECK(site.detect("/").found.at(0).product.id == "exact");
  }
  SUBCASE("a description for one path, there") {
    site.put("kb", {{"extends", "one"}, {"context_path", Site::contexts("/kb", R"(["/kb"])")}});
    site.expect_manifest("/kb/manifest", R"({"type": "one"})");
    const Detection detection = site.detect("/kb");
    CHECK(detection.found.at(0).product.id == "kb");
    CHECK(detection.certain());
  }
  SUBCASE("a description for one path, elsewhere") {
    site.put("kb", {{"extends", "one"}, {"context_path", Site::contexts("/kb", R"(["/kb"])")}});
    site.expect_manifest("/manifest", R"({"type": "one"})");
    const Detection detection = site.detect("/");
    CHECK(detection.found.at(0).product.id == "one");
    CHECK(detection.certain());
  }
}

TEST_CASE("detect: the deployment is told by host, by probe, or said to be open") {
  Site site;
  const char* const both = R"({"data-center": {}, "cloud": {"hosts": ["*.one.example"]}})";
  SUBCASE("the host is of one") {
    site.put("one",
             {{"extends", "family"},
              {"detect", manifest_probe(R"(["one"])")},
              {"preferred_deployment", "data-center"},
              {"deployments", parsed(both)}});
    Answering transport([](const std::string&) {
      return Answering::Reply{200, {}, R"({"type": "one", "version": "1"})", {}};
    });
    const Detection detection = detect_with(site, transport, "https://us.one.example/");
    CHECK(detection.certain());
    CHECK(detection.found.at(0).product.deployment == Deployment::cloud);
    CHECK(detection.found[0].deployment_note.find("cloud") != std::string::npos);
  }
  SUBCASE("the host is of none that is named") {
    site.put("one",
             {{"extends", "family"},
              {"detect", manifest_probe(R"(["one"])")},
              {"preferred_deployment", "data-center"},
              {"deployments", parsed(both)}});
    site.expect_manifest("/manifest", R"({"type": "one", "version": "1"})");
    const Detection detection = site.detect("/");
    CHECK(detection.certain());
    CHECK(detection.found.at(0).product.deployment == Deployment::data_center);
    CHECK(detection.found[0].deployment_note.find("none of those of cloud") != std::string::npos);
  }
  SUBCASE("a probe of one deployment is asked and decides") {
    site.put("one",
             {{"extends", "family"},
              {"detect", manifest_probe(R"(["one"])")},
              {"preferred_deployment", "data-center"},
              {"deployments", parsed(R"({"data-center": {}, "cloud": {
                        "hosts": ["*.one.example"],
                        "detect": {"probes": {"cloud": {"endpoint": {"path": "/cloud"},
                                                        "json": {"/kind": ["cloud"]}}}}}})")}});
    site.expect_manifest("/manifest", R"({"type": "one", "version": "1"})");
    site.expect_manifest("/cloud", R"({"kind": "cloud"})");
    const Detection detection = site.detect("/");
    CHECK(detection.certain());
    CHECK(detection.found.at(0).product.deployment == Deployment::cloud);
    CHECK(detection.found[0].version == "1");
    REQUIRE(detection.asked.size() == 2);
    CHECK(detection.asked[0].outcome == Outcome::recognised);
    CHECK(detection.asked[1].outcome == Outcome::recognised);
    CHECK(detection.asked[1].said == "this is The one product");
  }
  SUBCASE("nothing tells") {
    site.put("one",
             {{"extends", "family"},
              {"detect", manifest_probe(R"(["one"])")},
              {"preferred_deployment", "data-center"},
              {"deployments", parsed(R"({"data-center": {}, "cloud": {}})")}});
    site.expect_manifest("/manifest", R"({"type": "one", "version": "1"})");
    const Detection detection = site.detect("/");
    CHECK(detection.ambiguous);
    CHECK_FALSE(detection.certain());
    CHECK(detection.found.size() == 2);
  }
}

TEST_CASE("detect: at a host of a deployment, its other probes come before other places") {
  Site site;
  site.put(
      "one",
      {{"extends", "family"}, {"preferred_deployment", "data-center"}, {"deployments", parsed(R"({
                     "data-center": {},
                     "cloud": {"hosts": ["*.one.example"], "detect": {"probes": {
                       "cloud": {"endpoint": {"path": "/cloud"}, "json": {"/kind": ["cloud"]}}}}}})")}});
  Answering transport([](const std::string& url) {
    const bool cloud = url == "https://us.one.example/cloud";
    return Answering::Reply{cloud ? 200 : 404, {}, R"({"kind": "cloud"})", {}};
  });
  const Detection detection = detect_with(site, transport, "https://us.one.example/");
  CHECK(detection.certain());
  CHECK(detection.found.at(0).product.deployment == Deployment::cloud);
  CHECK(transport.asked.size() <= 3);
}

TEST_CASE("detect: with all, further products are looked for; the asked path comes first") {
  Site site;
  const auto reply = [](const std::string& url) {
    if (url == "https://site.example/one/manifest") {
      return Answering::Reply{200, {}, R"({"type": "one", "version": "1"})", {}};
    }
    if (url == "https://site.example/two/manifest") {
      return Answering::Reply{200, {}, R"({"type": "two", "version": "2"})", {}};
    }
    return Answering::Reply{404, {}, "", {}};
  };
  Answering first(reply);
  CHECK(detect_with(site, first, "https://site.example/two/x").found.size() == 1);
  CHECK(first.asked.size() == 1);
  Answering all(reply);
  const Detection detection = detect_with(site, all, "https://site.example/two/x", true);
  REQUIRE(detection.found.size() == 2);
  CHECK(detection.found[0].product.id == "two");
  CHECK(detection.found[1].product.id == "one");
  CHECK(detection.certain());
}

TEST_CASE("detect: a server that believes it is elsewhere is told, its words made harmless") {
  Site site;
  site.expect_manifest("/manifest",
                       R"({"type": "one", "name": "A\u001b[31m\u202eB",
                           "version": "9\n9", "url": "http://inside:8080/x/"})");
  const Found found = site.detect("/").found.at(0);
  CHECK(found.server_base_url == "http://inside:8080/x");
  CHECK(found.title.find('\x1b') == std::string::npos);
  CHECK(found.title.find("\u202e") == std::string::npos);
  CHECK(found.version.find('\n') == std::string::npos);
}

TEST_CASE("detect: a host that cannot be reached is asked once, a slow one twice") {
  Site site;
  const auto failing = [](ErrorCode code) {
    return [code](const std::string&) { return Answering::Reply{0, {}, "", code}; };
  };
  for (const ErrorCode code : {ErrorCode::network_name,
                               ErrorCode::network_refused,
                               ErrorCode::network_certificate,
                               ErrorCode::network_tls}) {
    Answering dead(failing(code));
    const Detection detection = detect_with(site, dead, "https://site.example/");
    CHECK(dead.asked.size() == 1);
    REQUIRE(detection.asked.size() == 1);
    CHECK(detection.asked[0].outcome == Outcome::failed);
    CHECK(detection.asked[0].status == 0);
    CHECK(detection.asked[0].error->code == code);
  }
  Answering slow(failing(ErrorCode::network_timeout));
  CHECK(detect_with(site, slow, "https://site.example/").asked.size() == 2);
  Answering stopped(failing(ErrorCode::cancelled));
  Registry registry = site.folders.registry();
  const auto cancelled =
      plugins::detect(stopped, registry, *Url::parse("https://site.example/"), DetectOptions{});
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == ErrorCode::cancelled);
}

TEST_CASE("detect: where an answer is lost the question is put once more, and counts") {
  Site site;

  // Each question is lost the first time, as on connections that end without a word.
  class Losing final : public Transport {
   public:
    Status send(const Exchange& exchange) override {
      const std::string url = exchange.request.url.str();
      asked.push_back(url);
      if (std::count(asked.begin(), asked.end(), url) == 1) {
        return fail(ErrorCode::network_answer_lost, "the double loses it");
      }
      ATLINK_CHECK(exchange.handler.head({answers ? 200 : 404, {}}));
      return exchange.handler.write(answers ? R"({"type": "one", "version": "8.22.1"})" : "");
    }

    bool answers = true;
    std::vector<std::string> asked;
  };

  Registry registry = site.folders.registry();
  Losing once;
  const auto found =
      plugins::detect(once, registry, *Url::parse("https://site.example/"), DetectOptions{});
  REQUIRE(found.has_value());
  CHECK(found->certain());
  CHECK(once.asked.size() == 2);
  Losing silent;
  silent.answers = false;
  DetectOptions few;
  few.requests = 5;
  REQUIRE(plugins::detect(silent, registry, *Url::parse("https://site.example/"), few).has_value());
  CHECK(silent.asked.size() <= 5);
  CHECK(silent.asked.size() >= 4);
}

TEST_CASE("detect: no more than the front of an answer is looked at") {
  const auto found_behind = [](std::size_t bytes) {
    Site site;
    site.put("big", {{"detect", parsed(R"({"probes": {"p": {"endpoint": {"path": "/big"},
                                            "body_contains": "the mark"}}})")}});
    Answering transport([bytes](const std::string& url) {
      const bool big = url == "https://site.example/big";
      return Answering::Reply{big ? 200 : 404, {}, std::string(bytes, 'x') + "the mark", {}};
    });
    return detect_with(site, transport, "https://site.example/").certain();
  };
  CHECK(found_behind(65000));
  CHECK_FALSE(found_behind(66000));
}

TEST_CASE(
    "detect: broken plugins are named and passed over; with no probe there is nothing to ask") {
  Site site;
  site.folders.put(PluginFolders::user, "broken", parsed(R"({"schema": 1})"));
  site.expect_manifest("/manifest", R"({"type": "one"})");
  const Detection detection = site.detect("/");
  REQUIRE(detection.notes.size() == 1);
  CHECK(detection.notes[0].find("broken") != std::string::npos);
  PluginFolders empty;
  empty.put(PluginFolders::installed, "plain", small("plain"));
  Registry registry = empty.registry();
  FakeTransport silent;
  const auto nothing =
      plugins::detect(silent, registry, *Url::parse("https://site.example/"), DetectOptions{});
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().code == ErrorCode::product_missing);
}

TEST_CASE("detect: a probe with a fixed query is asked with it") {
  Site site;
  site.put("encyclopedia", {{"detect", parsed(R"({"probes": {"general": {
      "endpoint": {"path": "/api.php", "query": {"action": "query", "format": "json"}},
      "json": {"/query/general/generator": []}, "tells": {"version": "/query/general/generator"}}}})")}});
  Answering transport([](const std::string& url) {
    const bool asked = url == "https://site.example/api.php?action=query&format=json";
    return Answering::Reply{
        asked ? 200 : 404, {}, R"({"query": {"general": {"generator": "1.43"}}})", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  CHECK(detection.certain());
  CHECK(detection.found.at(0).product.id == "encyclopedia");
  CHECK(detection.found[0].version == "1.43");
}

TEST_CASE("detect: a version that stands behind other words is told alone") {
  const auto version_of = [](const std::string& generator) {
    Site site;
    site.put("encyclopedia", {{"detect", parsed(R"({"probes": {"general": {
        "endpoint": {"path": "/api"}, "json": {"/generator": []},
        "tells": {"version": "/generator", "version_after": "Pedia "}}}})")}});
    Answering transport([&](const std::string& url) {
      return Answering::Reply{url == "https://site.example/api" ? 200 : 404,
                              {},
                              fmt::format(R"({{"generator": "{}"}})", generator),
                              {}};
    });
    return detect_with(site, transport, "https://site.example/").found.at(0).version;
  };
  CHECK(version_of("Pedia 1.43.1") == "1.43.1");
  CHECK(version_of("The Pedia 1.43.1 (build 7)") == "1.43.1");
  CHECK(version_of("Pedia  2.0-rc1") == "2.0-rc1");
  CHECK(version_of("Another 1.43.1").empty());
}

TEST_CASE("detect: a question to the site as a whole finds the product at its usual place") {
  Site site;
  site.put("hosted",
           {{"context_path", Site::contexts("/h", R"(["/h"])")},
            {"detect", parsed(R"({"probes": {"tenant": {
                         "endpoint": {"path": "/tenant", "relative_to": "site"},
                         "json": {"/hosted": []}}}})")}});
  Answering transport([](const std::string& url) {
    const bool tenant = url == "https://site.example/tenant";
    return Answering::Reply{tenant ? 200 : 404, {}, R"({"hosted": "yes"})", {}};
  });
  const Detection detection = detect_with(site, transport, "https://site.example/");
  CHECK(detection.found.at(0).base.str() == "https://site.example/h");
}

TEST_SUITE_END();
