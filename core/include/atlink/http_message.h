// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/url.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink {

/// Header fields in order; names compare without case; a name may come more than once.
class ATLINK_API Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;

  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Appends. Text is checked when a request is sent (`check_header`), not here.
  void add(std::string name, std::string value);

  /// Replaces all fields of that name by one.
  void set(std::string name, std::string value);

  void remove(std::string_view name);

  /// The first value of that name, or none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

  /// Every value of that name, in order.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;

  [[nodiscard]] auto begin() const { return fields_.begin(); }

  [[nodiscard]] auto end() const { return fields_.end(); }

  [[nodiscard]] bool empty() const { return fields_.empty(); }

  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

/// Refuses with `header_invalid` a name that is no token and a value with CR, LF, NUL or another
/// control character but tab (RFC 9110 section 5).
[[nodiscard]] ATLINK_API Status check_header(std::string_view name, std::string_view value);

/// Refuses with `usage` a method that is not a token of capital letters (at most 32).
[[nodiscard]] ATLINK_API Status check_method(std::string_view method);

/// Where a request's body comes from. Used by one thread at a time.
class ATLINK_API BodySource {
 public:
  BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  virtual ~BodySource();

  /// Bytes in all, where known before reading; else the body goes out chunked.
  [[nodiscard]] virtual std::optional<std::uint64_t> length() const = 0;

  /// Fills the front of `buffer` and says how much; 0 at the end.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;

  /// Back to the first byte; false where that cannot be, for example for a pipe.
  [[nodiscard]] virtual bool rewind() = 0;
};

/// A body in memory; can be rewound.
[[nodiscard]] ATLINK_API std::unique_ptr<BodySource> body_from_string(std::string bytes);

/// Where an answer's body goes, after content decoding. Used by one thread at a time.
class ATLINK_API BodySink {
 public:
  BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;
  virtual ~BodySink();

  /// Takes all of `bytes` or fails, which ends the transfer with that error.
  [[nodiscard]] virtual Status write(std::string_view bytes) = 0;
};

/// Keeps an answer in memory, up to a limit (then `answer_too_large`).
class ATLINK_API StringSink final : public BodySink {
 public:
  explicit StringSink(std::size_t limit = std::size_t{1} << 20) : limit_(limit) {}

  [[nodiscard]] Status write(std::string_view bytes) override;

  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::size_t limit_;
  std::string text_;
};

/// One request as it goes over the wire: nothing is added but Host, Content-Length or
/// Transfer-Encoding, Accept-Encoding and Connection; nothing is rewritten.
struct HttpRequest {
  std::string method;
  Url url;
  Headers headers;
  /// Not owned; null for no body. Must live until the exchange ends.
  BodySource* body = nullptr;
};

/// The head of a final answer (never a 1xx).
struct HttpResponseHead {
  int status = 0;
  Headers headers;
};

struct ClientCertificate;
struct ProxyRules;

/// How a connection is to be made. Part of the identity of a pooled connection.
struct ConnectionOptions {
  /// PEM file of the certificates to trust instead of the system's; empty for the system's store.
  /// The bytes, not the path: reading files is the FileSystem's.
  std::string ca_pem;
  /// The proxies to go through (atlink/proxy.h); null: straight to every host.
  std::shared_ptr<const ProxyRules> proxies{};
  /// What the client shows of itself to the origins that it is for (atlink/client_certificate.h);
  /// null: nothing.
  std::shared_ptr<const ClientCertificate> certificate{};
};

/// What a server shows of itself in a TLS handshake.
struct PresentedChain {
  /// Its certificates in PEM as they came, the server's own first; see `read_certificates`.
  std::string pem;
  /// Why a request would not be sent there, as `network_certificate`; none where one would be.
  std::optional<Error> distrust;
};

/// Told when the head of the answer is complete; may refuse the body by an error.
class ATLINK_API ResponseHandler : public BodySink {
 public:
  /// Called once, before the first `write`.
  [[nodiscard]] virtual Status head(const HttpResponseHead& head) = 0;
};

/// One attempt, start to end.
struct Exchange {
  const HttpRequest& request;
  ResponseHandler& handler;
  ConnectionOptions connection;
  /// For everything: name resolution, connect, TLS, sending, and the answer's last byte. Zero means
  /// no limit.
  std::chrono::milliseconds deadline{0};
  /// With a body being streamed the deadline would be a limit on its size; then this counts
  /// instead: the longest time without a byte in either direction. Zero means `deadline` counts.
  std::chrono::milliseconds idle_deadline{0};
};

}  // namespace atlink
