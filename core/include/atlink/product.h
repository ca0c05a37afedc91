// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/oauth1.h"
#include "atlink/result.h"
#include "atlink/url.h"

#include <chrono>
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

/// A path and what it is relative to: the base URL (site and context path) or the site alone.
struct EndpointPath {
  enum class RelativeTo { base, site };
  /// Encoded, begins with "/".
  std::string path;
  RelativeTo relative_to = RelativeTo::base;
};

/// OAuth 1.0a as this product offers it.
struct OAuth1Rules {
  EndpointPath request_token;
  EndpointPath authorize;
  EndpointPath access_token;
  /// Accepted methods, the preferred one first; never empty.
  std::vector<oauth1::SignatureMethod> signature_methods{oauth1::SignatureMethod::rsa_sha1};
  /// Where OAuth parameters are accepted, the preferred place first; never empty.
  std::vector<oauth1::Transmission> transmissions{oauth1::Transmission::header};
  /// Whether requests without a user (empty token) are possible.
  bool two_legged = false;
  /// The verifier that means "denied"; empty if the product has none.
  std::string denied_verifier;
  /// Whether the server must confirm the callback (RFC 5849 section 2.1).
  bool callback_confirmed = true;
  /// What the product's tokens live by default, for `status` where the server does not say, and for
  /// the sandbox.
  std::chrono::seconds request_token_lifetime{600};
  std::chrono::seconds access_token_lifetime{0};
  std::chrono::seconds session_lifetime{0};
};

/// Where to ask who is signed in, and where the name stands in the answer.
struct IdentityRule {
  EndpointPath endpoint;
  /// JSON pointers, tried in order; may be empty.
  std::vector<std::string> json_pointers;
  /// A header that carries the name; may be empty.
  std::string header;
  bool header_percent_encoded = false;
  /// Values that mean nobody ("anonymous").
  std::vector<std::string> anonymous_values;
};

/// How to recognise an answer before any parser sees it. All given conditions must hold.
struct ResponseSignal {
  enum class Meaning { login_page, captcha, anonymous, authentication_failed, xsrf, rate_limited };
  Meaning meaning = Meaning::login_page;
  /// Empty: any status.
  std::vector<int> statuses;
  /// Empty: no condition on a header. With neither of the two texts, the header must be there.
  std::string header;
  /// Compared without case; empty: no such condition. `header_is` is the whole value.
  std::string header_contains;
  std::string header_is;
  /// Empty: no condition on the body (its first 64 KiB).
  std::string body_contains;
};

/// A header that the product wants on some requests.
struct ExtraHeader {
  std::string name;
  std::string value;
  /// Empty: every method.
  std::vector<std::string> methods;
};

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

/// The screens of one range of versions. `from` is inclusive, `before` exclusive; empty is open.
struct LinkGuide {
  /// How a person tells that this is the dialog in front of them.
  std::string title;
  std::string from;
  std::string before;
  std::string who;
  std::vector<LinkScreen> screens;
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
  std::optional<OAuth1Rules> oauth1;
  std::optional<IdentityRule> identity;
  /// The first that holds counts; ordered by the description's reader.
  std::vector<ResponseSignal> signals;
  std::vector<ExtraHeader> headers;
  /// JSON pointers with "*" to the messages of an error body, tried in order.
  std::vector<std::string> error_messages;
  /// Where the administrator manages application links, and where a person revokes tokens.
  std::optional<EndpointPath> links_page;
  std::optional<EndpointPath> revoke_page;
  std::vector<LinkGuide> link_guides;
};

/// Where one installation of a product is: site plus context path.
class ATLINK_API BaseUrl {
 public:
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

/// The names that a template may use and their values. No name ever stands for a secret.
using TemplateValues = std::vector<std::pair<std::string, std::string>>;

/// Replaces {name} by its value, unencoded: for text that a person reads. An unknown name fails
/// with `plugin_invalid`; "{{" and "}}" are braces.
[[nodiscard]] ATLINK_API Result<std::string> expand(std::string_view text,
                                                    const TemplateValues& values);

}  // namespace atlink
