// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/request.h"

#include "atlink/text.h"
#include "core/http/wire/decoder.h"

#include <fmt/format.h>

#include <new>
#include <string>
#include <string_view>

namespace atlink::wire {

namespace {

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) {
    throw std::bad_alloc();
  }
  static_cast<void>(list.release());
  list.reset(longer);
}

bool follows_from_request(std::string_view name) {
  return equals_ignoring_case(name, "Host") || equals_ignoring_case(name, "Content-Length") ||
         equals_ignoring_case(name, "Transfer-Encoding");
}

/// Host and port as in the URL, so that what is sent is what was signed.
std::string_view authority(const Url& url) {
  std::string_view origin = url.origin();
  return origin.substr(origin.find("//") + 2);
}

/// Methods whose request says that it has no body (RFC 9110 section 8.6).
bool announces_no_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

void apply_bytes(CURL* easy, const std::string& bytes) {
  set(easy, CURLOPT_POSTFIELDS, bytes.data());
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
}

void apply_stream(CURL* easy, const Upload& upload) {
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy,
      CURLOPT_INFILESIZE_LARGE,
      upload.length() ? static_cast<curl_off_t>(*upload.length()) : curl_off_t{-1});
}

}  // namespace

Status check_request(const HttpRequest& request) {
  ATLINK_CHECK(check_method(request.method));
  for (const auto& [name, value] : request.headers) {
    ATLINK_CHECK(check_header(name, value));
    if (follows_from_request(name)) {
      return fail(ErrorCode::header_invalid,
                  fmt::format("the header {} follows from URL and body and cannot be given", name),
                  "leave it out");
    }
  }
  if (request.method == "HEAD" && request.body != nullptr) {
    return fail(ErrorCode::usage, "a HEAD request has no body", "leave the body out");
  }
  return {};
}

List header_list(const HttpRequest& request) {
  List list;
  append(list, fmt::format("Host: {}", authority(request.url)));
  for (const auto& [name, value] : request.headers) {
    // To libcurl "Name:" means to leave the header out, and "Name;" to send it empty.
    append(list, value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (!request.headers.find("Accept-Encoding")) {
    append(list, fmt::format("Accept-Encoding: {}", Decoder::accepted));
  }
  for (const char* own : {"Accept", "Content-Type", "Expect", "User-Agent"}) {
    if (!request.headers.find(own)) {
      append(list, fmt::format("{}:", own));
    }
  }
  return list;
}

void apply_request(CURL* easy,
                   const HttpRequest& request,
                   const Upload& upload,
                   const List& headers) {
  // Undoes what the request before wanted of method and body.
  set(easy, CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr));
  set(easy, CURLOPT_HTTPGET, 1L);
  if (upload.in_memory() || (!upload.exists() && announces_no_body(request.method))) {
    apply_bytes(easy, upload.bytes());
  } else if (upload.exists()) {
    apply_stream(easy, upload);
  } else if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  }
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(easy, CURLOPT_REQUEST_TARGET, std::string(request.url.target()).c_str());
  set(easy, CURLOPT_HTTPHEADER, headers.get());
}

}  // namespace atlink::wire
