// SPDX-License-Identifier: Apache-2.0
#include "atlink/paging.h"
#include "atlink/text.h"
#include "plugins/kit/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::kit {

namespace {

/// A list of testdata that has more pages than this has no end.
constexpr int most_pages = 300;
/// So many pages are wished for, to see that one leads to the next.
constexpr std::size_t wished_pages = 3;

struct Walked {
  std::size_t items = 0;
  int pages = 0;
};

Result<Walked> walk_to_the_end(Client& client, PageWalk walk) {
  Walked walked;
  while (!walk.done()) {
    if (walked.pages == most_pages) {
      return fail(ErrorCode::answer_pages_repeat,
                  fmt::format("the list does not end after {} pages", most_pages),
                  "check how the pager tells its last page");
    }
    ApiRequest request;
    request.method = "GET";
    request.path = walk.request().path;
    request.query = walk.request().query;
    ATLINK_ASSIGN(const Answer answer, ask(client, request));
    if (answer.error) {
      return fail(*answer.error);
    }
    ATLINK_ASSIGN(const Page page, walk.take(answer.body, answer.head.headers));
    walked.items += page.items.size();
    ++walked.pages;
  }
  return walked;
}

Verdict play_list(Stage& stage, Client& client, const Pager& pager, const SandboxAnswer& list) {
  const auto connection = stage.connect();
  if (!connection) {
    return failed("the sandbox cannot be reached", connection.error());
  }
  const auto size = static_cast<std::int64_t>(std::max<std::size_t>(list.items / wished_pages, 1));
  auto walk = PageWalk::begin(pager, connection->base, {list.path, list.query}, size);
  if (!walk) {
    return failed(fmt::format("GET {}", list.path), walk.error());
  }
  const auto walked = walk_to_the_end(client, std::move(*walk));
  if (!walked) {
    return failed(fmt::format("GET {}", list.path), walked.error());
  }
  if (walked->items != list.items) {
    return failed(
        fmt::format(
            "GET {}: the walk ends after {} of {} items", list.path, walked->items, list.items),
        "check where the items stand and how the pager tells its last page");
  }
  return passed(fmt::format("items: {}, pages: {}", walked->items, walked->pages));
}

}  // namespace

void play_pagers(Recorder& recorder, Stage& stage, const SignedIn& credential) {
  const auto client =
      credential ? client_of(stage, *credential) : Result<std::unique_ptr<Client>>();
  const std::vector<SandboxAnswer> answers = stage.sandbox().answers();
  for (const Pager& pager : stage.product().pagers) {
    recorder.run("play.pager." + pager.name, [&] {
      const auto list = std::find_if(answers.begin(), answers.end(), [&](const auto& answer) {
        return answer.pager == pager.name;
      });
      if (list == answers.end()) {
        return failed("the sandbox has no list for it");
      }
      return credential && client ? play_list(stage, **client, pager, *list)
                                  : skipped("no sign-in worked");
    });
  }
}

}  // namespace atlink::plugins::kit
