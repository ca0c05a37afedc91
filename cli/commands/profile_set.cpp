// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/layout.h"
#include "cli/passphrases.h"
#include "cli/private_key.h"
#include "cli/profile_data.h"
#include "cli/session.h"
#include "cli/store_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

// The profile as it is; none where there is none of that name.
Result<std::optional<Profile>> profile_before(ProfileStore& profiles, const std::string& name) {
  auto known = profiles.load(name);
  if (known) {
    return std::optional<Profile>(*std::move(known));
  }
  if (known.error().code == ErrorCode::profile_missing) {
    return std::optional<Profile>();
  }
  return fail(std::move(known).error());
}

// What stands in the profile with what the command line names.
Result<Place> place_after(const Call& call,
                          const std::optional<Profile>& before,
                          const std::string& name) {
  Profile fresh;
  fresh.name = name;
  ATLINK_ASSIGN(Profile after, with_named_settings(call, before.value_or(fresh)));
  return place_of(call, std::move(after));
}

Result<std::optional<Secret>> secret_from_outside(const Call& call) {
  if (const auto file = call.arguments.value("--secret-file")) {
    ATLINK_ASSIGN(Secret secret, read_secret_line(call, "--secret-file", *file));
    if (secret.empty()) {
      return fail(ErrorCode::file_damaged, fmt::format("{} holds no secret", *file));
    }
    return std::optional<Secret>(std::move(secret));
  }
  if (auto text = variable(call, "ATLINK_CONSUMER_SECRET")) {
    return std::optional<Secret>(Secret::take(*text));
  }
  return std::optional<Secret>();
}

Result<Secret> asked_secret(const Call& call, const Profile& profile) {
  if (!may_ask(call)) {
    return fail(
        ErrorCode::no_terminal,
        fmt::format("profile {} signs with a shared secret, and none is given", profile.name),
        "give --secret-file FILE, or set ATLINK_CONSUMER_SECRET");
  }
  ATLINK_ASSIGN(Secret secret,
                call.app.platform.terminal.ask_secret(
                    fmt::format("shared secret of consumer {}: ", profile.consumer_key)));
  if (secret.empty()) {
    return fail(ErrorCode::consumer_missing,
                "the shared secret that was typed is empty",
                "run the command again and type the secret that the server knows");
  }
  return secret;
}

// Whether the profile signs in as a client of OAuth 2.0.
bool has_client(const Place& place) {
  const auto method = place.profile.method;
  return method ? *method == SignInMethod::oauth2 || *method == SignInMethod::client_credentials
                : !place.profile.client_id.empty() && place.profile.consumer_key.empty();
}

bool signs(const Place& place) {
  const bool others = place.profile.method && *place.profile.method != SignInMethod::oauth1;
  return !others && place.product.oauth1;
}

Result<std::optional<Secret>> client_secret_to_keep(const Call& call) {
  const auto file = call.arguments.value("--secret-file");
  if (!file) {
    return std::optional<Secret>();
  }
  ATLINK_ASSIGN(Secret secret, read_secret_line(call, "--secret-file", *file));
  if (secret.empty()) {
    return fail(ErrorCode::file_damaged, fmt::format("{} holds no secret", *file));
  }
  return std::optional<Secret>(std::move(secret));
}

// The secret to keep with the profile, if this call has to bring one.
Result<std::optional<Secret>> secret_to_keep(const Call& call,
                                             CredentialStore& store,
                                             const Place& place) {
  if (has_client(place)) {
    return client_secret_to_keep(call);
  }
  if (!signs(place)) {
    if (call.arguments.has("--secret-file")) {
      return fail(ErrorCode::usage,
                  "this profile keeps no secret of a consumer or client",
                  "give tokens and passwords to the sign-in: atlink login --secret-file FILE");
    }
    return std::optional<Secret>();
  }
  ATLINK_ASSIGN(const oauth1::SignatureMethod method, signature_method_of(place));
  if (oauth1::uses_rsa(method)) {
    if (call.arguments.has("--secret-file")) {
      return fail(ErrorCode::usage,
                  fmt::format("{} signs with the private key; a shared secret has no use",
                              oauth1::wire_name(method)),
                  "add --signature-method HMAC-SHA1 if the server wants it so");
    }
    return std::optional<Secret>();
  }
  ATLINK_ASSIGN(std::optional<Secret> given, secret_from_outside(call));
  if (given) {
    return given;
  }
  ATLINK_ASSIGN(const auto known, store.load_consumer(place.profile.name));
  if (known) {
    return std::optional<Secret>();
  }
  ATLINK_ASSIGN(Secret asked, asked_secret(call, place.profile));
  return std::optional<Secret>(std::move(asked));
}

Status keep_secret(CredentialStore& store, const Place& place, std::optional<Secret> secret) {
  if (!secret) {
    return {};
  }
  IssuedFor belongs = secret_issued_for(place);
  if (has_client(place)) {
    ATLINK_ASSIGN(belongs, client_issued_for(place));
  }
  return store.save_consumer(place.profile.name, {std::move(belongs), std::move(*secret)});
}

// Whether a store only does not open here and now.
bool is_closed(ErrorCode code) {
  return code == ErrorCode::store_passphrase || code == ErrorCode::store_locked ||
         code == ErrorCode::store_unavailable || code == ErrorCode::store_timeout ||
         code == ErrorCode::no_terminal || code == ErrorCode::cancelled;
}

// Whether the credential that there is still counts after the change.
bool sign_in_needed(const Call& call, CredentialStore& store, const Place& place) {
  if (place.profile.two_legged) {
    return false;
  }
  const auto credential = store.load(place.profile.name);
  if (!credential && is_closed(credential.error().code)) {
    return false;  // nobody can tell while it is
  }
  if (!credential || !credential->has_value()) {
    return true;
  }
  const SignInMethod recorded = (*credential)->issued_for.method;
  const SignInMethod method = place.profile.method.value_or(recorded);
  if (method != SignInMethod::oauth1 || recorded != method) {
    const auto here = issued_for(place, method);
    return !here || !check_issued_for((*credential)->issued_for, *here);
  }
  IssuedFor now = issued_for(place, (*credential)->issued_for.key_fingerprint);
  if (call.arguments.has("--private-key") && !now.key_fingerprint.empty()) {
    const auto bytes = read_secret_file(call, place.profile.private_key);
    const auto key = bytes ? RsaPrivateKey::parse(bytes->expose(), nullptr)
                           : Result<RsaPrivateKey>(fail(bytes.error()));
    now.key_fingerprint = key ? key->public_key().fingerprint() : now.key_fingerprint;
  }
  return !check_issued_for((*credential)->issued_for, now).has_value();
}

void warn_of_unusual(const Call& call, const Place& place) {
  if (!place.product.oauth1) {
    return;
  }
  const auto& accepted = place.product.oauth1->signature_methods;
  const auto method = place.profile.signature_method;
  if (method && std::find(accepted.begin(), accepted.end(), *method) == accepted.end()) {
    call.report.warn(fmt::format(
        "the description of {} does not list {}", place.product.id, oauth1::wire_name(*method)));
  }
}

// An address copied from a browser is often that of a page, and its path no context path.
void note_guess(const Call& call, const Place& place) {
  const std::string& path = place.profile.context_path;
  const auto& known = place.product.known_context_paths;
  const bool expected = path.empty() || path == place.product.default_context_path ||
                        std::find(known.begin(), known.end(), path) != known.end();
  if (call.arguments.has("--url") && !call.arguments.has("--context-path") && !expected) {
    call.report.note(fmt::format(
        "{0} is taken as the context path; if it is only a page, say what is right: atlink profile "
        "set {1} --context-path PATH ('' for none)",
        path,
        place.profile.name));
  }
}

struct Outcome {
  bool created = false;
  bool now_default = false;
  bool sign_in_needed = false;
};

// Reads the profile, changes what is named and keeps the outcome. Questions and slow files lie in
// between, so the profile is not locked meanwhile: where somebody else changed it, it is read and
// changed once more, and both changes count.
Result<Place> change_profile(Call& call,
                             ProfileStore& profiles,
                             const std::string& name,
                             Outcome& outcome) {
  ATLINK_ASSIGN(std::optional<Profile> before, profile_before(profiles, name));
  ATLINK_ASSIGN(Place place, place_after(call, before, name));
  ATLINK_CHECK(
      check_left_empty(call, name, before.value_or(place.profile).store, place.profile.store));
  ATLINK_ASSIGN(const auto store, open_store_behind(call, name, place.profile.store));
  ATLINK_ASSIGN(std::optional<Secret> secret, secret_to_keep(call, *store, place));
  ATLINK_ASSIGN(WaySecrets way, way_secrets_to_keep(call, *store, place.profile));
  warn_of_unusual(call, place);
  for (;;) {
    ATLINK_ASSIGN(const bool kept, profiles.replace(before, place.profile));
    if (kept) {
      break;
    }
    ATLINK_ASSIGN(before, profile_before(profiles, name));
    ATLINK_ASSIGN(place, place_after(call, before, name));
  }
  outcome.created = !before;
  ATLINK_CHECK(keep_secret(*store, place, std::move(secret)));
  ATLINK_CHECK(keep_way_secrets(call, *store, place.profile, std::move(way)));
  outcome.sign_in_needed = sign_in_needed(call, *store, place);
  return place;
}

Status report_outcome(Call& call, const Place& place, const Outcome& outcome) {
  const Profile& profile = place.profile;
  if (call.report.json()) {
    json::Value object = to_json(profile);
    object.set("created", outcome.created);
    object.set("sign_in_needed", outcome.sign_in_needed);
    return call.report.document(object);
  }
  ATLINK_CHECK(call.report.bytes(lay_out_pairs(to_pairs(profile))));
  note_guess(call, place);
  if (outcome.now_default) {
    call.report.note(fmt::format("{} is used where no profile is named", profile.name));
  }
  if (outcome.sign_in_needed) {
    call.report.note(fmt::format(
        "no credential counts for this profile yet: atlink login --profile {}", profile.name));
  }
  return {};
}

Status run(Call& call) {
  const std::string name = call.arguments.text("NAME");
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  Outcome outcome;
  ATLINK_ASSIGN(const Place place, change_profile(call, profiles, name, outcome));
  ATLINK_ASSIGN(outcome.now_default, use_if_first(profiles, name));
  return report_outcome(call, place, outcome);
}

constexpr std::array positionals{
    PositionalSpec{"NAME", "letters, digits, \".\", \"_\" and \"-\""},
};
constexpr std::array options{
    OptionSpec{"--product", "ID", "what runs there (atlink plugin list); needed for a new profile"},
    OptionSpec{
        "--url", "URL", "its address, with or without the context path; needed for a new profile"},
    OptionSpec{
        "--context-path", "PATH", "where on the site it lives, such as /acme; '' for the root"},
    OptionSpec{"--deployment", "cloud|data-center", "which kind of installation it is"},
    OptionSpec{"--consumer-key", "KEY", "the consumer key of the application link"},
    OptionSpec{"--private-key", "FILE", "the private key whose public half is in the link"},
    OptionSpec{"--ca-file", "FILE", "trust these certificates (PEM) instead of the system's"},
    OptionSpec{
        "--proxy",
        "URL",
        "go through this proxy: http:// or socks5h://[USER@]HOST:PORT; the password is asked "
        "for; 'none' for none"},
    OptionSpec{"--proxy-secret-file", "FILE|-", "its password"},
    OptionSpec{"--no-proxy", "LIST", "hosts and networks that are asked without a proxy"},
    OptionSpec{"--client-cert", "FILE", "show the site this certificate (PEM or PKCS#12)"},
    OptionSpec{"--client-key", "FILE", "its private key, where that is in a file of its own"},
    OptionSpec{"--client-cert-secret-file", "FILE|-", "the passphrase of that key"},
    OptionSpec{"--signature-method", "NAME", "RSA-SHA1, HMAC-SHA1, …; '' for the product's choice"},
    OptionSpec{"--transmission",
               "header|query|form",
               "where OAuth parameters travel; '' for the product's choice"},
    OptionSpec{"--two-legged", "", "sign in as the consumer alone, without a user"},
    OptionSpec{"--three-legged", "", "sign in as a user again"},
    OptionSpec{
        "--method",
        "METHOD",
        "how to sign in: oauth1, oauth2, client-credentials, token, api-token or basic; '' for "
        "what fits"},
    OptionSpec{"--user", "USER", "the name that goes with a password or API token"},
    OptionSpec{"--client-id", "ID", "the client of OAuth 2.0, as it is registered"},
    OptionSpec{"--redirect-uri", "URI", "its redirect URI, as it is registered"},
    OptionSpec{"--scope", "SCOPE", "ask for this scope instead of the product's choice", true},
    OptionSpec{"--as", "USER", "whom two-legged requests act for"},
    OptionSpec{
        "--secret-file",
        "FILE|-",
        "the consumer's shared secret, for HMAC and PLAINTEXT, or the client's of OAuth 2.0"},
    OptionSpec{"--set",
               "NAME=VALUE",
               "fill in a setting of the product (atlink plugin show ID); 'NAME=' takes it away",
               true},
    OptionSpec{"--store",
               "KIND",
               "where secrets are kept: file, sealed, keyring, command, environment or auto"},
    key_file_option,
    store_command_option,
    leave_secrets_option,
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink profile set work --product acme --url https://acme.example.com/tools "
            "--consumer-key build --private-key keys/private.pem",
            "a new profile"},
    Example{"atlink profile set work --ca-file company-ca.pem", "change one setting of it"},
    Example{"atlink profile set old --signature-method HMAC-SHA1 --secret-file -",
            "sign with a shared secret, read from standard input"},
    Example{"atlink profile set work --set authorize=site:/sso/oauth/authorize",
            "an endpoint that a proxy has moved"},
};

}  // namespace

const Command profile_set{
    "profile set",
    "make a profile, or change what is named of it",
    "The first profile is also chosen as the default. An empty value ('') takes a setting away. A "
    "change of product, URL, consumer, key, endpoint or origin asks for a new sign-in.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
