// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

namespace atlink {

// Here, so that the tables of these classes stand in one object file.
Clock::~Clock() = default;
RandomSource::~RandomSource() = default;
Environment::~Environment() = default;
File::~File() = default;
FileSystem::~FileSystem() = default;
FileSystem::Lock::~Lock() = default;
Terminal::~Terminal() = default;
Browser::~Browser() = default;
Transport::~Transport() = default;
Process::~Process() = default;
Loader::~Loader() = default;

}  // namespace atlink
