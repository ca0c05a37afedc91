// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "plugins/kit/recorder.h"
#include "plugins/kit/stage.h"

#include <optional>
#include <string>
#include <string_view>

/// The parts of a play; each is one source. All of them write down what they found and go on.
namespace atlink::plugins::kit {

/// A finished sign-in, or nothing where none worked.
using SignedIn = std::optional<Credential>;

/// Signs in by every signature method and place for OAuth parameters that the description offers:
/// "play.dance.rsa-sha1.header" and so on. Gives a credential of the preferred way.
[[nodiscard]] SignedIn play_dances(Recorder& recorder, Stage& stage);

/// Sign-ins that must not work: "play.dance.denied", "play.dance.expired",
/// "play.dance.wrong-verifier"; and one whose answer goes to a callback, "play.dance.callback".
void play_refusals(Recorder& recorder, Stage& stage);

/// Requests of somebody who signed in, and of nobody: "play.identity", "play.anonymous",
/// "play.headers", "play.error-message", "play.resource./path" and "play.two-legged".
void play_requests(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// Lets a credential run out and renews it: "play.renewal". Moves the clock.
void play_renewal(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// Puts values into the guides through the administrator's screens: "play.link.from-2.0" and so on.
/// `version` empty: all of them.
void play_link(Recorder& recorder, const Stage& stage, const std::string& version);

/// Fills in each operation and sends it where testdata has an answer: "play.operation.thing-list".
/// What changes something comes last.
void play_operations(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// What stands for a value of which nothing is known but its type.
[[nodiscard]] std::string some_value(OperationParameter::Type type);

/// Asks the questions by which the product is recognised: "play.probe.about".
void play_probes(Recorder& recorder, Stage& stage);

/// Reads a list to its end by each pager, one of the testdata or one that is made up:
/// "play.pager.things".
void play_pagers(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// Sends a file by each operation that sends one, and fetches it again: "play.upload.picture-add",
/// "play.download.picture-get".
void play_files(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// Has the sandbox answer in the ways that signals recognise: "play.signal.login-page" and so on.
void play_signals(Recorder& recorder, Stage& stage, const SignedIn& credential);

/// A client that signs with a credential.
[[nodiscard]] Result<std::unique_ptr<Client>> client_of(Stage& stage, const Credential& credential);

/// An answer of the sandbox's own pages to an unsigned request, as JSON.
[[nodiscard]] Result<json::Value> ask_sandbox(Stage& stage, const ApiRequest& request);

/// The text at a member of an object; empty where there is none.
[[nodiscard]] std::string text_at(const json::Value& value, std::string_view name);

}  // namespace atlink::plugins::kit
