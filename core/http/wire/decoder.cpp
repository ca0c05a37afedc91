// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/decoder.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

// Input bytes are const.
#define ZLIB_CONST
#include <zlib.h>

namespace atlink::wire {

namespace {

constexpr std::size_t out_size = std::size_t{64} << 10;
constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int raw_window = -15;
constexpr unsigned char gzip_magic = 0x1f;

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [name](std::string_view each) {
    return equals_ignoring_case(name, each);
  });
}

}  // namespace

Decoder::Decoder() = default;
Decoder::~Decoder() = default;

void Decoder::StreamDeleter::operator()(z_stream_s* stream) const {
  static_cast<void>(::inflateEnd(stream));
  delete stream;
}

void Decoder::begin(const Headers& headers) {
  for (const std::string_view value : headers.all("Content-Encoding")) {
    if (trim(value).empty() || is_any(trim(value), {"identity"})) {
      continue;
    }
    // More than one coding was not asked for either.
    name_ = name_.empty() ? std::string(trim(value)) : fmt::format("{}, {}", name_, trim(value));
    coding_ = is_any(name_, {"gzip", "x-gzip"}) ? Coding::gzip
              : is_any(name_, {"deflate"})      ? Coding::deflate
                                                : Coding::unknown;
  }
}

void Decoder::open_stream(unsigned char first) {
  auto stream = std::make_unique<z_stream>();
  // Some servers send deflate without the wrapping that RFC 9110 section 8.4.1.2 asks for. The
  // wrapping begins with a byte whose lower half says 8.
  const int plain = (first & 0x0fU) == 8 ? zlib_window : raw_window;
  if (::inflateInit2(stream.get(), coding_ == Coding::gzip ? gzip_window : plain) != Z_OK) {
    throw std::bad_alloc();
  }
  stream_.reset(stream.release());
  out_.resize(out_size);
}

Status Decoder::damaged() {
  return fail(ErrorCode::answer_not_understood,
              "the compressed body of the answer is damaged",
              "repeat the request if that does no harm, or with the header "
              "'Accept-Encoding: identity'");
}

Status Decoder::write(std::string_view bytes, BodySink& sink) {
  if (coding_ == Coding::identity || bytes.empty()) {
    return sink.write(bytes);
  }
  if (coding_ == Coding::unknown) {
    return fail(ErrorCode::answer_not_understood,
                fmt::format("the answer is encoded as \"{}\", which was not asked for",
                            printable(name_, 80)),
                fmt::format("ask for one of: {}, identity", accepted));
  }
  if (!stream_) {
    open_stream(static_cast<unsigned char>(bytes.front()));
  }
  return inflate_all(bytes, sink);
}

Status Decoder::inflate_all(std::string_view bytes, BodySink& sink) {
  stream_->next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream_->avail_in = static_cast<uInt>(bytes.size());
  bool more = true;
  while (more) {
    if (at_end_) {
      ATLINK_CHECK(next_member(bytes.substr(bytes.size() - stream_->avail_in)));
    }
    if (!at_end_) {
      ATLINK_CHECK(inflate_piece(sink));
    }
    // A full piece may have left something behind in zlib.
    more = stream_->avail_in > 0 || (stream_->avail_out == 0 && !at_end_);
  }
  return {};
}

Status Decoder::inflate_piece(BodySink& sink) {
  stream_->next_out = out_.data();
  stream_->avail_out = static_cast<uInt>(out_.size());
  const int outcome = ::inflate(stream_.get(), Z_NO_FLUSH);
  if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) {
    return damaged();
  }
  at_end_ = outcome == Z_STREAM_END;
  const std::size_t got = out_.size() - stream_->avail_out;
  return got == 0 ? Status() : sink.write({reinterpret_cast<const char*>(out_.data()), got});
}

// What follows a whole stream: another member of a gzip file (RFC 1952 section 2.2) or padding.
Status Decoder::next_member(std::string_view rest) {
  if (rest.find_first_not_of('\0') == std::string_view::npos) {
    stream_->avail_in = 0;
    return {};
  }
  if (coding_ != Coding::gzip || static_cast<unsigned char>(rest.front()) != gzip_magic) {
    return damaged();
  }
  at_end_ = false;
  return ::inflateReset(stream_.get()) == Z_OK ? Status() : damaged();
}

Status Decoder::finish() const {
  if (stream_ && !at_end_) {
    return fail(ErrorCode::answer_truncated,
                "the compressed body of the answer ends in the middle",
                "repeat the request if that does no harm");
  }
  return {};
}

}  // namespace atlink::wire
