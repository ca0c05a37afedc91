// SPDX-License-Identifier: Apache-2.0
// The input is a URL, a line break and a reference to resolve against it.
#include "atlink/product.h"
#include "atlink/url.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace atlink;

namespace {

void check(const Url& url) {
  const std::string& text = url.str();
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '#' && c != '\\';
  });
  fuzz::require(plain, "a URL is printable ASCII without a fragment");
  const auto again = Url::parse(text);
  fuzz::require(again.has_value() && again->str() == text, "a canonical URL stays as it is");
  fuzz::require(std::string(url.origin()) + std::string(url.target()) == text,
                "parts make up a URL");
  fuzz::require(url.path().substr(0, 1) == "/", "a path begins with a slash");
  fuzz::require(text.find('@') == std::string::npos || text.find('@') > url.origin().size(),
                "no user information");
}

/// Whatever path is given, what comes out lies at or below the base URL.
void check_base(const Url& url, std::string_view path) {
  const auto site = Url::parse(url.origin());
  fuzz::require(site.has_value(), "an origin is a URL");
  const auto base = BaseUrl::make(*site, "/acme");
  fuzz::require(base.has_value(), "a plain context path is taken");
  const auto request = base->request_url(path);
  if (request) {
    check(*request);
    fuzz::require(request->same_origin(*site), "a request stays on its origin");
    const std::string_view target = request->target();
    fuzz::require(target.substr(0, 5) == "/acme", "a request stays below its base URL");
    fuzz::require(target.size() == 5 || target[5] == '/' || target[5] == '?',
                  "a request stays below its base URL");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const auto url = Url::parse(input.substr(0, end));
  if (!url) {
    fuzz::require(fuzz::is_clean(url.error().message), "an error is one clean line");
    return 0;
  }
  check(*url);
  const std::string_view rest = input.substr(std::min(end + 1, input.size()));
  if (const auto resolved = url->resolve(rest)) {
    check(*resolved);
  }
  check_base(*url, rest);
  return 0;
}
