// SPDX-License-Identifier: Apache-2.0
#include "atlink/kept_secret.h"

#include "atlink/profile.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

namespace {

constexpr char separator = '~';

std::string_view word_for(KeptSecret which) {
  return which == KeptSecret::proxy_password ? "proxy" : "certificate";
}

}  // namespace

std::string kept_name(std::string_view profile, KeptSecret which) {
  return fmt::format("{}{}{}", profile, separator, word_for(which));
}

Status check_consumer_name(std::string_view name) {
  const std::string_view profile = name.substr(0, name.find(separator));
  for (const KeptSecret which : every_kept_secret) {
    if (name == kept_name(profile, which)) {
      return check_profile_name(profile);
    }
  }
  return check_profile_name(name);
}

Result<std::optional<Secret>> load_kept(CredentialStore& store,
                                        std::string_view profile,
                                        KeptSecret which,
                                        const std::string& place) {
  ATLINK_ASSIGN(auto kept, store.load_consumer(kept_name(profile, which)));
  if (!kept || kept->issued_for.base_url != place) {
    return std::optional<Secret>();
  }
  return std::optional<Secret>(std::move(kept->secret));
}

Status save_kept(CredentialStore& store,
                 std::string_view profile,
                 KeptSecret which,
                 const std::string& place,
                 Secret secret) {
  CredentialStore::ConsumerSecret kept;
  kept.issued_for.base_url = place;
  kept.secret = std::move(secret);
  return store.save_consumer(kept_name(profile, which), kept);
}

Status erase_kept(CredentialStore& store, std::string_view profile, KeptSecret which) {
  return store.erase_consumer(kept_name(profile, which));
}

}  // namespace atlink
