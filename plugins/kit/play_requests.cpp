// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view echo_path = "/-/sandbox/echo";
/// Nothing of this name is anywhere; the sandbox answers in its own words.
constexpr std::string_view nowhere = "/-/sandbox/nothing-of-this-name";
constexpr std::string_view own_words = "there is no such thing here";

ApiRequest request_for(std::string method, std::string path) {
  ApiRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

Verdict play_identity(Client& client) {
  const auto user = client.who_am_i();
  if (!user) {
    return failed("asking who is signed in", user.error());
  }
  return *user == Stage::user
             ? passed()
             : failed(fmt::format("\"{}\" signed in, and the answer is understood as \"{}\"",
                                  Stage::user,
                                  printable(*user, 60)),
                      "check /identity and its answer in testdata/sandbox.json");
}

bool means_nobody(ErrorCode code) {
  return code == ErrorCode::credential_anonymous || code == ErrorCode::answer_unauthorized ||
         code == ErrorCode::answer_login_page;
}

Verdict play_anonymous(Stage& stage) {
  const auto client = stage.client(std::nullopt);
  if (!client) {
    return failed("the sandbox cannot be reached", client.error());
  }
  const auto user = (*client)->who_am_i();
  if (user) {
    return failed(fmt::format("an unsigned request is taken for one of \"{}\"", printable(*user)),
                  "name the word for nobody in /identity/anonymous");
  }
  return means_nobody(user.error().code)
             ? passed(std::string(meaning_of(user.error().code)))
             : failed("an unsigned request is not recognised as one", user.error());
}

/// Whether `echo` says that the header arrived.
bool arrived(const json::Value& echo, const ExtraHeader& header) {
  const json::Value* headers = echo.find("headers");
  const json::Array* all = headers == nullptr ? nullptr : headers->as_array();
  return all != nullptr && std::any_of(all->begin(), all->end(), [&](const json::Value& pair) {
           const json::Array* both = pair.as_array();
           const std::string* name = both == nullptr ? nullptr : both->front().as_string();
           const std::string* value = both == nullptr ? nullptr : both->back().as_string();
           return name != nullptr && value != nullptr && equals_ignoring_case(*name, header.name) &&
                  *value == header.value;
         });
}

Verdict play_headers(Client& client, const Product& product) {
  std::vector<Finding> findings;
  for (const ExtraHeader& header : product.headers) {
    const std::string method = header.methods.empty() ? "GET" : header.methods.front();
    const auto answer = ask(client, request_for(method, std::string(echo_path)));
    const auto echo = answer && !answer->error ? json::parse(answer->body) : Result<json::Value>();
    if (!answer || answer->error || !echo || (method != "HEAD" && !arrived(*echo, header))) {
      findings.push_back(
          {fmt::format("{} did not arrive with {}", header.name, method), {}, {}, 0, {}});
    }
  }
  return failed_if(std::move(findings), fmt::format("headers: {}", product.headers.size()));
}

Verdict play_error(Client& client) {
  const auto answer = ask(client, request_for("GET", std::string(nowhere)));
  if (!answer) {
    return failed("asking for what is not there", answer.error());
  }
  if (!answer->error || answer->error->code != ErrorCode::answer_not_found) {
    return answer->error ? failed("what is not there", *answer->error)
                         : failed("what is not there is answered with success");
  }
  return answer->error->message.find(own_words) != std::string::npos
             ? passed()
             : failed("the message of an error answer is not found",
                      "check /errors/messages against an error of the product");
}

Verdict play_resource(Client& client, const SandboxAnswer& resource) {
  ApiRequest request = request_for("GET", resource.path);
  request.query = resource.query;
  const auto answer = ask(client, request);
  if (!answer) {
    return failed(fmt::format("GET {}", resource.path), answer.error());
  }
  if (answer->head.status != resource.status) {
    return failed(fmt::format(
        "the status is {}, and testdata says {}", answer->head.status, resource.status));
  }
  // A signal that takes a good answer for a login page or the like would keep people from it.
  if (resource.status < 400 && answer->error) {
    return failed("a good answer is taken for another", *answer->error);
  }
  return passed(fmt::format("status {}", resource.status));
}

Verdict play_two_legged(Stage& stage) {
  if (!stage.rules().two_legged) {
    return skipped("there are no requests without a user");
  }
  const auto client = stage.client(oauth1::Token{});
  if (!client) {
    return failed("the sandbox cannot be reached", client.error());
  }
  const auto answer = ask(**client, request_for("GET", std::string(echo_path)));
  if (!answer || answer->error) {
    return failed("a request without a user", answer ? *answer->error : answer.error());
  }
  const std::string how = json::find_string(answer->body, "/signed_as").value_or("");
  return how == "oauth1-two-legged"
             ? passed()
             : failed(fmt::format("a request without a user counts as {}", printable(how, 40)));
}

void play_signed(Recorder& recorder, Stage& stage, Client& client) {
  const Product& product = stage.product();
  recorder.run("play.identity", [&] {
    return product.identity ? play_identity(client)
                            : skipped("nothing says where to ask who is signed in");
  });
  recorder.run("play.headers", [&] {
    return product.headers.empty() ? skipped("there are no headers to add")
                                   : play_headers(client, product);
  });
  recorder.run("play.error-message", [&] {
    return product.error_messages.empty() ? skipped("nothing says where messages stand")
                                          : play_error(client);
  });
  // A fixed answer stands before a collection at the same path, and is played once.
  std::set<std::string> played;
  for (const SandboxAnswer& answer : stage.sandbox().answers()) {
    const std::string query = to_form(answer.query);
    const std::string target = answer.path + (query.empty() ? "" : "?") + query;
    if (answer.method == "GET" && answer.kind != SandboxAnswer::Kind::document &&
        answer.pager.empty() && played.insert(target).second) {
      recorder.run("play.resource." + printable(target),
                   [&] { return play_resource(client, answer); });
    }
  }
}

}  // namespace

std::string text_at(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string() : *text;
}

Result<std::unique_ptr<Client>> client_of(Stage& stage, const Credential& credential) {
  return stage.client(oauth1::Token{credential.token, credential.token_secret.clone()});
}

Result<json::Value> ask_sandbox(Stage& stage, const ApiRequest& request) {
  ATLINK_ASSIGN(const std::unique_ptr<Client> client, stage.client(std::nullopt));
  ATLINK_ASSIGN(const Answer answer, ask(*client, request));
  if (answer.error) {
    return fail(*answer.error);
  }
  return json::parse(answer.body);
}

void play_requests(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  recorder.run("play.anonymous", [&] {
    return stage.product().identity ? play_anonymous(stage)
                                    : skipped("nothing says where to ask who is signed in");
  });
  recorder.run("play.two-legged", [&] { return play_two_legged(stage); });
  auto client = credential ? client_of(stage, *credential) : Result<std::unique_ptr<Client>>();
  if (credential && client) {
    play_signed(recorder, stage, **client);
    return;
  }
  for (const char* name : {"play.identity", "play.headers", "play.error-message"}) {
    recorder.run(name, [] { return skipped("no sign-in worked"); });
  }
}

}  // namespace atlink::plugins::kit
