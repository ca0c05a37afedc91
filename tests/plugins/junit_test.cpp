// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/kit.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("plugins/kit");

using namespace atlink;
using namespace atlink::plugins;

namespace {

Check check(std::string name, Outcome outcome) {
  Check made;
  made.name = std::move(name);
  made.outcome = outcome;
  return made;
}

CheckReport sample() {
  CheckReport report{"acme", "1.0", "/plugins/acme", {}};
  report.checks.push_back(check("rule.json", Outcome::pass));
  report.checks.back().took = std::chrono::microseconds(1500);
  report.checks.push_back(check("rule.replaces", Outcome::skip));
  report.checks.back().message = "no replaces in it";
  report.checks.push_back(check("advice.readme", Outcome::warn));
  report.checks.back().findings = {{"there is no README.md", "write one", {}, 0, {}}};
  report.checks.push_back(check("play.site", Outcome::fail));
  report.checks.back().deployment = Deployment::cloud;
  report.checks.back().findings = {{"it is <broken> & \"bad\"", "mend it", "/a&b", 7, "/x"},
                                   {"so is that", {}, {}, 0, {}}};
  return report;
}

}  // namespace

TEST_CASE("junit: each outcome has its element, and the sums are right") {
  CHECK(to_junit(sample()) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="atlink plugin check acme" tests="4" failures="1" errors="0" skipped="1" time="0.001500">
  <testsuite name="acme.rule" tests="2" failures="0" errors="0" skipped="1" time="0.001500">
    <testcase name="rule.json" classname="acme.rule" time="0.001500"/>
    <testcase name="rule.replaces" classname="acme.rule" time="0.000000">
      <skipped message="no replaces in it"/>
    </testcase>
  </testsuite>
  <testsuite name="acme.advice" tests="1" failures="0" errors="0" skipped="0" time="0.000000">
    <testcase name="advice.readme" classname="acme.advice" time="0.000000">
      <system-out>warning: there is no README.md
next: write one
</system-out>
    </testcase>
  </testsuite>
  <testsuite name="acme.play.cloud" tests="1" failures="1" errors="0" skipped="0" time="0.000000">
    <testcase name="play.site" classname="acme.play.cloud" time="0.000000">
      <failure message="it is &lt;broken&gt; &amp; &quot;bad&quot;" type="play.site">/a&amp;b:7, /x: it is &lt;broken&gt; &amp; &quot;bad&quot;
next: mend it
so is that
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("junit: what XML cannot hold is not in it") {
  CheckReport report = sample();
  report.id = "a\x01\"<\xFF]]>";
  report.checks.back().name = "play.resource./\x1b[2J\xEF\xBF\xBE\xEF\xBF\xBF\xED\xA0\x80";
  report.checks.back().findings.front().message = std::string("nul \0 here", 10);
  const std::string xml = to_junit(report);
  for (const char bad : {'\0', '\x01', '\x1b', '\xFF'}) {
    CHECK(xml.find(bad) == std::string::npos);
  }
  CHECK(xml.find("\xEF\xBF\xBE") == std::string::npos);
  CHECK(xml.find("\xED\xA0") == std::string::npos);
  CHECK(xml.find("]]>") == std::string::npos);
  CHECK(xml.find("]]&gt;") != std::string::npos);
}

TEST_CASE("report: outcomes are counted and named") {
  const CheckReport report = sample();
  CHECK(report.count(Outcome::pass) == 1);
  CHECK(report.count(Outcome::fail) == 1);
  CHECK(to_string(Outcome::pass) == "pass");
  CHECK(to_string(Outcome::skip) == "skip");
  CHECK(to_string(Outcome::warn) == "warn");
  CHECK(to_string(Outcome::fail) == "fail");
}

TEST_SUITE_END();
