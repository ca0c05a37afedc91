// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/trust.h"

#include <algorithm>
#include <dirent.h>
#include <memory>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace atlink::wire {

namespace {

struct FolderCloser {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_hash_link(std::string_view name) {
  return name.size() == 10 && name[8] == '.' && name[9] >= '0' && name[9] <= '9' &&
         name.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_hashed_folder(const std::string& path) {
  const std::unique_ptr<DIR, FolderCloser> folder(::opendir(path.c_str()));
  if (!folder) {
    return false;
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    if (is_hash_link(entry->d_name)) {
      return true;
    }
  }
  return false;
}

bool is_readable(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}

/// What libcurl was built with first, then where distributions keep it.
std::vector<std::string> candidates(const char* built_in, std::vector<std::string> others) {
  if (built_in != nullptr) {
    others.insert(others.begin(), built_in);
  }
  return others;
}

SystemStore find_system_store() {
  const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
  const auto folders =
      candidates(built->capath, {"/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/openssl/certs"});
  if (const auto found = std::find_if(folders.begin(), folders.end(), is_hashed_folder);
      found != folders.end()) {
    return {*found, {}};
  }
  const auto bundles = candidates(built->cainfo,
                                  {"/etc/ssl/certs/ca-certificates.crt",
                                   "/etc/pki/tls/certs/ca-bundle.crt",
                                   "/etc/ssl/ca-bundle.pem",
                                   "/etc/ssl/cert.pem"});
  const auto found = std::find_if(bundles.begin(), bundles.end(), is_readable);
  return found == bundles.end() ? SystemStore{} : SystemStore{{}, *found};
}

}  // namespace

const SystemStore& system_store() {
  static const SystemStore store = find_system_store();
  return store;
}

void apply_trust(CURL* easy, std::string& ca_pem) {
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  // libcurl comes with a folder and a file of its own choice: none of them but ours.
  set(easy, CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  if (!ca_pem.empty()) {
    curl_blob blob{ca_pem.data(), ca_pem.size(), CURL_BLOB_COPY};
    set(easy, CURLOPT_CAINFO_BLOB, &blob);
  } else if (const SystemStore& store = system_store(); !store.folder.empty()) {
    set(easy, CURLOPT_CAPATH, store.folder.c_str());
  } else if (!store.bundle.empty()) {
    set(easy, CURLOPT_CAINFO, store.bundle.c_str());
  }
}

}  // namespace atlink::wire
