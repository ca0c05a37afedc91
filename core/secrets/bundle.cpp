// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "core/base/record_reader.h"
#include "core/profile/profile_json.h"
#include "core/secrets/record_members.h"
#include "core/secrets/records.h"
#include "core/secrets/sealed_format.h"

#include <utility>

namespace atlink {

namespace {

constexpr std::int64_t bundle_format = 1;
constexpr std::string_view about_bundle = "atlink bundle\n";
const char* const ask_for_another = "have it made again: atlink profile export NAME --out FILE";

/// What a bundle carries of a profile: nothing that means a path, a program or the network of one
/// machine.
Profile portable(Profile profile) {
  profile.private_key.clear();
  profile.ca_file.clear();
  profile.client_cert.clear();
  profile.client_key.clear();
  profile.proxy.clear();
  profile.no_proxy.clear();
  profile.store = StoreChoice();
  return profile;
}

void put_text(json::Value& document, const std::string& member, const Secret& text) {
  if (!text.empty()) {
    records::put_secret(document, member, text);
  }
}

Secret text_of(const Bundle& bundle) {
  records::WipedDocument document{json::Value()};
  json::Value& value = document.value();
  value.set("format", bundle_format);
  value.set("name", bundle.profile.name);
  json::Value profile;
  put_profile(profile, portable(bundle.profile));
  value.set("profile", std::move(profile));
  if (bundle.credential) {
    put_text(value, "credential", records::write(*bundle.credential));
  }
  if (bundle.consumer) {
    put_text(value, "consumer", records::write(*bundle.consumer));
  }
  put_text(value, "private_key", bundle.private_key);
  put_text(value, "ca", Secret(bundle.ca_pem));
  std::string text = json::write(value);
  return Secret::take(text);
}

template <class Record, class Read>
Status read_inner(const RecordReader& record,
                  std::string_view member,
                  const std::string& name,
                  Read read,
                  std::optional<Record>& into) {
  ATLINK_ASSIGN(const Secret text, records::read_secret(record, member));
  if (!text.empty()) {
    ATLINK_ASSIGN(into, read(text, name, ask_for_another));
  }
  return {};
}

Result<Bundle> bundle_from(const RecordReader& record, const std::string& name) {
  ATLINK_ASSIGN(const std::int64_t format, record.integer("format"));
  if (format != bundle_format) {
    return fail(record.wrong("format", "is that of a later release"));
  }
  Bundle bundle;
  ATLINK_ASSIGN(std::string profile_name, record.text("name"));
  ATLINK_CHECK(check_profile_name(profile_name));
  const json::Value* profile = record.find("profile");
  if (profile == nullptr || profile->as_object() == nullptr) {
    return fail(record.wrong("profile", "is missing"));
  }
  ATLINK_ASSIGN(Profile given, profile_from(*profile, std::move(profile_name), name));
  bundle.profile = portable(std::move(given));
  ATLINK_CHECK(read_inner(record, "credential", name, records::read_credential, bundle.credential));
  ATLINK_CHECK(read_inner(record, "consumer", name, records::read_consumer, bundle.consumer));
  ATLINK_ASSIGN(bundle.private_key, records::read_secret(record, "private_key"));
  ATLINK_ASSIGN(const Secret ca, records::read_secret(record, "ca"));
  bundle.ca_pem = std::string(ca.expose());
  return bundle;
}

}  // namespace

Result<std::string> seal_bundle(RandomSource& random,
                                const Bundle& bundle,
                                const Passphrase& passphrase) {
  ATLINK_ASSIGN(const sealed::Key key, sealed::make_key(random, passphrase));
  return sealed::seal(random, key, about_bundle, text_of(bundle));
}

Status check_bundle(std::string_view bytes, const std::string& name) {
  ATLINK_CHECK(sealed::read_header(bytes, name, ask_for_another));
  return {};
}

Result<Bundle> open_bundle(std::string_view bytes,
                           const Secret& passphrase,
                           const std::string& name) {
  ATLINK_ASSIGN(const sealed::Header header, sealed::read_header(bytes, name, ask_for_another));
  ATLINK_ASSIGN(const auto key, sealed::key_for(header, passphrase));
  if (!key) {
    return fail(sealed::wrong_passphrase(name, "check what was typed, or what gave it"));
  }
  ATLINK_ASSIGN(const Secret text,
                sealed::unseal(*key, header, about_bundle, bytes, name, ask_for_another));
  auto parsed = json::parse(text.expose(), largest_bundle);
  if (!parsed || parsed->as_object() == nullptr) {
    return fail(make_error(ErrorCode::file_damaged, name + " holds no bundle", ask_for_another)
                    .with("file", name));
  }
  records::WipedDocument document(*std::move(parsed));
  return bundle_from(RecordReader(document.value(), name, ErrorCode::file_damaged, ask_for_another),
                     name);
}

}  // namespace atlink
