// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

#include <array>

namespace atlink {

namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days{
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/// Reads text from its front; once something did not fit, `good` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    const auto value = text::read_number(take(digits), 9999);
    good_ = good_ && value.has_value();
    return value.value_or(0);
  }

  void expect(std::string_view wanted) {
    good_ = good_ && equals_ignoring_case(take(wanted.size()), wanted);
  }

  /// How many of `names` come before the one that stands here, looking at `letters` of each (0:
  /// all).
  template <std::size_t count>
  unsigned name(const std::array<std::string_view, count>& names, std::size_t letters) {
    for (unsigned i = 0; i < count; ++i) {
      const std::string_view wanted = names.at(i).substr(0, letters == 0 ? 99 : letters);
      if (rest_.substr(0, wanted.size()) == wanted) {
        rest_.remove_prefix(wanted.size());
        return i;
      }
    }
    good_ = false;
    return 0;
  }

  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    good_ = good_ && taken.size() == count;
    rest_.remove_prefix(taken.size());
    return taken;
  }

  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Fields {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<TimePoint> to_time(const Fields& fields) {
  const year_month_day date{std::chrono::year{fields.year},
                            std::chrono::month{fields.month},
                            std::chrono::day{fields.day}};
  // The clock counts nanoseconds in 64 bits, which do not reach beyond these years. A second of 60
  // is a leap second.
  if (!date.ok() || fields.year < 1700 || fields.year > 2250 || fields.hour > 23 ||
      fields.minute > 59 || fields.second > 60) {
    return std::nullopt;
  }
  return sys_seconds(sys_days(date)) + std::chrono::hours(fields.hour) +
         std::chrono::minutes(fields.minute) + std::chrono::seconds(fields.second);
}

void read_clock(Reader& reader, Fields& fields) {
  fields.hour = reader.number(2);
  reader.expect(":");
  fields.minute = reader.number(2);
  reader.expect(":");
  fields.second = reader.number(2);
}

/// Skips a fraction of RFC 3339: a dot and at least one digit.
void skip_fraction(Reader& reader) {
  if (reader.peek() != '.') {
    return;
  }
  reader.take(1);
  do {
    reader.number(1);
  } while (text::is_digit(reader.peek()));
}

/// "Z" or "+hh:mm".
std::chrono::minutes read_offset(Reader& reader) {
  const char sign = reader.peek();
  if (sign != '+' && sign != '-') {
    reader.expect("Z");
    return {};
  }
  reader.take(1);
  const int hours = reader.number(2);
  reader.expect(":");
  const int minutes = reader.number(2);
  if (hours > 23 || minutes > 59) {
    reader.expect("?");
  }
  return std::chrono::minutes((sign == '-' ? -1 : 1) * (hours * 60 + minutes));
}

/// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<TimePoint> from_fixdate(std::string_view text) {
  Reader reader(text);
  Fields fields;
  reader.name(days, 3);
  reader.expect(", ");
  fields.day = static_cast<unsigned>(reader.number(2));
  reader.expect(" ");
  fields.month = reader.name(months, 3) + 1;
  reader.expect(" ");
  fields.year = reader.number(4);
  reader.expect(" ");
  read_clock(reader, fields);
  reader.expect(" GMT");
  return reader.done() ? to_time(fields) : std::nullopt;
}

/// Sunday, 06-Nov-94 08:49:37 GMT; years below 70 are of this century.
std::optional<TimePoint> from_rfc850(std::string_view text) {
  Reader reader(text);
  Fields fields;
  reader.name(days, 0);
  reader.expect(", ");
  fields.day = static_cast<unsigned>(reader.number(2));
  reader.expect("-");
  fields.month = reader.name(months, 3) + 1;
  reader.expect("-");
  const int short_year = reader.number(2);
  fields.year = short_year + (short_year < 70 ? 2000 : 1900);
  reader.expect(" ");
  read_clock(reader, fields);
  reader.expect(" GMT");
  return reader.done() ? to_time(fields) : std::nullopt;
}

/// Sun Nov  6 08:49:37 1994
std::optional<TimePoint> from_asctime(std::string_view text) {
  Reader reader(text);
  Fields fields;
  reader.name(days, 3);
  reader.expect(" ");
  fields.month = reader.name(months, 3) + 1;
  reader.expect(" ");
  const bool padded = reader.peek() == ' ';
  reader.take(padded ? 1 : 0);
  fields.day = static_cast<unsigned>(reader.number(padded ? 1 : 2));
  reader.expect(" ");
  read_clock(reader, fields);
  reader.expect(" ");
  fields.year = reader.number(4);
  return reader.done() ? to_time(fields) : std::nullopt;
}

}  // namespace

std::string to_rfc3339(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     clock.hours().count(),
                     clock.minutes().count(),
                     clock.seconds().count());
}

std::optional<TimePoint> from_rfc3339(std::string_view text) {
  Reader reader(text);
  Fields fields;
  fields.year = reader.number(4);
  reader.expect("-");
  fields.month = static_cast<unsigned>(reader.number(2));
  reader.expect("-");
  fields.day = static_cast<unsigned>(reader.number(2));
  reader.expect("T");
  read_clock(reader, fields);
  skip_fraction(reader);
  const std::chrono::minutes offset = read_offset(reader);
  const auto local = reader.done() ? to_time(fields) : std::nullopt;
  return local ? std::optional(*local - offset) : std::nullopt;
}

std::optional<TimePoint> from_http_date(std::string_view text) {
  const std::string_view trimmed = trim(text);
  for (const auto form : {from_fixdate, from_rfc850, from_asctime}) {
    if (const auto time = form(trimmed)) {
      return time;
    }
  }
  return std::nullopt;
}

}  // namespace atlink
