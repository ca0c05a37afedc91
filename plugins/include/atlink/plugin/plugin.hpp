// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/plugin/ext/convert.h"
#include "atlink/plugin/plugin.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

/// The C interface of native extensions, for authors who write C++20. Needs nothing but the C
/// headers and the standard library. A whole plugin:
///
///     #include "atlink/plugin/plugin.hpp"
///
///     namespace {
///
///     std::string to_shouting(std::string_view text);
///
///     using Converter = atlink::plugin::Converter<
///         atlink::plugin::Conversion<"text", "shouting", to_shouting>>;
///
///     }  // namespace
///
///     const atlink_plugin_entry_t atlink_plugin_entry =
///         atlink::plugin::entry<Converter>("acme", "1.0.0");
///
/// Everything here is made while compiling, so that loading runs nothing. No exception leaves a
/// function that the host calls.
#if defined(__GNUC__)
#  pragma GCC visibility push(hidden)
#endif
namespace atlink::plugin {

/// Throw it where the text to convert is malformed; say where, in one line without secrets.
class MalformedInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Thrown by Output where the host wants no more. Let it pass: it is no std::exception, so that a
/// handler of those does not hold it up.
struct Stopped {};

/// Where a conversion puts its result, piece by piece and in order.
class Output {
 public:
  explicit Output(const atlink_sink_t& sink) : sink_(sink) {}

  /// Hands a piece over; it need not live longer than the call.
  void write(std::string_view piece) {
    if (!piece.empty() && !sink_.write(&sink_, {piece.data(), piece.size()})) {
      throw Stopped();
    }
  }

  /// The same, to be chained.
  Output& operator<<(std::string_view piece) {
    write(piece);
    return *this;
  }

 private:
  const atlink_sink_t& sink_;
};

/// A literal as template argument.
template <std::size_t Size>
struct Literal {
  char text[Size]{};

  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
  consteval Literal(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }

  /// Whether it is the name of a format: see atlink_conversion_1.
  [[nodiscard]] consteval bool is_format_name() const {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return Size >= 2 && Size <= 65 && is_letter(text[0]) &&
           std::all_of(text, text + Size - 1, [&](char c) {
             return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
           });
  }
};

/// A conversion that the plugin offers. `Function` is a function, or an object that can be called
/// and captures nothing, of one of the forms
///
///     std::string convert(std::string_view input);
///     void convert(std::string_view input, atlink::plugin::Output& output);
///
/// It may be called from several threads at once. What it throws becomes an error of the host.
template <Literal From, Literal To, auto Function>
struct Conversion {
  static_assert(From.is_format_name() && To.is_format_name(),
                "names of formats are 1 to 64 lower-case letters, digits and hyphens, a letter "
                "first");

  /// As the table lists it.
  static constexpr atlink_conversion_1_t names{From.text, To.text};

  static void run(std::string_view input, Output& output) {
    if constexpr (std::is_invocable_v<decltype(Function), std::string_view, Output&>) {
      Function(input, output);
    } else {
      output.write(Function(input));
    }
  }
};

namespace detail {

inline void say(const atlink_sink_t* message, const char* text) noexcept {
  static_cast<void>(message->write(message, {text, std::strlen(text)}));
}

/// Does the work and turns what it throws into a status.
template <class Work>
atlink_status_t guarded(const atlink_sink_t* message, const Work& work) noexcept {
  try {
    work();
    return ATLINK_OK;
  } catch (const Stopped&) {
    return ATLINK_ERROR_STOPPED;
  } catch (const MalformedInput& problem) {
    say(message, problem.what());
    return ATLINK_ERROR_INPUT;
  } catch (const std::bad_alloc&) {
    return ATLINK_ERROR_MEMORY;
  } catch (const std::exception& problem) {
    say(message, problem.what());
    return ATLINK_ERROR_INTERNAL;
  } catch (...) {
    return ATLINK_ERROR_INTERNAL;
  }
}

template <class... Extensions>
const void* get_extension(const char* id) noexcept {
  const void* found = nullptr;
  (static_cast<void>(std::strcmp(id, Extensions::id) == 0 ? found = Extensions::table() : nullptr),
   ...);
  return found;
}

}  // namespace detail

/// The extension atlink.convert/1 with these conversions.
template <class... Conversions>
class Converter {
  static_assert(sizeof...(Conversions) >= 1 && sizeof...(Conversions) <= 256);

 public:
  static constexpr const char* id = ATLINK_EXT_CONVERT_1;

  [[nodiscard]] static const void* table() noexcept { return &table_; }

 private:
  static atlink_status_t convert(const char* from,
                                 const char* to,
                                 atlink_text_t input,
                                 const atlink_sink_t* output,
                                 const atlink_sink_t* message) noexcept {
    const std::string_view text =
        input.data == nullptr ? std::string_view() : std::string_view(input.data, input.size);
    atlink_status_t status = ATLINK_ERROR_UNSUPPORTED;
    const auto one = [&]<class Each>() {
      if (std::strcmp(from, Each::names.from) != 0 || std::strcmp(to, Each::names.to) != 0) {
        return false;
      }
      Output sink(*output);
      status = detail::guarded(message, [&] { Each::run(text, sink); });
      return true;
    };
    static_cast<void>((one.template operator()<Conversions>() || ...));
    return status;
  }

  static constexpr atlink_conversion_1_t offered_[] = {Conversions::names...};
  static constexpr atlink_convert_1_t table_{offered_, sizeof...(Conversions), &convert};
};

/// The entry of a plugin with these extensions. `version` is the plugin's own, for people.
template <class... Extensions>
[[nodiscard]] consteval atlink_plugin_entry_t entry(const char* id, const char* version) {
  return {ATLINK_PLUGIN_ABI_MAJOR,
          ATLINK_PLUGIN_ABI_MINOR,
          id,
          version,
          &detail::get_extension<Extensions...>};
}

}  // namespace atlink::plugin

#if defined(__GNUC__)
#  pragma GCC visibility pop
#endif
