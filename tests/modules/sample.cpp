// SPDX-License-Identifier: Apache-2.0
#include "tests/modules/sample.h"

namespace {

int answer() {
  return 42;
}

}  // namespace

extern "C" ATLINK_API const atlink::tests::SampleTable atlink_module_sample = {
    {ATLINK_SAMPLE_RELEASE}, &answer};
