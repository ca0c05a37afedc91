// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <curl/curl.h>

#include <memory>

namespace atlink::wire {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// Sets libcurl up, once in the process, with the environment's key-log file out of its sight.
/// Thread-safe. Fails with `internal`.
Status initialise_curl();

/// One option of a transfer; throws std::runtime_error where libcurl refuses it, which is a mistake
/// in this module or a lack of memory (caught where the module is entered).
template <class T>
void set(CURL* easy, CURLoption option, T value);

/// The text of `option` for a message.
[[noreturn]] void throw_option_refused(CURLoption option, CURLcode code);

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK) {
    throw_option_refused(option, code);
  }
}

/// A figure about a transfer that libcurl counts; 0 where it has none.
template <class T>
[[nodiscard]] T figure(CURL* easy, CURLINFO which) {
  T value{};
  return curl_easy_getinfo(easy, which, &value) == CURLE_OK ? value : T{};
}

}  // namespace atlink::wire
