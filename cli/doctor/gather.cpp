// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/gather.h"

#include "atlink/client.h"
#include "cli/doctor/judge.h"
#include "cli/doctor/link_record.h"
#include "cli/doctor/local.h"
#include "cli/doctor/trial.h"
#include "cli/pins.h"

#include <algorithm>
#include <utility>

namespace atlink::cli::doctor {

namespace {

using oauth1::Transmission;

// Where nothing answers as the endpoint should, the product is looked for elsewhere; otherwise only
// told from others.
constexpr std::size_t questions_when_lost = 10;
constexpr std::size_t questions_when_found = 4;

// Talk of what is opened on the way: the checks say it in their own words.
class NoTalk final : public Output {
 public:
  [[nodiscard]] Status write(std::string_view /*bytes*/) override { return {}; }
};

// Keeps nothing: what matters is what the watch sees.
class Dropped final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead& /*head*/) override { return {}; }

  [[nodiscard]] Status write(std::string_view /*bytes*/) override { return {}; }
};

bool is_oauth_problem(const Error& error) {
  return static_cast<int>(error.code) / 100 == 6 && error.code != ErrorCode::oauth1_token_absent;
}

// The world with the watch in place of the transport.
class Examination {
 public:
  Examination(const Call& call, Session& session, Evidence& evidence)
      : session_(session),
        evidence_(evidence),
        watch_(call.app.platform.transport, call.app.platform.clock),
        app_{watched(call.app.platform), call.app.out, no_talk_, call.app.surroundings},
        report_(no_talk_, no_talk_),
        call_{app_, call.arguments, report_, call.given} {}

  Status examine(Scope scope) {
    ATLINK_CHECK(knock());
    if (evidence_.reached()) {
      ATLINK_CHECK(evidence_.has_link() ? ask_link() : Status());
      ATLINK_CHECK(ask_product(scope));
      ATLINK_CHECK(try_other_addresses());
      ATLINK_CHECK(scope == Scope::all && may_ask_user() ? ask_user() : Status());
    }
    evidence_.seen = watch_.seen();
    return {};
  }

 private:
  [[nodiscard]] Platform watched(const Platform& platform) {
    return {platform.clock,
            platform.random,
            platform.environment,
            platform.files,
            platform.terminal,
            platform.browser,
            watch_,
            platform.process,
            platform.loader};
  }

  // What ends everything: the person's own wish.
  static Status unless_cancelled(const Error& error) {
    return error.code == ErrorCode::cancelled ? Status(fail(error)) : Status();
  }

  Status send_plain(const char* method, const BaseUrl& base, const EndpointPath& endpoint) {
    ATLINK_ASSIGN(const Url url, base.at(endpoint));
    const HttpRequest request{method, url, {{"Accept", "*/*"}}};
    Dropped dropped;
    return app_.platform.transport.send(Exchange{request, dropped, session_.connection.options});
  }

  Status knock() {
    const Status sent = send_plain("GET", *evidence_.base, door());
    if (!watch_.seen().empty()) {
      evidence_.knock = watch_.seen().back();
    }
    look_at_way();
    return sent ? Status() : unless_cancelled(sent.error());
  }

  // What a failure does not say, handshakes show.
  void look_at_way() {
    if (!evidence_.knock) {
      return;
    }
    const Url& site = evidence_.base->site();
    auto& error = evidence_.knock->error;
    if (error && error->code == ErrorCode::network_certificate) {
      error = with_pin(call_, *evidence_.settings, *std::move(error));
      auto presented = look_at(app_.platform, site, session_.connection.options);
      evidence_.presented = presented ? std::optional(*std::move(presented)) : std::nullopt;
    } else if (!site.is_https() && may_be_tls(*evidence_.knock)) {
      evidence_.speaks_tls = speaks_tls(site);
    }
  }

  // Servers drop such a request, or say in one of many pages that TLS is wanted.
  static bool may_be_tls(const Seen& knock) {
    return knock.status == 400 ||
           (knock.error && (knock.error->code == ErrorCode::network_lost ||
                            knock.error->code == ErrorCode::network_answer_lost));
  }

  [[nodiscard]] bool speaks_tls(const Url& site) const {
    const auto secure = Url::parse("https" + site.str().substr(site.str().find(':')));
    return secure &&
           app_.platform.transport.look(*secure, session_.connection.options, look_deadline);
  }

  // Where it is seen whether the server answers: what the profile's way to sign in asks first.
  [[nodiscard]] EndpointPath door() const {
    if (evidence_.has_link()) {
      return rules().request_token;
    }
    const auto& identity = session_.connection.product.identity;
    return identity ? identity->endpoint : EndpointPath{"/"};
  }

  Status call_endpoint(Transmission transmission) {
    const Transmission own = std::exchange(session_.connection.transmission, transmission);
    auto pending = Dance(app_.platform, session_.connection, session_.issued_for).begin("oob");
    session_.connection.transmission = own;
    if (pending) {
      evidence_.scrub.hide(pending->request_token);
      evidence_.scrub.hide(pending->request_token_secret.expose());
      evidence_.token_calls.push_back({transmission, std::nullopt});
      return {};
    }
    evidence_.token_calls.push_back({transmission, pending.error()});
    return unless_cancelled(pending.error());
  }

  // A refusal that speaks of what did not arrive, or does not know who asks.
  [[nodiscard]] bool may_be_transmission() const {
    const Error* refusal = evidence_.refusal();
    if (refusal == nullptr || !takes_query()) {
      return false;
    }
    constexpr std::array codes{ErrorCode::oauth1_parameter_absent,
                               ErrorCode::answer_unauthorized,
                               ErrorCode::answer_forbidden,
                               ErrorCode::answer_invalid};
    return std::find(codes.begin(), codes.end(), refusal->code) != codes.end();
  }

  [[nodiscard]] bool takes_query() const {
    const auto& ways = rules().transmissions;
    return evidence_.transmission == Transmission::header &&
           std::find(ways.begin(), ways.end(), Transmission::query) != ways.end();
  }

  Status ask_link() {
    ATLINK_CHECK(call_endpoint(evidence_.transmission));
    if (may_be_transmission()) {
      ATLINK_CHECK(call_endpoint(Transmission::query));
    }
    evidence_.seen = watch_.seen();
    return is_lost() ? ask_other_place() : ask_server_base();
  }

  // Whether the address that the server sees can be asked from here, too: only on the same host,
  // since a server has no say in which others are asked.
  Status ask_server_base() {
    const auto compared = compare_base_strings(evidence_);
    // At our own address it answers, whatever else was changed on the way.
    const bool other = compared && compared->difference && compared->server_base &&
                       *compared->server_base != *evidence_.base;
    if (!other || compared->server_base->site().host() != evidence_.base->site().host() ||
        compared->server_base->site().is_https() != evidence_.base->site().is_https()) {
      return {};
    }
    if (const Status sent = send_plain("POST", *compared->server_base, rules().request_token);
        !sent) {
      return unless_cancelled(sent.error());
    }
    evidence_.server_base_answers = watch_.seen().back().problem.has_value();
    return {};
  }

  // Whether nothing at the endpoint's address speaks OAuth.
  [[nodiscard]] bool is_lost() const {
    const Error* refusal = evidence_.refusal();
    return refusal != nullptr && !is_oauth_problem(*refusal);
  }

  // Below the site instead of the base URL, or the other way round; without any proof, since all
  // that matters is whether OAuth is spoken there.
  Status ask_other_place() {
    if (evidence_.base->context_path().empty()) {
      return {};
    }
    using RelativeTo = EndpointPath::RelativeTo;
    EndpointPath other = rules().request_token;
    other.relative_to = other.relative_to == RelativeTo::base ? RelativeTo::site : RelativeTo::base;
    if (const Status sent = send_plain("POST", *evidence_.base, other); !sent) {
      return unless_cancelled(sent.error());
    }
    evidence_.other_place_answers = watch_.seen().back().problem.has_value();
    return {};
  }

  Status ask_product(Scope scope) {
    if (scope == Scope::link && !is_lost()) {
      return {};
    }
    plugins::DetectOptions options;
    options.connection = session_.connection.options;
    options.requests =
        std::min(watch_.left(), is_lost() ? questions_when_lost : questions_when_found);
    options.user_agent = "atlink/" ATLINK_VERSION;
    ATLINK_ASSIGN(plugins::Registry registry, open_registry(call_));
    ATLINK_ASSIGN(const Url url, Url::parse(evidence_.base->str()));
    auto detection = plugins::detect(app_.platform.transport, registry, url, options);
    if (!detection) {
      return unless_cancelled(detection.error());
    }
    evidence_.detection = std::move(*detection);
    evidence_.product_folders = folders_of(registry, evidence_.product->id);
    if (const plugins::Found* found = found_here(evidence_)) {
      evidence_.found_folders = folders_of(registry, found->product.id);
    }
    return {};
  }

  // Where a signature is refused without a word of why.
  Status try_other_addresses() {
    const Error* refusal = evidence_.refusal();
    if (refusal == nullptr || refusal->code != ErrorCode::oauth1_signature_invalid ||
        compare_base_strings(evidence_)) {
      return {};
    }
    std::int64_t skew = 0;
    for (const Seen& seen : watch_.seen()) {
      skew = seen.told_skew.value_or(skew);
    }
    const plugins::Found* found = found_here(evidence_);
    const std::string told = found == nullptr ? "" : found->server_base_url;
    ATLINK_ASSIGN(evidence_.seen_as, seen_address(app_.platform, session_.connection, told, skew));
    return {};
  }

  static std::vector<std::string> folders_of(plugins::Registry& registry, const std::string& id) {
    auto description = registry.describe(id);
    return description ? std::move(description->folders) : std::vector<std::string>();
  }

  // A token is shown to nobody whose address is in doubt.
  [[nodiscard]] bool may_ask_user() const {
    if (!evidence_.has_link()) {
      return !evidence_.sign_in.error && !is_another_product();
    }
    const Error* refusal = evidence_.refusal();
    const bool alone = session_.two_legged && refusal != nullptr && is_oauth_problem(*refusal);
    return !evidence_.sign_in.error && (evidence_.link_works() || alone);
  }

  [[nodiscard]] Connection connection_by(Transmission transmission) const {
    const Connection& own = session_.connection;
    return {own.product,
            own.base,
            {own.consumer.key, own.consumer.private_key, own.consumer.secret.clone()},
            own.method,
            transmission,
            own.options};
  }

  Result<std::string> user_by(Transmission transmission) {
    ATLINK_ASSIGN(oauth1::Token token, token_of(session_));
    Client client(app_.platform, connection_by(transmission), std::move(token));
    return client.who_am_i();
  }

  // The origin of the last answer, where redirects from the site's own address led away from it.
  [[nodiscard]] std::string elsewhere(std::size_t asked_before) const {
    if (watch_.seen().size() <= asked_before + 1 || watch_.seen().back().proven) {
      return {};
    }
    const auto url = Url::parse(watch_.seen().back().url);
    const bool away = url && watch_.seen().back().method == "GET" &&
                      !url->same_origin(session_.connection.requests_base().site());
    return away ? std::string(url->origin()) : std::string();
  }

  [[nodiscard]] bool is_another_product() const {
    return check_product(evidence_).outcome == Outcome::fail;
  }

  Result<std::string> user_by_way() {
    if (evidence_.has_link()) {
      return user_by(evidence_.transmission);
    }
    ATLINK_ASSIGN(const auto client, open_client(call_, session_));
    return client->who_am_i();
  }

  Status ask_user() {
    UserCall answer;
    const std::size_t asked_before = watch_.seen().size();
    auto user = user_by_way();
    if (user) {
      answer.user = *user;
    } else {
      ATLINK_CHECK(unless_cancelled(user.error()));
      answer.error = user.error();
      answer.answered_elsewhere = elsewhere(asked_before);
      const bool lost_on_the_way =
          evidence_.has_link() && (user.error().code == ErrorCode::credential_anonymous ||
                                   user.error().code == ErrorCode::answer_unauthorized);
      answer.by_query =
          lost_on_the_way && takes_query() && user_by(Transmission::query).has_value();
    }
    evidence_.user_call = std::move(answer);
    return {};
  }

  [[nodiscard]] const OAuth1Rules& rules() const { return *session_.connection.product.oauth1; }

  Session& session_;
  Evidence& evidence_;
  NoTalk no_talk_;
  Watch watch_;
  App app_;
  Report report_;
  Call call_;
};

}  // namespace

Result<Evidence> gather(const Call& call, Scope scope) {
  NoTalk no_talk;
  Report quiet(call.app.out, no_talk);
  const Call own{call.app, call.arguments, quiet, call.given};
  Evidence evidence;
  std::optional<Session> session = look_around(own, evidence);
  const bool wanted = scope == Scope::all || evidence.has_link();
  if (session && !evidence.signing_error && wanted) {
    ATLINK_CHECK(Examination(own, *session, evidence).examine(scope));
    ask_administrator(own, evidence);
  }
  return evidence;
}

}  // namespace atlink::cli::doctor
