// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <chrono>
#include <functional>
#include <memory>

#include <gio/gio.h>

namespace atlink::keyring {

/// Gives up a reference of GObject.
struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};

template <class T>
using Object = std::unique_ptr<T, Unref>;

/// Work that may never come to an end: runs in a thread of its own, which is asked to stop and then
/// left behind when the time is over. So it must own, or share, all that it touches.
using Work = std::function<Status(GCancellable* cancellable)>;

/// Waits for `work` at most `patience`, then `store_timeout`; `cancelled` when `interruption`
/// becomes readable.
[[nodiscard]] Status in_time(Work work, std::chrono::milliseconds patience, int interruption);

}  // namespace atlink::keyring
