// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/memory_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace atlink::tests {

namespace {

tl::unexpected<Error> absent(const std::string& path) {
  return tl::unexpected<Error>(make_error(ErrorCode::file_not_found, path + " does not exist"));
}

tl::unexpected<Error> unplanned(const std::string& call) {
  FAIL_CHECK("unplanned call: " << call);
  return tl::unexpected<Error>(make_error(ErrorCode::internal, "unplanned " + call));
}

class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - at_);
    std::memcpy(buffer.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

  Status write(std::string_view) override { return unplanned("write"); }

  Status flush() override { return unplanned("flush"); }

  [[nodiscard]] bool rewind() override {
    at_ = 0;
    return true;
  }

  [[nodiscard]] std::optional<std::uint64_t> length() override { return text_.size(); }

  Status close() override { return {}; }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

MemoryFiles::MemoryFiles() {
  nodes_["/"] = {FileKind::folder, "", 0755, 0};
}

void MemoryFiles::parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    nodes_.try_emplace(path.substr(0, slash), Node{FileKind::folder, "", 0755, 1000});
  }
}

void MemoryFiles::file(const std::string& path, std::string_view text) {
  parents(path);
  nodes_[path] = {FileKind::regular, std::string(text), 0644, 1000};
}

void MemoryFiles::folder(const std::string& path, unsigned mode) {
  parents(path);
  nodes_[path] = {FileKind::folder, "", mode, 1000};
}

void MemoryFiles::link(const std::string& path, const std::string& target) {
  parents(path);
  nodes_[path] = {FileKind::symlink, target, 0777, 1000};
}

MemoryFiles::Node& MemoryFiles::at(const std::string& path) {
  REQUIRE_MESSAGE(nodes_.count(path) == 1, path);
  return nodes_[path];
}

Result<std::string> MemoryFiles::resolve(const std::string& path, bool follow_last, int links) {
  if (links > 40) {
    return fail(ErrorCode::file_unreadable, path + ": too many links");
  }
  std::string resolved;
  for (std::size_t begin = 1; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string segment = path.substr(begin, end - begin);
    begin = end + 1;
    if (segment == "..") {
      resolved = resolved.empty() ? "" : resolved.substr(0, resolved.rfind('/'));
      continue;
    }
    if (segment.empty() || segment == ".") {
      continue;
    }
    resolved += "/" + segment;
    const auto node = nodes_.find(resolved);
    if (node == nodes_.end()) {
      return absent(path);
    }
    if (node->second.kind == FileKind::symlink && (begin <= path.size() || follow_last)) {
      std::string target = node->second.text;
      if (target.front() != '/') {
        target = parent_of(resolved) + "/" + target;
      }
      const std::string rest = begin <= path.size() ? "/" + path.substr(begin) : "";
      return resolve(target + rest, follow_last, links + 1);
    }
  }
  return resolved.empty() ? "/" : resolved;
}

Result<std::unique_ptr<File>> MemoryFiles::open(const std::string& path, OpenMode how, unsigned) {
  if (how != OpenMode::read) {
    return unplanned("open for writing");
  }
  opened.push_back(path);
  if (std::find(unreadable.begin(), unreadable.end(), path) != unreadable.end()) {
    return fail(ErrorCode::file_unreadable, path + " cannot be read");
  }
  ATLINK_ASSIGN(const std::string real, resolve(path, true, 0));
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(nodes_[real].text));
}

Result<FileInfo> MemoryFiles::stat(const std::string& path, bool follow) {
  ATLINK_ASSIGN(const std::string real, resolve(path, follow, 0));
  const Node& node = nodes_[real];
  FileInfo info;
  info.kind = node.kind;
  info.size = node.text.size();
  info.mode = node.mode;
  info.owner = node.owner;
  return info;
}

Result<std::string> MemoryFiles::read_link(const std::string& path) {
  if (path == "/proc/self/cwd") {
    return working_directory;
  }
  if (path == "/proc/self/exe") {
    return program;
  }
  ATLINK_ASSIGN(const std::string real, resolve(path, false, 0));
  if (nodes_[real].kind != FileKind::symlink) {
    return fail(ErrorCode::file_unreadable, path + " is no link");
  }
  return nodes_[real].text;
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& folder) {
  listed.push_back(folder);
  if (std::find(unreadable.begin(), unreadable.end(), folder) != unreadable.end()) {
    return fail(ErrorCode::file_unreadable, folder + " cannot be listed");
  }
  ATLINK_ASSIGN(const std::string real, resolve(folder, true, 0));
  std::vector<std::string> names;
  for (const auto& [path, node] : nodes_) {
    if (path != "/" && parent_of(path) == real) {
      names.push_back(path.substr(path.rfind('/') + 1));
    }
  }
  return names;
}

Result<std::unique_ptr<File>> MemoryFiles::open_descriptor(int) {
  return unplanned("open_descriptor");
}

Status MemoryFiles::rename(const std::string&, const std::string&) {
  return unplanned("rename");
}

Status MemoryFiles::unlink(const std::string&) {
  return unplanned("unlink");
}

Status MemoryFiles::remove_folder(const std::string&) {
  return unplanned("remove_folder");
}

Status MemoryFiles::make_folders(const std::string&, unsigned) {
  return unplanned("make_folders");
}

Status MemoryFiles::flush_folder(const std::string&) {
  return unplanned("flush_folder");
}

Result<std::unique_ptr<FileSystem::Lock>> MemoryFiles::lock(const std::string&,
                                                            std::chrono::milliseconds) {
  return unplanned("lock");
}

}  // namespace atlink::tests
