// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"
#include "atlink/plugin/plugin.h"
#include "plugins/host/native_entry.h"
#include "plugins/host/native_probe.h"
#include "plugins/probe/watch.h"

#include <fmt/format.h>

#include <exception>
#include <string>
#include <unistd.h>

/// Loads one native module where it can do no harm to the program: see native_probe.h. Ends with 0
/// where it could give a verdict, whatever the verdict is, and never by returning, so that nothing
/// of the module runs after it.
namespace atlink::plugins {

namespace {

constexpr std::size_t largest_module = std::size_t{64} << 20;

Verdict verdict;
ProbeStage stage = ProbeStage::start;

void enter(ProbeStage next) {
  stage = next;
  verdict.write(stage_line(stage));
}

[[noreturn]] void say(const NativeProblem& problem) {
  verdict.write(problem_line(problem));
  ::_exit(0);
}

/// In place of an abort: an exception that nothing caught, of a constructor or an answer.
[[noreturn]] void on_exception() {
  const bool loading = stage == ProbeStage::load;
  say({loading ? "native-inert" : "native-extension",
       loading ? "it throws an exception while it is loaded"
               : "it throws an exception when it is asked what it offers",
       "catch every exception inside the module"});
}

Result<std::string> read_input(FileSystem& files) {
  ATLINK_ASSIGN(const std::unique_ptr<File> input, files.open_descriptor(STDIN_FILENO));
  std::string bytes(input->length().value_or(largest_module), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    ATLINK_ASSIGN(const std::size_t got, input->read(std::span(bytes).subspan(size)));
    if (got == 0) {
      break;
    }
    size += got;
  }
  bytes.resize(size);
  return bytes;
}

NativeProblem of_loading(const Error& error) {
  return {error.code == ErrorCode::native_invalid ? "native-load" : std::string(host_rule),
          error.message,
          error.next};
}

/// What loading did beside loading; `before` is how things stood.
void judge_loading(const Belongings& before) {
  const Belongings after = belongings();
  std::string what;
  if (const std::size_t printed = Verdict::printed(); printed > 0) {
    what = fmt::format("it prints {} bytes while it is loaded", printed);
  } else if (after.threads > before.threads) {
    what = "it starts a thread while it is loaded";
  } else if (after.descriptors > before.descriptors + 1) {  // the module itself is one
    what = "it opens files while it is loaded, and leaves them open";
  }
  if (!what.empty()) {
    say({"native-inert", what, "take the work out of its constructors (static initialisers)"});
  }
}

[[noreturn]] void probe(const std::string& id) {
  const Platform platform = system_platform();
  const auto object = read_input(platform.files);
  if (!object) {
    say({std::string(host_rule), object.error().message, object.error().next});
  }
  const Belongings before = belongings();
  enter(ProbeStage::load);
  const auto loaded = platform.loader.load(*object, ATLINK_PLUGIN_SYMBOL);
  if (!loaded) {
    say(of_loading(loaded.error()));
  }
  judge_loading(before);
  enter(ProbeStage::entry);
  const auto offer = judge_entry(*static_cast<const atlink_plugin_entry_t*>(*loaded), id);
  if (!offer) {
    say(offer.error());
  }
  if (Verdict::printed() > 0) {
    say({"native-extension",
         "it prints when it is asked what it offers",
         "give addresses of constants, and do nothing else"});
  }
  verdict.write(offer_line(*offer));
  ::_exit(0);
}

}  // namespace

}  // namespace atlink::plugins

int main(int count, char** words) {
  using namespace atlink::plugins;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-bounds-pointer-arithmetic): as main gets them
  const std::string id = count == 2 ? words[1] : "";
  if (id.empty() || !verdict.open()) {
    return 2;
  }
  std::set_terminate(on_exception);
  confine_self();
  probe(id);
}
