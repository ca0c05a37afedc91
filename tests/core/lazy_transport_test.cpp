// SPDX-License-Identifier: Apache-2.0
#include "core/posix/lazy_transport.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

TEST_SUITE_BEGIN("core/posix");

namespace {

/// Takes nothing: whatever arrives is a mistake.
class NoAnswer final : public atlink::ResponseHandler {
 public:
  [[nodiscard]] atlink::Status head(const atlink::HttpResponseHead&) override {
    return atlink::fail(atlink::ErrorCode::internal, "an answer where none can be");
  }

  [[nodiscard]] atlink::Status write(std::string_view) override {
    return atlink::fail(atlink::ErrorCode::internal, "a body where none can be");
  }
};

bool is_loaded(const std::string& name) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    if (line.find(name) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("the wire is loaded with the first exchange and not before") {
  atlink::posix::LazyTransport transport;
  CHECK(!is_loaded("libcurl"));
  // Port 1 of this machine: nothing listens there.
  const auto url = atlink::Url::parse("http://127.0.0.1:1/");
  REQUIRE(url.has_value());
  const atlink::HttpRequest request{"GET", *url, {}, nullptr};
  NoAnswer handler;
  const atlink::Status status =
      transport.send({request, handler, {}, std::chrono::seconds(20), {}});
  REQUIRE(!status.has_value());
  CHECK(status.error().code == atlink::ErrorCode::network_refused);
  CHECK(is_loaded("libcurl"));
}

TEST_SUITE_END();
