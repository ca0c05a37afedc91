// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "core/http/wire/decoder.h"
#include "core/http/wire/event_loop.h"
#include "core/http/wire/head_reader.h"
#include "core/http/wire/sockets.h"
#include "core/http/wire/upload.h"
#include "core/http/wire/way.h"

#include <optional>

namespace atlink::wire {

/// One exchange as libcurl's callbacks see it.
class Call final : public EventLoop::Watcher {
 public:
  /// Borrows everything; lives as long as the exchange.
  Call(const Exchange& exchange, CURL* easy, Sockets& sockets, const Way& way);

  /// Reads a small body. To be called before the exchange.
  [[nodiscard]] Status prepare() { return upload_.prepare(); }

  /// Has libcurl call this object during the next transfer.
  void attach();

  [[nodiscard]] const Upload& upload() const { return upload_; }

  [[nodiscard]] const HeadReader& head() const { return head_; }

  /// What to ask once libcurl is content: whether the body is whole in the eyes of TLS and of its
  /// compression, too. Fails with `answer_truncated`.
  [[nodiscard]] Status body_end() const;

  /// The error of the body, of the handler or of the answer's head that ended the transfer.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  /// Whether the name had been looked up, or a connection been there from before.
  [[nodiscard]] bool connecting() const { return connecting_ || started_; }

  /// Whether the connection stood, and only TLS was missing. To be asked after the transfer.
  [[nodiscard]] bool connected() const { return connecting() && sockets_.closed_connected(); }

  /// Whether the connection was ready and the request begun.
  [[nodiscard]] bool started() const { return started_; }

  /// How the connection is made.
  [[nodiscard]] const Way& way() const { return way_; }

  /// Bytes of the request that were handed to a connection; what a proxy was asked before does not
  /// count.
  [[nodiscard]] std::uint64_t handed() const;

  /// May a connection be opened? Not a second time once a byte of the request is out: libcurl
  /// would send it again by itself.
  [[nodiscard]] bool may_connect();

  [[nodiscard]] std::uint64_t progress() override;
  [[nodiscard]] bool after_events() override;

 private:
  /// A piece of the body is held back for two rounds of events while an early answer is read.
  enum class Flow { on, just_held, held, resumed };

  static int on_start(void* self, char*, char*, int, int);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);

  [[nodiscard]] Status take_header(std::string_view line);
  [[nodiscard]] Result<std::size_t> give(std::span<char> buffer);

  const Exchange& exchange_;
  CURL* easy_;
  Sockets& sockets_;
  const Way& way_;
  Upload upload_;
  HeadReader head_;
  Decoder decoder_;
  std::optional<Error> failure_;
  Flow flow_ = Flow::on;
  /// False while only a close_notify can make the body whole.
  bool tls_end_seen_ = true;
  bool connecting_ = false;
  bool started_ = false;
  /// Several exchanges may share the connection in the protocol's eyes, and both sides talk at any
  /// time.
  bool http2_ = false;
  /// What libcurl had counted as sent when the request began.
  std::uint64_t before_ = 0;
};

}  // namespace atlink::wire
