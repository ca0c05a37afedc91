// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks what the shared library offers to others; everything else stays inside it.
#define ATLINK_API __attribute__((visibility("default")))
