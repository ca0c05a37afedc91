// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/lane.h"

#include "core/http/wire/failures.h"
#include "core/http/wire/request.h"
#include "core/http/wire/trust.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

namespace atlink::wire {

namespace {

constexpr long buffer_size = 512L << 10;
/// A piece of a body is written record by record, and a reset between two of them would take an
/// early answer with it. Small pieces are as fast: encrypting is what takes the time.
constexpr long tls_piece = 32L << 10;

/// What stands in front of a certificate in libcurl's list of what it found.
constexpr std::string_view certificate_label = "Cert:";

/// The longest time that libcurl takes, 24 days.
constexpr long no_limit = std::numeric_limits<int>::max();
constexpr long longest_connecting = std::chrono::milliseconds(connect_deadline).count();

/// Zero for no limit; a time that is over already becomes the shortest that there is.
long in_milliseconds(std::chrono::milliseconds time) {
  return time.count() == 0 ? 0
                           : static_cast<long>(std::clamp<std::int64_t>(time.count(), 1, no_limit));
}

}  // namespace

Lane::Lane(const Url& url, Way way, CURLSH* share) : way_(std::move(way)), easy_(curl_easy_init()) {
  if (!easy_) {
    throw std::bad_alloc();
  }
  if (share != nullptr) {
    set(easy_.get(), CURLOPT_SHARE, share);
  }
  // Only where to connect; the request target is given with each request, byte for byte.
  set(easy_.get(), CURLOPT_URL, (way_.origin + "/").c_str());
  apply_manners(url.is_https());
  apply_proxy(easy_.get(), way_);
  if (url.is_https()) {
    apply_trust(easy_.get(), way_.ca_pem);
    apply_certificate(easy_.get(), way_.certificate.get());
  }
}

void Lane::apply_manners(bool https) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, words_.data());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  // The server chooses, in the TLS handshake; plain http stays with HTTP/1.1.
  set(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  // A name server that never answers must not hold up the deadline or the end of the process.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_BUFFERSIZE, buffer_size);
  set(easy, CURLOPT_UPLOAD_BUFFERSIZE, https ? tls_piece : buffer_size);
  set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Lane::on_open);
  set(easy, CURLOPT_OPENSOCKETDATA, this);
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &Lane::on_close);
  set(easy, CURLOPT_CLOSESOCKETDATA, this);
}

void Lane::apply_limits(const Exchange& exchange) {
  const long idle = in_milliseconds(exchange.idle_deadline);
  const long whole = idle > 0 ? 0 : in_milliseconds(exchange.deadline);
  set(easy_.get(), CURLOPT_TIMEOUT_MS, whole);
  // With this libcurl divides the time between the addresses of a name. Zero would stand for 300 s.
  const long given = std::max(idle, whole);
  const long connecting = std::min(given > 0 ? given : no_limit, longest_connecting);
  set(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS, connecting);
}

curl_socket_t Lane::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& lane = *static_cast<Lane*>(self);
  try {
    const bool allowed = lane.call_ != nullptr && lane.call_->may_connect();
    return allowed ? lane.sockets_.open(*address) : CURL_SOCKET_BAD;
  } catch (...) {
    return CURL_SOCKET_BAD;
  }
}

int Lane::on_close(void* self, curl_socket_t socket) {
  return static_cast<Lane*>(self)->sockets_.close(socket);
}

Status Lane::send(const Exchange& exchange) {
  Call call(exchange, easy_.get(), sockets_, way_);
  ATLINK_CHECK(call.prepare());
  const List headers = header_list(exchange.request);
  apply_request(easy_.get(), exchange.request, call.upload(), headers);
  if (way_.is_forwarded()) {
    set(easy_.get(), CURLOPT_REQUEST_TARGET, exchange.request.url.str().c_str());
  }
  apply_limits(exchange);
  call.attach();
  words_.front() = '\0';
  call_ = &call;
  CURLcode code = CURLE_OK;
  const LoopEnd how = loop_.run(easy_.get(), exchange.idle_deadline, call, code);
  call_ = nullptr;
  return verdict(exchange, call, how, code);
}

Status Lane::shake_hands(const Exchange& exchange) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_CONNECT_ONLY, 1L);
  set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  apply_limits(exchange);
  Call call(exchange, easy, sockets_, way_);
  words_.front() = '\0';
  call_ = &call;
  CURLcode code = CURLE_OK;
  const LoopEnd how = loop_.run(easy, {}, call, code);
  call_ = nullptr;
  if (how == LoopEnd::done && code == CURLE_OK) {
    return {};
  }
  return fail(describe(Ended{exchange, call, easy, how, code, words_.data()}));
}

Result<std::string> Lane::presented(const Exchange& exchange) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_CERTINFO, 1L);
  // The one place that looks at what it does not trust. The handshake is all that happens here.
  set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  ATLINK_CHECK(shake_hands(exchange));
  std::string pem;
  const auto* chain = figure<curl_certinfo*>(easy, CURLINFO_CERTINFO);
  for (int i = 0; chain != nullptr && i < chain->num_of_certs; ++i) {
    for (const curl_slist* each = chain->certinfo[i]; each != nullptr; each = each->next) {
      const std::string_view line(each->data);
      if (line.substr(0, certificate_label.size()) == certificate_label) {
        pem += line.substr(certificate_label.size());
      }
    }
  }
  return pem;
}

Status Lane::verdict(const Exchange& exchange, const Call& call, LoopEnd how, CURLcode code) {
  // libcurl is content with a head that was cut off.
  if (how == LoopEnd::done && code == CURLE_OK && call.head().complete() && !call.failure()) {
    return call.body_end();
  }
  return fail(describe(Ended{exchange, call, easy_.get(), how, code, words_.data()}));
}

}  // namespace atlink::wire
