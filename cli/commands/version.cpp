// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"

namespace atlink::cli::commands {

namespace {

Status run(Call& call) {
  if (!call.report.json()) {
    return call.report.bytes("atlink " ATLINK_VERSION "\n");
  }
  json::Value object;
  object.set("version", ATLINK_VERSION);
  return call.report.document(object);
}

constexpr std::array examples{
    Example{"atlink version", "the version alone, for a bug report"},
};

}  // namespace

const Command version{"version", "print the version", {}, {}, {}, examples, run};

}  // namespace atlink::cli::commands
