// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "plugins/host/judge.h"
#include "plugins/kit/recorder.h"

namespace atlink::plugins::kit {

/// One check for every rule of the reader: "rule.path" and so on.
void check_rules(Recorder& recorder, const Judgement& judgement);

/// What no rule asks for and a good plugin has: "advice.readme" and so on. For descriptions that
/// break no rule.
void check_advice(Recorder& recorder, FileSystem& files, const Judgement& judgement);

}  // namespace atlink::plugins::kit
