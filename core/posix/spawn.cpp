// SPDX-License-Identifier: Apache-2.0
#include "core/posix/spawn.h"

#include <csignal>

namespace atlink::posix {

SpawnActions::SpawnActions() {
  ::posix_spawn_file_actions_init(&actions_);
}

SpawnActions::~SpawnActions() {
  ::posix_spawn_file_actions_destroy(&actions_);
}

void SpawnActions::open_nothing(int number, int flags) {
  ::posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", flags, 0);
}

void SpawnActions::hand_over(int ours, int number) {
  ::posix_spawn_file_actions_adddup2(&actions_, ours, number);
}

void SpawnActions::close_the_rest() {
  ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
}

SpawnAttributes::SpawnAttributes() {
  ::posix_spawnattr_init(&attributes_);
  sigset_t none{};
  sigset_t all{};
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes_, &none);
  ::posix_spawnattr_setsigdefault(&attributes_, &all);
  constexpr short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  ::posix_spawnattr_setflags(&attributes_, flags);
}

SpawnAttributes::~SpawnAttributes() {
  ::posix_spawnattr_destroy(&attributes_);
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace atlink::posix
