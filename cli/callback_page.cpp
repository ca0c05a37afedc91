// SPDX-License-Identifier: Apache-2.0
#include "cli/callback_page.h"

#include "atlink/text.h"

#include <fmt/format.h>

namespace atlink::cli {

namespace {

constexpr std::string_view nothing_lost =
    "Nothing was changed: a sign-in that worked before goes on working.";

CallbackListener::Page denied(const std::string& profile) {
  return {"Access was denied",
          fmt::format(
              "The answer was \"no\", so that atlink has not been signed in. {}\n"
              "If that was not meant, run \"atlink login --profile {}\" again, and press Allow.",
              nothing_lost,
              profile)};
}

CallbackListener::Page late(const std::string& profile) {
  return {
      "The answer came too late",
      fmt::format("The server gives a sign-in a few minutes, and they are over. {}\n"
                  "Run \"atlink login --profile {}\" again, and answer in the tab that it opens.",
                  nothing_lost,
                  profile)};
}

CallbackListener::Page failed(const Error& error) {
  return {"This did not sign you in",
          fmt::format("What happened: {}.\n{}\nThe terminal says what to do next.",
                      printable(error.message, 500),
                      nothing_lost)};
}

}  // namespace

CallbackListener::Page page_after(const Status& outcome,
                                  const std::string& profile,
                                  const std::string& base_url,
                                  const std::string& user) {
  if (outcome) {
    return {"You are signed in",
            fmt::format("atlink is signed in {}at {} (profile {}), and goes on in the terminal.\n"
                        "{}",
                        user.empty() ? "" : fmt::format("as {} ", printable(user, 200)),
                        base_url,
                        profile,
                        user.empty() ? ""
                                     : "If that is not the account that you meant: log out of the "
                                       "site in this browser, then run the sign-in again.")};
  }
  switch (outcome.error().code) {
    case ErrorCode::login_denied:
    case ErrorCode::oauth1_permission_denied:
    case ErrorCode::oauth1_user_refused:
      return denied(profile);
    case ErrorCode::login_expired:
    case ErrorCode::oauth1_token_expired:
      return late(profile);
    default:
      return failed(outcome.error());
  }
}

}  // namespace atlink::cli
