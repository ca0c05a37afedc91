// SPDX-License-Identifier: Apache-2.0
#include "cli/detection.h"

#include "atlink/profile.h"
#include "atlink/text.h"
#include "cli/layout.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

constexpr int first_failure_status = 500;

using plugins::Asked;
using plugins::Found;
using plugins::SignInWay;

json::Value or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(text);
}

json::Value to_document(const SignInWay& way) {
  json::Value object;
  object.set("method", way.method);
  object.set("note", or_null(way.note));
  object.set("from", or_null(way.versions.from));
  object.set("before", or_null(way.versions.before));
  object.set("off_from", or_null(way.off_from));
  return object;
}

json::Value to_document(const Found& found) {
  json::Array ways;
  for (const SignInWay& way : found.sign_in) {
    ways.push_back(to_document(way));
  }
  json::Value object;
  object.set("product", found.product.id);
  object.set("name", printable(found.product.name));
  object.set("version", or_null(found.version));
  object.set("build", or_null(found.build));
  object.set("title", or_null(found.title));
  object.set("deployment", to_string(found.product.deployment));
  object.set("context_path", found.base.context_path());
  object.set("base_url", found.base.str());
  object.set("server_base_url", or_null(found.server_base_url));
  object.set("sign_in", std::move(ways));
  object.set("certain", found.certain);
  return object;
}

json::Value to_document(const Asked& asked) {
  json::Value object;
  object.set("url", asked.url);
  object.set("accept", asked.accept);
  object.set("status", asked.status == 0 ? json::Value() : json::Value(asked.status));
  object.set("error", asked.error ? json::Value(name_of(asked.error->code)) : json::Value());
  object.set("outcome", plugins::to_string(asked.outcome));
  object.set("said", asked.said);
  return object;
}

std::string versions_in_words(const VersionRange& range) {
  if (range.from.empty()) {
    return range.before.empty() ? std::string() : fmt::format("before {}", range.before);
  }
  return range.before.empty() ? fmt::format("from {} on", range.from)
                              : fmt::format("from {} to before {}", range.from, range.before);
}

std::string way_in_words(const SignInWay& way) {
  static constexpr std::array words{std::pair("oauth1", "OAuth 1.0a"),
                                    std::pair("oauth2", "OAuth 2.0"),
                                    std::pair("token", "personal access token"),
                                    std::pair("api_token", "API token as password"),
                                    std::pair("basic", "name and password")};
  std::string text = way.method;
  for (const auto& [method, name] : words) {
    text += way.method == method ? fmt::format(" ({})", name) : "";
  }
  if (const std::string versions = versions_in_words(way.versions); !versions.empty()) {
    text += fmt::format(", {}", versions);
  }
  if (!way.off_from.empty()) {
    text += fmt::format(", off from {} on until an administrator switches it on", way.off_from);
  }
  return way.note.empty() ? text : fmt::format("{}: {}", text, way.note);
}

std::string verdict_in_words(const Found& found) {
  std::string text = found.certain ? "" : "perhaps ";
  text += found.product.name;
  text += found.version.empty() ? ", version not told" : " " + found.version;
  text += found.build.empty() ? "" : fmt::format(" (build {})", found.build);
  return text;
}

// The line that makes a profile. What the product would understand by itself is left out.
std::string profile_line(const DetectionReport& report, const Found& found) {
  const std::string& base = found.base.str();
  std::string line = fmt::format("atlink profile set {} --product {} --url {}",
                                 report.profile,
                                 found.product.id,
                                 shell_word(base));
  const auto understood = split_base_url(base, std::nullopt, found.product);
  if (!understood || understood->context_path != found.base.context_path()) {
    line += fmt::format(" --context-path {}", shell_word(found.base.context_path()));
  }
  line += fmt::format(" --deployment {}", to_string(found.product.deployment));
  return report.ca_file.empty() ? line
                                : fmt::format("{} --ca-file {}", line, shell_word(report.ca_file));
}

std::string by_hand(const DetectionReport& report) {
  return fmt::format(
      "if you know what runs there, say so: atlink profile set {} --product ID --url {} "
      "--context-path PATH (atlink plugin list shows the products)",
      report.profile,
      shell_word(report.url));
}

std::string to_text(const DetectionReport& report, const Found& found) {
  std::string deployment(to_string(found.product.deployment));
  if (!found.deployment_note.empty()) {
    deployment += fmt::format(" ({})", found.deployment_note);
  }
  const std::string& context = found.base.context_path();
  std::vector<std::pair<std::string, std::string>> pairs{
      {"product", fmt::format("{} ({})", verdict_in_words(found), found.product.id)},
      {"deployment", std::move(deployment)},
      {"title", found.title},
      {"base URL", found.base.str()},
      {"context path", context.empty() ? "none" : context},
  };
  for (const SignInWay& way : found.sign_in) {
    pairs.emplace_back("sign in by", way_in_words(way));
  }
  pairs.emplace_back(found.certain ? "next" : "if it is", profile_line(report, found));
  return lay_out_pairs(pairs);
}

std::string questions_in_words(const std::vector<Asked>& asked) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(asked.size());
  for (const Asked& each : asked) {
    rows.push_back(
        {"GET " + each.url, each.status == 0 ? "-" : std::to_string(each.status), each.said});
  }
  return lay_out_table({"ASKED, WITHOUT CREDENTIALS", "STATUS", "WHAT CAME"}, rows);
}

bool is_kept_back(const Asked& asked) {
  return asked.outcome == Asked::Outcome::login_page || asked.outcome == Asked::Outcome::closed;
}

// Whether the site answers, and all that it shows is that it wants a sign-in.
const Asked* only_wants_sign_in(const std::vector<Asked>& all) {
  const auto shows_nothing = [](const Asked& asked) {
    return is_kept_back(asked) || asked.outcome == Asked::Outcome::not_found ||
           asked.outcome == Asked::Outcome::hint || asked.outcome == Asked::Outcome::failed;
  };
  const auto page = std::find_if(all.begin(), all.end(), [](const Asked& asked) {
    return asked.outcome == Asked::Outcome::login_page;
  });
  const auto kept = page != all.end() ? page : std::find_if(all.begin(), all.end(), is_kept_back);
  return kept != all.end() && std::all_of(all.begin(), all.end(), shows_nothing) ? &*kept : nullptr;
}

const Asked* first_failure(const std::vector<Asked>& all) {
  const bool silent = !all.empty() && std::all_of(all.begin(), all.end(), [](const Asked& asked) {
    return asked.error.has_value();
  });
  return silent ? &all.front() : nullptr;
}

std::string names_of(const std::vector<Found>& found) {
  std::string names;
  for (const Found& each : found) {
    names += fmt::format("{}{} ({}) at {}",
                         names.empty() ? "" : ", ",
                         each.product.id,
                         to_string(each.product.deployment),
                         each.base.str());
  }
  return names;
}

Error no_answer(const DetectionReport& report, const Asked& asked) {
  Error error = *asked.error;
  if (error.code == ErrorCode::network_certificate && report.ca_file.empty()) {
    error.next = fmt::format(
        "if the server is the right one, save the certificate of its authority as PEM and name "
        "it: atlink detect {} --ca-file FILE",
        shell_word(report.url));
  }
  return error;
}

Error wants_sign_in(const DetectionReport& report, const Asked& asked) {
  const bool is_page = asked.outcome == Asked::Outcome::login_page;
  const std::string hints = names_of(report.detection.found);
  return make_error(is_page ? ErrorCode::answer_login_page : ErrorCode::answer_unauthorized,
                    fmt::format("{} shows nothing without a sign-in: {} answered {} ({}){}",
                                report.url,
                                asked.url,
                                asked.said,
                                asked.status,
                                hints.empty() ? "" : "; it looks like " + hints),
                    by_hand(report))
      .with("url", asked.url)
      .with("status", std::to_string(asked.status));
}

// A site that shows a little and keeps the rest back is told so, too.
std::string login_pages_in_words(const std::vector<Asked>& all) {
  const auto count = std::count_if(all.begin(), all.end(), [](const Asked& asked) {
    return asked.outcome == Asked::Outcome::login_page;
  });
  return count == 0
             ? std::string()
             : fmt::format("; {} {} to a login page: the site tells little without a sign-in",
                           count,
                           count == 1 ? "answer was or led" : "answers were or led");
}

// Whether the site answers, and with nothing but failures of its own.
const Asked* only_fails(const std::vector<Asked>& all) {
  const auto failure = std::find_if(all.begin(), all.end(), [](const Asked& asked) {
    return asked.status >= first_failure_status;
  });
  const bool nothing_else = std::all_of(all.begin(), all.end(), [](const Asked& asked) {
    return asked.status == 0 || asked.status >= first_failure_status;
  });
  return failure != all.end() && nothing_else ? &*failure : nullptr;
}

Error out_of_order(const DetectionReport& report, const Asked& asked) {
  return make_error(ErrorCode::answer_server_error,
                    fmt::format("{} is out of order: {} answered {}, and so did all else",
                                report.url,
                                asked.url,
                                asked.status),
                    "try again later; if it stays so, an administrator of the site or of the proxy "
                    "in front of it knows more")
      .with("url", asked.url)
      .with("status", std::to_string(asked.status));
}

Error sent_on(const DetectionReport& report) {
  const std::string& to = report.detection.elsewhere;
  return make_error(
             ErrorCode::site_unknown,
             fmt::format(
                 "no product was recognised at {}, which sends people on to another site: {}",
                 report.url,
                 to),
             fmt::format("if that is the one that you mean: atlink detect {}", shell_word(to)))
      .with("elsewhere", to);
}

Error unknown_site(const DetectionReport& report) {
  if (!report.detection.elsewhere.empty()) {
    return sent_on(report);
  }
  const std::string hints = names_of(report.detection.found);
  return make_error(ErrorCode::site_unknown,
                    fmt::format("no product was recognised at {} in {} questions{}{}",
                                report.url,
                                report.detection.asked.size(),
                                login_pages_in_words(report.detection.asked),
                                hints.empty() ? "" : "; it looks like " + hints),
                    by_hand(report));
}

}  // namespace

json::Value to_json(const DetectionReport& report) {
  json::Array found;
  for (const Found& each : report.detection.found) {
    found.push_back(to_document(each));
  }
  json::Array asked;
  for (const Asked& each : report.detection.asked) {
    asked.push_back(to_document(each));
  }
  json::Array notes;
  for (const std::string& note : report.detection.notes) {
    notes.emplace_back(printable(note, 1000));
  }
  json::Value object;
  object.set("url", report.url);
  object.set("found", std::move(found));
  object.set("ambiguous", report.detection.ambiguous);
  object.set("asked", std::move(asked));
  object.set("notes", std::move(notes));
  return object;
}

std::string to_text(const DetectionReport& report) {
  std::string text;
  for (const Found& found : report.detection.found) {
    text += to_text(report, found) + "\n";
  }
  return text + questions_in_words(report.detection.asked);
}

Status check_certain(const DetectionReport& report) {
  const plugins::Detection& detection = report.detection;
  if (detection.ambiguous) {
    return fail(ErrorCode::site_ambiguous,
                fmt::format("several fit equally well: {}", names_of(detection.found)),
                by_hand(report));
  }
  if (detection.certain()) {
    return {};
  }
  if (const Asked* asked = first_failure(detection.asked)) {
    return fail(no_answer(report, *asked));
  }
  if (const Asked* asked = only_wants_sign_in(detection.asked)) {
    return fail(wants_sign_in(report, *asked));
  }
  if (const Asked* asked = only_fails(detection.asked)) {
    return fail(out_of_order(report, *asked));
  }
  return fail(unknown_site(report));
}

}  // namespace atlink::cli
