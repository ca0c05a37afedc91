// SPDX-License-Identifier: Apache-2.0
#include "cli/natives.h"

#include "atlink/profile.h"
#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::string_view accepting_option = "--plugin-sha256";
constexpr std::size_t digits_of_hash = 64;

NativeState state_of(plugins::NativeTrust trust, const std::string& id) {
  switch (trust) {
    case plugins::NativeTrust::trusted:
      return {"trusted", true, ""};
    case plugins::NativeTrust::accepted:
      return {"accepted", true, ""};
    case plugins::NativeTrust::changed:
      return {"changed",
              false,
              fmt::format("its native module has changed since it was trusted (atlink plugin trust "
                          "{})",
                          id)};
    case plugins::NativeTrust::none:
      break;
  }
  return {"not trusted",
          false,
          fmt::format("its native module is not used until it is trusted (atlink plugin trust {})",
                      id)};
}

}  // namespace

Result<std::string> hash_from(std::string_view option, std::string_view text) {
  std::string hash = to_lower(text);
  const bool good = hash.size() == digits_of_hash &&
                    hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!good) {
    return fail(ErrorCode::usage,
                fmt::format("{} takes a SHA-256 hash, not \"{}\"", option, printable(text, 80)),
                "give its 64 hexadecimal digits, as sha256sum prints them");
  }
  return hash;
}

Result<plugins::NativeModules> open_natives(const Call& call) {
  plugins::NativeModules::Settings settings;
  // A runner without a home has no record; what it accepts stands on the command line.
  if (const auto folders = folders_from(call.app.platform.environment)) {
    settings.state_folder = folders->state;
  }
  for (const std::string& text : call.arguments.values(accepting_option)) {
    ATLINK_ASSIGN(settings.accepted.emplace_back(), hash_from(accepting_option, text));
  }
  return plugins::NativeModules(call.app.platform, std::move(settings));
}

NativeState native_state(plugins::NativeModules& natives,
                         const std::optional<plugins::ModuleFile>& file) {
  if (!file) {
    return {};
  }
  const auto module = natives.read(*file);
  if (!module) {
    return {"refused", false, module.error().message};
  }
  const auto trust = natives.trust_of(*module);
  return trust ? state_of(*trust, file->id) : NativeState{"refused", false, trust.error().message};
}

json::Array to_json(const std::vector<plugins::NativeConversion>& conversions) {
  json::Array list;
  for (const plugins::NativeConversion& conversion : conversions) {
    json::Value each;
    each.set("from", conversion.from);
    each.set("to", conversion.to);
    list.push_back(std::move(each));
  }
  return list;
}

}  // namespace atlink::cli
