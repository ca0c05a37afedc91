// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/local.h"

#include "atlink/client_certificate.h"
#include "atlink/proxy.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink::cli::doctor {

namespace {

constexpr unsigned others_may_read = 0044;
constexpr unsigned others_may_write = 0022;

constexpr std::array variables_of_ours{"ATLINK_PROFILE",
                                       "ATLINK_URL",
                                       "ATLINK_CONTEXT_PATH",
                                       "ATLINK_PRODUCT",
                                       "ATLINK_DEPLOYMENT",
                                       "ATLINK_CONSUMER_KEY",
                                       "ATLINK_PRIVATE_KEY",
                                       "ATLINK_PRIVATE_KEY_PASSPHRASE",
                                       "ATLINK_CA_FILE",
                                       "ATLINK_PROXY",
                                       "ATLINK_CLIENT_CERT",
                                       "ATLINK_CLIENT_KEY",
                                       "ATLINK_SIGNATURE_METHOD",
                                       "ATLINK_TWO_LEGGED",
                                       "ATLINK_CONSUMER_SECRET",
                                       "ATLINK_OAUTH_TOKEN",
                                       "ATLINK_OAUTH_TOKEN_SECRET",
                                       "ATLINK_METHOD",
                                       "ATLINK_TOKEN",
                                       "ATLINK_PASSWORD",
                                       "ATLINK_CLIENT_SECRET",
                                       "ATLINK_PLUGIN_PATH"};

void read_variables(const Call& call, Evidence& evidence) {
  for (const char* name : variables_of_ours) {
    if (variable(call, name)) {
      evidence.variables.insert(name);
    }
  }
  for (const char* name : {"ATLINK_PRIVATE_KEY_PASSPHRASE",
                           "ATLINK_CONSUMER_SECRET",
                           "ATLINK_OAUTH_TOKEN",
                           "ATLINK_OAUTH_TOKEN_SECRET",
                           "ATLINK_TOKEN",
                           "ATLINK_PASSWORD",
                           "ATLINK_CLIENT_SECRET"}) {
    evidence.scrub.hide(variable(call, name).value_or(""));
  }
}

bool is_of_plugin(const Error& error) {
  switch (error.code) {
    case ErrorCode::product_missing:
    case ErrorCode::product_unsupported:
    case ErrorCode::plugin_invalid:
    case ErrorCode::plugin_untrusted:
      return true;
    default:
      return false;
  }
}

std::optional<Place> find_place(const Call& call, Evidence& evidence) {
  if (const auto name = chosen_name(call); name && *name) {
    evidence.profile = **name;
  }
  if (const auto profile = chosen_profile(call)) {
    evidence.profile = profile->name;
    evidence.settings = *profile;
  }
  auto place = open_place(call);
  if (!place) {
    (is_of_plugin(place.error()) ? evidence.product_error : evidence.profile_error) =
        std::move(place).error();
    return std::nullopt;
  }
  evidence.settings = place->profile;
  evidence.product = place->product;
  evidence.base = place->base;
  auto way = method_of(call, *place);
  if (!way) {
    evidence.profile_error = std::move(way).error();
    return std::nullopt;
  }
  evidence.way = *way;
  if (!evidence.has_link()) {
    return std::move(*place);
  }
  auto method = signature_method_of(*place);
  if (!method) {
    evidence.product_error = std::move(method).error();
    return std::nullopt;
  }
  evidence.method = *method;
  return std::move(*place);
}

// Remembers a file with too open a mode, in words.
void look_at(const Call& call,
             const std::string& path,
             unsigned bits,
             const char* what,
             Evidence& evidence) {
  const auto info = call.app.platform.files.stat(path, true);
  if (info && info->kind == FileKind::regular && (info->mode & bits) != 0) {
    evidence.loose_files.push_back(fmt::format("{} {}", what, path));
  }
}

void look_at_files(const Call& call, Evidence& evidence) {
  const auto folders = folders_from(call.app.platform.environment);
  if (folders) {
    look_at(call,
            fmt::format("{}/profiles/{}.json", folders->config, evidence.profile),
            others_may_write,
            "others can change",
            evidence);
  }
  const std::string& key = evidence.settings->private_key;
  if (!key.empty() && !evidence.variables.contains("ATLINK_PRIVATE_KEY")) {
    look_at(call, key, others_may_read, "others can read", evidence);
  }
}

// Only for a key as `keygen` names it: beside others there is no public key to compare.
void look_at_pair(const Call& call, Evidence& evidence) {
  const std::string& key = evidence.settings->private_key;
  const std::size_t slash = key.rfind('/');
  const bool used = evidence.method && oauth1::uses_rsa(*evidence.method) &&
                    !evidence.variables.contains("ATLINK_PRIVATE_KEY");
  if (!used || slash == std::string::npos) {
    return;
  }
  const std::string folder = slash == 0 ? "/" : key.substr(0, slash);
  if (key_pair_paths(folder).private_key != key) {
    return;
  }
  if (const auto state = inspect_key_pair(call.app.platform.files, folder)) {
    evidence.pair = *state;
    evidence.pair_folder = folder;
  }
}

void try_signing(const Session& session, Evidence& evidence) {
  const Connection& connection = session.connection;
  auto signature = oauth1::sign(connection.method, "GET&a&b", connection.consumer, nullptr);
  if (!signature) {
    evidence.signing_error = std::move(signature).error();
  }
  evidence.scrub.hide(connection.consumer.secret.expose());
}

void look_at_pending(Session& session, Evidence& evidence) {
  const auto pending = session.store->load_pending(session.profile);
  if (pending && pending->has_value()) {
    evidence.sign_in.begun_at = (*pending)->begun_at;
    evidence.scrub.hide((*pending)->request_token);
    evidence.scrub.hide((*pending)->request_token_secret.expose());
  }
}

void look_at_sign_in(const Call& call, Session& session, Evidence& evidence) {
  if (session.two_legged) {
    return;
  }
  const auto raw = session.store->load(session.profile);
  if (raw && raw->has_value()) {
    const Credential& known = **raw;
    evidence.scrub.hide(known.token);
    evidence.scrub.hide(known.token_secret.expose());
    evidence.scrub.hide(known.session_handle.expose());
    evidence.scrub.hide(known.access.expose());
    evidence.scrub.hide(known.refresh_token.expose());
    evidence.sign_in.read_only = known.read_only;
    evidence.sign_in.expires_at = known.expires_at;
    evidence.sign_in.renewable =
        !known.session_handle.empty() &&
        (!known.session_ends_at || *known.session_ends_at > call.app.platform.clock.now());
  }
  if (auto credential = credential_of(session); !credential) {
    evidence.sign_in.error = std::move(credential).error();
  }
  look_at_pending(session, evidence);
}

// Whoever has no key may have a credential that others can read, and that comes first. Other stores
// than files may have questions of their own.
void look_at_stored(const Call& call, Evidence& evidence) {
  const auto store = open_store(call, *evidence.settings, evidence.settings->method);
  if (evidence.settings->two_legged || store->kind() != "file") {
    return;
  }
  auto raw = store->load(evidence.settings->name);
  if (!raw && raw.error().code == ErrorCode::file_permissions) {
    evidence.sign_in.error = std::move(raw).error();
  }
}

void look_at_way(const Connection& connection, Evidence& evidence) {
  const auto& rules = connection.options.proxies;
  if (const ProxyServer* proxy = rules ? rules->proxy_for(connection.base.site()) : nullptr) {
    evidence.proxy = fmt::format("{} ({})", proxy->url(), printable(proxy->from, 80));
    evidence.scrub.hide(proxy->password ? proxy->password->expose() : std::string_view());
  }
  if (connection.options.certificate) {
    evidence.client_certificate = connection.options.certificate->own.subject;
  }
}

}  // namespace

std::optional<Session> look_around(const Call& call, Evidence& evidence) {
  read_variables(call, evidence);
  std::optional<Place> place = find_place(call, evidence);
  if (!place) {
    return std::nullopt;
  }
  look_at_files(call, evidence);
  look_at_pair(call, evidence);
  auto session = open_session(call, std::move(*place));
  if (!session) {
    evidence.session_error = std::move(session).error();
    look_at_stored(call, evidence);
    return std::nullopt;
  }
  evidence.scrub.hide(session->connection.registration.secret.expose());
  look_at_way(session->connection, evidence);
  if (evidence.has_link()) {
    evidence.transmission = session->connection.transmission;
    try_signing(*session, evidence);
  }
  look_at_sign_in(call, *session, evidence);
  return std::move(*session);
}

}  // namespace atlink::cli::doctor
