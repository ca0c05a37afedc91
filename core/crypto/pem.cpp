// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pem.h"

#include "atlink/text.h"
#include "core/crypto/wiped.h"

#include <fmt/format.h>

#include <optional>

namespace atlink::crypto {

namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view dashes = "-----";
constexpr std::size_t line_width = 64;
constexpr std::size_t longest_label = 64;

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= longest_label &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == std::string_view::npos;
}

/// Takes the next line off the front. A backslash with "n" or "r" counts as a line break.
std::string_view take_line(std::string_view& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r');
    if (escaped || text[i] == '\n' || text[i] == '\r') {
      const std::string_view line = text.substr(0, i);
      text.remove_prefix(i + (escaped ? 2 : 1));
      return line;
    }
  }
  return std::exchange(text, {});
}

/// What stands behind "name:" on a header line, if it is that header.
std::optional<std::string_view> header(std::string_view line, std::string_view name) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !equals_ignoring_case(trim(line.substr(0, colon)), name)) {
    return std::nullopt;
  }
  return trim(line.substr(colon + 1));
}

void append_without_space(std::string& out, std::string_view line) {
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\v' && c != '\f') {
      out += c;
    }
  }
}

}  // namespace

std::vector<PemBlock> find_pem_blocks(std::string_view text) {
  std::vector<PemBlock> blocks;
  for (;;) {
    const std::size_t begin = text.find(begin_mark);
    if (begin == std::string_view::npos) {
      return blocks;
    }
    text.remove_prefix(begin + begin_mark.size());
    const std::size_t label_end = text.substr(0, longest_label + dashes.size()).find(dashes);
    if (label_end == std::string_view::npos || !is_label(text.substr(0, label_end))) {
      continue;
    }
    PemBlock block;
    block.label = text.substr(0, label_end);
    text.remove_prefix(label_end + dashes.size());
    // A block ends at the next run of dashes, whatever it says, so that a lost END line does not
    // swallow the block behind it, and so that this stays linear.
    block.body = text.substr(0, text.find(dashes));
    text.remove_prefix(block.body.size());
    block.complete =
        text.substr(0, longest_label).starts_with(fmt::format("-----END {}-----", block.label));
    blocks.push_back(block);
  }
}

Secret decode_loose_base64(std::string_view text) {
  WipedString packed;
  packed.text.reserve(text.size());
  append_without_space(packed.text, text);
  auto decoded = from_base64(packed.text);
  if (!decoded.has_value()) {
    return Secret();
  }
  const WipedString bytes(std::move(*decoded));
  return Secret(bytes.text);
}

Result<PemContent> decode_pem(const PemBlock& block) {
  if (!block.complete) {
    return fail(ErrorCode::key_unreadable,
                fmt::format("the \"{}\" block has no END line of its own", block.label),
                "copy the whole file, from the BEGIN line to the END line");
  }
  PemContent content;
  WipedString base64;
  base64.text.reserve(block.body.size());
  for (std::string_view rest = block.body; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (const auto value = header(line, "DEK-Info"); value.has_value()) {
      content.dek_info = *value;
    } else if (line.find(':') == std::string_view::npos) {
      append_without_space(base64.text, line);
    }
  }
  content.der = decode_loose_base64(base64.text);
  if (content.der.empty()) {
    return fail(ErrorCode::key_unreadable,
                fmt::format("the \"{}\" block is empty or not base64 throughout", block.label),
                "take the key from where it was made again; a character was lost or changed");
  }
  return content;
}

void append_pem(std::string& out, std::string_view label, std::string_view base64) {
  fmt::format_to(std::back_inserter(out), "-----BEGIN {}-----\n", label);
  for (std::size_t at = 0; at < base64.size(); at += line_width) {
    out += base64.substr(at, line_width);
    out += '\n';
  }
  fmt::format_to(std::back_inserter(out), "-----END {}-----\n", label);
}

std::size_t pem_size(std::string_view label, std::size_t base64_size) {
  return 2 * label.size() + 64 + base64_size + base64_size / line_width + 1;
}

}  // namespace atlink::crypto
