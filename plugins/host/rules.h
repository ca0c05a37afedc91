// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/oauth1.h"
#include "atlink/product.h"
#include "plugins/host/shape.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The rules for single values. What each wants is said in docs/product-description.md and, as far
/// as JSON Schema can say it, in plugins/schema/product.schema.json.
namespace atlink::plugins {

/// Text for a person: not empty, no control characters, at most 2000 characters.
struct Text : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// The same with the names in braces that `template_names` allows; may be empty.
struct Template : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// `1`: the version of the language.
struct SchemaNumber : Leaf {
  static void read(Reading& reading, const json::Value& value, std::int64_t& to);
};

/// The id of a product; also the name of an entry of a map.
struct Id : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
  static void judge(Reading& reading, std::string_view text);
};

/// Something that this program can do and an older one may not.
struct Feature : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// Version of a description or product: digits, letters, ".", "-", "+", beginning with a digit.
struct Version : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

struct Flag : Leaf {
  static void read(Reading& reading, const json::Value& value, bool& to);
};

/// An encoded path that begins with "/" and cannot leave the place that it is relative to.
struct Path : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// "" or a path without a slash at its end.
struct ContextPath : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A host, or "*." and a domain of at least two labels.
struct HostPattern : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A JSON pointer (RFC 6901).
struct JsonPointer : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A JSON pointer in which one segment may be "*".
struct JsonPattern : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// The name of a header in an answer.
struct HeaderName : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// The name of a header that a description may add to requests: none that carries credentials,
/// says where a request goes or how long it is.
struct AddedHeaderName : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
  static void judge(Reading& reading, std::string_view name);
};

/// Printable ASCII without spaces at its ends.
struct HeaderValue : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A request method in capitals.
struct Method : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// 100 to 599.
struct StatusNumber : Leaf {
  static void read(Reading& reading, const json::Value& value, int& to);
};

/// Whole seconds, 0 to a hundred years; 0 says that it is not known.
struct Seconds : Leaf {
  static void read(Reading& reading, const json::Value& value, std::chrono::seconds& to);
};

/// An encoded path in which {names} stand for values. `ParameterPath` takes the names of
/// parameters, `SitePath` only {site_id}.
struct ParameterPath : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

struct SitePath : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// The same with {link_id} alone.
struct LinkPath : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A JSON object in which a string is plain text, or nothing but the {name} of a value of a link.
struct LinkBody : Leaf {
  static void read(Reading& reading, const json::Value& value, std::optional<json::Value>& to);
};

/// Text with the names of parameters in braces; may be empty.
struct ParameterText : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A text, or any other JSON value but null, which is kept as JSON text.
struct DefaultValue : Leaf {
  static void read(Reading& reading, const json::Value& value, std::optional<std::string>& to);
};

/// The name of a parameter; "null" is none, since {null} stands for itself.
struct GivenName {
  static void judge(Reading& reading, std::string_view text);
};

/// A JSON object or array whose strings are such texts.
struct ParameterJson : Leaf {
  static void read(Reading& reading, const json::Value& value, std::optional<json::Value>& to);
};

/// The name of a parameter, of a setting or of a value that is kept: [a-z][a-z0-9_]{0,63}.
struct ParameterName : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
  static void judge(Reading& reading, std::string_view text);
};

/// The name of a query parameter, form field or member that the product chose: a Text.
struct WireName {
  static void judge(Reading& reading, std::string_view text);
};

/// A JSON pointer as the name of a member.
struct PointerName {
  static void judge(Reading& reading, std::string_view text);
};

/// An https origin: scheme, host and maybe port; "" for none.
struct Origin : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A scope (RFC 6749 section 3.3).
struct Scope : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// The name of an authentication scheme (RFC 9110 section 11.1).
struct AuthenticationScheme : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A media type without parameters, in lower case.
struct MediaType : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// One visible ASCII character that is no letter and no digit.
struct QuoteCharacter : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A whole number from 0 to a million.
struct Count : Leaf {
  static void read(Reading& reading, const json::Value& value, std::int64_t& to);
};

/// One word of a fixed list.
struct RelativeToWord : Leaf {
  static void read(Reading& reading, const json::Value& value, EndpointPath::RelativeTo& to);
};

struct ParameterTypeWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OperationParameter::Type& to);
};

struct SignatureMethodWord : Leaf {
  static void read(Reading& reading, const json::Value& value, oauth1::SignatureMethod& to);
};

struct TransmissionWord : Leaf {
  static void read(Reading& reading, const json::Value& value, oauth1::Transmission& to);
};

struct MeaningWord : Leaf {
  static void read(Reading& reading, const json::Value& value, ResponseSignal::Meaning& to);
};

struct RefusalWord : Leaf {
  static void read(Reading& reading, const json::Value& value, LinkRefusal::Meaning& to);
};

struct StepWord : Leaf {
  static void read(Reading& reading, const json::Value& value, LinkRefusal::Step& to);
};

struct GrantWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OAuth2Rules::Grant& to);
};

struct EncodingWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OAuth2Rules::Encoding& to);
};

struct ClientAuthenticationWord : Leaf {
  static void read(Reading& reading,
                   const json::Value& value,
                   OAuth2Rules::ClientAuthentication& to);
};

struct PkceWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OAuth2Rules::Pkce& to);
};

struct RefreshWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OAuth2Rules::Refresh& to);
};

struct RedirectPortWord : Leaf {
  static void read(Reading& reading, const json::Value& value, OAuth2Rules::RedirectPort& to);
};

struct LoopbackHost : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

/// A word of RFC 6749 section 5.2.
struct OAuth2ErrorWord : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

struct ResetFormatWord : Leaf {
  static void read(Reading& reading, const json::Value& value, RateLimitRules::ResetFormat& to);
};

struct PagerStyleWord : Leaf {
  static void read(Reading& reading, const json::Value& value, Pager::Style& to);
};

struct ActionWord : Leaf {
  static void read(Reading& reading, const json::Value& value, std::string& to);
};

struct DeploymentWord : Leaf {
  static void read(Reading& reading, const json::Value& value, std::optional<Deployment>& to);
  static void judge(Reading& reading, std::string_view text);
};

/// The name of a setting: that of a parameter, and none that a profile moves an endpoint with.
struct SettingName {
  static void judge(Reading& reading, std::string_view text);
};

/// The names that a template may use, beside those of settings. None of them is a secret.
[[nodiscard]] const std::vector<std::string_view>& template_names();

/// What a description may say that it needs.
[[nodiscard]] const std::vector<std::string_view>& features();

/// "setting.": what stands before the name of a setting in a template.
inline constexpr std::string_view setting_prefix = "setting.";

/// Names that a profile moves the endpoints of OAuth 1.0a with.
inline constexpr std::array<std::string_view, 3> endpoint_settings{
    "request_token", "authorize", "access_token"};

/// Whether `text` is an id: [a-z][a-z0-9-]{0,63}.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace atlink::plugins
