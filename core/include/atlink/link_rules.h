// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/answer_rules.h"
#include "atlink/endpoint.h"
#include "atlink/json.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// How application links are administered over REST, as a product's description says it. Plain
/// data.
namespace atlink {

/// One request of an administrator. {link_id} in the path stands for the link.
struct LinkCall {
  std::string method = "GET";
  EndpointPath endpoint;
  /// A JSON object in which a string that is nothing but a {name} stands for a value of the link:
  /// application_url, consumer_key, consumer_name, public_key, public_key_body.
  std::optional<json::Value> body;
  /// Raw names and values of a form.
  std::vector<std::pair<std::string, std::string>> form;
};

/// Where a list of things stands in an answer, and what is told of each: JSON pointers, of which
/// those but `items` begin at the thing. Empty where it is not told.
struct LinkListing {
  LinkCall call;
  std::string items;
  std::string id;
  std::string name;
  std::string url;
  std::string type;
};

/// Servers that want the password again before anything is administered, in a session of cookies.
struct LinkSession {
  LinkCall begin;
  /// The form field that takes the administrator's password.
  std::string secret_field;
  /// Gives the session back; none where that cannot be done.
  std::optional<LinkCall> end;
};

/// What a refusal means. All conditions that are given must hold.
struct LinkRefusal : AnswerConditions {
  enum class Meaning {
    /// The account may not do this.
    rights,
    /// The password is wanted again.
    session,
    /// There is a link with that URL.
    duplicate,
    /// The public key is not taken.
    key,
    /// There is no such link.
    absent,
  };
  /// The steps that can be refused so.
  enum class Step { list, create, consumer, remove };
  Meaning meaning = Meaning::rights;
  /// Empty: every step.
  std::vector<Step> steps;
};

/// Making, listing and removing links with an administrator's credentials.
struct LinkAdministration {
  LinkListing list;
  LinkCall create;
  /// Where the id of the new link stands in the answer: what follows the last "/" there.
  std::string created_id;
  /// Gives a link its consumer, which is what lets it sign in.
  LinkCall consumer;
  /// Tells which consumer a link has.
  std::optional<LinkCall> consumers;
  LinkCall remove;
  /// Programs that are registered for another way to sign in, which people take for links.
  std::optional<LinkListing> others;
  std::optional<LinkSession> session;
  /// The first that holds counts.
  std::vector<LinkRefusal> refusals;
};

}  // namespace atlink
