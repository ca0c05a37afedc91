// SPDX-License-Identifier: Apache-2.0
#include "atlink/certificate.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/natives.h"
#include "cli/pins.h"
#include "cli/presented.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

// Who looks: nobody in particular, or a profile with what it trusts until now.
struct Looker {
  std::optional<Profile> profile;
  ConnectionOptions connection;
};

// A fingerprint as browsers and openssl write it: capitals and colons, or neither.
Result<std::optional<std::string>> wanted_fingerprint(const Call& call) {
  auto text = call.arguments.value("--fingerprint");
  if (!text) {
    return std::optional<std::string>();
  }
  text->erase(
      std::remove_if(text->begin(), text->end(), [](char c) { return c == ':' || c == ' '; }),
      text->end());
  ATLINK_ASSIGN(std::string hash, hash_from("--fingerprint", *text));
  return std::optional<std::string>(std::move(hash));
}

Result<Url> asked_url(std::string_view text) {
  text = trim(text);
  if (text.find("://") == std::string_view::npos) {
    return fail(ErrorCode::url_invalid,
                fmt::format("\"{}\" has no scheme", printable(text, 200)),
                "begin it with https://");
  }
  return Url::parse(text.substr(0, text.find_first_of("?#")));
}

Result<Looker> looker_of(const Call& call, const Url& url) {
  Looker looker;
  const auto name = call.arguments.value("--profile");
  if (!name) {
    ATLINK_ASSIGN(looker.connection, connection_options(call, url, {}));
    return looker;
  }
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(looker.profile, profiles.load(*name));
  ATLINK_ASSIGN(const Url site, Url::parse(looker.profile->site));
  if (site.origin() != url.origin()) {
    return fail(ErrorCode::url_other_origin,
                fmt::format("profile {} is for {}, not for {}", *name, site.origin(), url.origin()),
                "name the profile of this site, or leave --profile out to look only");
  }
  if (!looker.profile->ca_file.empty()) {
    auto pem = call.app.platform.files.read_all(looker.profile->ca_file);
    // What is gone is replaced; until then the system's store is what there is to judge by.
    looker.connection.ca_pem = pem ? std::move(*pem) : std::string();
  }
  ATLINK_ASSIGN(looker.connection.proxies, proxies_of(call, *looker.profile));
  ATLINK_ASSIGN(looker.connection.certificate, certificate_of(call, *looker.profile));
  if (variable(call, "ATLINK_CA_FILE")) {
    call.report.warn("ATLINK_CA_FILE is set and counts more than what a profile trusts");
  }
  return looker;
}

bool is_meant(const Certificate& certificate, const std::string& fingerprint) {
  return certificate.fingerprint == fingerprint || certificate.key_fingerprint == fingerprint;
}

// The place in the chain of what would be trusted: what the person named, else the highest
// authority that vouches for the server's certificate, else that itself.
Result<std::size_t> choose(const Presented& presented, const std::optional<std::string>& wanted) {
  const auto& chain = presented.certificates;
  if (!wanted) {
    std::size_t highest = 0;
    for (std::size_t i = 1; i < chain.size() && has_issued(chain[i], chain[i - 1]); ++i) {
      highest = chain[i].authority ? i : highest;
    }
    return highest;
  }
  const auto found = std::find_if(chain.begin(), chain.end(), [&wanted](const Certificate& each) {
    return is_meant(each, *wanted);
  });
  if (found == chain.end()) {
    return fail(ErrorCode::network_certificate,
                fmt::format("{} presents no certificate with the fingerprint {}; its own has {}",
                            presented.url.origin(),
                            *wanted,
                            chain.front().fingerprint),
                "this may not be the server that is meant: ask its administrator which certificate "
                "it has now");
  }
  return static_cast<std::size_t>(found - chain.begin());
}

// Name and dates count whatever is trusted, so that trust alone may not be enough.
Status check_helps(const Call& call,
                   const Looker& looker,
                   const Presented& presented,
                   const Certificate& chosen) {
  ConnectionOptions connection = looker.connection;
  connection.ca_pem = chosen.pem;
  ATLINK_ASSIGN(const PresentedChain then,
                call.app.platform.transport.look(presented.url, connection, look_deadline));
  if (!then.distrust) {
    return {};
  }
  Error error = *then.distrust;
  error.message = fmt::format("trusting it would not help: {}", error.message);
  error.next = remedy_for(error.fact("reason"), presented);
  return fail(std::move(error));
}

Status confirm(Call& call, const Profile& profile, const Certificate& chosen) {
  if (call.arguments.has("--yes") || call.arguments.has("--fingerprint")) {
    return {};
  }
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                "somebody has to decide whether this certificate is the right one",
                "give --fingerprint SHA256 with the fingerprint that the server's administrator "
                "names, or --yes");
  }
  call.report.note(
      "compare the fingerprint with what the server's administrator says, not with what came over "
      "this connection");
  ATLINK_ASSIGN(
      const std::string answer,
      call.app.platform.terminal.ask(fmt::format("Have profile {} trust {} with SHA-256 {}? [y/N] ",
                                                 profile.name,
                                                 chosen.subject,
                                                 chosen.fingerprint)));
  const std::string word = to_lower(trim(answer));
  if (word == "y" || word == "yes") {
    return {};
  }
  return fail(ErrorCode::cancelled, "nothing was changed", "run the command again when you know");
}

// What the profile was told to trust may be in the way of what everybody trusts.
void say_if_system_trusts(const Call& call, const Looker& looker, const Presented& presented) {
  if (looker.connection.ca_pem.empty() || !presented.distrust) {
    return;
  }
  ConnectionOptions connection = looker.connection;
  connection.ca_pem.clear();
  const auto plain = call.app.platform.transport.look(presented.url, connection, look_deadline);
  if (plain && !plain->distrust) {
    call.report.note(fmt::format(
        "the system trusts this certificate; to go by that: atlink profile set {} --ca-file ''",
        looker.profile->name));
  }
}

Result<Added> add(Call& call, const Looker& looker, const Presented& presented, std::size_t place) {
  const Certificate& chosen = presented.certificates[place];
  ATLINK_CHECK(check_helps(call, looker, presented, chosen));
  ATLINK_CHECK(confirm(call, *looker.profile, chosen));
  Added added{place, {}, {}};
  ATLINK_ASSIGN(added.before,
                keep_pin(call,
                         looker.profile->name,
                         chosen.pem,
                         fmt::format("Written by atlink trust for {}: SHA-256 {}",
                                     presented.url.origin(),
                                     chosen.fingerprint)));
  ATLINK_ASSIGN(added.file, pin_path(call, looker.profile->name));
  return added;
}

void say_added(const Call& call,
               const Looker& looker,
               const Presented& presented,
               const Added& added) {
  const std::string& name = looker.profile->name;
  const Certificate& chosen = presented.certificates[added.place];
  call.report.note(fmt::format(
      "profile {} trusts {} from now on, and nothing else ({})", name, chosen.subject, added.file));
  call.report.note(fmt::format(
      "that lasts until {}{}",
      to_rfc3339(chosen.not_after),
      chosen.authority ? "" : "; where the server gets another certificate, run this again"));
  if (!added.before.empty() && added.before != added.file) {
    call.report.note(
        fmt::format("until now it trusted what stands in {}, which is kept", added.before));
  }
  call.report.note(fmt::format("taken back by: atlink profile set {} --ca-file ''", name));
}

Status run(Call& call) {
  if (call.arguments.has("--yes") && !call.arguments.has("--profile")) {
    return fail(ErrorCode::usage,
                "--yes answers a question that is asked with --profile only",
                "add --profile NAME, or leave --yes out to look only");
  }
  ATLINK_ASSIGN(const std::optional<std::string> wanted, wanted_fingerprint(call));
  ATLINK_ASSIGN(const Url url, asked_url(call.arguments.text("URL")));
  ATLINK_ASSIGN(const Looker looker, looker_of(call, url));
  ATLINK_ASSIGN(const Presented presented, look_at(call.app.platform, url, looker.connection));
  if (!call.report.json()) {
    ATLINK_CHECK(call.report.bytes(to_text(presented)));
    say_if_system_trusts(call, looker, presented);
  }
  ATLINK_ASSIGN(const std::size_t place, choose(presented, wanted));
  std::optional<Added> added;
  if (looker.profile && (presented.distrust || wanted)) {
    ATLINK_ASSIGN(added, add(call, looker, presented, place));
  }
  if (call.report.json()) {
    return call.report.document(
        to_document(presented, looker.profile ? looker.profile->name : std::string(), added));
  }
  if (added) {
    say_added(call, looker, presented, *added);
  } else if (looker.profile) {
    call.report.note(fmt::format("profile {} trusts it already", looker.profile->name));
  }
  return {};
}

constexpr std::array positionals{
    PositionalSpec{"URL", "any https address of the server"},
};
constexpr std::array options{
    OptionSpec{"--fingerprint",
               "SHA256",
               "trust the certificate of the chain that has this fingerprint, or whose public key "
               "has, and do not ask"},
    OptionSpec{"--yes", "", "do not ask"},
};
constexpr std::array examples{
    Example{"atlink trust https://acme.example", "look at the certificates, change nothing"},
    Example{"atlink trust https://acme.example --profile work", "look, then decide"},
    Example{"atlink trust https://acme.example --profile work --fingerprint "
            "5E:2B:0C:1D:7A:9F:3E:4D:8B:6C:5A:1F:0E:9D:8C:7B:6A:5F:4E:3D:2C:1B:0A:9F:8E:7D:6C:5B:"
            "4A:3F:2E:1D",
            "trust what the administrator named, in a script"},
};

}  // namespace

const Command trust{
    "trust",
    "look at a server's certificates, trust one in a profile",
    "Shows the chain that the server presents, trusted or not, and what is wrong with it; no "
    "request is sent. With --profile it asks whether that profile is to trust it: the authority "
    "that is presented, else the certificate itself. Host name and dates are verified all the "
    "same, and there is no way to switch that off.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
