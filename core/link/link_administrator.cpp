// SPDX-License-Identifier: Apache-2.0
#include "atlink/link_admin.h"
#include "atlink/text.h"
#include "core/http/collected.h"
#include "core/http/sent_secrets.h"
#include "core/link/link_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace atlink {

namespace {

using Step = LinkRefusal::Step;
using Meaning = LinkRefusal::Meaning;

/// One answer, whatever its status.
struct Said {
  HttpResponseHead head;
  std::string body;
  std::optional<Error> error;
};

bool is_success(const Said& said) {
  return said.head.status >= 200 && said.head.status <= 299 && !said.error;
}

/// The product's own words in an error body, or the body where it is short and plain.
std::string words_in(const Said& said, const Product& product) {
  for (const std::string& pattern : product.error_messages) {
    const auto found = json::find_strings(said.body, pattern);
    if (!found.empty()) {
      return found.front();
    }
  }
  const auto type = said.head.headers.find("Content-Type").value_or("");
  return said.body.size() <= 300 && type.find("html") == std::string_view::npos ? said.body
                                                                                : std::string();
}

std::string_view without_slash(std::string_view url) {
  return url.substr(0, url.size() - (!url.empty() && url.back() == '/' ? 1 : 0));
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
bool has_text_like(const json::Value& value, const std::function<bool(const std::string&)>& like) {
  if (const std::string* own = value.as_string()) {
    return like(*own);
  }
  if (const json::Array* elements = value.as_array()) {
    return std::any_of(elements->begin(), elements->end(), [&](const auto& each) {
      return has_text_like(each, like);
    });
  }
  const json::Object* members = value.as_object();
  return members != nullptr &&
         std::any_of(members->begin(), members->end(), [&](const auto& member) {
           return has_text_like(member.second, like);
         });
}

bool says(const json::Value& value, std::string_view text) {
  return has_text_like(value, [&](const std::string& own) { return own == text; });
}

// An empty list is a way to say that there is none.
bool has_text(const json::Value& value) {
  return has_text_like(value, [](const std::string& own) { return !own.empty(); });
}

}  // namespace

struct LinkAdministrator::Impl {
  Client& client;
  const Product& product;
  const LinkAdministration& rules;
  BaseUrl base;
  Secret password;
  link::Cookies cookies{};
  http::SentSecrets secrets{};
  bool in_session = false;

  Impl(Client& sends, const Product& of, BaseUrl where, Secret again)
      : client(sends),
        product(of),
        rules(*of.link_administration),
        base(std::move(where)),
        password(std::move(again)) {
    secrets.take(password.expose());
  }

  Result<Said> send(const LinkCall& call,
                    std::string_view link_id,
                    const std::string& body,
                    std::optional<FormFields> form);
  Result<Said> send_for(Step step,
                        const LinkCall& call,
                        std::string_view link_id,
                        const LinkEntry* entry);
  Result<Said> carry_out(Step step,
                         const LinkCall& call,
                         std::string_view link_id,
                         const LinkEntry* entry);
  [[nodiscard]] bool wants_session(Step step, const Said& said) const;
  Result<bool> begin_session();
  void end_session();
};

Result<Said> LinkAdministrator::Impl::send(const LinkCall& call,
                                           std::string_view link_id,
                                           const std::string& body,
                                           std::optional<FormFields> form) {
  ATLINK_ASSIGN(const Url url, link::url_of(call, base, link_id));
  ApiRequest request;
  request.method = call.method;
  request.path = url.str();
  request.follow_redirects = false;
  request.headers.add("Accept", "application/json");
  if (const std::string header = cookies.header(); !header.empty()) {
    request.headers.add("Cookie", header);
  }
  const auto source = body_from_string(body);
  if (!body.empty()) {
    request.headers.add("Content-Type", "application/json");
    request.body = source.get();
  }
  request.form = std::move(form);
  http::Collected collected(std::size_t{4} << 20);
  auto sent = client.send(request, collected);
  if (request.form) {
    std::for_each(request.form->begin(), request.form->end(), [](auto& field) {
      wipe_memory(field.second.data(), field.second.size());
    });
  }
  ATLINK_ASSIGN(Classified answer, std::move(sent));
  cookies.take(answer.head.headers);
  return Said{std::move(answer.head), collected.take(), std::move(answer.error)};
}

Result<Said> LinkAdministrator::Impl::send_for(Step step,
                                               const LinkCall& call,
                                               std::string_view link_id,
                                               const LinkEntry* entry) {
  // A link whose answer was lost may be there: sending again would make a second one.
  const int attempts = client.retry.attempts;
  client.retry.attempts = step == Step::create ? 1 : attempts;
  auto said =
      send(call, link_id, entry == nullptr ? "" : link::fill_body(call, *entry), std::nullopt);
  client.retry.attempts = attempts;
  return said;
}

bool LinkAdministrator::Impl::wants_session(Step step, const Said& said) const {
  return link::meaning_of(rules.refusals, step, said.head, said.body) == Meaning::session;
}

Result<bool> LinkAdministrator::Impl::begin_session() {
  if (!rules.session || password.empty() || in_session) {
    return false;
  }
  FormFields form = rules.session->begin.form;
  form.emplace_back(rules.session->secret_field, std::string(password.expose()));
  ATLINK_ASSIGN(const Said said, send(rules.session->begin, {}, {}, std::move(form)));
  in_session = said.head.status < 400;
  return in_session;
}

void LinkAdministrator::Impl::end_session() {
  if (in_session && rules.session->end) {
    // It ends by itself soon; nobody can do anything about a failure here.
    static_cast<void>(send(*rules.session->end, {}, {}, std::nullopt));
  }
}

Result<Said> LinkAdministrator::Impl::carry_out(Step step,
                                                const LinkCall& call,
                                                std::string_view link_id,
                                                const LinkEntry* entry) {
  ATLINK_ASSIGN(Said said, send_for(step, call, link_id, entry));
  if (wants_session(step, said)) {
    ATLINK_ASSIGN(const bool begun, begin_session());
    if (begun) {
      ATLINK_ASSIGN(said, send_for(step, call, link_id, entry));
    }
  }
  const auto meaning = is_success(said)
                           ? std::nullopt
                           : link::meaning_of(rules.refusals, step, said.head, said.body);
  if (meaning) {
    Error error = link::refusal_error(*meaning, words_in(said, product), product)
                      .with("status", std::to_string(said.head.status));
    if (*meaning == Meaning::session && !password.empty()) {
      error.next = "make the link in the browser: atlink link show";  // the password was given
    }
    return fail(secrets.hide(std::move(error)));
  }
  if (said.error && said.error->code == ErrorCode::answer_unauthorized) {
    // Nothing that a sign-in of the profile would change.
    said.error->next =
        "give the name and password of an administrator (--admin-user), or an access token alone";
  }
  if (said.error) {
    return fail(*std::move(said.error));
  }
  if (!is_success(said)) {
    return fail(ErrorCode::answer_not_understood,
                fmt::format("the server answers {} where a link is administered", said.head.status),
                "check the base URL, or make the link by hand: atlink link show");
  }
  return said;
}

LinkAdministrator::LinkAdministrator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

LinkAdministrator::~LinkAdministrator() {
  impl_->end_session();
}

Result<std::unique_ptr<LinkAdministrator>> LinkAdministrator::make(Client& client,
                                                                   const Product& product,
                                                                   BaseUrl base,
                                                                   Secret password) {
  if (!product.link_administration) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the description of {} does not say how links are made over REST",
                            printable(product.id)),
                "make the link by hand: atlink link show");
  }
  return std::unique_ptr<LinkAdministrator>(new LinkAdministrator(
      std::make_unique<Impl>(client, product, std::move(base), std::move(password))));
}

Result<std::vector<KnownLink>> LinkAdministrator::list() {
  const LinkListing& listing = impl_->rules.list;
  ATLINK_ASSIGN(const Said said, impl_->carry_out(Step::list, listing.call, {}, nullptr));
  return link::read_listing(listing, said.body);
}

Result<std::optional<KnownLink>> LinkAdministrator::find(std::string_view application_url,
                                                         std::string_view link_id) {
  ATLINK_ASSIGN(std::vector<KnownLink> links, list());
  const auto found = std::find_if(links.begin(), links.end(), [&](const KnownLink& each) {
    const bool same_url = without_slash(each.url) == without_slash(application_url);
    return !each.id.empty() && (same_url || each.id == link_id);
  });
  return found == links.end() ? std::optional<KnownLink>() : std::optional(std::move(*found));
}

Result<std::string> LinkAdministrator::create(const LinkEntry& entry) {
  ATLINK_ASSIGN(const Said said, impl_->carry_out(Step::create, impl_->rules.create, {}, &entry));
  const std::string place = json::find_string(said.body, impl_->rules.created_id).value_or("");
  std::string_view id = place;
  while (!id.empty() && id.back() == '/') {
    id.remove_suffix(1);
  }
  return percent_decode(id.substr(id.rfind('/') + 1));
}

Status LinkAdministrator::put_consumer(std::string_view link_id, const LinkEntry& entry) {
  ATLINK_ASSIGN([[maybe_unused]] const Said said,
                impl_->carry_out(Step::consumer, impl_->rules.consumer, link_id, &entry));
  return {};
}

Result<LinkAdministrator::Consumer> LinkAdministrator::consumer_of(std::string_view link_id,
                                                                   std::string_view consumer_key) {
  if (!impl_->rules.consumers) {
    return Consumer::not_told;
  }
  auto said = impl_->carry_out(Step::list, *impl_->rules.consumers, link_id, nullptr);
  if (!said) {
    const ErrorCode code = said.error().code;
    const bool none = code == ErrorCode::link_missing || code == ErrorCode::answer_not_found;
    return none ? Result<Consumer>(Consumer::none) : fail(said.error());
  }
  const auto document = json::parse(said->body);
  if (!document || !has_text(*document)) {
    return Consumer::none;
  }
  return says(*document, consumer_key) ? Consumer::of_key : Consumer::another;
}

Status LinkAdministrator::remove(std::string_view link_id) {
  ATLINK_ASSIGN([[maybe_unused]] const Said said,
                impl_->carry_out(Step::remove, impl_->rules.remove, link_id, nullptr));
  return {};
}

Result<std::vector<KnownLink>> LinkAdministrator::others() {
  if (!impl_->rules.others) {
    return std::vector<KnownLink>();
  }
  ATLINK_ASSIGN(const Said said,
                impl_->carry_out(Step::list, impl_->rules.others->call, {}, nullptr));
  return link::read_listing(*impl_->rules.others, said.body);
}

Result<std::vector<LinkRequest>> requests_that_make_link(const Product& product,
                                                         const BaseUrl& base,
                                                         const LinkEntry& entry) {
  if (!product.link_administration) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("the description of {} does not say how links are made over REST",
                            printable(product.id)),
                "make the link by hand: atlink link show");
  }
  const LinkAdministration& rules = *product.link_administration;
  ATLINK_ASSIGN(const Url create, link::url_of(rules.create, base, {}));
  // The id is known only once the server has told it.
  constexpr std::string_view stand_in = "LINK-ID";
  ATLINK_ASSIGN(const Url consumer, link::url_of(rules.consumer, base, stand_in));
  return std::vector<LinkRequest>{
      {rules.create.method, create.str(), link::fill_body(rules.create, entry)},
      {rules.consumer.method, consumer.str(), link::fill_body(rules.consumer, entry)}};
}

}  // namespace atlink
