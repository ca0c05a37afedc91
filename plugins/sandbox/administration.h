// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "plugins/sandbox/token_endpoints.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// The administration of links over REST, as the description says it. Two accounts exist: `admin`
/// with the password `admin` (or the token `admin-token`), who may, and the site's user with the
/// own name as password, who may not.
class Administration {
 public:
  Administration(const DanceParts& parts,
                 RandomSource& random,
                 std::string user,
                 bool secure_session);

  /// The answer to a request of an administrator; none where it is no such request.
  [[nodiscard]] std::optional<ServerResponse> answer(const Visit& visit);

  /// For scripts: GET tells the links and what counts, PUT {"secure_session", "others"} changes it.
  [[nodiscard]] ServerResponse control(const Visit& visit);

 private:
  struct Link {
    std::string name;
    std::string url;
    std::string type;
    /// Empty until a consumer is given.
    std::string consumer_key;
  };

  struct Other {
    std::string id;
    std::string name;
  };

  using Handler = ServerResponse (Administration::*)(const Visit& visit, const std::string& id);

  /// What a call of the description leads to, and the step that it is.
  struct Route {
    const LinkCall& call;
    LinkRefusal::Step step;
    Handler handler;
  };

  [[nodiscard]] std::vector<Route> routes() const;
  [[nodiscard]] std::optional<std::string> matches(const Visit& visit, const LinkCall& call) const;
  [[nodiscard]] std::optional<ServerResponse> refuse(const Visit& visit, LinkRefusal::Step step);
  [[nodiscard]] ServerResponse refused(const Visit& visit,
                                       LinkRefusal::Meaning meaning,
                                       LinkRefusal::Step step,
                                       int status,
                                       std::string_view words) const;
  [[nodiscard]] bool has_session(const Visit& visit) const;
  [[nodiscard]] ServerResponse begin_session(const Visit& visit);
  [[nodiscard]] ServerResponse end_session(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse list(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse create(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse put_consumer(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse consumers(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse remove(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse list_others(const Visit& visit, const std::string& id);
  [[nodiscard]] ServerResponse absent(const Visit& visit, LinkRefusal::Step step) const;
  [[nodiscard]] Status take_control(const json::Value& document);

  DanceParts parts_;
  RandomSource& random_;
  std::string user_;
  bool secure_session_;
  std::map<std::string, Link> links_;
  std::vector<Other> others_;
  std::set<std::string> sessions_;
};

}  // namespace atlink::plugins::sandbox
