// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/curl.h"

#include <fmt/format.h>

#include <mutex>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace atlink::wire {

namespace {

/// Renames a variable of the environment while it lives. libcurl opens the file that SSLKEYLOGFILE
/// names when it is set up, and there is no option against it. One byte is changed in place:
/// unsetenv and setenv move the environment under the feet of other threads that read it.
class HiddenVariable {
 public:
  explicit HiddenVariable(std::string_view assignment) {
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
      if (std::string_view(*entry).substr(0, assignment.size()) == assignment) {
        hidden_ = *entry;
        first_ = *hidden_;
        *hidden_ = '_';
        return;
      }
    }
  }

  HiddenVariable(const HiddenVariable&) = delete;
  HiddenVariable& operator=(const HiddenVariable&) = delete;

  ~HiddenVariable() {
    if (hidden_ != nullptr) {
      *hidden_ = first_;
    }
  }

 private:
  char* hidden_ = nullptr;
  char first_ = 0;
};

CURLcode global_init() {
  const HiddenVariable key_log("SSLKEYLOGFILE=");
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

}  // namespace

Status initialise_curl() {
  static std::once_flag once;
  static CURLcode outcome = CURLE_FAILED_INIT;
  std::call_once(once, [] { outcome = global_init(); });
  if (outcome != CURLE_OK) {
    return fail(ErrorCode::internal,
                fmt::format("libcurl cannot be set up: {}", curl_easy_strerror(outcome)));
  }
  return {};
}

void throw_option_refused(CURLoption option, CURLcode code) {
  const curl_easyoption* known = curl_easy_option_by_id(option);
  throw std::runtime_error(fmt::format("libcurl refuses {}: {}",
                                       known == nullptr ? "an option" : known->name,
                                       curl_easy_strerror(code)));
}

}  // namespace atlink::wire
