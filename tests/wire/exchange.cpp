// SPDX-License-Identifier: Apache-2.0
// Reads one JSON object a line and answers each with a line: an exchange to carry out (plan.h), or
// {"command": "loaded", "name": "libcurl"} to ask whether such an object is mapped. SIGTERM
// interrupts what waits.
#include "tests/wire/plan.h"

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using atlink::json::Array;
using atlink::json::Value;
using atlink::tests::Plan;

bool is_mapped(const std::string& name) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    if (line.find(name) != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// The outcomes of the plan, each thread's one after the other.
Array carry_out_all(const Plan& plan, atlink::Transport& transport) {
  std::vector<Array> outcomes(static_cast<std::size_t>(plan.threads));
  std::vector<std::thread> threads;
  for (Array& mine : outcomes) {
    threads.emplace_back([&plan, &transport, &mine] {
      for (int i = 0; i < plan.times; ++i) {
        mine.push_back(atlink::tests::carry_out(plan, transport));
      }
    });
  }
  Array all;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i].join();
    all.insert(all.end(), outcomes[i].begin(), outcomes[i].end());
  }
  return all;
}

Value answer(const Value& line, atlink::Transport& transport) {
  if (line.find("command") != nullptr) {
    return is_mapped(*line.find("name")->as_string());
  }
  const Plan plan = atlink::tests::read_plan(line);
  if (plan.times == 1 && plan.threads == 1) {
    return atlink::tests::carry_out(plan, transport);
  }
  return carry_out_all(plan, transport);
}

}  // namespace

int main() {
  std::signal(SIGTERM, [](int) { atlink::interrupt_waiting(); });
  atlink::Transport& transport = atlink::system_platform().transport;
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto value = atlink::json::parse(line);
    if (!value) {
      fmt::print(stderr, "not a plan: {}\n", value.error().message);
      return 2;
    }
    std::cout << atlink::json::write(answer(*value, transport)) << std::endl;
  }
  return 0;
}
