// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/text.h"
#include "atlink/url.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// Receives the answer of a person's browser on a loopback address.
class ATLINK_API CallbackListener {
 public:
  CallbackListener() = default;
  virtual ~CallbackListener();
  CallbackListener(const CallbackListener&) = delete;
  CallbackListener& operator=(const CallbackListener&) = delete;

  /// What to give the server as callback: "http://127.0.0.1:PORT/callback/…", with a path that
  /// cannot be guessed.
  [[nodiscard]] virtual std::string callback_url() const = 0;

  /// What a browser is shown.
  struct Page {
    std::string title;
    /// One paragraph a line.
    std::string text;
  };

  class Judge {
   public:
    Judge() = default;
    virtual ~Judge() = default;
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;
    /// Says whether these fields are the answer waited for.
    [[nodiscard]] virtual bool accepts(const FormFields& fields) const = 0;
    /// Asked once, for accepted fields: what came of them. The browser waits for it, so that what is
    /// still to be done with the answer can be done here, and its outcome be shown.
    [[nodiscard]] virtual Page page(const FormFields& fields) = 0;
  };

  /// Query fields of the first visit to the callback that `judge` accepts. Other visitors get a
  /// page that says so, cannot hold up the right one, and change nothing. Those that come again
  /// right after the answer (a double click) are told that it has come. Fails with `login_expired`
  /// after `patience`, `cancelled` on interruption.
  [[nodiscard]] virtual Result<FormFields> wait(Judge& judge,
                                                std::chrono::milliseconds patience) = 0;
};

/// Listens on 127.0.0.1 at `port` (0: any free one). Loads the `listen` module. Fails with
/// `listen_failed` or `module_missing`.
[[nodiscard]] ATLINK_API Result<std::unique_ptr<CallbackListener>> listen_for_callback(
    RandomSource& random, std::uint16_t port);

/// Listens again where an earlier listener did that has gone, for the answer to what was begun
/// then: `callback_url` is that one's. Fails with `listen_failed`, also for another URL.
[[nodiscard]] ATLINK_API Result<std::unique_ptr<CallbackListener>> listen_for_callback(
    std::string_view callback_url);

/// Listens at a loopback redirect URI as it is registered, "http://localhost:8123/callback";
/// `any_port` takes a free one instead of the one that it names.
[[nodiscard]] ATLINK_API Result<std::unique_ptr<CallbackListener>> listen_at(const Url& redirect,
                                                                             bool any_port);

}  // namespace atlink
