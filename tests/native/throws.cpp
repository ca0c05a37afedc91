// SPDX-License-Identifier: Apache-2.0
// Exceptions where none may leave the module.
#include "atlink/plugin/plugin.h"

#include <stdexcept>

namespace {

#if defined(ASKED)
const void* get_extension(const char* /*id*/) {
  throw std::runtime_error("asked");
}
#else
struct Thrower {
  Thrower() { throw std::runtime_error("loaded"); }
};

const Thrower thrower;

const void* get_extension(const char* /*id*/) {
  return nullptr;
}
#endif

}  // namespace

const atlink_plugin_entry_t atlink_plugin_entry = {
    ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "acme", "1.0.0", get_extension};
