// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/path_pattern.h"
#include "plugins/sandbox/testdata.h"
#include "plugins/sandbox/visit.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

struct FormPart;

/// Files that are sent and fetched by the product's own operations. Bounded: 64 MiB in all.
class Files {
 public:
  /// `version` says which operations there are; `ticket` is unpredictable text, which stands for
  /// the signature in the addresses of another origin.
  Files(const Product& product, FilesData data, std::string_view version, std::string ticket);
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  Files(Files&&) = delete;
  Files& operator=(Files&&) = delete;
  ~Files() = default;

  /// The answer to an upload, or to a request for a file that is there, by somebody who may; none
  /// for everything else. `path` is relative to the base URL.
  [[nodiscard]] std::optional<ServerResponse> answer(const Visit& visit, std::string_view path);

  /// A file at the other origin, for `rest` behind `away_path`. There no credential belongs: a
  /// request that brings one is refused, and told so.
  [[nodiscard]] ServerResponse away(const Visit& visit, std::string_view rest) const;

 private:
  struct Route {
    const Operation& operation;
    PathPattern path;
  };

  [[nodiscard]] const Route* download_for(const Route& upload) const;
  [[nodiscard]] ServerResponse upload(const Visit& visit, const Route& route);
  /// What is wrong with the parts; none if nothing is.
  [[nodiscard]] std::optional<ServerResponse> judge(const std::vector<FormPart>& files,
                                                    const UploadRule& rule) const;
  /// Refuses plain fields that the operation does not have.
  [[nodiscard]] std::optional<ServerResponse> judge_fields(const std::vector<FormPart>& parts,
                                                           const FormFields& known) const;
  [[nodiscard]] const StoredFile& keep(const FormPart& part);
  [[nodiscard]] ServerResponse download(const Visit& visit,
                                        const DownloadRule& rule,
                                        const StoredFile& file) const;
  [[nodiscard]] std::optional<ServerResponse> content(const Visit& visit,
                                                      std::string_view path) const;
  [[nodiscard]] ServerResponse lead_away(const Visit& visit, const StoredFile& file) const;
  /// The file that the last of these values names that names one.
  [[nodiscard]] const StoredFile* named_by(const std::vector<std::string>& values) const;

  const Product& product_;
  FilesData data_;
  std::string ticket_;
  std::vector<Route> uploads_;
  std::vector<Route> downloads_;
  std::map<std::string, StoredFile> files_;
  std::size_t bytes_ = 0;
  std::int64_t last_id_ = 10000;
};

/// Below the base URL: where files are fetched by their content URL, by one that leads away, and
/// at the other origin.
inline constexpr std::string_view files_path = "/-/sandbox/files";
inline constexpr std::string_view moved_path = "/-/sandbox/moved";
inline constexpr std::string_view away_path = "/-/sandbox/away";

}  // namespace atlink::plugins::sandbox
