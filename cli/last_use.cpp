// SPDX-License-Identifier: Apache-2.0
#include "cli/last_use.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::chrono::hours grain{1};
constexpr std::size_t longest_note = 64;
constexpr unsigned file_mode = 0600;

std::string path_of(const Call& call, const std::string& profile) {
  const auto folders = folders_from(call.app.platform.environment);
  return folders ? fmt::format("{}/used/{}", folders->state, profile) : std::string();
}

std::optional<TimePoint> read_note(const Call& call, const std::string& path) {
  if (path.empty()) {
    return std::nullopt;
  }
  const auto text = call.app.platform.files.read_all(path, longest_note);
  return text ? from_rfc3339(trim(*text)) : std::nullopt;
}

bool is_stored(Session& session) {
  const auto known = session.store->load(session.profile);
  return known && known->has_value() && !(*known)->read_only;
}

}  // namespace

void note_use(const Call& call, Session& session) {
  const std::string path = path_of(call, session.profile);
  const TimePoint now = call.app.platform.clock.now();
  const auto noted = read_note(call, path);
  const bool fresh = noted && *noted <= now && now - *noted < grain;
  if (path.empty() || fresh || session.two_legged || !is_stored(session)) {
    return;
  }
  FileSystem& files = call.app.platform.files;
  const std::string folder = path.substr(0, path.rfind('/'));
  if (!files.make_folders(folder, 0700)) {
    return;
  }
  // Who holds it is noting the same at this moment.
  const auto lock = files.lock(folder + ".lock", std::chrono::milliseconds(0));
  if (lock) {
    static_cast<void>(files.write_all(path, to_rfc3339(now) + "\n", file_mode));
  }
}

std::optional<TimePoint> last_use(const Call& call, const std::string& profile) {
  return read_note(call, path_of(call, profile));
}

void forget_use(const Call& call, const std::string& profile) {
  const std::string path = path_of(call, profile);
  if (!path.empty()) {
    static_cast<void>(call.app.platform.files.unlink(path));
  }
}

}  // namespace atlink::cli
