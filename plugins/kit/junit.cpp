// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/kit/kit.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace atlink::plugins {

namespace {

/// U+FFFE and U+FFFF, which are well-formed UTF-8 and no characters of XML. `printable` has taken
/// out everything else that XML 1.0 cannot hold.
bool is_no_character(std::string_view three_bytes) {
  return three_bytes == "\xEF\xBF\xBE" || three_bytes == "\xEF\xBF\xBF";
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return {};
  }
}

/// Text of anybody as it can stand in an attribute or between tags.
std::string in_xml(std::string_view text) {
  const std::string clean = printable(text, 4 * text.size());
  std::string xml;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const std::string_view name = entity(clean[i]);
    if (is_no_character(std::string_view(clean).substr(i, 3))) {
      i += 2;
    } else if (name.empty()) {
      xml += clean[i];
    } else {
      xml += name;
    }
  }
  return xml;
}

std::string in_seconds(std::chrono::microseconds time) {
  constexpr std::int64_t million = 1000000;
  return fmt::format("{}.{:06}", time.count() / million, time.count() % million);
}

/// All that a check found, a paragraph each.
std::string in_words(const Check& check) {
  std::string text;
  for (const Finding& finding : check.findings) {
    if (!finding.file.empty()) {
      text += in_xml(finding.file);
      text += finding.line == 0 ? "" : fmt::format(":{}", finding.line);
      text += finding.pointer.empty() ? "" : ", " + in_xml(finding.pointer);
      text += ": ";
    }
    text += in_xml(finding.message) + "\n";
    text += finding.next.empty() ? "" : "next: " + in_xml(finding.next) + "\n";
  }
  return text;
}

std::string to_testcase(const Check& check, const std::string& classname) {
  std::string xml = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"",
                                in_xml(check.name),
                                classname,
                                in_seconds(check.took));
  switch (check.outcome) {
    case Outcome::pass:
      return xml + "/>\n";
    case Outcome::skip:
      return xml + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n",
                               in_xml(check.message));
    case Outcome::warn:  // the schema has no word for it
      return xml + fmt::format(">\n      <system-out>warning: {}</system-out>\n    </testcase>\n",
                               in_words(check));
    case Outcome::fail:
      break;
  }
  return xml + fmt::format(
                   ">\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n"
                   "    </testcase>\n",
                   in_xml(check.findings.front().message),
                   in_xml(check.name),
                   in_words(check));
}

/// What a suite or all of them come to.
struct Sum {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::chrono::microseconds took{0};

  void add(const Check& check) {
    ++tests;
    failures += check.outcome == Outcome::fail ? 1 : 0;
    skipped += check.outcome == Outcome::skip ? 1 : 0;
    took += check.took;
  }

  [[nodiscard]] std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{}\"",
                       tests,
                       failures,
                       skipped,
                       in_seconds(took));
  }
};

struct Suite {
  std::string name;
  Sum sum;
  std::string cases;
};

/// The suite of a check: its first word, and the deployment.
std::string suite_of(const CheckReport& report, const Check& check) {
  std::string name =
      fmt::format("{}.{}", in_xml(report.id), check.name.substr(0, check.name.find('.')));
  return check.deployment ? fmt::format("{}.{}", name, to_string(*check.deployment)) : name;
}

}  // namespace

std::string to_junit(const CheckReport& report) {
  std::vector<Suite> suites;
  Sum all;
  for (const Check& check : report.checks) {
    const std::string name = suite_of(report, check);
    if (suites.empty() || suites.back().name != name) {
      suites.push_back({name, {}, {}});
    }
    suites.back().sum.add(check);
    suites.back().cases += to_testcase(check, name);
    all.add(check);
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format(
      "<testsuites name=\"atlink plugin check {}\" {}>\n", in_xml(report.id), all.attributes());
  for (const Suite& suite : suites) {
    xml += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n",
                       suite.name,
                       suite.sum.attributes(),
                       suite.cases);
  }
  return xml + "</testsuites>\n";
}

}  // namespace atlink::plugins
