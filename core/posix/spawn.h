// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spawn.h>
#include <string>
#include <vector>

namespace atlink::posix {

/// What posix_spawn does to the descriptors of a child.
class SpawnActions {
 public:
  SpawnActions();
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions();

  /// `number` of the child is /dev/null.
  void open_nothing(int number, int flags);
  /// `number` of the child is `ours`, which must be no standard stream.
  void hand_over(int ours, int number);
  /// The child has nothing open but the standard streams.
  void close_the_rest();

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A session of its own (Ctrl-C here is not for the child) and the usual signals.
class SpawnAttributes {
 public:
  SpawnAttributes();
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes();

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Pointers as exec wants them, with null at the end. Valid as long as `words`.
[[nodiscard]] std::vector<char*> pointers_to(std::vector<std::string>& words);

}  // namespace atlink::posix
