// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/call.h"

#include "core/http/wire/proxy_failures.h"
#include "core/http/wire/tls_end.h"

#include <fmt/format.h>

#include <exception>
#include <string>

namespace atlink::wire {

namespace {

/// Runs code of ours or of the caller's below libcurl, which no exception may pass.
template <class Function>
auto guarded(std::optional<Error>& failure, Function function) -> decltype(function()) {
  try {
    auto outcome = function();
    if (!outcome) {
      failure = outcome.error();
    }
    return outcome;
  } catch (const std::exception& exception) {
    failure = make_error(ErrorCode::internal, exception.what());
  } catch (...) {
    failure = make_error(ErrorCode::internal, "an unknown exception during a transfer");
  }
  return fail(*failure);
}

/// What libcurl has handed over, also to a proxy.
std::uint64_t all_sent(CURL* easy) {
  return static_cast<std::uint64_t>(figure<long>(easy, CURLINFO_REQUEST_SIZE));
}

}  // namespace

Call::Call(const Exchange& exchange, CURL* easy, Sockets& sockets, const Way& way)
    : exchange_(exchange),
      easy_(easy),
      sockets_(sockets),
      way_(way),
      upload_(exchange.request.body) {}

void Call::attach() {
  set(easy_, CURLOPT_PREREQFUNCTION, &Call::on_start);
  set(easy_, CURLOPT_PREREQDATA, this);
  set(easy_, CURLOPT_HEADERFUNCTION, &Call::on_header);
  set(easy_, CURLOPT_HEADERDATA, this);
  set(easy_, CURLOPT_WRITEFUNCTION, &Call::on_body);
  set(easy_, CURLOPT_WRITEDATA, this);
  set(easy_, CURLOPT_XFERINFOFUNCTION, &Call::on_progress);
  set(easy_, CURLOPT_XFERINFODATA, this);
  set(easy_, CURLOPT_NOPROGRESS, 1L);
  set(easy_, CURLOPT_READFUNCTION, &Call::on_read);
  set(easy_, CURLOPT_READDATA, this);
}

std::uint64_t Call::handed() const {
  return started_ ? all_sent(easy_) - before_ : 0;
}

bool Call::may_connect() {
  connecting_ = true;
  return !started_ || handed() == 0;
}

// Called when a connection is ready and the request is about to be written to it. A second time
// means that libcurl found a kept-alive connection closed and wants to send the request again.
int Call::on_start(void* self, char*, char*, int, int) {
  auto& call = *static_cast<Call*>(self);
  if (call.started_ && call.handed() > 0) {
    return CURL_PREREQFUNC_ABORT;
  }
  call.started_ = true;
  call.before_ = all_sent(call.easy_);
  call.http2_ = speaks_http2(call.easy_);
  return CURL_PREREQFUNC_OK;
}

Status Call::take_header(std::string_view line) {
  ATLINK_ASSIGN(const bool complete, head_.take(line));
  if (!complete) {
    return {};
  }
  if (way_.is_forwarded()) {
    ATLINK_CHECK(check_forwarded(*way_.proxy, head_.head()));
  }
  decoder_.begin(head_.head().headers);
  if (exchange_.request.url.is_https() && exchange_.request.method != "HEAD" &&
      head_.ends_with_connection()) {
    tls_end_seen_ = false;
    set(easy_, CURLOPT_NOPROGRESS, 0L);
  }
  return exchange_.handler.head(head_.head());
}

std::size_t Call::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<Call*>(self);
  const std::string_view line(bytes, size * count);
  const bool taken = guarded(call.failure_, [&] { return call.take_header(line); }).has_value();
  return taken ? line.size() : CURL_WRITEFUNC_ERROR;
}

std::size_t Call::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<Call*>(self);
  const std::string_view piece(bytes, size * count);
  const bool taken = guarded(call.failure_, [&] {
                       return call.decoder_.write(piece, call.exchange_.handler);
                     }).has_value();
  return taken ? piece.size() : CURL_WRITEFUNC_ERROR;
}

// Called after each read, also after the one that met the end of the connection.
int Call::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& call = *static_cast<Call*>(self);
  call.tls_end_seen_ = call.tls_end_seen_ || said_goodbye(call.easy_);
  return 0;
}

Status Call::body_end() const {
  if (!tls_end_seen_) {
    return fail(ErrorCode::answer_truncated,
                fmt::format("{}:{} ended the connection without saying that the answer is whole "
                            "(no close_notify of TLS)",
                            exchange_.request.url.host(),
                            exchange_.request.url.port()),
                "repeat the request if that does no harm");
  }
  return decoder_.finish();
}

Result<std::size_t> Call::give(std::span<char> buffer) {
  ATLINK_ASSIGN(const std::size_t got, upload_.read(buffer));
  // An answer that comes before the body is through is the last thing that this server says. The
  // next write might meet a reset, and the answer would be lost: have it read first. HTTP/2 has
  // frames come all the time, and ends one exchange without the connection.
  if (got > 0 && !http2_ && flow_ == Flow::on && sockets_.readable()) {
    upload_.hold(buffer.first(got));
    flow_ = Flow::just_held;
    return std::size_t{CURL_READFUNC_PAUSE};
  }
  flow_ = Flow::on;
  return got;
}

std::size_t Call::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<Call*>(self);
  const auto given =
      guarded(call.failure_, [&] { return call.give(std::span(buffer, size * count)); });
  return given ? *given : std::size_t{CURL_READFUNC_ABORT};
}

std::uint64_t Call::progress() {
  return handed() + static_cast<std::uint64_t>(figure<long>(easy_, CURLINFO_HEADER_SIZE)) +
         static_cast<std::uint64_t>(figure<curl_off_t>(easy_, CURLINFO_SIZE_UPLOAD_T)) +
         static_cast<std::uint64_t>(figure<curl_off_t>(easy_, CURLINFO_SIZE_DOWNLOAD_T));
}

bool Call::after_events() {
  if (flow_ == Flow::held) {
    flow_ = Flow::resumed;
    curl_easy_pause(easy_, CURLPAUSE_CONT);
  }
  if (flow_ == Flow::just_held) {
    flow_ = Flow::held;
    return true;
  }
  return false;
}

}  // namespace atlink::wire
