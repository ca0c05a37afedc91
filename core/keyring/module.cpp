// SPDX-License-Identifier: Apache-2.0
#include "core/keyring/secret_service.h"
#include "core/keyring/table.h"

extern "C" {
extern ATLINK_API const atlink::keyring::KeyringTable atlink_module_keyring;
const atlink::keyring::KeyringTable atlink_module_keyring = {
    atlink::posix::this_release,
    &atlink::keyring::make_secret_service,
};
}
