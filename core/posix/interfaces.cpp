// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

#include <fmt/format.h>

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

std::vector<std::string> Environment::names() const {
  return {};
}

Result<PresentedChain> Transport::look(const Url& url,
                                       const ConnectionOptions& /*connection*/,
                                       std::chrono::milliseconds /*deadline*/) {
  return fail(ErrorCode::network_tls,
              fmt::format("the certificates of {} cannot be looked at from here", url.origin()),
              "look at them with another program, such as a browser");
}

}  // namespace atlink
