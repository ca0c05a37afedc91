// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// The one list of the rules for descriptions. What reports a rule takes its name from here, or
/// does not compile; docs/product-description.md and `plugin check` show the same list.
namespace atlink::plugins {

/// When a rule can be judged.
enum class RuleStage {
  /// Before the text of a file is understood.
  file,
  /// In each file by itself.
  document,
  /// In what a description and those that it extends say together.
  whole,
};

/// One rule for descriptions.
struct DescriptionRule {
  /// As errors name it in their fact "rule".
  std::string_view name;
  /// What breaks it; completes "broken by ...".
  std::string_view broken_by;
  RuleStage stage = RuleStage::document;
  /// Names of members, with spaces between: without any of these there is nothing to judge. Empty:
  /// there always is.
  std::string_view members{};
};

inline constexpr std::array all_description_rules = {
    DescriptionRule{
        "json",
        "text that is not one JSON document in UTF-8, or that has a name twice in an object",
        RuleStage::file},
    DescriptionRule{
        "file",
        "a plugin folder without a `product.json` that can be read, or a catalogue that cannot",
        RuleStage::file},
    DescriptionRule{"too-large", "a description or catalogue of more than 1 MiB", RuleStage::file},
    DescriptionRule{
        "trust", "an owner or permission that lets others change the plugin", RuleStage::file},
    DescriptionRule{"schema", "another version of the language"},
    DescriptionRule{"needs", "something that this program cannot do", RuleStage::document, "needs"},
    DescriptionRule{"id", "an id, or the name of a signal, guide or screen, of other characters"},
    DescriptionRule{"folder-name", "an id unlike the folder's name"},
    DescriptionRule{"id-taken", "an id that another plugin has, without `replaces`"},
    DescriptionRule{"replaces", "replacing another id", RuleStage::document, "replaces"},
    DescriptionRule{
        "extends-missing", "building on a plugin that is not there", RuleStage::whole, "extends"},
    DescriptionRule{"extends-cycle", "building on itself", RuleStage::whole, "extends"},
    DescriptionRule{
        "extends-depth", "more than eight descriptions in a row", RuleStage::whole, "extends"},
    DescriptionRule{"deployment",
                    "an unknown deployment, or no preferred one where there are several",
                    RuleStage::whole,
                    "deployments preferred_deployment"},
    DescriptionRule{"unknown-member", "a member that the language does not have"},
    DescriptionRule{"missing-member", "a needed member that is nowhere", RuleStage::whole},
    DescriptionRule{"kind", "text where a number is wanted, and the like"},
    DescriptionRule{
        "word",
        "a word that is not in the list of the member",
        RuleStage::document,
        "relative_to signature_methods transmissions means format style action type grants "
        "token_encodings client_authentication pkce refresh redirect_port "
        "redirect_hosts error_words steps"},
    DescriptionRule{
        "text",
        "empty or very long text, or with line breaks, control characters or direction marks"},
    DescriptionRule{
        "template",
        "an unknown name in braces, or a single brace",
        RuleStage::document,
        "instruction fields operations recipes catalogues sites gateway site_info body"},
    DescriptionRule{"version", "a version that does not begin with a digit"},
    DescriptionRule{
        "versions", "a range without any version in it", RuleStage::document, "versions"},
    DescriptionRule{
        "path",
        "a path that is not encoded, does not begin with `/`, has a query, or could lead elsewhere",
        RuleStage::document,
        "path default known"},
    DescriptionRule{"host", "a host or pattern that is none", RuleStage::document, "hosts"},
    DescriptionRule{"json-pointer",
                    "a JSON pointer that is none",
                    RuleStage::document,
                    "json tells items messages site_id site_list download keep administration"},
    DescriptionRule{"header-name",
                    "a name that no header can have",
                    RuleStage::document,
                    "header headers xsrf rate_limit"},
    DescriptionRule{"header-forbidden",
                    "a header that is not a plugin's to set",
                    RuleStage::document,
                    "headers xsrf"},
    DescriptionRule{"header-value",
                    "a value that no header can have",
                    RuleStage::document,
                    "headers xsrf accept"},
    DescriptionRule{"method",
                    "a request method that is not in capitals",
                    RuleStage::document,
                    "method methods catalogues"},
    DescriptionRule{"status",
                    "a number that is no HTTP status",
                    RuleStage::document,
                    "status expired_statuses too_large"},
    DescriptionRule{"lifetime",
                    "a lifetime below zero or over a hundred years",
                    RuleStage::document,
                    "lifetimes"},
    DescriptionRule{"empty-list", "an empty list where it would mean nothing"},
    DescriptionRule{"listed-twice", "the same entry twice"},
    DescriptionRule{"identity",
                    "an identity that does not say where the name stands",
                    RuleStage::whole,
                    "identity"},
    DescriptionRule{
        "signal", "a signal or refusal without a condition", RuleStage::whole, "signals refusals"},
    DescriptionRule{
        "field", "a field whose action and value do not fit", RuleStage::document, "fields"},
    DescriptionRule{"screen-missing",
                    "a guide that names a screen that is not there",
                    RuleStage::whole,
                    "guides"},
    DescriptionRule{
        "origin", "an origin that is not `https://` and a host", RuleStage::document, "origin"},
    DescriptionRule{"setting",
                    "a setting without `origin` and `text`, or with both",
                    RuleStage::whole,
                    "settings"},
    DescriptionRule{
        "endpoint",
        "a service that is relative to two places, or an OAuth parameter in a fixed query",
        RuleStage::whole,
        "setting query"},
    DescriptionRule{"name",
                    "the name of a parameter or setting of other characters",
                    RuleStage::document,
                    "settings parameters keep catalogues"},
    DescriptionRule{"named-twice",
                    "an operation or recipe of a catalogue whose name is taken",
                    RuleStage::whole,
                    "catalogues"},
    DescriptionRule{
        "catalogue-missing", "a catalogue that is not there", RuleStage::whole, "catalogues"},
    DescriptionRule{
        "name-missing",
        "something that is named and not there: a parameter, pager, operation, setting or query "
        "language",
        RuleStage::whole,
        "operations recipes catalogues token setting"},
    DescriptionRule{"scope",
                    "a scope with spaces or quotes",
                    RuleStage::document,
                    "scopes default_scopes offline_scope"},
    DescriptionRule{
        "scheme", "an authentication scheme that is none", RuleStage::document, "scheme"},
    DescriptionRule{"media-type", "a media type that is none", RuleStage::document, "body_types"},
    DescriptionRule{"quote",
                    "a quote or escape of more than one character",
                    RuleStage::document,
                    "quote escape"},
    DescriptionRule{"count",
                    "a number that is too large",
                    RuleStage::document,
                    "first usual_size largest_size add"},
    DescriptionRule{"probe",
                    "a probe that any server's answer fits, or `version_after` without `version`",
                    RuleStage::whole,
                    "probes"},
    DescriptionRule{"pager",
                    "a pager that does not say how the next page is asked for",
                    RuleStage::whole,
                    "pagers"},
    DescriptionRule{
        "operation",
        "an operation with several bodies, or a body that its method does not have; a literal that "
        "is no text, a default of another type, or adding to what is no number",
        RuleStage::whole,
        "operations catalogues"},
    DescriptionRule{"safe",
                    "a `POST` or `PATCH` that is called safe to repeat",
                    RuleStage::whole,
                    "safe_to_repeat catalogues"},
};

/// The name of a rule of the list. One that the list does not have does not compile.
class RuleName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become a name
  consteval RuleName(const char* name) : name_(listed(name)) {}

  [[nodiscard]] constexpr std::string_view str() const { return name_; }

  friend constexpr bool operator==(const RuleName& rule, std::string_view name) {
    return rule.name_ == name;
  }

 private:
  static consteval std::string_view listed(std::string_view name) {
    for (const DescriptionRule& rule : all_description_rules) {
      if (rule.name == name) {
        return rule.name;
      }
    }
    throw "this rule is not in the list";  // stops the compiler, never the program
  }

  std::string_view name_;
};

}  // namespace atlink::plugins
