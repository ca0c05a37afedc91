// SPDX-License-Identifier: Apache-2.0
// The first byte chooses a status, the first line is the content type, the rest the body.
#include "atlink/oauth1.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <array>
#include <string>

using namespace atlink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array statuses{200, 201, 302, 400, 401, 403, 404, 429, 500, 503};
  if (size == 0) {
    return 0;
  }
  const int status = statuses.at(data[0] % statuses.size());
  const std::string_view text = fuzz::text_of(data, size).substr(1);
  const std::string type(text.substr(0, text.find('\n')));
  const std::string_view body = text.substr(std::min(type.size() + 1, text.size()));
  const auto answer = oauth1::read_token_answer({status, {{"Content-Type", type}}}, body);
  if (answer) {
    fuzz::require(status < 300 && !answer->token.token.empty(), "a token came with a success");
    return 0;
  }
  fuzz::require(fuzz::is_clean(answer.error().message), "a message is one clean line");
  fuzz::require(!answer.error().next.empty(), "there is a next step");
  return 0;
}
