// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/link_values.h"
#include "cli/or_null.h"
#include "cli/private_key.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace atlink::cli::commands {

namespace {

json::Value to_document(const LinkScreen& screen) {
  json::Array fields;
  for (const LinkField& field : screen.fields) {
    json::Value each;
    each.set("label", field.label);
    each.set("action", field.action);
    each.set("value", field.value);
    each.set("note", or_null(field.note));
    fields.push_back(std::move(each));
  }
  json::Array ignore;
  for (const std::string& text : screen.ignore) {
    ignore.emplace_back(text);
  }
  json::Value object;
  object.set("title", screen.title);
  object.set("instruction", or_null(screen.instruction));
  object.set("fields", std::move(fields));
  object.set("ignore", std::move(ignore));
  return object;
}

json::Value to_document(const LinkGuide& guide) {
  json::Array screens;
  for (const LinkScreen& screen : guide.screens) {
    screens.push_back(to_document(screen));
  }
  json::Value object;
  object.set("title", or_null(guide.title));
  object.set("from", or_null(guide.from));
  object.set("before", or_null(guide.before));
  object.set("who", or_null(guide.who));
  object.set("screens", std::move(screens));
  return object;
}

json::Value to_document(const Place& place,
                        const LinkValues& values,
                        const std::vector<LinkGuide>& guides) {
  json::Array list;
  for (const LinkGuide& guide : guides) {
    list.push_back(to_document(guide));
  }
  json::Value object;
  object.set("profile", place.profile.name);
  object.set("product", place.product.id);
  object.set("deployment", to_string(place.product.deployment));
  object.set("base_url", place.base.str());
  object.set("links_url", or_null(values.links_url));
  object.set("revoke_url", or_null(values.revoke_url));
  object.set("consumer_key", values.consumer_key);
  object.set("consumer_name", values.consumer_name);
  object.set("application_url", values.application_url);
  object.set("public_key", or_null(values.public_key));
  object.set("public_key_body", or_null(values.public_key_body));
  object.set("fingerprint", or_null(values.fingerprint));
  object.set("request_token_url", values.request_token_url);
  object.set("authorize_url", values.authorize_url);
  object.set("access_token_url", values.access_token_url);
  object.set("callback", values.callback);
  object.set("guides", std::move(list));
  return object;
}

std::string to_text(const Place& place, const LinkValues& values) {
  std::string text = lay_out_pairs({
      {"profile", place.profile.name},
      {"site", fmt::format("{} ({})", place.base.str(), place.product.name)},
      {"link page", values.links_url},
      {"consumer key", values.consumer_key},
      {"consumer name", values.consumer_name},
      {"application URL", values.application_url},
      {"request token URL", values.request_token_url},
      {"authorize URL", values.authorize_url},
      {"access token URL", values.access_token_url},
      {"callback URL", "leave it empty; each sign-in sends its own"},
  });
  if (values.public_key.empty()) {
    return text + "\nThis profile signs with a shared secret; give the server the same one.\n";
  }
  return fmt::format("{}\npublic key:\n{}\nthe same without its BEGIN and END lines:\n{}\n",
                     text,
                     values.public_key,
                     values.public_key_body);
}

std::string versions_of(const LinkGuide& guide) {
  if (guide.from.empty() && guide.before.empty()) {
    return "every version";
  }
  if (guide.from.empty()) {
    return fmt::format("versions before {}", guide.before);
  }
  return guide.before.empty() ? fmt::format("version {} and later", guide.from)
                              : fmt::format("version {} to before {}", guide.from, guide.before);
}

// A public key is shown once, above; in a field it would bury what stands around it.
std::string value_in_words(const LinkField& field, const LinkValues& values) {
  if (field.value.empty()) {
    return field.action == "empty" ? "leave empty" : field.action;
  }
  const bool is_key = field.value == values.public_key_body || field.value == values.public_key;
  return fmt::format("{}: {}", field.action, is_key ? "the public key above" : field.value);
}

std::string to_text(const LinkScreen& screen, const LinkValues& values) {
  std::string text;
  if (!screen.instruction.empty()) {
    text += wrap(printable(screen.instruction, 2000), 4);
  }
  for (const LinkField& field : screen.fields) {
    text += fmt::format("    {}\n        {}\n",
                        printable(field.label),
                        printable(value_in_words(field, values), 4000));
    if (!field.note.empty()) {
      text += wrap(fmt::format("({})", printable(field.note, 2000)), 8);
    }
  }
  for (const std::string& ignored : screen.ignore) {
    text += wrap(fmt::format("ignore: {}", printable(ignored, 2000)), 4);
  }
  return text;
}

// Guides share most of their screens: each is written out once.
std::string to_text(const std::vector<LinkGuide>& guides, const LinkValues& values) {
  std::string text;
  std::set<std::string> shown;
  for (const LinkGuide& guide : guides) {
    text += fmt::format("\n{}", wrap(printable(versions_of(guide)), 0));
    if (!guide.title.empty()) {
      text += wrap(fmt::format("seen when: {}", printable(guide.title, 2000)), 2);
    }
    if (!guide.who.empty()) {
      text += wrap(fmt::format("done by: {}", printable(guide.who)), 2);
    }
    for (const LinkScreen& screen : guide.screens) {
      const std::string fields = to_text(screen, values);
      const std::string title = printable(screen.title);
      const bool is_new = shown.insert(title + fields).second;
      text += fmt::format("\n  {}{}\n{}", title, is_new ? "" : ": as above", is_new ? fields : "");
    }
  }
  return text;
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Place place, open_place(call));
  ATLINK_ASSIGN(const LinkValues values, link_values(call, place));
  ATLINK_ASSIGN(const std::vector<LinkGuide> guides,
                link_guides(place, values, call.arguments.value("--site-version")));
  if (call.report.json()) {
    return call.report.document(to_document(place, values, guides));
  }
  ATLINK_CHECK(call.report.bytes(to_text(place, values) + to_text(guides, values)));
  if (guides.size() > 1) {
    call.report.note("every version's guide is shown; --site-version V shows the one for V");
  }
  return {};
}

constexpr std::array options{
    OptionSpec{"--site-version", "V", "only the screens of this version of the product"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink link show", "every screen and field, with the value to paste"},
    Example{"atlink link show --site-version 9.12", "as that version of the product shows them"},
    Example{"atlink link show --output json", "the same for a script"},
};

}  // namespace

const Command link_show{"link show",
                        "show what to type into the application link",
                        "Needs a consumer key and a private key, and no sign-in: it is what an "
                        "administrator needs to let this profile sign in.",
                        {},
                        options,
                        examples,
                        run};

}  // namespace atlink::cli::commands
