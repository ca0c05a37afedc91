// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "atlink/url.h"
#include "plugins/host/registry.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Which product a site runs, found out by asking it without credentials. Beside registry.h the
/// second face of plugins/host: it sends, and only the command that needs it sees it.
namespace atlink::plugins {

struct DetectOptions {
  ConnectionOptions connection;
  /// For each request, from name resolution to the last byte.
  std::chrono::milliseconds deadline{10000};
  /// At most so many requests in all, one after another.
  std::size_t requests = 12;
  /// Go on looking for further products after the first.
  bool all = false;
  std::string user_agent;
};

/// One question and what came back. Texts of the server are fit for a terminal.
struct Asked {
  enum class Outcome {
    recognised,  ///< a probe that is enough by itself holds
    hint,        ///< a probe that is only a hint holds
    login_page,  ///< a page that wants a sign-in came instead of an answer, or a redirect to one
    closed,      ///< 401 or 403
    redirect,
    not_found,
    other,   ///< an answer that no description knows
    failed,  ///< no answer
  };
  std::string url;
  std::string accept;
  /// 0 where no answer came.
  int status = 0;
  std::optional<Error> error;
  Outcome outcome = Outcome::other;
  /// What came, in a few words.
  std::string said;
};

/// "recognised", "hint", "login_page", …
[[nodiscard]] std::string_view to_string(Asked::Outcome outcome);

/// One way to sign in that this version and deployment offers.
struct SignInWay {
  /// "oauth1", "oauth2", "token", "api_token" or "basic".
  std::string method;
  std::string note;
  /// The versions that have it, where the site's is not known; open otherwise.
  VersionRange versions;
  /// From this version on an administrator has to switch it on; empty where the site's version is
  /// known to be older, or it never has to be.
  std::string off_from;
};

/// A product at one place of a site.
struct Found {
  /// Resolved for its deployment.
  Product product;
  BaseUrl base;
  /// As far as the server says; fit for a terminal.
  std::string version;
  std::string build;
  std::string title;
  /// The base URL that the server believes it has, where that is another one; else empty.
  std::string server_base_url;
  std::vector<SignInWay> sign_in;
  /// Whether a probe proves it and nothing else fits as well. Otherwise it only looks like it.
  bool certain = false;
  /// How the deployment was told, where several would have fitted; else empty.
  std::string deployment_note;
};

struct Detection {
  /// What is certain first, and of that what is at the asked path.
  std::vector<Found> found;
  /// Several fit one place equally well; all of them are in `found`.
  bool ambiguous = false;
  /// In the order of asking.
  std::vector<Asked> asked;
  /// Where the site sends people on to who ask it for the address, as far as that is another site;
  /// else empty. Fit for a terminal.
  std::string elsewhere;
  /// What else is worth saying: redirects to other sites, plugins that were passed over.
  std::vector<std::string> notes;

  [[nodiscard]] bool certain() const { return !found.empty() && found.front().certain; }
};

/// Asks the site of `url` (whose query does not count) the questions that every usable description
/// proposes: at the path of `url`, at the root, where redirects lead on the same site, and at known
/// context paths. Each question is asked once. Sends no credential and no cookie, and follows no
/// redirect. What the server says or fails to say is part of the Detection; fails where plugin
/// folders cannot be listed, where there is no description with a probe (`product_missing`), and
/// with `cancelled`.
[[nodiscard]] Result<Detection> detect(Transport& transport,
                                       Registry& registry,
                                       const Url& url,
                                       const DetectOptions& options);

}  // namespace atlink::plugins
