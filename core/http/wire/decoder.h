// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace atlink::wire {

/// Undoes the content coding of one answer (RFC 9110 section 8.4): gzip of any number of members,
/// deflate with and without zlib's wrapping. libcurl does so too, but it takes a stream that was
/// cut short for a whole one, and refuses a second gzip member.
class Decoder {
 public:
  /// What is asked for in Accept-Encoding.
  static constexpr std::string_view accepted = "gzip, deflate";

  Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  /// To be called with the head, before the first `write`.
  void begin(const Headers& headers);

  /// Decodes `bytes` into `sink`. Fails with `answer_not_understood` for a coding that was not
  /// asked for and for bytes that are not of the coding, and with the sink's error. May throw
  /// std::bad_alloc.
  [[nodiscard]] Status write(std::string_view bytes, BodySink& sink);

  /// To be called at the end of the body: fails with `answer_truncated` in the middle of a stream.
  [[nodiscard]] Status finish() const;

 private:
  enum class Coding { identity, gzip, deflate, unknown };

  struct StreamDeleter {
    void operator()(z_stream_s* stream) const;
  };

  void open_stream(unsigned char first);
  [[nodiscard]] Status inflate_all(std::string_view bytes, BodySink& sink);
  [[nodiscard]] Status inflate_piece(BodySink& sink);
  [[nodiscard]] Status next_member(std::string_view rest);
  [[nodiscard]] static Status damaged();

  Coding coding_ = Coding::identity;
  std::string name_;
  std::unique_ptr<z_stream_s, StreamDeleter> stream_;
  std::vector<unsigned char> out_;
  /// Between members, where a body may end.
  bool at_end_ = false;
};

}  // namespace atlink::wire
