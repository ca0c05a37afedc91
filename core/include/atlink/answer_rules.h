// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/endpoint.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// What a product's answers look like, as its description says it. Plain data.
namespace atlink {

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

/// Conditions on an answer. All that are given must hold.
struct AnswerConditions {
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

/// How to recognise an answer before any parser sees it.
struct ResponseSignal : AnswerConditions {
  enum class Meaning { login_page, captcha, anonymous, authentication_failed, xsrf, rate_limited };
  Meaning meaning = Meaning::login_page;
};

/// One question, asked without credentials, by whose answer a product is recognised.
struct Probe : AnswerConditions {
  std::string name;
  EndpointPath endpoint;
  /// The Accept header.
  std::string accept = "application/json";
  /// JSON pointer → texts of which one must stand there, without case; an empty list: anything.
  std::vector<std::pair<std::string, std::vector<std::string>>> json;
  /// Whether it is enough by itself, or only a hint.
  bool proof = true;
  /// JSON pointers of what the answer tells; empty where it does not.
  std::string version;
  /// What stands in front of the version there, where the text says more than the version; it goes
  /// to the next space. Empty where it is the version alone.
  std::string version_after;
  std::string build;
  std::string title;
  /// The base URL that the server believes it has.
  std::string base_url;
};

/// A header that the product wants on some requests.
struct ExtraHeader {
  std::string name;
  std::string value;
  /// Empty: every method.
  std::vector<std::string> methods;
};

/// The header that shows a request was not forged by a page of another site.
struct XsrfRule : ExtraHeader {
  /// Media types whose requests are refused without it; empty: all.
  std::vector<std::string> body_types;
  /// Whether requests that change something are refused to what calls itself a browser.
  bool refuses_browsers = false;
};

/// How the server says how many requests are left. Names of headers; empty where there is none.
struct RateLimitRules {
  enum class ResetFormat { seconds, epoch, date };
  std::string limit;
  std::string remaining;
  /// When requests are allowed again: in so many seconds, at a time in seconds since 1970, or at a
  /// date (RFC 3339 or that of HTTP).
  std::string reset;
  ResetFormat reset_format = ResetFormat::seconds;
  /// The bucket's refill: so many requests every so many seconds.
  std::string fill_rate;
  std::string interval;
  /// Says that the limit is near.
  std::string near;
  /// Which of several limits was hit.
  std::string reason;
};

/// How a long list is read page by page.
struct Pager {
  enum class Style {
    /// `position` is the number of the first item.
    offset,
    /// `position` is the number of the page.
    page,
    /// `position` is what the page before said at `next`.
    token,
    /// The page before gives the URL of the next at `next`, or in a Link header (RFC 8288).
    link,
  };
  std::string name;
  Style style = Style::offset;
  /// Where the items stand: JSON pointers in which one segment may be "*", tried in order; never
  /// empty. "" is a page that is an array.
  std::vector<std::string> items{""};
  /// Query parameters; `size` may be empty where the length of pages cannot be chosen.
  std::string position;
  std::string size;
  /// The first offset or page number.
  std::int64_t first = 0;
  /// Items a page that the server gives where nobody asks, and at most; 0 where not known.
  std::int64_t usual_size = 0;
  std::int64_t largest_size = 0;
  /// JSON patterns of what a page says of itself; empty where it says no such thing.
  std::string total;
  std::string last;
  std::string next;
  std::string position_told;
  std::string size_told;
  /// What a relative link is put after; empty for the base URL.
  std::string link_base;
  /// Style `link`: whether a Link header with rel="next" counts too.
  bool link_header = false;
  /// Whether a page may be shorter than asked for and yet not be the last.
  bool short_pages = false;
};

}  // namespace atlink
