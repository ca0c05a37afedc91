// SPDX-License-Identifier: Apache-2.0
#include "cli/link_text.h"

#include "atlink/text.h"
#include "cli/layout.h"

#include <fmt/format.h>

#include <set>

namespace atlink::cli {

namespace {

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

// Without a name of the profile where it means nothing to the reader.
std::string all_values(const Place& place, const LinkValues& values, const std::string& profile) {
  std::string text = lay_out_pairs({
      {"profile", profile},
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

}  // namespace

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

std::string values_text(const Place& place, const LinkValues& values) {
  return all_values(place, values, place.profile.name);
}

// Guides share most of their screens: each is written out once.
std::string guides_text(const std::vector<LinkGuide>& guides, const LinkValues& values) {
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

std::string administrator_text(const Place& place,
                               const LinkValues& values,
                               const std::vector<LinkGuide>& guides) {
  std::string text = fmt::format("Subject: application link for scripts at {} ({})\n\n",
                                 place.base.str(),
                                 printable(place.product.name));
  text += wrap(
      "Please make an application link with the values below. It lets a command-line program ask "
      "people, one by one and in their browser, whether it may act for them on this site. It gives "
      "nobody a right that they lack, and nothing is installed on the server.",
      0);
  text += values.public_key.empty()
              ? std::string()
              : fmt::format(
                    "\n{}",
                    wrap("The public key is no secret. Its private half stays on my machine; the "
                         "server needs to know nothing else of it.",
                         0));
  if (!values.links_url.empty()) {
    text += fmt::format("\nWhere: {}\n", values.links_url);
  }
  text += fmt::format("\n{}", all_values(place, values, ""));
  text += guides_text(guides, values);
  text += fmt::format(
      "\n{}",
      wrap("When it is saved, please tell me; I test it from here. To take it back, delete "
           "the link on the same page: it then works for nobody any more.",
           0));
  return text;
}

}  // namespace atlink::cli
