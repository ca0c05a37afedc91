// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/present.h"

#include "atlink/text.h"
#include "cli/layout.h"
#include "cli/next_step.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace atlink::cli::doctor {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

tl::unexpected<Error> file_is_there(const std::string& path) {
  return fail(make_error(ErrorCode::file_exists,
                         fmt::format("{} is there already, and reports overwrite nothing", path),
                         "give --report another name, or remove the file")
                  .with("file", path));
}

// Home folders say who somebody is.
std::string without_home(const Call& call, std::string text) {
  const std::string home = variable(call, "HOME").value_or("");
  if (home.size() < 2) {
    return text;
  }
  for (std::size_t at = text.find(home); at != std::string::npos; at = text.find(home, at + 1)) {
    // And not the home of somebody whose name begins so.
    const char next = at + home.size() < text.size() ? text[at + home.size()] : '/';
    if (std::string_view("/ \n\"',;:").find(next) != std::string_view::npos) {
      text.replace(at, home.size(), 1, '~');
    }
  }
  return text;
}

std::string variables_of(const Evidence& evidence) {
  std::string names;
  for (const std::string& name : evidence.variables) {
    names += names.empty() ? name : ", " + name;
  }
  return names.empty() ? "none" : names;
}

Pairs settings_of(const Evidence& evidence) {
  Pairs pairs{{"profile", evidence.profile}, {"variables set", variables_of(evidence)}};
  if (evidence.settings) {
    pairs.emplace_back("consumer key", evidence.settings->consumer_key);
    pairs.emplace_back("private key", evidence.settings->private_key);
    pairs.emplace_back("CA file", evidence.settings->ca_file);
    pairs.emplace_back("user", evidence.settings->two_legged ? "none (two-legged)" : "signs in");
  }
  if (evidence.base) {
    pairs.emplace_back("base URL", evidence.base->str());
  }
  if (evidence.product) {
    pairs.emplace_back(
        "product",
        fmt::format("{} ({})", evidence.product->id, to_string(evidence.product->deployment)));
  }
  if (evidence.method) {
    pairs.emplace_back("signature method", oauth1::wire_name(*evidence.method));
    pairs.emplace_back("transmission", oauth1::to_string(evidence.transmission));
  }
  return pairs;
}

std::string came_of(const Seen& seen) {
  if (seen.error) {
    return std::string(name_of(seen.error->code));
  }
  if (seen.problem) {
    return seen.problem->problem;
  }
  return fmt::format("{} bytes{}{}",
                     seen.body_size,
                     seen.html ? " of HTML" : "",
                     seen.location.empty() ? "" : ", a redirect");
}

std::string requests_of(const Evidence& evidence) {
  std::vector<std::vector<std::string>> rows;
  for (const Seen& seen : evidence.seen) {
    rows.push_back({fmt::format("{} {}", seen.method, seen.url),
                    seen.proven ? "yes" : "no",
                    seen.status == 0 ? "-" : std::to_string(seen.status),
                    came_of(seen)});
  }
  return lay_out_table({"REQUEST", "SIGNED", "STATUS", "WHAT CAME"}, rows);
}

std::string cause_of(const Diagnosis& diagnosis) {
  if (!diagnosis.cause) {
    return "nothing is wrong\n";
  }
  return lay_out_pairs({{"code", std::string(name_of(diagnosis.cause->code))},
                        {"message", diagnosis.cause->message},
                        {"next", next_step_of(*diagnosis.cause)}});
}

}  // namespace

json::Value checks_to_json(const Diagnosis& diagnosis) {
  json::Array checks;
  for (const Checked& checked : diagnosis.checks) {
    json::Value object;
    object.set("name", checked.name);
    object.set("outcome", to_string(checked.outcome));
    object.set("message", checked.message);
    checks.push_back(std::move(object));
  }
  return checks;
}

json::Value cause_to_json(const Diagnosis& diagnosis) {
  if (!diagnosis.cause) {
    return {};
  }
  constexpr std::size_t longest = 4000;
  json::Value object;
  object.set("code", name_of(diagnosis.cause->code));
  object.set("message", printable(diagnosis.cause->message, longest));
  object.set("next", printable(next_step_of(*diagnosis.cause), longest));
  return object;
}

std::string checks_to_text(const Diagnosis& diagnosis) {
  std::vector<std::vector<std::string>> rows;
  for (const Checked& checked : diagnosis.checks) {
    rows.push_back(
        {std::string(checked.name), std::string(to_string(checked.outcome)), checked.message});
  }
  return lay_out_table({"CHECK", "OUTCOME", "WHAT WAS FOUND"}, rows);
}

std::string report_text(const Call& call, const Evidence& evidence, const Diagnosis& diagnosis) {
  std::string text = fmt::format(
      "atlink {} doctor, {}\n\n", ATLINK_VERSION, to_rfc3339(call.app.platform.clock.now()));
  text += lay_out_pairs(settings_of(evidence)) + "\n";
  text += checks_to_text(diagnosis) + "\n";
  text += requests_of(evidence) + "\n";
  text += cause_of(diagnosis);
  return without_home(call, evidence.scrub.clean(std::move(text)));
}

Status check_report_path(const Call& call, const std::string& path) {
  return call.app.platform.files.stat(path, false) ? Status(file_is_there(path)) : Status();
}

Status write_report(const Call& call, const std::string& path, const std::string& text) {
  auto file = call.app.platform.files.open(path, OpenMode::create_new, 0600);
  if (!file) {
    return file.error().code == ErrorCode::file_exists ? Status(file_is_there(path))
                                                       : Status(fail(std::move(file).error()));
  }
  ATLINK_CHECK((*file)->write(text));
  ATLINK_CHECK((*file)->flush());
  return (*file)->close();
}

}  // namespace atlink::cli::doctor
