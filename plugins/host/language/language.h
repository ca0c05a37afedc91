// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/product.h"
#include "plugins/host/reading.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The description language: the tables of its members, and what they are read into.
namespace atlink::plugins {

/// A link guide that names its screens.
struct GuideDraft : LinkGuide {
  std::vector<std::string> screen_names;
};

/// A description as it is read. What stands in maps keeps the names by which `extends` and
/// deployments override it; the lists of Product for it are empty.
struct Draft : Product {
  std::string schema_uri;
  std::vector<std::string> needs;
  std::int64_t schema = 0;
  std::string version;
  std::string extends;
  std::string replaces;
  std::string summary;
  std::optional<Deployment> preferred;
  std::vector<std::string> hosts;
  std::vector<std::pair<std::string, ResponseSignal>> named_signals;
  std::vector<std::pair<std::string, ExtraHeader>> named_headers;
  std::vector<std::pair<std::string, GuideDraft>> named_guides;
  std::vector<std::pair<std::string, LinkScreen>> named_screens;
};

/// Judges and reads a document: one file with its `deployments`, or an effective description that
/// one deployment has been merged into, as the stage of `reading` says. What is written for a newer
/// program is reported as that alone: the rest may be in words that this one does not have.
void read_document(Reading& reading, const json::Value& document, Draft& to);

/// The same for one file of operations, catalogue/NAME.json.
void read_catalogue(Reading& reading, const json::Value& document, Draft& to);

/// Members that a description does not inherit: they say what this one file is.
[[nodiscard]] bool is_own_member(std::string_view name);

/// Every member that the language has, as patterns of JSON pointers ("/headers/*/value").
[[nodiscard]] std::vector<std::string> language_members();

/// Those of them that must be there where the object is that they belong to.
[[nodiscard]] std::vector<std::string> needed_members();

/// Every member that a catalogue has.
[[nodiscard]] std::vector<std::string> catalogue_members();

}  // namespace atlink::plugins
