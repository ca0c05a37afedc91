// SPDX-License-Identifier: Apache-2.0
#include "cli/administrator.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/or_null.h"
#include "cli/setup/setup_site.h"
#include "cli/setup/setup_steps.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::commands {

namespace {

Status check_skipped(const Call& call) {
  const auto steps = setup_steps();
  for (const std::string& name : call.arguments.values("--skip")) {
    if (std::none_of(
            steps.begin(), steps.end(), [&](const SetupStep& each) { return each.name == name; })) {
      return fail(
          ErrorCode::usage,
          fmt::format("--skip takes keys, profile, link, login or check, not \"{}\"", name));
    }
  }
  return {};
}

json::Value to_document(const StepResult& step) {
  json::Value object;
  object.set("step", std::string(step.step));
  object.set("outcome", std::string(to_string(step.outcome)));
  object.set("message", step.message);
  object.set("command", or_null(step.command));
  object.set("error", step.error ? to_json(*step.error) : json::Value());
  return object;
}

json::Value to_document(const SetupSite& site) {
  json::Array steps;
  for (const StepResult& step : site.steps) {
    steps.push_back(to_document(step));
  }
  json::Value object;
  object.set("profile", site.profile);
  object.set("product", site.product);
  object.set("deployment", site.deployment);
  object.set("version", or_null(site.version));
  object.set("base_url", site.base_url);
  object.set("consumer_key", or_null(site.consumer_key));
  object.set("private_key", or_null(site.private_key));
  object.set("user", or_null(site.user));
  object.set("steps", std::move(steps));
  return object;
}

json::Value to_document(const std::vector<SetupSite>& sites, const std::vector<std::string>& next) {
  json::Array list;
  for (const SetupSite& site : sites) {
    list.push_back(to_document(site));
  }
  json::Array commands;
  for (const std::string& command : next) {
    commands.emplace_back(command);
  }
  json::Value object;
  object.set("sites", std::move(list));
  object.set("next", std::move(commands));
  return object;
}

// What went wrong first, with what makes the set-up go on.
tl::unexpected<Error> failure_of(const Call& call, const SetupSite& site) {
  Error error = *site.failure();
  if (error.next.empty()) {
    error.next = fmt::format("run it again, it goes on from here: atlink setup {}",
                             shell_word(call.arguments.text("URL")));
  }
  if (error.fact("profile").empty()) {
    error = std::move(error).with("profile", site.profile);
  }
  return fail(std::move(error).with("step", std::string(site.steps.back().step)));
}

std::string to_text(const SetupSite& site) {
  return fmt::format("{} {}is at {}; profile {}, user {}\n",
                     site.name,
                     site.version.empty() ? "" : fmt::format("{} ", site.version),
                     site.base_url,
                     site.profile,
                     site.user.empty() ? "not told" : site.user);
}

std::string to_text(const std::vector<SetupSite>& sites, const std::vector<std::string>& next) {
  std::string text;
  for (const SetupSite& site : sites) {
    text += to_text(site);
  }
  text += "\ntry next:\n";
  for (const std::string& command : next) {
    text += fmt::format("  {}\n", command);
  }
  return text;
}

std::string plan_text(const std::vector<SetupSite>& sites) {
  std::string text;
  for (const SetupSite& site : sites) {
    text += fmt::format("{} ({}) at {}\n", site.name, site.product, site.base_url);
    for (const StepResult& step : site.steps) {
      text += fmt::format("  {:<8} {}\n", step.step, step.message);
      if (!step.command.empty()) {
        text += fmt::format("           {}\n", step.command);
      }
    }
  }
  return text;
}

Status plan(Call& call, std::vector<SetupSite>& sites) {
  SetupShared shared;
  for (SetupSite& site : sites) {
    plan_setup(call, shared, site);
    if (site.failure() != nullptr) {
      return failure_of(call, site);
    }
  }
  return call.report.json() ? call.report.document(to_document(sites, {}))
                            : call.report.bytes(plan_text(sites));
}

Status report_outcome(Call& call, const std::vector<SetupSite>& sites) {
  const auto failed = std::find_if(
      sites.begin(), sites.end(), [](const SetupSite& each) { return each.failure() != nullptr; });
  const auto worked = std::find_if(sites.begin(), sites.end(), [](const SetupSite& each) {
    return !each.steps.empty() && each.failure() == nullptr;
  });
  std::vector<std::string> next;
  if (worked != sites.end()) {
    ATLINK_ASSIGN(next, next_commands(call, *worked));
  }
  if (call.report.json()) {
    ATLINK_CHECK(call.report.document(to_document(sites, next)));
  } else if (failed == sites.end()) {
    ATLINK_CHECK(call.report.bytes(fmt::format("\n{}", to_text(sites, next))));
  }
  return failed == sites.end() ? Status() : failure_of(call, *failed);
}

// Who has stopped this site has stopped those after it, too.
bool is_given_up(const SetupSite& site) {
  return site.failure() != nullptr && site.failure()->code == ErrorCode::cancelled;
}

Status run(Call& call) {
  ATLINK_CHECK(check_skipped(call));
  ATLINK_ASSIGN(std::vector<SetupSite> sites, find_setup_sites(call));
  if (call.arguments.has("--dry-run")) {
    return plan(call, sites);
  }
  SetupShared shared;
  for (SetupSite& site : sites) {
    call.report.note(fmt::format("{}{} at {}",
                                 site.name,
                                 site.version.empty() ? "" : fmt::format(" {}", site.version),
                                 site.base_url));
    set_up(call, shared, site);
    if (is_given_up(site)) {
      break;
    }
  }
  return report_outcome(call, sites);
}

constexpr std::array positionals{
    PositionalSpec{"URL", "any address of the site, as it stands in a browser"},
};
constexpr std::array options{
    OptionSpec{"--all", "", "set up every product that the site has, not only the one at URL"},
    OptionSpec{"--product", "ID", "what runs there, instead of asking the site"},
    OptionSpec{"--context-path", "PATH", "where on the site it lives; goes with --product"},
    OptionSpec{"--deployment", "cloud|data-center", "which kind it is; goes with --product"},
    OptionSpec{"--consumer-key", "KEY", "a consumer key of your own, instead of a new one"},
    OptionSpec{"--private-key", "FILE", "a key of your own, instead of a new pair"},
    OptionSpec{"--ca-file", "FILE", "trust these certificates (PEM) instead of the system's"},
    OptionSpec{"--set", "NAME=VALUE", "fill in a setting of the product", true},
    OptionSpec{"--method",
               "METHOD",
               "sign in by oauth2, client-credentials, token, api-token or basic (oauth1)"},
    OptionSpec{"--user", "USER", "the name that goes with a password or API token"},
    OptionSpec{"--client-id", "ID", "the client of OAuth 2.0, as it is registered"},
    OptionSpec{"--redirect-uri", "URI", "its redirect URI, as it is registered"},
    OptionSpec{"--scope", "SCOPE", "ask for this scope instead of the product's choice", true},
    OptionSpec{
        "--secret-file", "FILE|-", "the token, password or client's secret, instead of a question"},
    OptionSpec{"--agree", "", "secrets may go to the addresses that the description names"},
    OptionSpec{"--two-legged", "", "sign as the consumer alone, without a user"},
    admin_user_option,
    admin_secret_option,
    OptionSpec{"--paste", "", "sign in by pasting the code, as over ssh"},
    OptionSpec{"--no-browser", "", "print the address to open instead of opening it"},
    OptionSpec{"--port", "N", "listen on this loopback port for the browser (any free one)"},
    OptionSpec{"--timeout", "SECONDS", "wait this long for the browser"},
    OptionSpec{"--skip", "STEP", "leave out keys, profile, link, login or check", true},
    OptionSpec{"--dry-run", "", "show the plan with its commands, and do nothing"},
};
constexpr std::array examples{
    Example{"atlink setup https://acme.example.com", "from an address to a signed request"},
    Example{"atlink setup https://www.example.com --all", "every product on one site, one key"},
    Example{"atlink setup https://acme.example.com --method token",
            "with a personal access token, which needs no administrator"},
    Example{"atlink setup https://acme.example.com --admin-user root",
            "make the link on the way, as an administrator"},
    Example{"atlink setup https://acme.example.com --no-input --output json",
            "the same for a script; it ends where somebody has to make the link"},
};

}  // namespace

const Command setup{
    "setup",
    "get from an address to a signed request, step by step",
    "Finds out what runs there, makes keys and a profile, shows what an administrator types into "
    "the application link, signs in, and proves it with a signed request. Each step first looks "
    "whether it is done already: after an interruption, run it again. Nothing that works is "
    "undone.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
