// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t longest_message = 400;

std::string_view view_of(atlink_text_t text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/// Where the pieces of one conversion go. No exception enters the module: it may be C.
struct Target {
  const std::function<Status(std::string_view piece)>& output;
  Status status;

  static bool write(const atlink_sink_t* sink, atlink_text_t piece) noexcept {
    auto& self = *static_cast<Target*>(sink->host_data);
    try {
      if (self.status && piece.size > 0) {
        self.status = self.output(view_of(piece));
      }
    } catch (const std::exception&) {
      self.status = fail(ErrorCode::internal, "out of memory while converting");
    }
    return self.status.has_value();
  }
};

/// What the module says about a failure, as far as it is kept.
struct Message {
  std::string text;

  static bool write(const atlink_sink_t* sink, atlink_text_t piece) noexcept {
    auto& self = *static_cast<Message*>(sink->host_data);
    try {
      const std::size_t room = longest_message - std::min(longest_message, self.text.size());
      self.text += view_of(piece).substr(0, room);
    } catch (const std::exception&) {
      self.text.clear();
    }
    return true;
  }

  [[nodiscard]] std::string or_else(std::string_view otherwise) const {
    return text.empty() ? std::string(otherwise) : printable(text);
  }
};

tl::unexpected<Error> failed(const std::string& path, const std::string& what) {
  return fail(make_error(ErrorCode::native_failed,
                         fmt::format("{}: {}", printable(path), what),
                         "report it to whoever made the plugin, with the text that it was to "
                         "convert")
                  .with("file", path)
                  .with("side", "plugin"));
}

Status outcome_of(atlink_status_t status, const Message& message, const std::string& path) {
  switch (status) {
    case ATLINK_OK:
      return {};
    case ATLINK_ERROR_INPUT:
      return fail(ErrorCode::conversion_refused,
                  message.or_else("the text is malformed"),
                  "mend the text, or name the format that it is in with --from");
    case ATLINK_ERROR_UNSUPPORTED:
      return failed(path, message.or_else("it does not do a conversion that it offers"));
    case ATLINK_ERROR_MEMORY:
      return failed(path, message.or_else("it found no memory for the conversion"));
    case ATLINK_ERROR_STOPPED:
      return failed(path, message.or_else("it stopped although nobody wanted it to"));
    default:
      return failed(path, message.or_else(fmt::format("it failed (status {})", status)));
  }
}

/// Calls the module. No exception of one that breaks its rules goes further.
Status call(const atlink_convert_1_t& table,
            const NativeConversion& conversion,
            std::string_view input,
            Target& target,
            const std::string& path) {
  Message message;
  const atlink_sink_t output{&target, Target::write};
  const atlink_sink_t complaints{&message, Message::write};
  atlink_status_t status = ATLINK_ERROR_INTERNAL;
  try {
    status = table.convert(conversion.from.c_str(),
                           conversion.to.c_str(),
                           {input.data(), input.size()},
                           &output,
                           &complaints);
  } catch (...) {
    return failed(path, "it threw an exception");
  }
  return target.status ? outcome_of(status, message, path) : std::move(target.status);
}

}  // namespace

const void* LoadedNative::extension(const std::string& id) const {
  return entry_->get_extension(id.c_str());
}

Status LoadedNative::convert(const NativeConversion& conversion,
                             std::string_view input,
                             const std::function<Status(std::string_view piece)>& output) const {
  const auto& offered = offer_.conversions;
  if (std::find(offered.begin(), offered.end(), conversion) == offered.end()) {
    std::vector<std::string> pairs;
    pairs.reserve(offered.size());
    for (const NativeConversion& each : offered) {
      pairs.push_back(fmt::format("{} to {}", each.from, each.to));
    }
    return fail(ErrorCode::product_unsupported,
                fmt::format("{} does not convert from {} to {}",
                            printable(path_),
                            printable(conversion.from, 64),
                            printable(conversion.to, 64)),
                pairs.empty() ? std::string("it offers no conversion at all")
                              : fmt::format("it converts {}", fmt::join(pairs, ", ")));
  }
  if (!is_utf8(input)) {
    return fail(ErrorCode::conversion_refused,
                "the text is not UTF-8",
                "convert it to UTF-8 first (iconv)");
  }
  const void* const table = extension(ATLINK_EXT_CONVERT_1);
  Target target{output, {}};
  return call(*static_cast<const atlink_convert_1_t*>(table), conversion, input, target, path_);
}

}  // namespace atlink::plugins
