// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_files.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace atlink::tests {

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (path.empty() || path.front() != '/') {
    throw std::logic_error("this file system takes absolute paths only: " + path);
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::vector<std::string> folders_above(const std::string& path) {
  std::vector<std::string> all;
  for (std::string folder = folder_of(path); folder != "/"; folder = folder_of(folder)) {
    all.insert(all.begin(), folder);
  }
  return all;
}

Error error_for(ErrorCode code, const std::string& path) {
  return make_error(code, "no luck with " + path, "try again").with("file", path);
}

}  // namespace

class FakeFileSystem::OpenFile final : public File {
 public:
  OpenFile(FakeFileSystem& files, std::shared_ptr<Node> node, std::string path)
      : files_(files), node_(std::move(node)), path_(std::move(path)) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    ATLINK_CHECK(files_.step(path_));
    const std::size_t size = std::min(buffer.size(), node_->content.size() - at_);
    std::copy_n(node_->content.data() + at_, size, buffer.data());
    at_ += size;
    return size;
  }

  Status write(std::string_view bytes) override {
    if (files_.strikes()) {
      node_->content += bytes.substr(0, bytes.size() / 2);
      return files_.suffer(path_);
    }
    node_->content += bytes;
    return {};
  }

  Status flush() override {
    ATLINK_CHECK(files_.step(path_));
    node_->flushed = node_->content;
    return {};
  }

  [[nodiscard]] bool rewind() override {
    at_ = 0;
    return true;
  }

  [[nodiscard]] std::optional<std::uint64_t> length() override { return node_->content.size(); }

  Status close() override { return files_.step(path_); }

 private:
  FakeFileSystem& files_;
  std::shared_ptr<Node> node_;
  std::string path_;
  std::size_t at_ = 0;
};

class FakeFileSystem::HeldLock final : public Lock {
 public:
  HeldLock(FakeFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

  ~HeldLock() override { files_.held_.erase(path_); }

 private:
  FakeFileSystem& files_;
  std::string path_;
};

FakeFileSystem::FakeFileSystem() {
  names_["/"] = std::make_shared<Node>(Node{FileKind::folder, 0755, 0, {}, {}, {}});
  flushed_names_ = names_;
}

// ---- arranging and looking ----------------------------------------------------------------------

void FakeFileSystem::put_folder(const std::string& path, unsigned mode) {
  for (const std::string& folder : folders_above(path + "/x")) {
    if (!names_.contains(folder)) {
      names_[folder] = std::make_shared<Node>(Node{FileKind::folder, mode, 1000, {}, {}, {}});
    }
    flushed_names_[folder] = names_[folder];
  }
}

void FakeFileSystem::put(const std::string& path, std::string_view content, unsigned mode) {
  put_folder(folder_of(path));
  const std::string text(content);
  names_[path] = std::make_shared<Node>(Node{FileKind::regular, mode, 1000, text, text, {}});
  flushed_names_[path] = names_[path];
}

void FakeFileSystem::put_link(const std::string& path, const std::string& target) {
  put_folder(folder_of(path));
  names_[path] = std::make_shared<Node>(Node{FileKind::symlink, 0777, 1000, {}, {}, target});
  flushed_names_[path] = names_[path];
}

void FakeFileSystem::set_mode(const std::string& path, unsigned mode) {
  names_.at(path)->mode = mode;
}

void FakeFileSystem::set_owner(const std::string& path, unsigned owner) {
  names_.at(path)->owner = owner;
}

void FakeFileSystem::remove(const std::string& path) {
  names_.erase(path);
  flushed_names_.erase(path);
}

std::optional<std::string> FakeFileSystem::content(const std::string& path) const {
  const auto found = names_.find(path);
  if (found == names_.end() || found->second->kind != FileKind::regular) {
    return std::nullopt;
  }
  return found->second->content;
}

unsigned FakeFileSystem::mode(const std::string& path) const {
  return names_.at(path)->mode;
}

std::vector<std::string> FakeFileSystem::files() const {
  std::vector<std::string> paths;
  for (const auto& [path, node] : names_) {
    if (node->kind != FileKind::folder) {
      paths.push_back(path);
    }
  }
  return paths;
}

// ---- faults -------------------------------------------------------------------------------------

void FakeFileSystem::fail_at(int call, ErrorCode code) {
  heal();
  first_ = last_ = call;
  code_ = code;
}

void FakeFileSystem::fail_from(int call, ErrorCode code) {
  fail_at(call, code);
  last_ = std::numeric_limits<int>::max();
}

void FakeFileSystem::kill_at(int call) {
  fail_from(call, ErrorCode::internal);
  kills_ = true;
}

void FakeFileSystem::heal() {
  calls_ = first_ = last_ = 0;
  kills_ = dead_ = struck_ = false;
}

void FakeFileSystem::restart(Survives survives) {
  heal();
  held_.clear();
  if (survives == Survives::flushed) {
    names_ = flushed_names_;
    // Without its folder no name is found again.
    for (auto entry = names_.begin(); entry != names_.end();) {
      const bool orphan = entry->first != "/" && !names_.contains(folder_of(entry->first));
      entry = orphan ? names_.erase(entry) : std::next(entry);
    }
  }
  flushed_names_ = names_;
  for (auto& [path, node] : names_) {
    if (survives == Survives::all) {
      node->flushed = node->content;
    } else {
      node->content = node->flushed;
    }
  }
}

bool FakeFileSystem::strikes() {
  if (dead_) {
    throw std::logic_error("a call from a process that is dead");
  }
  ++calls_;
  const bool now = first_ > 0 && calls_ >= first_ && calls_ <= last_;
  struck_ = struck_ || now;
  return now;
}

Status FakeFileSystem::suffer(const std::string& path) {
  if (kills_) {
    dead_ = true;
    throw Killed();
  }
  return fail(error_for(code_, path));
}

Status FakeFileSystem::step(const std::string& path) {
  return strikes() ? suffer(path) : Status();
}

// ---- FileSystem ---------------------------------------------------------------------------------

std::shared_ptr<FakeFileSystem::Node> FakeFileSystem::find(const std::string& path,
                                                           bool follow) const {
  std::string at = path;
  for (int links = 0; links < 8; ++links) {
    const auto found = names_.find(at);
    if (found == names_.end()) {
      return nullptr;
    }
    if (!follow || found->second->kind != FileKind::symlink) {
      return found->second;
    }
    const std::string& target = found->second->target;
    at = target.front() == '/' ? target : folder_of(at) + "/" + target;
  }
  return nullptr;
}

Status FakeFileSystem::need_folder_of(const std::string& path) const {
  const auto folder = find(folder_of(path), true);
  if (folder == nullptr || folder->kind != FileKind::folder) {
    return fail(error_for(ErrorCode::file_not_found, path));
  }
  return {};
}

Result<std::unique_ptr<File>> FakeFileSystem::open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) {
  ATLINK_CHECK(step(path));
  std::shared_ptr<Node> node = find(path, how == OpenMode::read);
  if (how == OpenMode::create_new) {
    ATLINK_CHECK(need_folder_of(path));
    if (node != nullptr) {
      return fail(error_for(ErrorCode::file_exists, path));
    }
    node = std::make_shared<Node>(Node{FileKind::regular, mode, user(), {}, {}, {}});
    names_[path] = node;
  } else if (node == nullptr) {
    return fail(error_for(ErrorCode::file_not_found, path));
  } else if (node->kind != FileKind::regular) {
    return fail(error_for(ErrorCode::file_unreadable, path));
  }
  return std::make_unique<OpenFile>(*this, std::move(node), path);
}

Result<std::unique_ptr<File>> FakeFileSystem::open_descriptor(int /*descriptor*/) {
  return fail(error_for(ErrorCode::file_unreadable, "a descriptor"));
}

Status FakeFileSystem::rename(const std::string& from, const std::string& to) {
  ATLINK_CHECK(step(to));
  ATLINK_CHECK(need_folder_of(to));
  const auto moved = names_.find(from);
  if (moved == names_.end()) {
    return fail(error_for(ErrorCode::file_not_found, from));
  }
  const auto there = names_.find(to);
  const bool moves_folder = moved->second->kind == FileKind::folder;
  if (there != names_.end() && there->second->kind == FileKind::folder &&
      (!moves_folder || !is_empty(to))) {
    return fail(error_for(ErrorCode::file_unwritable, to));
  }
  Names renamed{{to, moved->second}};
  names_.erase(moved);
  for (auto below = names_.lower_bound(from + "/");
       below != names_.end() && below->first.rfind(from + "/", 0) == 0;) {
    renamed[to + below->first.substr(from.size())] = below->second;
    below = names_.erase(below);
  }
  for (auto& [path, node] : renamed) {
    names_[path] = std::move(node);
  }
  return {};
}

bool FakeFileSystem::is_empty(const std::string& folder) const {
  const auto below = names_.lower_bound(folder + "/");
  return below == names_.end() || below->first.rfind(folder + "/", 0) != 0;
}

Status FakeFileSystem::remove_folder(const std::string& folder) {
  ATLINK_CHECK(step(folder));
  const auto found = names_.find(folder);
  if (found == names_.end()) {
    return fail(error_for(ErrorCode::file_not_found, folder));
  }
  if (found->second->kind != FileKind::folder || !is_empty(folder)) {
    return fail(error_for(ErrorCode::file_unwritable, folder));
  }
  names_.erase(found);
  return {};
}

Status FakeFileSystem::unlink(const std::string& path) {
  ATLINK_CHECK(step(path));
  const auto found = names_.find(path);
  if (found == names_.end()) {
    return fail(error_for(ErrorCode::file_not_found, path));
  }
  if (found->second->kind == FileKind::folder) {
    return fail(error_for(ErrorCode::file_unwritable, path));
  }
  names_.erase(found);
  return {};
}

Result<FileInfo> FakeFileSystem::stat(const std::string& path, bool follow) {
  ATLINK_CHECK(step(path));
  const auto node = find(path, follow);
  if (node == nullptr) {
    return fail(error_for(ErrorCode::file_not_found, path));
  }
  FileInfo info;
  info.kind = node->kind;
  info.size = node->content.size();
  info.mode = node->mode;
  info.owner = node->owner;
  return info;
}

Result<std::string> FakeFileSystem::read_link(const std::string& path) {
  ATLINK_CHECK(step(path));
  const auto node = find(path, false);
  if (node == nullptr || node->kind != FileKind::symlink) {
    return fail(
        error_for(node == nullptr ? ErrorCode::file_not_found : ErrorCode::file_unreadable, path));
  }
  return node->target;
}

Result<std::vector<std::string>> FakeFileSystem::list(const std::string& folder) {
  ATLINK_CHECK(step(folder));
  const auto node = find(folder, true);
  if (node == nullptr || node->kind != FileKind::folder) {
    return fail(error_for(ErrorCode::file_not_found, folder));
  }
  std::vector<std::string> found;
  for (const auto& [path, entry] : names_) {
    if (path != "/" && folder_of(path) == folder) {
      found.push_back(path.substr(path.find_last_of('/') + 1));
    }
  }
  return found;
}

Status FakeFileSystem::make_folders(const std::string& folder, unsigned mode) {
  ATLINK_CHECK(step(folder));
  const auto there = find(folder, true);
  if (there != nullptr && there->kind != FileKind::folder) {
    return fail(error_for(ErrorCode::file_unwritable, folder));
  }
  put_folder(folder, mode);
  return {};
}

Status FakeFileSystem::flush_folder(const std::string& folder) {
  ATLINK_CHECK(step(folder));
  const auto inside = [&](const std::string& path) {
    return path != "/" && folder_of(path) == folder;
  };
  std::erase_if(flushed_names_, [&](const auto& entry) { return inside(entry.first); });
  for (const auto& [path, node] : names_) {
    if (inside(path)) {
      flushed_names_[path] = node;
    }
  }
  return {};
}

Result<std::unique_ptr<FileSystem::Lock>> FakeFileSystem::lock(
    const std::string& path, std::chrono::milliseconds /*patience*/) {
  ATLINK_CHECK(step(path));
  ATLINK_CHECK(need_folder_of(path));
  if (!held_.insert(path).second) {
    return fail(error_for(ErrorCode::file_locked, path));
  }
  if (!names_.contains(path)) {
    names_[path] = std::make_shared<Node>(Node{FileKind::regular, 0600, user(), {}, {}, {}});
  }
  return std::make_unique<HeldLock>(*this, path);
}

}  // namespace atlink::tests
