// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/failures.h"

#include "atlink/text.h"
#include "core/http/wire/certificate_failures.h"
#include "core/http/wire/proxy_failures.h"

#include <fmt/format.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace atlink::wire {

namespace {

std::string place(const Ended& ended) {
  const Url& url = ended.exchange.request.url;
  const ProxyServer* proxy = ended.call.way().proxy;
  return fmt::format("{}:{}{}",
                     url.host(),
                     url.port(),
                     proxy == nullptr ? "" : fmt::format(" (through the proxy {})", proxy->url()));
}

/// libcurl's words in brackets, fit for a line.
std::string in_brackets(const Ended& ended) {
  return ended.detail.empty() ? std::string() : fmt::format(" ({})", printable(ended.detail, 200));
}

/// Whether only the proxy was there so far.
bool asks_proxy(const Ended& ended) {
  const Way& way = ended.call.way();
  return way.proxy != nullptr && !way.is_forwarded() && ended.call.connected() &&
         figure<long>(ended.easy, CURLINFO_HTTP_CONNECTCODE) == 0;
}

std::string_view phase(const Ended& ended) {
  const Call& call = ended.call;
  if (call.head().complete()) {
    return "while the answer's body came in";
  }
  if (call.head().started()) {
    return "while the head of the answer came in";
  }
  if (call.handed() > 0) {
    return "after the request was sent, or part of it";
  }
  if (call.started()) {
    return "before the request was sent";
  }
  if (!call.connecting()) {
    return "while the host name was looked up";
  }
  if (asks_proxy(ended)) {
    return "while the proxy was asked for a connection";
  }
  return call.connected() ? "during the TLS handshake" : "while connecting";
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000.0);
}

Error timed_out(const Ended& ended) {
  const Exchange& exchange = ended.exchange;
  const bool idle = exchange.idle_deadline.count() > 0;
  const auto given = idle ? exchange.idle_deadline : exchange.deadline;
  const bool connecting = !ended.call.started() && ended.how == LoopEnd::done &&
                          (given.count() == 0 || given > connect_deadline);
  const std::string limit =
      connecting
          ? fmt::format("the deadline of {} for a connection passed", seconds(connect_deadline))
      : idle ? fmt::format("no byte came or went for {}", seconds(exchange.idle_deadline))
             : fmt::format("the deadline of {} passed", seconds(exchange.deadline));
  const bool answering = ended.call.head().started();
  return make_error(answering ? ErrorCode::answer_truncated : ErrorCode::network_timeout,
                    fmt::format("{}: {} {}", place(ended), limit, phase(ended)),
                    ended.call.handed() > 0 && !answering
                        ? "the request may have been carried out: look before repeating it"
                        : "check that the server is up and reachable, or allow more time");
}

Error no_connection(const Ended& ended) {
  const int number = static_cast<int>(figure<long>(ended.easy, CURLINFO_OS_ERRNO));
  const std::string reason = number == 0
                                 ? in_brackets(ended)
                                 : fmt::format(": {}", std::generic_category().message(number));
  switch (number) {
    case ECONNREFUSED:
      return make_error(ErrorCode::network_refused,
                        fmt::format("{} refused the connection", place(ended)),
                        "check host and port of the URL, and that the server is running");
    case ETIMEDOUT:
      return make_error(ErrorCode::network_timeout,
                        fmt::format("{} did not answer while connecting", place(ended)),
                        "check host and port of the URL, and firewalls on the way");
    default:
      return make_error(ErrorCode::network_unreachable,
                        fmt::format("{} cannot be reached{}", place(ended), reason),
                        "check the network, and host and port of the URL");
  }
}

/// The reason in a word, for programs; empty where it has none.
std::string_view word_for(const Ended& ended) {
  switch (figure<long>(ended.easy, CURLINFO_SSL_VERIFYRESULT)) {
    case 2:
    case 19:
    case 20:
    case 21:
      return "unknown_authority";
    case 9:
      return "not_yet_valid";
    case 10:
      return "expired";
    case 18:
      return "self_signed";
    case 23:
      return "revoked";
    case 62:
    case 64:
      return "wrong_name";
    default:
      return "other";
  }
}

Error bad_certificate(const Ended& ended) {
  const std::string_view known =
      certificate_reason(figure<long>(ended.easy, CURLINFO_SSL_VERIFYRESULT));
  // libcurl itself compares the names; OpenSSL's verdict is fine then.
  const bool other_name = ended.detail.find("name") != std::string::npos && known.empty();
  const std::string reason = other_name ? "it is for another host name" : std::string(known);
  const std::string look =
      fmt::format("look at it: atlink trust {}", ended.exchange.request.url.origin());
  const std::string next =
      other_name
          ? fmt::format("use the host name that the certificate was issued for; {}", look)
          : fmt::format(
                "{}; if the server is the right one, add --profile NAME to trust it there, "
                "or name the certificate of its authority: atlink profile set NAME --ca-file FILE",
                look);
  return make_error(ErrorCode::network_certificate,
                    fmt::format(
                        "the certificate of {} is not trusted{}: {}{}",
                        place(ended),
                        ended.exchange.connection.ca_pem.empty() ? "" : " by the ones given for it",
                        reason,
                        in_brackets(ended)),
                    next)
      .with("reason", std::string(other_name ? "wrong_name" : word_for(ended)));
}

Error bad_handshake(const Ended& ended) {
  const bool plain = ended.detail.find("wrong version number") != std::string::npos ||
                     ended.detail.find("packet length too long") != std::string::npos;
  return make_error(
      ErrorCode::network_tls,
      fmt::format("no secure connection to {}{}", place(ended), in_brackets(ended)),
      plain ? "this port does not seem to speak TLS: check the port, or use http://"
            : "check that the server speaks TLS 1.2 or newer on this port, and whether "
              "it wants a client certificate (atlink profile set NAME --client-cert FILE)");
}

Error not_http(const Ended& ended) {
  return make_error(ErrorCode::answer_not_understood,
                    fmt::format("what {} answers is no HTTP{}", place(ended), in_brackets(ended)),
                    "check scheme, host and port of the URL");
}

/// The other side ended TLS by an alert, which says that it read nothing of the request: with TLS
/// 1.3 its verdict on the handshake may come after the request is out.
bool is_alert(const Ended& ended) {
  return ended.code == CURLE_RECV_ERROR && ended.detail.find(" alert ") != std::string::npos;
}

Error lost(const Ended& ended) {
  if (ended.call.head().started()) {
    return make_error(
        ErrorCode::answer_truncated,
        fmt::format("{} ended the connection {}{}", place(ended), phase(ended), in_brackets(ended)),
        "repeat the request if that does no harm");
  }
  if (is_alert(ended)) {
    return bad_handshake(ended);
  }
  if (ended.call.handed() > 0) {
    return make_error(
        ErrorCode::network_answer_lost,
        fmt::format("{} ended the connection after the request was sent, without an answer{}",
                    place(ended),
                    in_brackets(ended)),
        "the request may have been carried out: look before repeating it");
  }
  return make_error(
      ErrorCode::network_lost,
      fmt::format("{} ended the connection {}{}", place(ended), phase(ended), in_brackets(ended)),
      "nothing was sent, so repeating is safe");
}

/// A head beyond libcurl's own limits shows as one of these.
bool is_head_too_large(const Ended& ended) {
  return ended.code == CURLE_OUT_OF_MEMORY || ended.detail.find("oo large") != std::string::npos ||
         ended.detail.find("Too long") != std::string::npos;
}

Error by_code(const Ended& ended) {
  switch (ended.code) {
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(ended);
    case CURLE_COULDNT_RESOLVE_HOST:
      return make_error(
          ErrorCode::network_name,
          fmt::format("the host name {} cannot be resolved", ended.exchange.request.url.host()),
          "check the spelling of the host, and the name server of this machine");
    case CURLE_PEER_FAILED_VERIFICATION:
      return bad_certificate(ended);
    case CURLE_SSL_CACERT_BADFILE:
      return make_error(ErrorCode::network_certificate,
                        "the file of trusted certificates holds no certificate in PEM",
                        "name a file with certificates between BEGIN and END lines: profile set "
                        "NAME --ca-file FILE");
    case CURLE_SSL_CONNECT_ERROR:
      return bad_handshake(ended);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return not_http(ended);
    default:
      return make_error(
          ErrorCode::network_other,
          fmt::format(
              "{}: {}{}", place(ended), curl_easy_strerror(ended.code), in_brackets(ended)));
  }
}

/// The other side took the connection and dropped it at once.
bool was_reset(const Ended& ended) {
  const long number = figure<long>(ended.easy, CURLINFO_OS_ERRNO);
  return number == ECONNRESET || number == ECONNABORTED || number == EPIPE;
}

bool is_connection_end(CURLcode code) {
  return code == CURLE_OK || code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR ||
         code == CURLE_RECV_ERROR || code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2 ||
         code == CURLE_HTTP2_STREAM;
}

}  // namespace

std::string_view certificate_reason(long verify_result) {
  switch (verify_result) {
    case 2:
    case 20:
    case 21:
      return "its issuer is unknown";
    case 9:
      return "it is not valid yet";
    case 10:
      return "it has expired";
    case 18:
      return "it is self-signed";
    case 19:
      return "its chain ends in an authority that is not trusted";
    case 23:
      return "it has been revoked";
    case 62:
    case 64:
      return "it is for another host name";
    default:
      return {};
  }
}

Error describe(const Ended& ended) {
  if (ended.how == LoopEnd::interrupted) {
    return make_error(ErrorCode::cancelled, fmt::format("interrupted {}", phase(ended)));
  }
  if (ended.call.failure()) {
    return *ended.call.failure();
  }
  if (ended.how == LoopEnd::idle) {
    return timed_out(ended);
  }
  if (auto error = proxy_failure(ended)) {
    return *std::move(error);
  }
  if (auto error = client_certificate_failure(ended)) {
    return *std::move(error);
  }
  if (!ended.call.head().complete() && is_head_too_large(ended)) {
    return make_error(ErrorCode::answer_too_large,
                      fmt::format("the head of the answer of {} is too large", place(ended)));
  }
  // The refusal of a second start shows as an error of connecting.
  const bool again = ended.code == CURLE_COULDNT_CONNECT ||
                     ended.code == CURLE_ABORTED_BY_CALLBACK ||
                     ended.code == CURLE_SEND_FAIL_REWIND;
  if (is_connection_end(ended.code) || (again && ended.call.handed() > 0)) {
    return lost(ended);
  }
  if (ended.code == CURLE_COULDNT_CONNECT) {
    return was_reset(ended) ? lost(ended) : no_connection(ended);
  }
  return by_code(ended);
}

}  // namespace atlink::wire
