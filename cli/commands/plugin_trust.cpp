// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/natives.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::ModuleFile;
using plugins::NativeModule;
using plugins::NativeModules;
using plugins::NativeOffer;
using plugins::NativeTrust;

constexpr std::string_view what_it_means =
    "A trusted module runs inside atlink with all of your rights: it can read your files and your "
    "credentials. Nothing can make it safe. Trust it only if you know where it comes from.";

// What is trusted is what lies in the plugin's own folder, whatever it builds on.
Result<ModuleFile> own_module(const Call& call, const std::string& id) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(const plugins::Description description, registry.describe(id));
  ATLINK_ASSIGN(ModuleFile file, plugins::module_of(description));
  if (file.folder != description.folders.front()) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the plugin \"{}\" has no native module of its own; it uses that of "
                            "\"{}\"",
                            id,
                            file.id),
                fmt::format("atlink plugin trust {}", file.id));
  }
  return file;
}

Status check_expected(const Call& call, const NativeModule& module) {
  const auto given = call.arguments.value("--sha256");
  if (!given) {
    return {};
  }
  ATLINK_ASSIGN(const std::string expected, hash_from("--sha256", *given));
  if (expected == module.sha256) {
    return {};
  }
  return fail(make_error(ErrorCode::native_untrusted,
                         fmt::format("{} is not the module that was meant: its SHA-256 is {}, and "
                                     "not {}",
                                     printable(module.file.path()),
                                     module.sha256,
                                     expected),
                         "get the module again from where the hash comes from")
                  .with("file", module.file.path())
                  .with("rule", "native-trust")
                  .with("side", "plugin"));
}

std::string words_for(const NativeOffer& offer) {
  std::string text;
  for (const auto& [from, to] : offer.conversions) {
    text += fmt::format("{}{} to {}", text.empty() ? "converts " : ", ", from, to);
  }
  return text.empty() ? "nothing that this atlink knows" : text;
}

Status show(Call& call, const NativeModule& module, const NativeOffer& offer) {
  if (call.report.json()) {
    return {};
  }
  return call.report.bytes(lay_out_pairs({
      {"file", module.file.path()},
      {"size", fmt::format("{} bytes", module.bytes.size())},
      {"SHA-256", module.sha256},
      {"version", offer.version},
      {"offers", words_for(offer)},
  }));
}

// Who gave the hash has looked at the module already.
Status confirm(Call& call, const std::string& id) {
  if (call.arguments.has("--yes") || call.arguments.has("--sha256")) {
    return {};
  }
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                fmt::format("somebody has to decide whether the module of \"{}\" may run with "
                            "your rights",
                            id),
                "give --sha256 HASH with the hash of the module that you mean, or --yes");
  }
  call.report.note(what_it_means);
  ATLINK_ASSIGN(const std::string answer,
                call.app.platform.terminal.ask(fmt::format("Trust the module of {}? [y/N] ", id)));
  const std::string word = to_lower(trim(answer));
  if (word == "y" || word == "yes") {
    return {};
  }
  return fail(ErrorCode::cancelled,
              fmt::format("the module of \"{}\" is not trusted", id),
              "nothing was changed; run the command again when you have looked at it");
}

Status report(Call& call, const NativeModule& module, const NativeOffer& offer, bool already) {
  if (!call.report.json()) {
    call.report.note(already ? "it is trusted already"
                             : fmt::format("these bytes are trusted from now on; taken back by: "
                                           "atlink plugin trust {} --revoke",
                                           module.file.id));
    return {};
  }
  json::Array extensions;
  for (const std::string& id : offer.extensions) {
    extensions.emplace_back(id);
  }
  json::Value object;
  object.set("id", module.file.id);
  object.set("file", module.file.path());
  object.set("size", static_cast<std::int64_t>(module.bytes.size()));
  object.set("sha256", module.sha256);
  object.set("version", offer.version);
  object.set("extensions", std::move(extensions));
  object.set("conversions", to_json(offer.conversions));
  object.set("trusted_before", already);
  return call.report.document(object);
}

// The module as a file, and as it was meant.
Result<NativeModule> read_module(Call& call, NativeModules& natives, const std::string& id) {
  ATLINK_ASSIGN(const ModuleFile file, own_module(call, id));
  ATLINK_ASSIGN(NativeModule module, natives.read(file));
  for (const std::string& note : module.notes) {
    call.report.note(fmt::format("{}: {}", id, note));
  }
  ATLINK_CHECK(check_expected(call, module));
  return module;
}

Status trust(Call& call, NativeModules& natives, const std::string& id) {
  ATLINK_ASSIGN(const NativeModule module, read_module(call, natives, id));
  ATLINK_ASSIGN(const NativeOffer offer, natives.probe(module));
  ATLINK_CHECK(show(call, module, offer));
  ATLINK_ASSIGN(const NativeTrust before, natives.trust_of(module));
  const bool already = before == NativeTrust::trusted;
  if (!already) {
    ATLINK_CHECK(confirm(call, id));
    ATLINK_CHECK(natives.trust(module));
  }
  return report(call, module, offer, already);
}

Status revoke(Call& call, NativeModules& natives, const std::string& id) {
  if (call.arguments.has("--yes") || call.arguments.has("--sha256")) {
    return fail(ErrorCode::usage, "--revoke takes trust away; it goes with no other option");
  }
  ATLINK_ASSIGN(const std::size_t count, natives.revoke(id));
  if (call.report.json()) {
    json::Value object;
    object.set("id", id);
    object.set("revoked", static_cast<std::int64_t>(count));
    return call.report.document(object);
  }
  call.report.note(count == 0 ? fmt::format("no module of \"{}\" was trusted", id)
                              : fmt::format("no module of \"{}\" is trusted any more", id));
  return {};
}

Status run(Call& call) {
  ATLINK_ASSIGN(NativeModules natives, open_natives(call));
  const std::string id = call.arguments.text("ID");
  return call.arguments.has("--revoke") ? revoke(call, natives, id) : trust(call, natives, id);
}

constexpr std::array positionals{PositionalSpec{"ID", "the plugin (atlink plugin list)"}};
constexpr std::array options{
    OptionSpec{"--yes", "", "do not ask"},
    OptionSpec{"--sha256", "HASH", "trust the module only if it is this one, and do not ask"},
    OptionSpec{"--revoke", "", "take all trust in modules of this plugin away"},
};
constexpr std::array examples{
    Example{"atlink plugin trust acme", "look at a module, then decide"},
    Example{"atlink plugin trust acme --sha256 "
            "f0cad1f7bcbd6fdc2a23a2ad1b34e4ef44b4ce6ba4a1d0d0ce2dbbcd2ae2a5f9",
            "trust what was published with this hash, in a script"},
    Example{"atlink plugin trust acme --revoke", "use no module of the plugin any more"},
};

}  // namespace

const Command plugin_trust{
    "plugin trust",
    "let the native module of a plugin run inside atlink",
    "Tries the module in a process of its own, shows what it is, and asks. What is trusted are its "
    "bytes: a module that changes is refused until it is trusted again. It runs with all of your "
    "rights, and nothing can make it safe.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
