// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/link_admin.h"
#include "atlink/sha256.h"
#include "core/base/record_reader.h"
#include "core/secrets/private_folder.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink {

namespace {

constexpr std::int64_t format = 1;
constexpr std::chrono::seconds lock_patience{10};

/// One file a link of a server.
Result<std::string> file_of(const LinkJournal::Intent& which) {
  return sha256(fmt::format("{}\n{}", which.base_url, which.application_url));
}

Result<LinkJournal::Intent> read_intent(const Secret& bytes, const std::string& path) {
  const std::string next = fmt::format(
      "look whether the server has a half link (atlink link list), then remove {}", path);
  const auto document = json::parse(bytes.expose());
  if (!document || document->as_object() == nullptr) {
    return fail(make_error(ErrorCode::file_damaged, fmt::format("{} is no journal", path), next)
                    .with("file", path));
  }
  const RecordReader reader(*document, path, ErrorCode::file_damaged, next);
  ATLINK_ASSIGN(const std::int64_t written, reader.integer("format"));
  if (written != format) {
    return fail(reader.wrong("format", "is of a newer release"));
  }
  LinkJournal::Intent intent;
  ATLINK_ASSIGN(intent.base_url, reader.text("base_url"));
  ATLINK_ASSIGN(intent.application_url, reader.text("application_url"));
  ATLINK_ASSIGN(intent.consumer_key, reader.text("consumer_key"));
  ATLINK_ASSIGN(intent.link_id, reader.text("link_id"));
  return intent;
}

}  // namespace

struct LinkJournal::Impl {
  PrivateFolder folder;
};

LinkJournal::LinkJournal(FileSystem& files, std::string folder)
    : impl_(new Impl{PrivateFolder(files, std::move(folder))}) {}

LinkJournal::~LinkJournal() = default;

Result<std::unique_ptr<FileSystem::Lock>> LinkJournal::lock(const Intent& which) {
  {
    // Makes the folder; the lock of the one file lies in it.
    ATLINK_ASSIGN([[maybe_unused]] const auto made, impl_->folder.lock());
  }
  ATLINK_ASSIGN(const std::string name, file_of(which));
  return impl_->folder.lock_one(name, lock_patience);
}

Result<std::optional<LinkJournal::Intent>> LinkJournal::load(const Intent& which) {
  ATLINK_ASSIGN(const std::string name, file_of(which));
  ATLINK_ASSIGN(const bool there, impl_->folder.exists());
  if (!there) {
    return std::optional<Intent>();
  }
  ATLINK_ASSIGN(const auto bytes, impl_->folder.read(name));
  if (!bytes) {
    return std::optional<Intent>();
  }
  ATLINK_ASSIGN(Intent intent, read_intent(*bytes, impl_->folder.path_of(name)));
  return std::optional(std::move(intent));
}

Status LinkJournal::save(const Intent& intent) {
  json::Value object;
  object.set("format", format);
  object.set("base_url", intent.base_url);
  object.set("application_url", intent.application_url);
  object.set("consumer_key", intent.consumer_key);
  object.set("link_id", intent.link_id);
  ATLINK_ASSIGN(const std::string name, file_of(intent));
  ATLINK_ASSIGN([[maybe_unused]] const auto held, impl_->folder.lock());
  return impl_->folder.write(name, Secret(json::write(object, 2)));
}

Status LinkJournal::erase(const Intent& which) {
  ATLINK_ASSIGN(const bool there, impl_->folder.exists());
  if (!there) {
    return {};
  }
  ATLINK_ASSIGN(const std::string name, file_of(which));
  ATLINK_ASSIGN([[maybe_unused]] const auto held, impl_->folder.lock());
  return impl_->folder.erase(name);
}

}  // namespace atlink
