// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "plugins/host/registry.h"

#include <functional>
#include <string>
#include <vector>

namespace atlink::tests {

/// One description of the source tree: products/<id> as the built program sees it, or
/// docs/examples/<id>.
struct Described {
  plugins::Description description;
  /// Whether it is one of products/.
  bool bundled = false;

  /// The folder that it stands in.
  [[nodiscard]] const std::string& folder() const { return description.folders.front(); }
};

/// Every folder there with a product.json; nobody keeps a list. Stops the test at one that cannot
/// be read.
[[nodiscard]] const std::vector<Described>& all_described();

/// Each product of `of`, one a deployment; stops the test at one that cannot be resolved.
[[nodiscard]] std::vector<Product> products_of(const Described& of);

/// Calls `check` with every product of every description, told apart in the messages.
void for_each_product(const std::function<void(const Described&, const Product&)>& check);

/// A registry of products/ and docs/examples/, with `data_folder`/plugins before them.
[[nodiscard]] plugins::Registry registry_of_tree(const std::string& data_folder = "");

/// testdata/`name` in the folder of a description; null where there is none.
[[nodiscard]] json::Value testdata(const Described& of, const std::string& name);

/// A string at a member; "" where there is none.
[[nodiscard]] std::string text_at(const json::Value& object, std::string_view member);

/// The elements of an array at a member; none where there is none.
[[nodiscard]] json::Array array_at(const json::Value& object, std::string_view member);

/// What a service of a sign-in is as text: {site_id} stays in it.
[[nodiscard]] std::string url_text(const Product& product,
                                   const BaseUrl& base,
                                   const ServiceEndpoint& service);

/// Every endpoint of a product that lies on its site, by a name.
[[nodiscard]] std::vector<std::pair<std::string, EndpointPath>> endpoints_of(
    const Product& product);

/// Every service of its ways to sign in, by a name.
[[nodiscard]] std::vector<std::pair<std::string, ServiceEndpoint>> services_of(
    const Product& product);

/// Whether a path, such as one of the testdata, is one that an operation may ask for.
[[nodiscard]] bool asks_for(const Operation& operation, std::string_view path);

/// Values that the parameters of an operation take: of those that it needs, or of all.
[[nodiscard]] TemplateValues example_values(const Operation& operation, bool all);

}  // namespace atlink::tests
