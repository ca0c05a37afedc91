// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/link_page.h"
#include "cli/link_text.h"
#include "cli/link_values.h"
#include "cli/or_null.h"
#include "cli/private_key.h"

#include <fmt/format.h>

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

Status run(Call& call) {
  if (call.arguments.has("--web") && call.arguments.has("--for-admin")) {
    return fail(ErrorCode::usage, "--web is a page and --for-admin a message; give one of them");
  }
  ATLINK_ASSIGN(const Place place, open_place(call));
  ATLINK_ASSIGN(const LinkValues values, link_values(call, place));
  ATLINK_ASSIGN(const std::vector<LinkGuide> guides,
                link_guides(place, values, call.arguments.value("--site-version")));
  if (call.arguments.has("--web")) {
    return show_link_page(call, place, values, guides);
  }
  if (call.report.json()) {
    return call.report.document(to_document(place, values, guides));
  }
  if (call.arguments.has("--for-admin")) {
    return call.report.bytes(administrator_text(place, values, guides));
  }
  ATLINK_CHECK(call.report.bytes(values_text(place, values) + guides_text(guides, values)));
  if (guides.size() > 1) {
    call.report.note("every version's guide is shown; --site-version V shows the one for V");
  }
  return {};
}

constexpr std::array options{
    OptionSpec{"--site-version", "V", "only the screens of this version of the product"},
    OptionSpec{"--for-admin", "", "as a message to the person who may make the link"},
    OptionSpec{
        "--web", "", "as a page in the browser, with buttons to copy; it follows the progress"},
    OptionSpec{"--port", "N", "serve the page on this loopback port (any free one)"},
    OptionSpec{"--no-browser", "", "print the page's address instead of opening it"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink link show", "every screen and field, with the value to paste"},
    Example{"atlink link show --site-version 9.12", "as that version of the product shows them"},
    Example{"atlink link show --for-admin > request.txt", "a message for an administrator"},
    Example{"atlink link show --web", "in the browser, with a button to copy each value"},
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
