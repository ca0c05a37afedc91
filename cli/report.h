// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/result.h"
#include "cli/app.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::cli {

enum class OutputFormat { table, json };

/// The one place that turns data, talk and errors into words on the two streams. Whatever passes
/// through here is fit for a terminal; only `bytes` is written as it is.
class Report {
 public:
  Report(Output& out, Output& err) : out_(out), err_(err) {}

  OutputFormat format = OutputFormat::table;

  [[nodiscard]] bool json() const { return format == OutputFormat::json; }

  /// Data as it is, to standard output.
  [[nodiscard]] Status bytes(std::string_view data) { return out_.write(data); }

  /// A document to standard output, with line breaks for people.
  [[nodiscard]] Status document(const json::Value& value);

  /// The same on one line, for what is read while the command goes on.
  [[nodiscard]] Status document_line(const json::Value& value);

  /// Talk, to standard error: what happened and what comes next. Nothing with `--output json`.
  void note(std::string_view text);

  /// A line of standard error that is meant to be copied (a URL); with `--output json` one object
  /// with the member `name`.
  void hand_over(std::string_view name, std::string_view value);

  /// Something that works but should not stay so. With `--output json` it is kept for `failed` or
  /// `finished`, so that standard error holds one object.
  void warn(std::string_view text);

  /// Says what went wrong and gives the exit code.
  [[nodiscard]] int failed(const Error& error);

  /// The end of a command that worked.
  [[nodiscard]] int finished();

 private:
  void talk(std::string_view text);
  [[nodiscard]] json::Value kept_warnings() const;

  Output& out_;
  Output& err_;
  std::vector<std::string> warnings_;
};

/// An error as `--output json` prints it: code, message, next, context.
[[nodiscard]] json::Value to_json(const Error& error);

}  // namespace atlink::cli
