// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_elf.h"
#include "plugins/host/native_object.h"
#include "tests/fuzz/fuzz.h"

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto object = plugins::read_elf(bytes);
  const auto problem = plugins::judge_object(bytes);
  if (!object) {
    fuzz::require(fuzz::is_clean(object.error()), "a reason is one clean line");
    fuzz::require(problem && problem->rule == "native-object", "what cannot be read is refused");
    return 0;
  }
  for (const plugins::ElfSymbol& symbol : object->exported) {
    fuzz::require(symbol.name.size() <= size, "a name is among the bytes");
  }
  if (!problem) {
    fuzz::require(object->exported.size() == 1, "a good module exports one symbol");
    fuzz::require(object->search_paths.empty(), "a good module looks for nothing elsewhere");
  }
  return 0;
}
