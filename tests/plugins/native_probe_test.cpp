// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_probe.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;

namespace {

constexpr std::chrono::milliseconds patience{5000};

ProcessEnd ended(std::string out, int exit_code = 0) {
  ProcessEnd end;
  end.out = std::move(out);
  end.exit_code = exit_code;
  return end;
}

ProcessEnd ended(std::string out, ProcessEnd::Why why, int signal = 0) {
  ProcessEnd end = ended(std::move(out));
  end.why = why;
  end.signal = signal;
  return end;
}

NativeProblem problem_of(const ProcessEnd& end) {
  const auto verdict = verdict_of(end, patience);
  REQUIRE_FALSE(verdict.has_value());
  CHECK_FALSE(verdict.error().next.empty());
  return verdict.error();
}

const std::string loading = stage_line(ProbeStage::load);
const std::string asking = loading + stage_line(ProbeStage::entry);

}  // namespace

TEST_CASE("probe: what the child says comes through") {
  const NativeOffer offer{"1.0", {"atlink.convert/1"}, {{"a", "b"}, {"c", "d"}}};
  CHECK(verdict_of(ended(asking + offer_line(offer)), patience).value() == offer);
  const NativeProblem problem{"native-id", "it is another", "rename it"};
  CHECK(problem_of(ended(asking + problem_line(problem))) == problem);
  // Also when the process did not end well afterwards.
  CHECK(problem_of(ended(asking + problem_line(problem), ProcessEnd::Why::signal, SIGSEGV)) ==
        problem);
}

TEST_CASE("probe: an end without a verdict is told by where it came") {
  CHECK(problem_of(ended(loading)).rule == "native-inert");
  CHECK(problem_of(ended(loading, 7)).message ==
        "it ended the process (exit code 7) while it was loaded");
  CHECK(problem_of(ended(loading, ProcessEnd::Why::signal, SIGSEGV)).message ==
        "it crashed (signal 11) while it was loaded");
  CHECK(problem_of(ended(loading, ProcessEnd::Why::signal, SIGABRT)).rule == "native-inert");
  CHECK(problem_of(ended(loading, ProcessEnd::Why::signal, SIGXFSZ)).message ==
        "it printed without end while it was loaded");
  CHECK(problem_of(ended(loading, ProcessEnd::Why::output)).rule == "native-inert");
  CHECK(problem_of(ended(asking, ProcessEnd::Why::signal, SIGSEGV)).rule == "native-extension");
  CHECK(problem_of(ended(loading, ProcessEnd::Why::patience)).rule == "native-time");
  CHECK(problem_of(ended(asking, ProcessEnd::Why::patience)).rule == "native-time");
  CHECK(problem_of(ended(asking, ProcessEnd::Why::signal, SIGXCPU)).rule == "native-time");
}

TEST_CASE("probe: an offer of a process that did not end well is none") {
  CHECK(problem_of(ended(asking + offer_line({}), 1)).rule == "native-extension");
  CHECK(problem_of(ended(asking + offer_line({}), ProcessEnd::Why::signal, SIGBUS)).rule ==
        "native-extension");
}

TEST_CASE("probe: what never came to the module is no fault of the module") {
  CHECK(problem_of(ended("")).rule == host_rule);
  CHECK(problem_of(ended("", ProcessEnd::Why::patience)).rule == host_rule);
  ProcessEnd end = ended("", 127);
  end.err = "cannot open shared object file\x1b[31m";
  CHECK(problem_of(end).message.find("cannot open shared object file") != std::string::npos);
  CHECK(problem_of(end).message.find('\x1b') == std::string::npos);
  CHECK(to_error(problem_of(end), "/x/acme.so").code == ErrorCode::module_missing);
  CHECK(to_error(problem_of(end), "/x/acme.so").fact("side") == "host");
}

TEST_CASE("probe: lines that are none are passed over") {
  const NativeOffer offer{"1.0", {}, {}};
  CHECK(verdict_of(ended("what\n\n{\"stage\":7}\n[]\n{\"stage\":\"x\"}\n" + asking +
                         offer_line(offer) + "{\"offer"),
                   patience)
            .value() == offer);
}

TEST_SUITE_END();
