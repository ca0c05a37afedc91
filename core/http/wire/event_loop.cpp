// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/event_loop.h"

#include "atlink/platform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>

namespace atlink::wire {

namespace {

void check(CURLMcode code) {
  if (code != CURLM_OK) {
    throw std::runtime_error(fmt::format("libcurl: {}", curl_multi_strerror(code)));
  }
}

/// How long it is waited where nothing is waited for.
constexpr std::chrono::milliseconds moment{50};

int curl_events(short revents) {
  int events = 0;
  events |= (revents & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0;
  events |= (revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
  events |= (revents & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0;
  return events;
}

short poll_events(int what) {
  int events = 0;
  events |= (what & CURL_POLL_IN) != 0 ? POLLIN : 0;
  events |= (what & CURL_POLL_OUT) != 0 ? POLLOUT : 0;
  return static_cast<short>(events);
}

/// Takes the transfer out again, however the loop was left.
class Added {
 public:
  Added(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
    check(curl_multi_add_handle(multi, easy));
  }

  Added(const Added&) = delete;
  Added& operator=(const Added&) = delete;

  ~Added() { curl_multi_remove_handle(multi_, easy_); }

 private:
  CURLM* multi_;
  CURL* easy_;
};

}  // namespace

EventLoop::EventLoop() : multi_(curl_multi_init()) {
  if (!multi_) {
    throw std::bad_alloc();
  }
  waiting_.push_back({-1, POLLIN, 0});
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &EventLoop::on_socket));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &EventLoop::on_timer));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_NOTHING));
}

int EventLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  try {
    static_cast<EventLoop*>(self)->watch(socket, what);
    return 0;
  } catch (...) {
    return -1;
  }
}

int EventLoop::on_timer(CURLM*, long milliseconds, void* self) {
  auto& timer = static_cast<EventLoop*>(self)->timer_;
  timer.reset();
  if (milliseconds >= 0) {
    timer = Clock::now() + Milliseconds(milliseconds);
  }
  return 0;
}

void EventLoop::watch(curl_socket_t socket, int what) {
  const auto place = std::find_if(
      waiting_.begin() + 1, waiting_.end(), [socket](const pollfd& p) { return p.fd == socket; });
  if (what == CURL_POLL_REMOVE) {
    if (place != waiting_.end()) {
      waiting_.erase(place);
    }
    return;
  }
  if (place == waiting_.end()) {
    waiting_.push_back({socket, poll_events(what), 0});
  } else {
    place->events = poll_events(what);
  }
}

LoopEnd EventLoop::run(CURL* easy, Milliseconds patience, Watcher& watcher, CURLcode& code) {
  waiting_.front().fd = interruption_descriptor();
  const Added added(multi_.get(), easy);
  const LoopEnd end = loop(patience, watcher);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) {
      code = message->data.result;
    }
  }
  return end;
}

LoopEnd EventLoop::loop(Milliseconds patience, Watcher& watcher) {
  Clock::time_point last_progress = Clock::now();
  std::uint64_t seen = 0;
  act_on(CURL_SOCKET_TIMEOUT, 0);
  bool hurry = watcher.after_events();
  while (running_ > 0) {
    std::optional<Clock::time_point> limit;
    if (patience.count() > 0) {
      limit = last_progress + patience;
    }
    wait(hurry ? Clock::time_point() : limit);
    if (waiting_.front().revents != 0) {
      return LoopEnd::interrupted;
    }
    act();
    if (running_ > 0 && waits_for_nothing()) {
      nudge();
    }
    hurry = watcher.after_events();
    if (patience.count() > 0 && running_ > 0) {
      const Clock::time_point now = Clock::now();
      const std::uint64_t progress = watcher.progress();
      if (progress == seen && now - last_progress >= patience) {
        return LoopEnd::idle;
      }
      last_progress = progress == seen ? last_progress : now;
      seen = progress;
    }
  }
  return LoopEnd::done;
}

void EventLoop::wait(std::optional<Clock::time_point> limit) {
  if (timer_ && (!limit || *timer_ < *limit)) {
    limit = timer_;
  }
  if (waits_for_nothing()) {
    limit = std::min(limit.value_or(Clock::time_point::max()), Clock::now() + moment);
  }
  int timeout = -1;
  if (limit) {
    const auto left = std::chrono::ceil<Milliseconds>(*limit - Clock::now()).count();
    timeout = static_cast<int>(std::clamp<long>(left, 0, 3'600'000));
  }
  if (::poll(waiting_.data(), waiting_.size(), timeout) < 0) {
    for (pollfd& each : waiting_) {
      each.revents = 0;
    }
    if (errno != EINTR) {
      throw std::runtime_error(fmt::format("poll failed with errno {}", errno));
    }
  }
}

void EventLoop::act() {
  // What libcurl does for one socket may change the list.
  ready_.assign(waiting_.begin() + 1, waiting_.end());
  for (const pollfd& each : ready_) {
    if (each.revents != 0) {
      act_on(each.fd, curl_events(each.revents));
    }
  }
  if (timer_ && Clock::now() >= *timer_) {
    timer_.reset();
    act_on(CURL_SOCKET_TIMEOUT, 0);
  }
}

// libcurl 7.88 leaves a dead address when its part of the time is over, and goes on to the next one
// only when it is called once more, for which it neither sets a timer nor names a socket.
void EventLoop::nudge() {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  check(curl_multi_socket_all(multi_.get(), &running_));
#pragma GCC diagnostic pop
}

void EventLoop::act_on(curl_socket_t socket, int events) {
  check(curl_multi_socket_action(multi_.get(), socket, events, &running_));
}

}  // namespace atlink::wire
