// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/judge.h"
#include "plugins/kit/kit.h"
#include "plugins/kit/native_checks.h"
#include "plugins/kit/play.h"
#include "plugins/kit/rule_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

using kit::Keys;
using kit::Recorder;
using kit::SignedIn;
using kit::Stage;

constexpr std::string_view file_name = "/product.json";

/// What was asked for, and where else to look for what it extends.
struct Target {
  PluginPlace place;
  std::vector<SearchFolder> folders;
};

/// A folder as with --plugin-dir of the one that it lies in.
Result<Target> folder_target(FileSystem& files, const CheckOptions& options) {
  std::string folder = options.folder;
  if (folder.size() > file_name.size() &&
      folder.compare(folder.size() - file_name.size(), file_name.size(), file_name) == 0) {
    folder.resize(folder.size() - file_name.size());
  }
  ATLINK_ASSIGN(const FileInfo info, files.stat(folder, true));
  if (info.kind != FileKind::folder) {
    return fail(ErrorCode::usage,
                fmt::format("{} is no folder", printable(folder)),
                "name a plugin's folder, which holds product.json");
  }
  const std::size_t slash = folder.rfind('/');
  const std::string parent = slash == 0 ? "/" : folder.substr(0, slash);
  Target target{{folder.substr(slash + 1), folder, SearchFolder::From::flag}, options.folders};
  std::erase_if(target.folders, [&](const SearchFolder& each) { return each.path == parent; });
  target.folders.insert(target.folders.begin(), {parent, SearchFolder::From::flag});
  return target;
}

Result<Target> target_of(FileSystem& files, const CheckOptions& options) {
  if (options.id.empty()) {
    return folder_target(files, options);
  }
  ATLINK_ASSIGN(PluginPlace place, find_place(files, options.folders, options.id));
  return Target{std::move(place), options.folders};
}

void play_on(Recorder& recorder, Stage& stage, const std::string& version) {
  kit::play_probes(recorder, stage);
  kit::play_link(recorder, stage, version);
  // These let time pass, in which a credential could run out.
  kit::play_refusals(recorder, stage);
  const SignedIn credential = kit::play_dances(recorder, stage);
  kit::play_requests(recorder, stage, credential);
  kit::play_pagers(recorder, stage, credential);
  kit::play_operations(recorder, stage, credential);
  kit::play_files(recorder, stage, credential);
  kit::play_signals(recorder, stage, credential);
  kit::play_renewal(recorder, stage, credential);
}

/// Plays one deployment.
class Player {
 public:
  Player(Platform platform, const CheckOptions& options, Recorder& recorder)
      : platform_(platform), options_(options), recorder_(recorder) {}

  void play(const Description& description, const Product& product) {
    recorder_.at(product.deployment);
    std::unique_ptr<Stage> stage;
    recorder_.run("play.site", [&] { return open(description, product, stage); });
    if (stage != nullptr) {
      play_on(recorder_, *stage, options_.site_version);
    }
  }

 private:
  kit::Verdict open(const Description& description,
                    const Product& product,
                    std::unique_ptr<Stage>& stage) {
    if (!product.oauth1) {
      return kit::skipped("it offers no OAuth 1.0a, which is what the sandbox plays");
    }
    if (!options_.site_version.empty() && !product.oauth1->holds(options_.site_version)) {
      return kit::skipped(
          fmt::format("version {} offers no OAuth 1.0a", printable(options_.site_version, 40)));
    }
    if (!keys_) {
      auto made = kit::make_keys(platform_.random);
      if (!made) {
        return kit::failed("no keys could be made", made.error());
      }
      keys_.emplace(std::move(*made));
    }
    auto opened =
        Stage::open(platform_, product, description.folders, *keys_, options_.site_version);
    if (!opened) {
      return kit::failed("the sandbox does not play it", opened.error());
    }
    stage = std::move(*opened);
    return kit::passed(fmt::format("as {}", printable(stage->product().name, 60)));
  }

  Platform platform_;
  const CheckOptions& options_;
  Recorder& recorder_;
  std::optional<Keys> keys_;
};

/// Fails for a deployment that the plugin does not have.
Status check_deployment(const Description& description,
                        const std::optional<Deployment>& deployment) {
  const auto& all = description.deployments;
  if (deployment && std::find(all.begin(), all.end(), *deployment) == all.end()) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the product {} has no deployment \"{}\"",
                            printable(description.id, 70),
                            to_string(*deployment)),
                "leave --deployment out to check all that it has");
  }
  return {};
}

}  // namespace

Result<CheckReport> check_plugin(Platform platform, const CheckOptions& options) {
  ATLINK_ASSIGN(const Target target, target_of(platform.files, options));
  const Judgement judgement = judge(platform.files, target.folders, target.place);
  CheckReport report{target.place.id, judgement.version, target.place.folder, {}};
  Recorder recorder(platform.clock, report.checks);
  kit::check_rules(recorder, judgement);
  if (!judgement.broken.empty()) {
    recorder.run("play.site", [] { return kit::skipped("a rule is broken"); });
    return report;
  }
  kit::check_advice(recorder, platform.files, judgement);
  kit::check_native(recorder, platform, judgement);
  ATLINK_CHECK(check_deployment(judgement.description, options.deployment));
  Player player(platform, options, recorder);
  for (const Product& product : judgement.products) {
    if (!options.deployment || product.deployment == *options.deployment) {
      player.play(judgement.description, product);
    }
  }
  return report;
}

}  // namespace atlink::plugins
