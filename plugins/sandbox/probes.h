// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/visit.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

struct ProbeOptions {
  /// The version that is told.
  std::string version;
  /// Whether it counts more than what the testdata tells.
  bool version_counts = false;
  /// Whether the answers want a sign-in.
  bool closed = false;
};

/// The answers by which the product is recognised, made of the description's own probes.
class Probes {
 public:
  Probes(const Product& product, ProbeOptions options)
      : product_(product), options_(std::move(options)) {}

  /// Whether the visitor asks for the address of a probe.
  [[nodiscard]] bool knows(const Visit& visit) const { return !asked_by(visit).empty(); }

  /// Whether it is one whose answer is JSON, and the visitor no browser.
  [[nodiscard]] bool want_data(const Visit& visit) const;

  /// What a visitor gets who has not signed in where the probes are closed; none for what is no
  /// probe.
  [[nodiscard]] std::optional<ServerResponse> refuse(const Visit& visit) const;

  /// The answer to a probe; none for what is none. `user` is told where the same address tells it.
  [[nodiscard]] std::optional<ServerResponse> answer(const Visit& visit,
                                                     std::string_view user) const;

  /// Changes what the testdata answers to a probe to the version that somebody chose.
  void correct(const Visit& visit, ServerResponse& response) const;

  /// Changes the home page so that the probes that ask for it recognise it.
  void mark(const Visit& visit, ServerResponse& page) const;

 private:
  [[nodiscard]] std::vector<const Probe*> asked_by(const Visit& visit) const;
  [[nodiscard]] json::Value document(const std::vector<const Probe*>& probes,
                                     const Visit& visit,
                                     std::string_view user) const;
  [[nodiscard]] ServerResponse page(const Probe& probe) const;

  const Product& product_;
  ProbeOptions options_;
};

/// A build number for a version: 10.3.4 has 10030004.
[[nodiscard]] std::int64_t build_of(std::string_view version);

}  // namespace atlink::plugins::sandbox
