// SPDX-License-Identifier: Apache-2.0
// What a client shows of itself.
#include "cli/connection.h"
#include "cli/connection_parts.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

constexpr const char* passphrase_variable = "ATLINK_CLIENT_CERT_PASSPHRASE";

struct CertificateFiles {
  std::string certificate;
  std::string key;

  /// The file that a passphrase is for.
  [[nodiscard]] const std::string& locked() const { return key.empty() ? certificate : key; }
};

Result<std::string> path_from(const Call& call,
                              const char* option,
                              const char* variable_name,
                              const std::string& otherwise) {
  const bool keeps = call.arguments.command != nullptr &&
                     call.arguments.command->name == std::string_view("profile set");
  const auto flag = keeps ? std::nullopt : call.arguments.value(option);
  const std::string text = flag ? *flag : variable(call, variable_name).value_or(otherwise);
  return text.empty() ? Result<std::string>(text) : absolute_path(call, text);
}

Result<CertificateFiles> files_of(const Call& call, const Profile& profile) {
  CertificateFiles files;
  ATLINK_ASSIGN(files.certificate,
                path_from(call, "--client-cert", "ATLINK_CLIENT_CERT", profile.client_cert));
  // A certificate from elsewhere does not go with the profile's key.
  const bool own = files.certificate == profile.client_cert;
  ATLINK_ASSIGN(
      files.key,
      path_from(
          call, "--client-key", "ATLINK_CLIENT_KEY", own ? profile.client_key : std::string()));
  return files;
}

Result<ClientCertificate> read_files(const Call& call,
                                     const CertificateFiles& files,
                                     const Secret* passphrase) {
  ATLINK_ASSIGN(const Secret certificate, read_secret_file(call, files.certificate));
  Secret key;
  if (!files.key.empty()) {
    ATLINK_ASSIGN(key, read_secret_file(call, files.key));
  }
  auto read = read_client_certificate(certificate.expose(), key.expose(), passphrase);
  if (!read) {
    return fail(std::move(read).error().with("file", files.locked()));
  }
  return read;
}

bool needs_passphrase(const Error& error) {
  return error.code == ErrorCode::client_certificate_passphrase &&
         error.fact("passphrase") == "needed";
}

Error explained(Error error) {
  if (error.code == ErrorCode::client_certificate_passphrase) {
    error.next =
        "set ATLINK_CLIENT_CERT_PASSPHRASE, or keep it: atlink profile set NAME --client-cert FILE "
        "--client-cert-secret-file FILE";
  }
  return error;
}

Result<Secret> ask_passphrase(const Call& call, const CertificateFiles& files) {
  return call.app.platform.terminal.ask_secret(
      fmt::format("passphrase of {}: ", printable(files.locked(), 200)));
}

Status check_dates(const Call& call, const ClientCertificate& certificate) {
  const TimePoint now = call.app.platform.clock.now();
  const Certificate& own = certificate.own;
  if (own.not_after >= now && own.not_before <= now) {
    return {};
  }
  const bool expired = own.not_after < now;
  return fail(ErrorCode::client_certificate_invalid,
              fmt::format("the client certificate {} {} {}",
                          own.subject,
                          expired ? "expired at" : "is valid only from",
                          to_rfc3339(expired ? own.not_after : own.not_before)),
              expired ? "get a new one, then: atlink profile set NAME --client-cert FILE"
                      : "check this machine's clock");
}

Result<ClientCertificate> open_files(const Call& call,
                                     const Profile& profile,
                                     const CertificateFiles& files) {
  std::optional<Secret> passphrase = given_secret(call, profile, passphrase_variable);
  if (!passphrase) {
    passphrase = kept_secret(call, profile, KeptSecret::certificate_passphrase, files.locked());
  }
  auto read = read_files(call, files, passphrase ? &*passphrase : nullptr);
  if (!read && needs_passphrase(read.error()) && may_ask(call)) {
    ATLINK_ASSIGN(const Secret asked, ask_passphrase(call, files));
    read = read_files(call, files, &asked);
  }
  if (!read) {
    return fail(explained(std::move(read).error()));
  }
  ATLINK_CHECK(check_dates(call, *read));
  return read;
}

}  // namespace

Error of_way(Error error, const char* part) {
  return error.fact("way").empty() ? std::move(error).with("way", part) : error;
}

std::optional<Secret> kept_secret(const Call& call,
                                  const Profile& profile,
                                  KeptSecret which,
                                  const std::string& place) {
  auto store = open_store_behind(call, profile.name, profile.store);
  if (!store || profile.name.empty()) {
    return std::nullopt;
  }
  auto found = load_kept(**store, profile.name, which, place);
  return found ? std::move(*found) : std::nullopt;
}

std::optional<Secret> given_secret(const Call& call, const Profile& profile, const char* variable) {
  auto found = secret_from(call.app.platform.environment, variable, profile.name);
  return found ? std::optional(std::move(found->value)) : std::nullopt;
}

Result<std::optional<Secret>> secret_in_file(const Call& call, std::string_view option) {
  const auto file = call.arguments.value(option);
  if (!file) {
    return std::optional<Secret>();
  }
  ATLINK_ASSIGN(Secret secret, read_secret_line(call, option, *file));
  return std::optional<Secret>(std::move(secret));
}

Result<std::optional<Secret>> passphrase_to_keep(const Call& call, const Profile& profile) {
  ATLINK_ASSIGN(std::optional<Secret> given, secret_in_file(call, "--client-cert-secret-file"));
  const bool named =
      given || call.arguments.has("--client-cert") || call.arguments.has("--client-key");
  if (!named || profile.client_cert.empty()) {
    return given;
  }
  const CertificateFiles files{profile.client_cert, profile.client_key};
  std::optional<Secret> known;
  if (!given) {
    known = given_secret(call, profile, passphrase_variable);
    known = known ? std::move(known)
                  : kept_secret(call, profile, KeptSecret::certificate_passphrase, files.locked());
  }
  const Secret* use = given ? &*given : known ? &*known : nullptr;
  auto read = read_files(call, files, use);
  if (!read && needs_passphrase(read.error()) && may_ask(call)) {
    ATLINK_ASSIGN(given, ask_passphrase(call, files));
    read = read_files(call, files, &*given);
  }
  if (!read) {
    return fail(explained(std::move(read).error()));
  }
  ATLINK_CHECK(check_dates(call, *read));
  call.report.note(fmt::format("the client certificate is {}, until {}",
                               read->own.subject,
                               to_rfc3339(read->own.not_after)));
  return given;
}

Result<std::shared_ptr<const ClientCertificate>> certificate_of(const Call& call,
                                                                const Profile& profile) {
  ATLINK_ASSIGN(const CertificateFiles files, files_of(call, profile));
  if (files.certificate.empty()) {
    return std::shared_ptr<const ClientCertificate>();
  }
  auto certificate = open_files(call, profile, files);
  if (!certificate) {
    return fail(of_way(std::move(certificate).error(), "certificate"));
  }
  certificate->origins.push_back(profile.site);
  return std::make_shared<const ClientCertificate>(*std::move(certificate));
}

}  // namespace atlink::cli
