// SPDX-License-Identifier: Apache-2.0
#include "atlink/plugin/plugin.h"
#include "atlink/sha256.h"
#include "plugins/host/native.h"
#include "plugins/host/native_entry.h"
#include "plugins/host/native_object.h"
#include "plugins/host/native_probe.h"
#include "plugins/host/native_record.h"
#include "plugins/host/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t largest_module = std::size_t{64} << 20;

tl::unexpected<Error> broken(const ModuleFile& file, const NativeProblem& problem) {
  return fail(to_error(problem, file.path()));
}

Error with_side(Error error) {
  return error.fact("side").empty() ? std::move(error).with("side", "plugin") : std::move(error);
}

/// An error of the file system is a rule broken too, and names the file at fault.
tl::unexpected<Error> of_file(const ModuleFile& file, Error error) {
  if (error.code == ErrorCode::plugin_untrusted) {
    return fail(with_side(std::move(error)));
  }
  return broken(file,
                {"native-file",
                 error.code == ErrorCode::file_not_found ? "there is no such file, or a symbolic "
                                                           "link that leads nowhere"
                                                         : error.message,
                 "put the shared object itself there, or remove what is there"});
}

Status judge_file(FileSystem& files, const ModuleFile& file) {
  const auto info = files.stat(file.path(), true);
  if (!info) {
    return of_file(file, info.error());
  }
  if (info->kind != FileKind::regular) {
    return broken(
        file, {"native-file", "it is not a regular file", "put the shared object itself there"});
  }
  if (info->size > largest_module) {
    return broken(
        file,
        {"native-file",
         fmt::format("it has {} bytes, and a module has at most {}", info->size, largest_module),
         "strip it, and keep data elsewhere"});
  }
  return {};
}

tl::unexpected<Error> refused(const NativeModule& module, std::string message, std::string next) {
  return fail(make_error(ErrorCode::native_untrusted,
                         fmt::format("{}: {}", printable(module.file.path()), message),
                         std::move(next))
                  .with("file", module.file.path())
                  .with("rule", "native-trust")
                  .with("side", "plugin")
                  .with("sha256", module.sha256));
}

const TrustRecord* record_at(const std::vector<TrustRecord>& records, const ModuleFile& file) {
  const auto found =
      std::find_if(records.begin(), records.end(), [&file](const TrustRecord& record) {
        return record.id == file.id && record.folder == file.folder;
      });
  return found == records.end() ? nullptr : &*found;
}

bool holds(const std::vector<TrustRecord>& records, const NativeModule& module) {
  return std::any_of(records.begin(), records.end(), [&module](const TrustRecord& record) {
    return record.id == module.file.id && record.sha256 == module.sha256;
  });
}

tl::unexpected<Error> not_trusted(const NativeModule& module) {
  return refused(module,
                 fmt::format("nobody has trusted it yet (SHA-256 {})", module.sha256),
                 fmt::format("see where it comes from, since it runs with your rights, then: "
                             "atlink plugin trust {}",
                             module.file.id));
}

tl::unexpected<Error> has_changed(const NativeModule& module, const TrustRecord& before) {
  return refused(module,
                 fmt::format("it has changed since it was trusted at {}: its SHA-256 was {} and is "
                             "{}",
                             to_rfc3339(before.when),
                             printable(before.sha256, 64),
                             module.sha256),
                 fmt::format("find out who changed it; if it was you: atlink plugin trust {}",
                             module.file.id));
}

}  // namespace

NativeModules::NativeModules(Platform platform, Settings settings)
    : platform_(platform), settings_(std::move(settings)) {}

Result<NativeModule> NativeModules::read(const ModuleFile& file) {
  TrustCheck trust(platform_.files, file.from);
  for (const std::string& path : {file.folder, file.path()}) {
    if (auto status = trust.check(path); !status) {
      return of_file(file, std::move(status).error());
    }
  }
  ATLINK_CHECK(judge_file(platform_.files, file));
  auto bytes = platform_.files.read_all(file.path(), largest_module);
  if (!bytes) {
    return of_file(file, std::move(bytes).error());
  }
  ATLINK_ASSIGN(std::string hash, sha256(*bytes));
  return NativeModule{file, *std::move(bytes), std::move(hash), trust.notes()};
}

Result<NativeTrust> NativeModules::trust_of(const NativeModule& module) {
  const std::vector<std::string>& accepted = settings_.accepted;
  if (std::find(accepted.begin(), accepted.end(), module.sha256) != accepted.end()) {
    return NativeTrust::accepted;
  }
  ATLINK_ASSIGN(const std::vector<TrustRecord> known, records());
  if (holds(known, module)) {
    return NativeTrust::trusted;
  }
  return record_at(known, module.file) == nullptr ? NativeTrust::none : NativeTrust::changed;
}

Result<NativeOffer> NativeModules::probe(const NativeModule& module) {
  if (auto problem = judge_object(module.bytes)) {
    return broken(module.file, *problem);
  }
  const auto program = platform_.process.own_program(std::string(probe_program));
  const auto end = !program ? Result<ProcessEnd>(tl::unexpected(program.error()))
                            : platform_.process.run({*program,
                                                     {module.file.id},
                                                     {},
                                                     module.bytes,
                                                     settings_.patience,
                                                     ProcessStart().most_output});
  if (!end) {
    return end.error().code == ErrorCode::cancelled
               ? fail(end.error())
               : broken(module.file,
                        {std::string(host_rule), end.error().message, end.error().next});
  }
  auto offer = verdict_of(*end, settings_.patience);
  if (!offer) {
    return broken(module.file, offer.error());
  }
  return *std::move(offer);
}

Result<std::vector<TrustRecord>> NativeModules::records() {
  return NativeRecord(platform_.files, settings_.state_folder).read();
}

Status NativeModules::trust(const NativeModule& module) {
  const TrustRecord record{
      module.file.id, module.file.folder, module.sha256, platform_.clock.now()};
  return NativeRecord(platform_.files, settings_.state_folder)
      .change([&record](std::vector<TrustRecord>& records) {
        std::erase_if(records, [&record](const TrustRecord& each) {
          return each.id == record.id && each.folder == record.folder;
        });
        records.push_back(record);
      });
}

Result<std::size_t> NativeModules::revoke(std::string_view id) {
  ATLINK_ASSIGN(const std::vector<TrustRecord> known, records());
  if (std::none_of(known.begin(), known.end(), [id](const auto& each) { return each.id == id; })) {
    return std::size_t{0};
  }
  std::size_t removed = 0;
  ATLINK_CHECK(NativeRecord(platform_.files, settings_.state_folder)
                   .change([&removed, id](std::vector<TrustRecord>& records) {
                     removed = std::erase_if(
                         records, [id](const TrustRecord& each) { return each.id == id; });
                   }));
  return removed;
}

Result<LoadedNative> NativeModules::load(const ModuleFile& file) {
  ATLINK_ASSIGN(const NativeModule module, read(file));
  ATLINK_ASSIGN(const NativeTrust trust, trust_of(module));
  if (trust == NativeTrust::none) {
    return not_trusted(module);
  }
  if (trust == NativeTrust::changed) {
    ATLINK_ASSIGN(const std::vector<TrustRecord> known, records());
    const TrustRecord* const before = record_at(known, file);
    return before == nullptr ? not_trusted(module) : has_changed(module, *before);
  }
  if (trust == NativeTrust::accepted) {
    // Nobody has tried these bytes: they are loaded in a child first, as trusting does.
    ATLINK_CHECK(probe(module));
  } else if (auto problem = judge_object(module.bytes)) {
    return broken(file, *problem);
  }
  const auto loaded = platform_.loader.load(module.bytes, ATLINK_PLUGIN_SYMBOL);
  if (!loaded) {
    return broken(
        file,
        {loaded.error().code == ErrorCode::native_invalid ? "native-load" : std::string(host_rule),
         loaded.error().message,
         loaded.error().next});
  }
  const auto& entry = *static_cast<const atlink_plugin_entry_t*>(*loaded);
  auto offer = judge_entry(entry, file.id);
  if (!offer) {
    return broken(file, offer.error());
  }
  return LoadedNative(entry, file.path(), *std::move(offer));
}

Result<ModuleFile> module_of(const Description& description) {
  if (description.modules.empty()) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the plugin \"{}\" has no native module, and so offers nothing beyond "
                            "its description",
                            description.id),
                "see which plugins have one: atlink plugin list");
  }
  return description.modules.front();
}

}  // namespace atlink::plugins
