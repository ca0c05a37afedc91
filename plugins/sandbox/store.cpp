// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// The number in an id such as "T-12"; 0 for anything else.
std::int64_t number_of(std::string_view id, std::string_view prefix) {
  const std::string_view digits = id.substr(std::min(prefix.size(), id.size()));
  const bool fits = id.substr(0, prefix.size()) == prefix && !digits.empty() &&
                    digits.size() < 16 &&
                    digits.find_first_not_of("0123456789") == std::string_view::npos;
  return fits ? std::stoll(std::string(digits)) : 0;
}

}  // namespace

Store::Store(CollectionData data) : data_(std::move(data)) {
  for (auto& [id, value] : data_.initial) {
    last_id_ = std::max(last_id_, number_of(id, data_.id_prefix));
    put({id, std::exchange(value, json::Value()), 0});
  }
  while (documents_.size() < data_.fill) {
    Document copy = documents_.back();
    copy.value.set(data_.id_member, next_id());
    add(std::move(copy));
  }
}

std::string Store::next_id() const {
  return fmt::format("{}{}", data_.id_prefix, last_id_ + 1);
}

Document* Store::find(const std::string& id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &documents_[found->second];
}

void Store::put(Document document) {
  places_[document.id] = documents_.size();
  documents_.push_back(std::move(document));
}

void Store::add(Document document) {
  document.id = next_id();
  ++last_id_;
  put(std::move(document));
}

void Store::remove(const Document& document) {
  Document& place = documents_[places_.at(document.id)];
  places_.erase(place.id);
  place.gone = true;
  place.value = json::Value();
  ++gone_;
  // So that adding and removing in turns does not grow.
  if (gone_ > documents_.size() / 2) {
    sweep();
  }
}

const std::vector<Document>& Store::list() {
  sweep();
  return documents_;
}

void Store::sweep() {
  if (gone_ > 0) {
    std::erase_if(documents_, [](const Document& document) { return document.gone; });
    gone_ = 0;
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      places_[documents_[i].id] = i;
    }
  }
}

}  // namespace atlink::plugins::sandbox
