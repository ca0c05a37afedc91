// SPDX-License-Identifier: Apache-2.0
#include "atlink/operation.h"
#include "atlink/text.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace atlink::plugins::kit {

namespace {

/// A name that never resolves (RFC 2606).
constexpr std::string_view application_url = "https://atlink.invalid/check";

Result<TemplateValues> values_for(const Stage& stage) {
  const auto& methods = stage.rules().signature_methods;
  const auto rsa = std::find_if(methods.begin(), methods.end(), oauth1::uses_rsa);
  ATLINK_ASSIGN(const Connection connection,
                stage.connect(rsa == methods.end() ? methods.front() : *rsa,
                              stage.rules().transmissions.front()));
  ATLINK_ASSIGN(const Url request_token, connection.base.at(stage.rules().request_token));
  ATLINK_ASSIGN(const Url access_token, connection.base.at(stage.rules().access_token));
  ATLINK_ASSIGN(const Url authorize, connection.base.at(stage.rules().authorize));
  const auto& key = connection.consumer.private_key;
  TemplateValues values{
      {"base_url", connection.base.str()},
      {"site", std::string(connection.base.site().origin())},
      {"context_path", connection.base.context_path()},
      {"consumer_key", connection.consumer.key},
      {"consumer_name", "atlink (check)"},
      {"public_key", key ? key->public_key().pem() : std::string()},
      {"public_key_body", key ? key->public_key().base64() : std::string()},
      {"request_token_url", request_token.str()},
      {"authorize_url", authorize.str()},
      {"access_token_url", access_token.str()},
      {"callback", "oob"},
      {"application_url", std::string(application_url)},
  };
  for (const Setting& setting : stage.product().settings) {
    if (setting.kind == Setting::Kind::text) {
      values.emplace_back("setting." + setting.name, setting.fallback);
    }
  }
  return values;
}

/// "from-2.0-before-3.0", "before-3.0", "all-versions".
std::string range_of(const VersionRange& range) {
  std::string text = range.from.empty() ? "" : "from-" + range.from;
  if (!range.before.empty()) {
    text += fmt::format("{}before-{}", text.empty() ? "" : "-", range.before);
  }
  return text.empty() ? "all-versions" : text;
}

void play_text(const std::string& text,
               const TemplateValues& values,
               const std::string& where,
               Verdict& verdict) {
  if (const auto expanded = expand(text, values); !expanded) {
    verdict.outcome = Outcome::fail;
    verdict.findings.push_back(
        {fmt::format("{}: {}", where, expanded.error().message), expanded.error().next, {}, 0, {}});
  }
}

void play_field(const LinkField& field,
                const TemplateValues& values,
                const std::string& where,
                Verdict& verdict) {
  play_text(field.value, values, where, verdict);
  play_text(field.note, values, where, verdict);
  const auto value = expand(field.value, values);
  if (field.action == "paste" && value && trim(*value).empty() &&
      verdict.outcome != Outcome::fail) {
    verdict.outcome = Outcome::warn;
    verdict.findings.push_back(
        {fmt::format("{}: there is nothing to paste for {}", where, printable(field.value, 60)),
         "a context path may be empty, and a public key is there for RSA signatures only",
         {},
         0,
         {}});
  }
}

Verdict play_guide(const LinkGuide& guide, const TemplateValues& values) {
  Verdict verdict;
  std::size_t fields = 0;
  for (const LinkScreen& screen : guide.screens) {
    const std::string title = printable(screen.title, 60);
    play_text(screen.instruction, values, fmt::format("screen \"{}\"", title), verdict);
    for (const LinkField& field : screen.fields) {
      ++fields;
      const std::string where =
          fmt::format("screen \"{}\", field \"{}\"", title, printable(field.label, 60));
      play_field(field, values, where, verdict);
    }
  }
  if (verdict.findings.empty()) {
    verdict.message = fmt::format("screens: {}, fields: {}", guide.screens.size(), fields);
  }
  return verdict;
}

}  // namespace

void play_link(Recorder& recorder, const Stage& stage, const std::string& version) {
  const std::vector<LinkGuide>& guides = stage.product().link_guides;
  const auto values = values_for(stage);
  if (guides.empty() || !values) {
    recorder.run("play.link", [&] {
      return guides.empty() ? skipped("there are no guides")
                            : failed("no values for the guides", values.error());
    });
    return;
  }
  std::set<std::string> names;
  for (const LinkGuide& guide : guides) {
    if (!version.empty() && !guide.holds(version)) {
      continue;
    }
    const std::string range = "play.link." + name_part(range_of(guide));
    std::string name = range;
    for (int n = 2; !names.insert(name).second; ++n) {
      name = fmt::format("{}.{}", range, n);
    }
    recorder.run(name, [&] { return play_guide(guide, *values); });
  }
  if (names.empty()) {
    recorder.run("play.link", [&] {
      return warned(fmt::format("no guide is for version {}", printable(version, 40)),
                    "add one, or widen the versions of one that fits");
    });
  }
}

}  // namespace atlink::plugins::kit
