// SPDX-License-Identifier: Apache-2.0
#include "core/listen/poll_server.h"
#include "core/listen/table.h"

extern "C" {
extern ATLINK_API const atlink::listen::ListenTable atlink_module_listen;
const atlink::listen::ListenTable atlink_module_listen = {
    atlink::posix::this_release,
    &atlink::listen::PollServer::make,
};
}
