// SPDX-License-Identifier: Apache-2.0
#include "core/oauth1/parameters.h"

#include "atlink/oauth1.h"
#include "core/text/percent.h"

#include <algorithm>

namespace atlink::oauth1 {

ParameterCollector::ParameterCollector(std::size_t expected) {
  encoded_.reserve(2 * expected);
  entries_.reserve(16);
}

void ParameterCollector::add(std::string_view name, std::string_view value) {
  Entry entry;
  entry.name = encoded_.size();
  text::append_percent_encoded(encoded_, name);
  entry.value = encoded_.size();
  text::append_percent_encoded(encoded_, value);
  entry.end = encoded_.size();
  entries_.push_back(entry);
}

void ParameterCollector::add_form(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    if (end != 0) {
      add_piece(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void ParameterCollector::add_piece(std::string_view piece) {
  const std::size_t equals = std::min(piece.find('='), piece.size());
  Entry entry;
  entry.name = encoded_.size();
  text::append_reencoded_form(encoded_, piece.substr(0, equals));
  entry.value = encoded_.size();
  text::append_reencoded_form(encoded_, piece.substr(std::min(equals + 1, piece.size())));
  entry.end = encoded_.size();
  if (name_of(entry) == "oauth_signature") {
    encoded_.resize(entry.name);
    return;
  }
  entries_.push_back(entry);
}

std::string ParameterCollector::normalized() {
  std::sort(entries_.begin(), entries_.end(), [this](const Entry& a, const Entry& b) {
    return before(a, b);
  });
  std::string text;
  text.reserve(encoded_.size() + 2 * entries_.size());
  for (const Entry& entry : entries_) {
    if (!text.empty()) {
      text += '&';
    }
    text += name_of(entry);
    text += '=';
    text += value_of(entry);
  }
  return text;
}

std::string_view ParameterCollector::name_of(const Entry& entry) const {
  return std::string_view(encoded_).substr(entry.name, entry.value - entry.name);
}

std::string_view ParameterCollector::value_of(const Entry& entry) const {
  return std::string_view(encoded_).substr(entry.value, entry.end - entry.value);
}

bool ParameterCollector::before(const Entry& a, const Entry& b) const {
  const int names = name_of(a).compare(name_of(b));
  return names != 0 ? names < 0 : value_of(a) < value_of(b);
}

std::string normalize_parameters(const FormFields& parameters) {
  ParameterCollector collector(256);
  for (const auto& [name, value] : parameters) {
    collector.add(name, value);
  }
  return collector.normalized();
}

}  // namespace atlink::oauth1
