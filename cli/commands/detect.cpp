// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect.h"

#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/detection.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::commands {

namespace {

// What a person copies out of a browser: query and fragment say nothing of the site.
Result<Url> asked_url(std::string_view text) {
  text = trim(text);
  auto url = Url::parse(text.substr(0, text.find_first_of("?#")));
  if (!url && text.find("://") == std::string_view::npos) {
    return fail(ErrorCode::url_invalid,
                fmt::format("\"{}\" has no scheme", printable(text, 200)),
                "begin it with https://");
  }
  return url;
}

Result<plugins::DetectOptions> options_of(const Call& call,
                                          const Url& url,
                                          const std::string& ca_file) {
  plugins::DetectOptions options;
  options.all = call.arguments.has("--all");
  options.user_agent = "atlink/" ATLINK_VERSION;
  ATLINK_ASSIGN(options.connection, connection_options(call, url, ca_file));
  return options;
}

Result<std::string> ca_file_of(const Call& call) {
  const auto given = call.arguments.value("--ca-file");
  const std::string file = given ? *given : variable(call, "ATLINK_CA_FILE").value_or("");
  return file.empty() ? Result<std::string>(file) : absolute_path(call, file);
}

// A name for the profile to come, after the product; one that is there is not to be overwritten.
std::string free_profile_name(const Call& call, const plugins::Detection& detection) {
  const std::string wanted =
      detection.found.empty() ? std::string("NAME") : detection.found.front().product.id;
  std::vector<std::string> taken;
  if (auto profiles = open_profiles(call)) {
    taken = profiles->list().value_or(std::vector<std::string>());
  }
  std::string name = wanted;
  for (int i = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++i) {
    name = fmt::format("{}-{}", wanted, i);
  }
  return name;
}

// Talk about what was found; scripts have all of it in the document.
void comment(const Call& call, const plugins::Detection& detection) {
  if (call.report.json()) {
    return;
  }
  for (const plugins::Found& found : detection.found) {
    if (!found.server_base_url.empty()) {
      call.report.warn(fmt::format(
          "the server calls itself {}, and was asked as {}: a proxy in front of it changes the "
          "address, or the base URL in its settings is wrong, and signatures may not fit",
          found.server_base_url,
          found.base.str()));
    }
  }
  for (const std::string& note : detection.notes) {
    call.report.note(note);
  }
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Url url, asked_url(call.arguments.text("URL")));
  DetectionReport report;
  report.url = url.path() == "/" ? std::string(url.origin()) : url.str();
  ATLINK_ASSIGN(report.ca_file, ca_file_of(call));
  ATLINK_ASSIGN(const plugins::DetectOptions options, options_of(call, url, report.ca_file));
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(report.detection,
                plugins::detect(call.app.platform.transport, registry, url, options));
  report.profile = free_profile_name(call, report.detection);
  ATLINK_CHECK(call.report.json() ? call.report.document(to_json(report))
                                  : call.report.bytes(to_text(report)));
  comment(call, report.detection);
  return check_certain(report);
}

constexpr std::array positionals{
    PositionalSpec{"URL", "any address of the site, as it stands in a browser"},
};
constexpr std::array options{
    OptionSpec{"--all", "", "go on looking for further products on the site after the first"},
    OptionSpec{"--ca-file", "FILE", "trust these certificates (PEM) instead of the system's"},
};
constexpr std::array examples{
    Example{"atlink detect https://acme.example.com",
            "product, version, base URL, ways to sign in"},
    Example{"atlink detect https://www.example.com/tools/issues/7 --ca-file company-ca.pem",
            "with any address of it, and a certificate of the company's own"},
    Example{"atlink detect https://www.example.com --all --output json",
            "every product on the site, for a script"},
};

}  // namespace

const Command detect{
    "detect",
    "find out which product a site runs, and where",
    "Asks what the product descriptions propose, at most twelve questions, without any credential: "
    "at the address itself, at the root, where the site redirects to, and at known context paths. "
    "Says what was asked and what came back. Ends with 0 only where the answer is certain.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
