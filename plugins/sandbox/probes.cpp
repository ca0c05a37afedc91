// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/probes.h"

#include "atlink/html.h"
#include "atlink/text.h"
#include "plugins/sandbox/problem.h"
#include "plugins/sandbox/signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace atlink::plugins::sandbox {

namespace {

using Meaning = ResponseSignal::Meaning;

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool wants_page(std::string_view accept) {
  return mentions(accept, "text/html");
}

bool reads(const ServerRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

std::int64_t build_of(std::string_view version) {
  std::int64_t parts[3] = {0, 0, 0};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (std::int64_t& part : parts) {
    const auto read = std::from_chars(at, end, part);
    part = read.ec == std::errc() ? std::min<std::int64_t>(part, 9999) : 0;
    at = std::find(read.ptr, end, '.');
    at += at == end ? 0 : 1;
  }
  return parts[0] * 1000000 + parts[1] * 10000 + parts[2];
}

std::vector<const Probe*> Probes::asked_by(const Visit& visit) const {
  std::vector<const Probe*> found;
  for (const Probe& probe : product_.probes) {
    if (reads(visit.request) && is_at(visit, probe.endpoint)) {
      found.push_back(&probe);
    }
  }
  // At one address the one counts that is asked for as its description says.
  const std::string_view accept = visit.request.headers.find("Accept").value_or("");
  std::stable_partition(found.begin(), found.end(), [&](const Probe* probe) {
    return mentions(accept, probe->accept);
  });
  std::erase_if(found, [&](const Probe* probe) { return probe->accept != found.front()->accept; });
  return found;
}

std::optional<ServerResponse> Probes::refuse(const Visit& visit) const {
  if (!options_.closed || asked_by(visit).empty()) {
    return std::nullopt;
  }
  if (wants_page(visit.request.headers.find("Accept").value_or(""))) {
    return signal_answer(product_, Meaning::login_page, visit);
  }
  ServerResponse response = error_answer(product_, 401, "you are not signed in");
  response.headers.set("WWW-Authenticate", challenge(visit.base_url, nullptr));
  return response;
}

json::Value Probes::document(const std::vector<const Probe*>& probes,
                             const Visit& visit,
                             std::string_view user) const {
  json::Value document;
  const auto tell = [&](const std::string& pointer, json::Value value) {
    if (!pointer.empty()) {
      put_at(document, pointer, std::move(value));
    }
  };
  for (const Probe* probe : probes) {
    tell(probe->version, probe->version_after + options_.version);
    tell(probe->build, build_of(options_.version));
    tell(probe->title, product_.name + " sandbox");
    tell(probe->base_url, visit.base_url);
    for (const auto& [pointer, texts] : probe->json) {
      const json::Value* there = find_at(document, pointer);
      if (there == nullptr || !texts.empty()) {
        tell(pointer, texts.empty() ? "anything" : texts.front());
      }
    }
  }
  if (product_.identity && is_at(visit, product_.identity->endpoint) &&
      !product_.identity->json_pointers.empty()) {
    tell(product_.identity->json_pointers.front(), user);
  }
  for (const Probe* probe : probes) {
    if (!mentions(json::write(document), probe->body_contains)) {
      tell("/note", probe->body_contains);
    }
  }
  return document.is_null() ? json::Value(json::Object{}) : document;
}

ServerResponse Probes::page(const Probe& probe) const {
  const std::string title = product_.name + " sandbox";
  if (!mentions(probe.accept, "xml") || wants_page(probe.accept)) {
    return html_page(200, title, "<p>This is a stand-in site.</p>");
  }
  ServerResponse response = text_answer(
      200,
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<site><title>{}</title>{}</site>\n",
                  escape_html(title),
                  probe.body_contains));
  response.headers.set("Content-Type", "application/xml;charset=UTF-8");
  return response;
}

std::optional<ServerResponse> Probes::answer(const Visit& visit, std::string_view user) const {
  const auto probes = asked_by(visit);
  if (probes.empty()) {
    return std::nullopt;
  }
  const bool json = std::any_of(probes.begin(), probes.end(), [](const Probe* probe) {
    return !probe->json.empty() || mentions(probe->accept, "json");
  });
  ServerResponse response =
      json ? json_answer(200, document(probes, visit, user)) : page(*probes.front());
  for (const Probe* probe : probes) {
    fulfil(*probe, visit, response);
  }
  return response;
}

bool Probes::want_data(const Visit& visit) const {
  const auto probes = asked_by(visit);
  return !wants_page(visit.request.headers.find("Accept").value_or("")) &&
         std::any_of(
             probes.begin(), probes.end(), [](const Probe* probe) { return !probe->json.empty(); });
}

void Probes::correct(const Visit& visit, ServerResponse& response) const {
  const auto probes = asked_by(visit);
  auto document = options_.version_counts && !probes.empty() ? json::parse(response.body)
                                                             : Result<json::Value>(json::Value());
  if (!document || document->as_object() == nullptr) {
    return;
  }
  for (const Probe* probe : probes) {
    if (!probe->version.empty() && find_at(*document, probe->version) != nullptr) {
      put_at(*document, probe->version, probe->version_after + options_.version);
    }
    if (!probe->build.empty() && find_at(*document, probe->build) != nullptr) {
      put_at(*document, probe->build, build_of(options_.version));
    }
  }
  response.body = json::write(*document);
}

void Probes::mark(const Visit& visit, ServerResponse& page) const {
  for (const Probe* probe : asked_by(visit)) {
    if (probe->json.empty()) {
      fulfil(*probe, visit, page);
    }
  }
}

}  // namespace atlink::plugins::sandbox
