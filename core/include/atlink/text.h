// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink {

/// Text from a server, plugin or file made fit for a terminal and for one line: invalid UTF-8,
/// control characters (C0, DEL, C1), bidirectional overrides and line breaks become a space or
/// U+FFFD; at most `max_bytes` bytes, cut at a character with "…" at the end.
[[nodiscard]] ATLINK_API std::string printable(std::string_view text, std::size_t max_bytes = 400);

/// A sequence of name and value, decoded, in the order they stood in.
using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Reads application/x-www-form-urlencoded text: "+" is a space, pieces without "=" have an empty
/// value, empty pieces are dropped.
[[nodiscard]] ATLINK_API FormFields parse_form(std::string_view text);

/// Writes application/x-www-form-urlencoded text with percent-encoding throughout (a space is
/// %20, which every reader of forms takes).
[[nodiscard]] ATLINK_API std::string to_form(const FormFields& fields);

/// The first value of `name`; valid as long as `fields`.
[[nodiscard]] ATLINK_API std::optional<std::string_view> form_value(const FormFields& fields,
                                                                    std::string_view name);
std::optional<std::string_view> form_value(FormFields&& fields, std::string_view name) = delete;

/// Base64 with padding, on one line (RFC 4648 section 4).
[[nodiscard]] ATLINK_API std::string to_base64(std::string_view bytes);

/// Strict base64: padding required, white space refused.
[[nodiscard]] ATLINK_API std::optional<std::string> from_base64(std::string_view text);

using TimePoint = std::chrono::system_clock::time_point;

/// UTC in RFC 3339 with whole seconds: "2026-01-31T09:30:00Z".
[[nodiscard]] ATLINK_API std::string to_rfc3339(TimePoint time);

/// Reads RFC 3339 (any offset; fractions are dropped).
[[nodiscard]] ATLINK_API std::optional<TimePoint> from_rfc3339(std::string_view text);

/// Reads the three date forms of HTTP (RFC 9110 section 5.6.7).
[[nodiscard]] ATLINK_API std::optional<TimePoint> from_http_date(std::string_view text);

/// ASCII comparison without case, as for header names.
[[nodiscard]] ATLINK_API bool equals_ignoring_case(std::string_view a, std::string_view b);

/// ASCII lower case.
[[nodiscard]] ATLINK_API std::string to_lower(std::string_view text);

/// Without leading and trailing spaces, tabs and line breaks.
[[nodiscard]] ATLINK_API std::string_view trim(std::string_view text);

/// Whether `text` is well-formed UTF-8.
[[nodiscard]] ATLINK_API bool is_utf8(std::string_view text);

}  // namespace atlink
