// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_data.h"

#include "atlink/rsa_key.h"
#include "atlink/text.h"
#include "cli/connection.h"
#include "cli/or_null.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/store_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace atlink::cli {

namespace {

tl::unexpected<Error> not_one_of(const char* option, const std::string& text, const char* wanted) {
  return fail(ErrorCode::usage,
              fmt::format("{} takes {}, not \"{}\"", option, wanted, printable(text, 80)));
}

Status set_deployment(const std::string& text, Profile& profile) {
  profile.deployment = deployment_from(text);
  if (!profile.deployment && !text.empty()) {
    return not_one_of("--deployment", text, "cloud or data-center");
  }
  return {};
}

Status set_method(const std::string& text, Profile& profile) {
  profile.signature_method = oauth1::signature_method(text);
  if (!profile.signature_method && !text.empty()) {
    return not_one_of(
        "--signature-method", text, "RSA-SHA1, RSA-SHA256, HMAC-SHA1, HMAC-SHA256 or PLAINTEXT");
  }
  return {};
}

Status set_sign_in(const Arguments& arguments, Profile& profile) {
  if (const auto text = arguments.value("--method")) {
    profile.method = sign_in_method_from(*text);
    if (!profile.method && !text->empty()) {
      return not_one_of(
          "--method", *text, "oauth1, oauth2, client-credentials, token, api-token or basic");
    }
  }
  if (const auto text = arguments.value("--redirect-uri")) {
    if (!text->empty()) {
      ATLINK_CHECK(Url::parse(*text));
    }
    profile.redirect_uri = *text;
  }
  if (arguments.has("--scope")) {
    profile.scopes.clear();
  }
  for (const std::string& scope : arguments.values("--scope")) {
    if (scope.find_first_of(" \t\"\\") != std::string::npos) {
      return fail(ErrorCode::usage,
                  fmt::format("--scope takes one scope, not \"{}\"", printable(scope, 80)),
                  "give it once for each scope");
    }
    if (!scope.empty()) {
      profile.scopes.push_back(scope);
    }
  }
  profile.user = arguments.value("--user").value_or(profile.user);
  profile.client_id = arguments.value("--client-id").value_or(profile.client_id);
  profile.act_as = arguments.value("--as").value_or(profile.act_as);
  return {};
}

Status set_transmission(const std::string& text, Profile& profile) {
  profile.transmission = oauth1::transmission_from(text);
  if (!profile.transmission && !text.empty()) {
    return not_one_of("--transmission", text, "header, query or form");
  }
  return {};
}

// Says what was read. A protected key is taken at its word here: its passphrase is asked for when
// it signs.
Status check_private_key(const Call& call, const std::string& path) {
  ATLINK_ASSIGN(const Secret bytes, read_secret_file(call, path));
  auto key = RsaPrivateKey::parse(bytes.expose(), nullptr);
  if (key) {
    call.report.note(fmt::format(
        "{} holds an RSA key of {} bits ({})", path, key->bits(), describe(key->encoding())));
    return {};
  }
  if (key.error().code != ErrorCode::key_passphrase) {
    return fail(std::move(key).error().with("file", path));
  }
  call.report.note(
      fmt::format("{} is protected by a passphrase, which is asked for when it signs", path));
  return {};
}

// How many certificates a PEM text holds: blocks whose base64 is a DER sequence.
std::size_t count_certificates(std::string_view pem) {
  constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view end = "-----END CERTIFICATE-----";
  std::size_t count = 0;
  for (std::size_t at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at)) {
    at += begin.size();
    std::string base64(pem.substr(at, pem.find(end, at) - at));
    base64.erase(std::remove_if(base64.begin(),
                                base64.end(),
                                [](char c) { return c == '\n' || c == '\r' || c == ' '; }),
                 base64.end());
    const auto der = from_base64(base64);
    count += der && der->substr(0, 1) == "0" ? 1 : 0;
  }
  return count;
}

Status check_ca_file(const Call& call, const std::string& path) {
  ATLINK_ASSIGN(const std::string pem, call.app.platform.files.read_all(path));
  if (count_certificates(pem) > 0) {
    return {};
  }
  return fail(ErrorCode::file_damaged,
              fmt::format("{} holds no certificate in PEM form", path),
              pem.substr(0, 1) == "0"
                  ? fmt::format("openssl x509 -inform der -in {} -out FILE.pem converts it", path)
                  : "name a file with BEGIN CERTIFICATE lines");
}

// Stored absolute: the profile is used from any working directory.
Result<std::string> path_setting(const Call& call, const std::string& text) {
  return text.empty() ? Result<std::string>(text) : absolute_path(call, text);
}

Status set_files(const Call& call, Profile& profile) {
  if (const auto text = call.arguments.value("--private-key")) {
    ATLINK_CHECK(refuse_key_as_path(call, *text, "--private-key"));
    ATLINK_ASSIGN(profile.private_key, path_setting(call, *text));
    if (!text->empty()) {
      ATLINK_CHECK(check_private_key(call, profile.private_key));
    }
  }
  if (const auto text = call.arguments.value("--ca-file")) {
    ATLINK_ASSIGN(profile.ca_file, path_setting(call, *text));
    if (!text->empty()) {
      ATLINK_CHECK(check_ca_file(call, profile.ca_file));
    }
  }
  return {};
}

Status set_names(const Arguments& arguments, Profile& profile) {
  profile.product = arguments.value("--product").value_or(profile.product);
  profile.consumer_key = arguments.value("--consumer-key").value_or(profile.consumer_key);
  if (const auto text = arguments.value("--deployment")) {
    ATLINK_CHECK(set_deployment(*text, profile));
  }
  if (const auto text = arguments.value("--signature-method")) {
    ATLINK_CHECK(set_method(*text, profile));
  }
  if (const auto text = arguments.value("--transmission")) {
    ATLINK_CHECK(set_transmission(*text, profile));
  }
  ATLINK_CHECK(set_sign_in(arguments, profile));
  if (arguments.has("--two-legged") && arguments.has("--three-legged")) {
    return fail(ErrorCode::usage, "--two-legged and --three-legged exclude each other");
  }
  profile.two_legged =
      arguments.has("--two-legged") || (profile.two_legged && !arguments.has("--three-legged"));
  return {};
}

// A URL that names no path leaves the context path of an existing profile as it is.
Status set_place(const Arguments& arguments, const Product& product, Profile& profile) {
  const auto url = arguments.value("--url");
  std::optional<std::string> context = arguments.value("--context-path");
  if (!url && !context) {
    return {};
  }
  if (url && !context && !profile.site.empty()) {
    const auto parsed = Url::parse(*url);
    if (parsed && parsed->path() == "/") {
      context = profile.context_path;
    }
  }
  ATLINK_ASSIGN(SiteAndContext parts, split_base_url(url.value_or(profile.site), context, product));
  profile.site = std::move(parts.site);
  profile.context_path = std::move(parts.context_path);
  return {};
}

// As a mistake of the command line, which it is here.
Error as_usage(Error error) {
  error.code = ErrorCode::usage;
  return error;
}

// Settings are judged together with those that were there: another product may not have them.
Status set_settings(const Arguments& arguments, const Product& product, Profile& profile) {
  for (const std::string& text : arguments.values("--set")) {
    ATLINK_ASSIGN(auto pair, split_pair("--set", text));
    if (pair.second.empty()) {
      profile.settings.erase(pair.first);
    } else {
      profile.settings[pair.first] = std::move(pair.second);
    }
  }
  auto set = plugins::with_settings(product, profile.settings);
  if (!set) {
    return fail(as_usage(std::move(set).error()));
  }
  return {};
}

json::Value to_array(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) {
    array.emplace_back(text);
  }
  return array;
}

json::Value to_object(const std::map<std::string, std::string>& settings) {
  json::Value object{json::Object{}};
  for (const auto& [name, value] : settings) {
    object.set(name, value);
  }
  return object;
}

Status check_new(const Profile& profile, const Arguments& arguments) {
  if (profile.product.empty()) {
    return fail(
        ErrorCode::usage, "a new profile needs --product", "atlink plugin list shows the products");
  }
  if (profile.site.empty() && !arguments.has("--url")) {
    return fail(
        ErrorCode::usage,
        "a new profile needs --url",
        "the address at which the installation begins, such as https://acme.example.com/tools");
  }
  return {};
}

}  // namespace

std::string base_url_text(const Profile& profile) {
  return profile.site + profile.context_path;
}

json::Value to_json(const Profile& profile) {
  json::Value object;
  object.set("name", profile.name);
  object.set("product", profile.product);
  object.set("deployment",
             profile.deployment ? json::Value(to_string(*profile.deployment)) : json::Value());
  object.set("base_url", base_url_text(profile));
  object.set("site", profile.site);
  object.set("context_path", profile.context_path);
  object.set("consumer_key", or_null(profile.consumer_key));
  object.set("private_key", or_null(profile.private_key));
  object.set("ca_file", or_null(profile.ca_file));
  object.set("proxy", or_null(profile.proxy));
  object.set("no_proxy", or_null(profile.no_proxy));
  object.set("client_cert", or_null(profile.client_cert));
  object.set("client_key", or_null(profile.client_key));
  object.set("signature_method",
             profile.signature_method ? json::Value(oauth1::wire_name(*profile.signature_method))
                                      : json::Value());
  object.set("transmission",
             profile.transmission ? json::Value(to_string(*profile.transmission)) : json::Value());
  object.set("two_legged", profile.two_legged);
  object.set("method", profile.method ? json::Value(to_string(*profile.method)) : json::Value());
  object.set("user", or_null(profile.user));
  object.set("client_id", or_null(profile.client_id));
  object.set("redirect_uri", or_null(profile.redirect_uri));
  object.set("scopes", to_array(profile.scopes));
  object.set("act_as", or_null(profile.act_as));
  object.set("settings", to_object(profile.settings));
  object.set("store", to_string(profile.store.kind));
  object.set("key_file", or_null(profile.store.key_file));
  object.set("store_command", to_array(profile.store.command));
  return object;
}

std::vector<std::pair<std::string, std::string>> to_pairs(const Profile& profile) {
  std::vector<std::pair<std::string, std::string>> pairs{
      {"profile", profile.name},
      {"product", profile.product},
      {"deployment",
       profile.deployment ? std::string(to_string(*profile.deployment)) : std::string()},
      {"base URL", base_url_text(profile)},
      {"context path", profile.context_path},
      {"consumer key", profile.consumer_key},
      {"private key", profile.private_key},
      {"CA file", profile.ca_file},
      {"signature method",
       profile.signature_method ? std::string(oauth1::wire_name(*profile.signature_method))
                                : std::string()},
      {"transmission",
       profile.transmission ? std::string(to_string(*profile.transmission)) : std::string()},
  };
  if (profile.two_legged || profile.method.value_or(SignInMethod::oauth1) == SignInMethod::oauth1) {
    pairs.emplace_back("sign-in",
                       profile.two_legged ? "two-legged (no user)" : "three-legged (a user)");
  }
  const std::array further{
      std::pair("proxy", profile.proxy),
      std::pair("no proxy for", profile.no_proxy),
      std::pair("client certificate", profile.client_cert),
      std::pair("client key", profile.client_key),
      std::pair("method", std::string(profile.method ? to_string(*profile.method) : "")),
      std::pair("user", profile.user),
      std::pair("client id", profile.client_id),
      std::pair("redirect URI", profile.redirect_uri),
      std::pair("scopes", fmt::format("{}", fmt::join(profile.scopes, " "))),
      std::pair("acts for", profile.act_as)};
  for (const auto& [name, value] : further) {
    if (!value.empty()) {
      pairs.emplace_back(name, value);
    }
  }
  for (const auto& [name, value] : profile.settings) {
    pairs.emplace_back("setting " + name, value);
  }
  pairs.emplace_back("store", to_string(profile.store.kind));
  if (!profile.store.key_file.empty()) {
    pairs.emplace_back("key file", profile.store.key_file);
  }
  if (!profile.store.command.empty()) {
    pairs.emplace_back("store command", fmt::format("{}", fmt::join(profile.store.command, " ")));
  }
  return pairs;
}

Result<std::string> imported_key_path(const Call& call, std::string_view profile) {
  ATLINK_CHECK(check_profile_name(profile));
  ATLINK_ASSIGN(const Folders folders, folders_from(call.app.platform.environment));
  return fmt::format("{}/imported/{}.pem", folders.config, profile);
}

Result<bool> use_if_first(ProfileStore& profiles, const std::string& name) {
  ATLINK_ASSIGN(const auto chosen, profiles.default_name());
  ATLINK_ASSIGN(const auto names, profiles.list());
  if (chosen || names.size() != 1) {
    return false;
  }
  ATLINK_CHECK(profiles.set_default(name));
  return true;
}

Result<Profile> with_named_settings(const Call& call, Profile profile) {
  ATLINK_CHECK(set_names(call.arguments, profile));
  ATLINK_CHECK(check_new(profile, call.arguments));
  const std::string url = call.arguments.value("--url").value_or(profile.site);
  ATLINK_ASSIGN(const Product product, product_at(call, profile, url));
  ATLINK_CHECK(set_place(call.arguments, product, profile));
  ATLINK_CHECK(set_files(call, profile));
  ATLINK_CHECK(set_way(call, profile));
  ATLINK_CHECK(set_settings(call.arguments, product, profile));
  ATLINK_ASSIGN(profile.store,
                named_choice(call, call.arguments.value("--store"), std::move(profile.store)));
  return profile;
}

}  // namespace atlink::cli
