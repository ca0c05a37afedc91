// SPDX-License-Identifier: Apache-2.0
#include "atlink/kept_secret.h"
#include "atlink/stores.h"
#include "core/secrets/records.h"

#include <fmt/format.h>

namespace atlink {

namespace {

Status differs(std::string_view what, const CredentialStore& store) {
  return fail(ErrorCode::store_failed,
              fmt::format("the {} that was written to the store \"{}\" did not come back as it was",
                          what,
                          store.kind()),
              "look at that store; where the secrets were before, they still are");
}

/// As the record says it, whichever write it was.
Secret text_of(const Credential& credential) {
  Credential any = clone(credential);
  any.version = 0;
  return records::write(any);
}

bool same(const Secret& one, const Secret& other) {
  return one.equals(other.expose());
}

Status copy_consumer(CredentialStore& from, CredentialStore& to, std::string_view profile) {
  ATLINK_ASSIGN(const auto consumer, from.load_consumer(profile));
  if (!consumer) {
    return to.erase_consumer(profile);
  }
  ATLINK_CHECK(to.save_consumer(profile, *consumer));
  ATLINK_ASSIGN(const auto back, to.load_consumer(profile));
  const bool whole = back && same(records::write(*consumer), records::write(*back));
  return whole ? Status() : differs("shared secret", to);
}

Status copy_pending(CredentialStore& from, CredentialStore& to, std::string_view profile) {
  ATLINK_ASSIGN(const auto pending, from.load_pending(profile));
  if (!pending) {
    return to.erase_pending(profile);
  }
  ATLINK_CHECK(to.save_pending(profile, *pending));
  ATLINK_ASSIGN(const auto back, to.load_pending(profile));
  const bool whole = back && same(records::write(*pending), records::write(*back));
  return whole ? Status() : differs("sign-in that was begun", to);
}

/// A renewal whose outcome is not known stays one: it names the version that it was sent for.
Status copy_renewal(CredentialStore& from,
                    CredentialStore& to,
                    std::string_view profile,
                    std::int64_t version_before,
                    std::int64_t version_now) {
  ATLINK_ASSIGN(const auto renewal, from.load_renewal(profile));
  if (!renewal || renewal->version != version_before) {
    return to.erase_renewal(profile);
  }
  return to.save_renewal(profile, {version_now, renewal->begun_at});
}

}  // namespace

Result<std::int64_t> copy_secrets(CredentialStore& from,
                                  CredentialStore& to,
                                  std::string_view profile) {
  ATLINK_CHECK(copy_consumer(from, to, profile));
  for (const KeptSecret which : every_kept_secret) {
    ATLINK_CHECK(copy_consumer(from, to, kept_name(profile, which)));
  }
  ATLINK_CHECK(copy_pending(from, to, profile));
  ATLINK_ASSIGN(const auto credential, from.load(profile));
  if (!credential) {
    ATLINK_CHECK(to.erase(profile));
    return 0;
  }
  ATLINK_CHECK(to.save(profile, *credential));
  ATLINK_ASSIGN(const auto back, to.load(profile));
  if (!back || !same(text_of(*credential), text_of(*back))) {
    return fail(differs("credential", to).error());
  }
  ATLINK_CHECK(copy_renewal(from, to, profile, credential->version, back->version));
  return credential->version;
}

Status erase_secrets(CredentialStore& store, std::string_view profile) {
  ATLINK_CHECK(store.erase(profile));
  ATLINK_CHECK(store.erase_pending(profile));
  for (const KeptSecret which : every_kept_secret) {
    ATLINK_CHECK(erase_kept(store, profile, which));
  }
  return store.erase_consumer(profile);
}

}  // namespace atlink
