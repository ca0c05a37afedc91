// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/trust.h"

#include "atlink/text.h"
#include "plugins/host/rule_list.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr int most_links = 40;
constexpr unsigned group_write = 0020;
constexpr unsigned other_write = 0002;
constexpr unsigned sticky = 01000;

tl::unexpected<Error> untrusted(const std::string& path, std::string what, std::string next) {
  return tl::unexpected<Error>(make_error(ErrorCode::plugin_untrusted,
                                          fmt::format("{} {}", printable(path), what),
                                          std::move(next))
                                   .with("file", path)
                                   .with("rule", std::string(RuleName("trust").str())));
}

/// Puts the segments of `path` before those that are still to go.
void push_front(std::deque<std::string>& ahead, std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin && path.substr(begin, end - begin) != ".") {
      segments.emplace_back(path.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  ahead.insert(ahead.begin(), segments.begin(), segments.end());
}

/// Who owns the program that runs; none where the system does not tell.
std::optional<unsigned> owner_of_program(FileSystem& files) {
  const auto program = files.read_link("/proc/self/exe");
  if (!program.has_value()) {
    return std::nullopt;
  }
  const auto info = files.stat(*program, true);
  return info.has_value() ? std::optional(info->owner) : std::nullopt;
}

std::string parent_of(const std::string& folder) {
  return folder.substr(0, folder.rfind('/'));
}

}  // namespace

TrustCheck::TrustCheck(FileSystem& files, SearchFolder::From from)
    : files_(files),
      user_(files.user()),
      group_may_write_(from == SearchFolder::From::installed || from == SearchFolder::From::flag) {
  if (from == SearchFolder::From::installed) {
    program_owner_ = owner_of_program(files);
  }
}

Status TrustCheck::check_owner(const std::string& path, const FileInfo& info) const {
  if (info.owner != 0 && info.owner != user_ && info.owner != program_owner_) {
    return untrusted(path,
                     fmt::format("belongs to user {}, who could change the plugin", info.owner),
                     fmt::format("make it yours (chown {} {}) after you looked at what is in it",
                                 user_,
                                 printable(path)));
  }
  return {};
}

Status TrustCheck::check_mode(const std::string& path, const FileInfo& info, bool last) {
  const bool shared_folder = !last && info.kind == FileKind::folder && (info.mode & sticky) != 0;
  if (shared_folder) {
    return {};
  }
  if ((info.mode & other_write) != 0 || ((info.mode & group_write) != 0 && !group_may_write_)) {
    return untrusted(path,
                     (info.mode & other_write) != 0 ? "can be written to by anybody"
                                                    : "can be written to by its group",
                     fmt::format("take that away: chmod go-w {}", printable(path)));
  }
  // The first place is told: often one that several plugins are below of.
  if ((info.mode & group_write) != 0 && notes_.empty()) {
    notes_.push_back(
        fmt::format("its group may write to {}, and so change plugins", printable(path)));
  }
  return {};
}

Status TrustCheck::check(const std::string& path) {
  std::deque<std::string> ahead;
  push_front(ahead, path);
  if (path.empty() || path.front() != '/') {
    ATLINK_ASSIGN(const std::string here, files_.read_link("/proc/self/cwd"));
    push_front(ahead, here);
  }
  std::string at;  // without links, "" for the root
  for (int links = 0;;) {
    if (!ahead.empty() && ahead.front() == "..") {
      at = parent_of(at);
      ahead.pop_front();
      continue;
    }
    const std::string name = at.empty() ? "/" : at;
    if (good_.count(name) == 0 || ahead.empty()) {
      ATLINK_ASSIGN(const FileInfo info, files_.stat(name, false));
      ATLINK_CHECK(check_owner(name, info));
      if (info.kind == FileKind::symlink) {
        if (++links > most_links) {
          return untrusted(path, "leads through too many symbolic links", "remove the links");
        }
        ATLINK_ASSIGN(const std::string target, files_.read_link(name));
        push_front(ahead, target);
        at = !target.empty() && target.front() == '/' ? std::string() : parent_of(at);
        continue;
      }
      ATLINK_CHECK(check_mode(name, info, ahead.empty()));
      good_.insert(name);
    }
    if (ahead.empty()) {
      return {};
    }
    at += "/" + ahead.front();
    ahead.pop_front();
  }
}

}  // namespace atlink::plugins
