// SPDX-License-Identifier: Apache-2.0
// The first line is a WWW-Authenticate field, the rest a body.
#include "atlink/oauth1.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>

using namespace atlink;

namespace {

void check(const Error& error) {
  fuzz::require(fuzz::is_clean(error.message), "a message is one clean line");
  fuzz::require(error.message.size() < 4096, "a message is short");
  fuzz::require(!error.next.empty(), "there is a next step");
  for (const auto& [name, value] : error.context) {
    fuzz::require(fuzz::is_clean(name) && fuzz::is_clean(value), "a fact is one clean line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string field(text.substr(0, text.find('\n')));
  const std::string_view body = text.substr(std::min(field.size() + 1, text.size()));
  const auto problem = oauth1::read_problem({401, {{"WWW-Authenticate", field}}}, body);
  if (problem) {
    fuzz::require(!problem->problem.empty(), "a problem has a word");
    check(oauth1::to_error(*problem));
  }
  return 0;
}
