// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/wire_transport.h"

#include <new>

namespace atlink::wire {

Share::Share() : share_(curl_share_init()) {
  if (share_ == nullptr) {
    throw std::bad_alloc();
  }
  curl_share_setopt(share_, CURLSHOPT_USERDATA, this);
  curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, &Share::lock);
  curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &Share::unlock);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
}

Share::~Share() {
  curl_share_cleanup(share_);
}

void Share::lock(CURL*, curl_lock_data what, curl_lock_access, void* self) {
  static_cast<Share*>(self)->mutexes_.at(what).lock();
}

void Share::unlock(CURL*, curl_lock_data what, void* self) {
  static_cast<Share*>(self)->mutexes_.at(what).unlock();
}

}  // namespace atlink::wire
