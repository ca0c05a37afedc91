// SPDX-License-Identifier: Apache-2.0
// atlink-bench-signatures sign THREADS SECONDS: whole Authorization headers with RSA-SHA1 and one
// shared key of 2048 bits. Prints "cpu RATE wall RATE": per second of processor time, summed over
// the threads, and per second of the clock.
// atlink-bench-signatures rest SECONDS: everything of that but the RSA operation. Prints "us TIME",
// of processor time.
#include "atlink/oauth1.h"
#include "core/crypto/digest_info.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <time.h>
#include <vector>

namespace {

using namespace atlink;

/// Seconds of processor time that this thread has used.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "atlink-bench-signatures: %s\n", why.c_str());
  std::exit(2);
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    stop(result.error().message);
  }
  return std::move(*result);
}

/// A request like those that scripts make: a search with a few parameters, 440 bytes to sign.
constexpr std::string_view url =
    "https://site.example/acme/rest/api/2/"
    "search?jql=project%20%3D%20ABC%20AND%20status%20%3D%20Open"
    "&fields=summary%2Cstatus%2Cassignee&maxResults=50&startAt=0&expand=names";

/// Makes one header, nonce and all.
void make_header(const oauth1::Consumer& consumer, const oauth1::Token& token) {
  static Platform platform = system_platform();
  const std::string nonce = must(oauth1::make_nonce(platform.random));
  oauth1::AuthorizeInput input;
  input.method = "GET";
  input.url = url;
  input.timestamp = 1700000000;
  input.nonce = nonce;
  const oauth1::AuthorizeWith with{
      oauth1::SignatureMethod::rsa_sha1, oauth1::Transmission::header, consumer, &token};
  if (must(oauth1::authorize(input, with)).header.empty()) {
    stop("no header was made");
  }
}

/// Calls `work` until `seconds` of this thread's processor time are used; calls per such second.
template <class Work>
double rate(double seconds, const Work& work) {
  constexpr int batch = 16;
  const double begin = thread_seconds();
  double used = 0;
  long calls = 0;
  while (used < seconds) {
    for (int i = 0; i < batch; ++i) {
      work();
    }
    calls += batch;
    used = thread_seconds() - begin;
  }
  return static_cast<double>(calls) / used;
}

void bench_sign(int threads, double seconds) {
  oauth1::Consumer consumer;
  consumer.key = "automation";
  consumer.private_key = must(RsaPrivateKey::generate(2048));
  const oauth1::Token token{"0123456789abcdef0123456789abcdef", Secret("secret")};
  const auto work = [&] { make_header(consumer, token); };
  work();
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  const auto begin = std::chrono::steady_clock::now();
  for (double& own : rates) {
    running.emplace_back([&own, &work, seconds] { own = rate(seconds, work); });
  }
  double sum = 0;
  for (std::size_t i = 0; i < running.size(); ++i) {
    running[i].join();
    sum += rates[i];
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  std::printf("cpu %.1f wall %.1f\n", sum, sum * seconds / wall.count());
}

/// One header with a signature that is already there: what `authorize` does around the RSA
/// operation, and the hash and the base64 that go with it.
std::size_t rest_of_signature(const std::string& signature) {
  static Platform platform = system_platform();
  FormFields fields;
  fields.reserve(7);
  fields.emplace_back("oauth_consumer_key", "automation");
  fields.emplace_back("oauth_token", "0123456789abcdef0123456789abcdef");
  fields.emplace_back("oauth_signature_method", "RSA-SHA1");
  fields.emplace_back("oauth_timestamp", std::to_string(1700000000));
  fields.emplace_back("oauth_nonce", must(oauth1::make_nonce(platform.random)));
  fields.emplace_back("oauth_version", "1.0");
  const std::string text = must(oauth1::signature_base_string({"GET", url, fields, {}}));
  const auto info = must(crypto::digest_info(RsaDigest::sha1, text));
  fields.emplace_back("oauth_signature", to_base64(signature));
  return info.size + oauth1::format_authorization(fields).size();
}

void bench_rest(double seconds) {
  const std::string signature(256, 'x');
  std::size_t sum = 0;
  const double calls = rate(seconds, [&] { sum += rest_of_signature(signature); });
  if (sum == 0) {
    stop("nothing was done");
  }
  std::printf("us %.3f\n", 1e6 / calls);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "sign" && count == 4) {
    bench_sign(std::atoi(arguments[2]), std::atof(arguments[3]));
  } else if (what == "rest" && count == 3) {
    bench_rest(std::atof(arguments[2]));
  } else {
    stop("usage: sign THREADS SECONDS | rest SECONDS");
  }
}
