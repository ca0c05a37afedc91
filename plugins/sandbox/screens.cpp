// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/screens.h"

#include "atlink/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// What a person has at hand on a stand-in site, for text that is shown.
TemplateValues shown_values(const Visit& visit, const Product& product) {
  const OAuth1Rules& rules = *product.oauth1;
  TemplateValues values{{"base_url", visit.base_url},
                        {"site", visit.origin},
                        {"context_path", std::string(visit.context)},
                        {"consumer_key", "your consumer key"},
                        {"consumer_name", "the consumer's name"},
                        {"public_key", "your public key, with its BEGIN and END lines"},
                        {"public_key_body", "your public key, on one line"},
                        {"request_token_url", url_at(visit, rules.request_token)},
                        {"authorize_url", url_at(visit, rules.authorize)},
                        {"access_token_url", url_at(visit, rules.access_token)},
                        {"callback", "the callback of your sign-in"},
                        {"application_url", "any URL that stands for your consumer"}};
  for (const Setting& setting : product.settings) {
    if (setting.kind == Setting::Kind::text) {
      values.emplace_back("setting." + setting.name, setting.fallback);
    }
  }
  return values;
}

/// A template with its values; as it is where one is unknown, which the description's reader
/// refuses.
std::string shown(std::string_view text, const TemplateValues& values) {
  return expand(text, values).value_or(std::string(text));
}

std::string field_name(std::size_t screen, std::size_t field) {
  return fmt::format("f{}.{}", screen, field);
}

std::string input(const LinkField& field, const std::string& name, const std::string& value) {
  if (field.action == "tick" || field.action == "untick") {
    // As it is not meant to be, so that there is something to do.
    return fmt::format("<input type=\"checkbox\" name=\"{}\" value=\"on\"{}>",
                       name,
                       field.action == "untick" ? " checked" : "");
  }
  if (field.action == "choose") {
    return fmt::format(
        "<select name=\"{}\"><option value=\"\">choose</option><option>{}</option>"
        "<option>Something else</option></select>",
        name,
        escape_html(value));
  }
  if (field.value.find("{public_key") != std::string::npos) {
    return fmt::format("<textarea name=\"{}\" rows=\"8\"></textarea>", name);
  }
  return fmt::format("<input type=\"text\" name=\"{}\">", name);
}

std::string hint(const LinkField& field, const std::string& value, const std::string& note) {
  std::string text = field.action;
  if (!value.empty() && field.action != "choose") {
    text += fmt::format(": {}", value);
  }
  return fmt::format(
      "<small>{}{}{}</small>", escape_html(text), note.empty() ? "" : "<br>", escape_html(note));
}

std::string screen_html(const LinkScreen& screen,
                        std::size_t number,
                        const TemplateValues& values) {
  std::string html = fmt::format("<h3>{}. {}</h3>\n<p>{}</p>\n<table>\n",
                                 number + 1,
                                 escape_html(screen.title),
                                 escape_html(shown(screen.instruction, values)));
  for (std::size_t i = 0; i < screen.fields.size(); ++i) {
    const LinkField& field = screen.fields[i];
    const std::string value = shown(field.value, values);
    html += fmt::format("<tr><th>{}</th><td>{}<br>{}</td></tr>\n",
                        escape_html(field.label),
                        input(field, field_name(number, i), value),
                        hint(field, value, shown(field.note, values)));
  }
  html += "</table>\n";
  for (const std::string& ignored : screen.ignore) {
    html += fmt::format("<p><small>Ignore: {}</small></p>\n", escape_html(ignored));
  }
  return html;
}

std::string guide_html(const LinkGuide& guide,
                       std::size_t number,
                       std::string_view xsrf,
                       const TemplateValues& values) {
  std::string html = fmt::format(
      "<h2>{}</h2>\n<p>For {}.</p>\n<form method=\"post\" action=\"\">\n"
      "<input type=\"hidden\" name=\"xsrf\" value=\"{}\">\n"
      "<input type=\"hidden\" name=\"guide\" value=\"{}\">\n",
      escape_html(guide.title),
      guide.who.empty() ? "an administrator" : escape_html(guide.who),
      xsrf,
      number);
  for (std::size_t i = 0; i < guide.screens.size(); ++i) {
    html += screen_html(guide.screens[i], i, values);
  }
  return html + "<p><button type=\"submit\">Save</button></p>\n</form>\n";
}

/// Judges a filled-in dialog and takes the consumer out of it.
class Filled {
 public:
  Filled(const LinkGuide& guide, const FormFields& form, TemplateValues values)
      : form_(form), values_(std::move(values)) {
    for (std::size_t i = 0; i < guide.screens.size(); ++i) {
      for (std::size_t j = 0; j < guide.screens[i].fields.size(); ++j) {
        const std::string name = field_name(i, j);
        take(guide.screens[i].fields[j], std::string(trim(form_value(form_, name).value_or(""))));
      }
    }
  }

  SandboxConsumer consumer;
  /// What was not filled in as described.
  std::vector<std::string> wrong;

 private:
  void take(const LinkField& field, const std::string& given) {
    if (auto complaint = judge(field, given)) {
      wrong.push_back(fmt::format("{}: {}", field.label, *complaint));
      return;
    }
    if (field.action != "paste") {
      return;
    }
    const auto wants = [&](std::string_view name) {
      return field.value.find(name) != std::string::npos;
    };
    if (wants("{consumer_key}")) {
      consumer.key = given;
    } else if (wants("{consumer_name}")) {
      consumer.name = given;
    } else if (wants("{public_key")) {
      consumer.public_key = given;
    }
  }

  [[nodiscard]] std::optional<std::string> judge(const LinkField& field,
                                                 const std::string& given) const {
    if (field.action == "tick" || field.action == "untick") {
      const bool wanted = field.action == "tick";
      return (given == "on") == wanted
                 ? std::nullopt
                 : std::optional<std::string>(wanted ? "tick it" : "take the tick away");
    }
    if (field.action == "empty") {
      return given.empty() ? std::nullopt : std::optional<std::string>("leave it empty");
    }
    if (field.action == "choose") {
      const std::string value = shown(field.value, values_);
      return given == value ? std::nullopt : std::optional(fmt::format("choose {}", value));
    }
    return field.action == "paste" && given.empty()
               ? std::optional<std::string>("something has to stand there")
               : std::nullopt;
  }

  const FormFields& form_;
  TemplateValues values_;
};

}  // namespace

Screens::Screens(const DanceParts& parts, std::string version, std::string xsrf)
    : parts_(parts), version_(std::move(version)), xsrf_(std::move(xsrf)) {
  for (const LinkGuide& guide : parts.product.link_guides) {
    if (guide.holds(version_)) {
      guides_.push_back(guide);
    }
  }
}

ServerResponse Screens::page(const Visit& visit,
                             int status,
                             const std::vector<std::string>& notes) const {
  std::string body = fmt::format(
      "<p>These are the screens of {} {} as its description has them, to practise on. What is "
      "saved "
      "here registers a consumer on this stand-in site.</p>\n",
      escape_html(parts_.product.name),
      escape_html(version_));
  for (const std::string& note : notes) {
    body += fmt::format("<p role=\"alert\"><strong>{}</strong></p>\n", escape_html(note));
  }
  if (guides_.empty()) {
    body += "<p>The description has no screens for this version.</p>\n";
  }
  const TemplateValues values = shown_values(visit, parts_.product);
  for (std::size_t i = 0; i < guides_.size(); ++i) {
    body += guide_html(guides_[i], i, xsrf_, values);
  }
  return html_page(status, "Application links", body, PageForms::allowed);
}

ServerResponse Screens::take_form(const Visit& visit) {
  const FormFields form = parse_form(form_of(visit.request).value_or(""));
  if (!Secret(xsrf_).equals(form_value(form, "xsrf").value_or(""))) {
    return page(visit, 403, {"The form did not come from this page. Fill it in again."});
  }
  const std::string_view number = form_value(form, "guide").value_or("");
  std::size_t chosen = 0;
  while (chosen < guides_.size() && number != std::to_string(chosen)) {
    ++chosen;
  }
  if (chosen == guides_.size()) {
    return page(visit, 400, {"The form is of another version's dialog."});
  }
  const Filled filled(guides_[chosen], form, shown_values(visit, parts_.product));
  if (!filled.wrong.empty()) {
    return page(visit, 400, filled.wrong);
  }
  const auto added = parts_.consumers.put(filled.consumer);
  if (!added) {
    return page(visit, 400, {"Not registered: " + added.error().message});
  }
  return page(
      visit, 200, {fmt::format("Saved: the consumer {} can sign in now.", filled.consumer.key)});
}

ServerResponse Screens::dialog(const Visit& visit) {
  const std::string& method = visit.request.method;
  if (method == "POST") {
    return take_form(visit);
  }
  return method == "GET" || method == "HEAD" ? page(visit, 200, {}) : method_refused("GET, POST");
}

}  // namespace atlink::plugins::sandbox
