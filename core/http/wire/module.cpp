// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/curl.h"
#include "core/http/wire/table.h"
#include "core/http/wire/wire_transport.h"

#include <exception>

namespace {

atlink::Result<std::unique_ptr<atlink::Transport>> make_transport() {
  try {
    ATLINK_CHECK(atlink::wire::initialise_curl());
    return std::make_unique<atlink::wire::WireTransport>();
  } catch (const std::exception& exception) {
    return atlink::fail(atlink::ErrorCode::internal, exception.what());
  }
}

}  // namespace

extern "C" ATLINK_API const atlink::wire::WireTable atlink_module_wire = {
    atlink::posix::this_release, &make_transport};
