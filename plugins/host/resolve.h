// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/problem.h"
#include "plugins/host/registry.h"

#include <string_view>
#include <vector>

namespace atlink::plugins {

/// Reads what a description says for a deployment into `to`; gives what is wrong with it.
[[nodiscard]] std::vector<Problem> read_product(const Description& description,
                                                Deployment deployment,
                                                Product& to);

/// The two halves of it: what the document says for a deployment, and reading that, of which those
/// parts are there.
[[nodiscard]] json::Value document_for(const json::Value& document, Deployment deployment);
[[nodiscard]] std::vector<Problem> read_resolved(const json::Value& document,
                                                 Deployment deployment,
                                                 Product& to,
                                                 Parts parts = Parts::all);

/// Fails with `product_unsupported` for a deployment that there is not.
[[nodiscard]] Status check_deployment(const Description& description, Deployment deployment);

/// What is wrong with the choice of deployments.
[[nodiscard]] std::vector<Problem> problems_of_deployments(const Description& description);

/// The deployments of an effective document: those of its member, or data-center where there is
/// none.
[[nodiscard]] std::vector<Deployment> deployments_of(const json::Value& document);

}  // namespace atlink::plugins
