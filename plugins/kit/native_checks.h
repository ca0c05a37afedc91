// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "plugins/host/judge.h"
#include "plugins/kit/recorder.h"

namespace atlink::plugins::kit {

/// One check for every rule for native modules, "native.symbol" and so on, where the plugin has one
/// of its own. Last of all the module is loaded in a child process; nothing is loaded here.
void check_native(Recorder& recorder, Platform platform, const Judgement& judgement);

}  // namespace atlink::plugins::kit
