// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/answer_rules.h"
#include "atlink/endpoint.h"
#include "atlink/export.h"
#include "atlink/link_rules.h"
#include "atlink/operation.h"
#include "atlink/result.h"
#include "atlink/sign_in.h"
#include "atlink/url.h"
#include "atlink/version.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink {

enum class Deployment { cloud, data_center };

/// "cloud" or "data-center".
[[nodiscard]] ATLINK_API std::string_view to_string(Deployment deployment);
[[nodiscard]] ATLINK_API std::optional<Deployment> deployment_from(std::string_view text);

/// One field of an admin screen. `value` is a template (see `expand`); empty means leave it empty.
struct LinkField {
  std::string label;
  std::string value;
  /// "paste", "choose", "tick", "untick", "empty" or "any".
  std::string action;
  std::string note;
};

/// One admin screen, in the order of use.
struct LinkScreen {
  std::string title;
  std::string instruction;
  std::vector<LinkField> fields;
  /// What will be shown and can be ignored.
  std::vector<std::string> ignore;
};

/// The screens of one range of versions.
struct LinkGuide : VersionRange {
  /// How a person tells that this is the dialog in front of them.
  std::string title;
  std::string who;
  std::vector<LinkScreen> screens;
};

/// One value that a profile may fill in: an origin beyond the site, or plain text. Never a secret.
struct Setting {
  enum class Kind { origin, text };
  std::string name;
  std::string summary;
  Kind kind = Kind::text;
  /// What counts where the profile says nothing. Where a profile's settings have been put into the
  /// product, what counts. An origin is used only once the person has agreed to it at sign-in.
  std::string fallback;
};

/// Where a family of operations lies.
struct ApiBase : VersionRange {
  std::string name;
  EndpointPath endpoint;
  std::string note;
};

/// A product as a client needs it: one description, resolved for one deployment. Plain data.
struct Product {
  std::string id;
  std::string name;
  Deployment deployment = Deployment::data_center;
  /// The context path that a site of this product has unless told otherwise ("" or "/x").
  std::string default_context_path;
  /// Context paths worth trying and recognising in a URL.
  std::vector<std::string> known_context_paths;
  std::vector<Setting> settings;
  /// How to recognise a site without signing in; in the order of the description.
  std::vector<Probe> probes;
  std::optional<OAuth1Rules> oauth1;
  std::optional<OAuth2Rules> oauth2;
  std::optional<TokenRules> token;
  std::optional<ApiTokenRules> api_token;
  std::optional<BasicRules> basic;
  std::optional<IdentityRule> identity;
  /// The first that holds counts; ordered by the description's reader.
  std::vector<ResponseSignal> signals;
  std::vector<ExtraHeader> headers;
  /// JSON pointers with "*" to the messages of an error body, tried in order.
  std::vector<std::string> error_messages;
  RateLimitRules rate_limit;
  /// The header that keeps forged requests out; the reader has added it to `headers` as well.
  std::optional<XsrfRule> xsrf;
  std::vector<Pager> pagers;
  std::vector<ApiBase> apis;
  std::vector<QueryLanguage> query_languages;
  std::vector<Operation> operations;
  std::vector<Recipe> recipes;
  /// Names of the files below catalogue/ that hold more operations.
  std::vector<std::string> catalogues;
  /// Where the administrator manages application links, and where a person revokes tokens.
  std::optional<EndpointPath> links_page;
  std::optional<EndpointPath> revoke_page;
  std::vector<LinkGuide> link_guides;
  /// Doing the same over REST; none where the product cannot.
  std::optional<LinkAdministration> link_administration;
};

/// What the description says of a way to sign in; null where the product does not offer it.
[[nodiscard]] ATLINK_API const SignInRules* rules_of(const Product& product, SignInMethod method);

/// Where one installation of a product is: site plus context path.
class ATLINK_API BaseUrl {
 public:
  /// From one text, whose path is the context path: "https://site.example/acme", with or without a
  /// slash at the end. Fails with `url_invalid`, for a query too.
  [[nodiscard]] static Result<BaseUrl> parse(std::string_view text);

  /// `context_path` is "" or "/x/y" without a trailing slash. Fails with `url_invalid`.
  [[nodiscard]] static Result<BaseUrl> make(const Url& site, std::string_view context_path);

  /// Site plus context path, without a trailing slash: "https://site.example/acme".
  [[nodiscard]] const std::string& str() const { return text_; }

  [[nodiscard]] const Url& site() const { return site_; }

  [[nodiscard]] const std::string& context_path() const { return context_path_; }

  /// The URL of an endpoint. Fails with `url_invalid`.
  [[nodiscard]] Result<Url> at(const EndpointPath& endpoint) const;

  /// The URL for what a person gave as PATH: relative to the base URL ("/rest/x" or "rest/x",
  /// already encoded, query allowed), or a full URL at or below the base URL. Fails with
  /// `url_invalid` (dot segments too), `url_other_origin` (also for the same site outside the
  /// context path, since a credential is bound to the base URL), or `url_context_doubled` for a
  /// path that repeats the context path.
  [[nodiscard]] Result<Url> request_url(std::string_view path) const;

  friend bool operator==(const BaseUrl& a, const BaseUrl& b) { return a.text_ == b.text_; }

 private:
  BaseUrl(Url site, std::string context_path);
  [[nodiscard]] Result<Url> full_url(std::string_view text) const;
  Url site_;
  std::string context_path_;
  std::string text_;
};

}  // namespace atlink
