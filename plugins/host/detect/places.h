// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/detect/answer.h"
#include "plugins/host/detect/candidates.h"

#include <optional>
#include <string_view>
#include <vector>

/// Where on a site a product may live.
namespace atlink::plugins {

/// A context path that is worth asking at.
struct Place {
  /// The better reasons first.
  enum class Why {
    /// A context path that a description knows, in the asked URL.
    asked,
    /// A redirect of the site leads there.
    redirect,
    /// The asked URL begins so, and no description knows it.
    guess,
    root,
    /// The first two segments of the asked URL.
    deeper_guess,
    /// A description knows it.
    known,
  };
  BaseUrl base;
  Why why;
};

class Places {
 public:
  /// Those that the URL and the candidates propose. Of the context paths that nothing but a
  /// description proposes, those that most descriptions know, 16 at most.
  Places(const Url& url, const std::vector<Candidate>& candidates);

  [[nodiscard]] const std::vector<Place>& all() const { return all_; }

  /// Takes up where a redirect leads on the same site: the part in front of the path that was asked
  /// for, else what the new path begins with.
  void learn(const Question& question, const Url& target);

  /// The URL of a question. Fails with `url_invalid`.
  [[nodiscard]] Result<Url> url_of(const Question& question) const;

  /// What to ask for a probe of a candidate at a place; none where it is not asked there.
  [[nodiscard]] static std::optional<Question> question(const Place& place,
                                                        const Candidate& candidate,
                                                        const Probe& probe);

 private:
  void add(std::string_view context_path, Place::Why why);
  void add_asked();
  void add_known();
  [[nodiscard]] std::string_view known_prefix(std::string_view path) const;

  Url url_;
  Url site_;
  const std::vector<Candidate>& candidates_;
  std::vector<Place> all_;
};

}  // namespace atlink::plugins
