// SPDX-License-Identifier: Apache-2.0
#include "atlink/certificate.h"

#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <algorithm>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;
using tests::data;

namespace {

std::vector<Certificate> certificates(const std::string& name) {
  auto read = read_certificates(data("certificates/" + name));
  REQUIRE(read.has_value());
  return *std::move(read);
}

TimePoint at(const char* time) {
  const auto point = from_rfc3339(time);
  REQUIRE(point.has_value());
  return *point;
}

std::string names_of(const std::vector<FoundFault>& faults) {
  std::string text;
  for (const FoundFault& found : faults) {
    text += std::string(to_string(found.fault)) + std::to_string(found.at) + " ";
  }
  return text;
}

bool is_clean(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }) &&
         text.find("\xE2\x80\xAE") == std::string::npos;
}

}  // namespace

TEST_CASE("certificates: a chain is read in its order, with all that a person compares") {
  const auto chain = certificates("chain.pem");
  REQUIRE(chain.size() == 3);
  const Certificate& leaf = chain[0];
  CHECK(leaf.subject == "CN=site.example");
  CHECK(leaf.issuer == "CN=Acme Middle, O=Acme\\, Inc.");
  CHECK(leaf.names ==
        std::vector<std::string>{"site.example", "*.shop.example", "127.0.0.1", "::1"});
  CHECK(to_rfc3339(leaf.not_before) == "2020-01-01T00:00:00Z");
  CHECK(to_rfc3339(leaf.not_after) == "2100-01-01T00:00:00Z");
  CHECK(leaf.key == "EC, 256 bits");
  // openssl x509 -fingerprint -sha256; openssl pkey -pubin -outform der | sha256sum
  CHECK(leaf.fingerprint == "2fcdfeb4c94456b9fb734e600cbbccea0a0986c8e50c11589b5be0c666fec65d");
  CHECK(leaf.key_fingerprint == "0868dc557df7e209c45ed89ebfdf29303b852efc00770e0f80e34d0c74eab2f4");
  CHECK_FALSE(leaf.authority);
  CHECK(chain[1].authority);
  CHECK_FALSE(chain[1].self_signed);
  CHECK(chain[2].self_signed);
  CHECK(read_certificates(chain[0].pem + "between\n" + chain[2].pem)->size() == 2);
}

TEST_CASE("certificates: texts of strangers hold no control character") {
  const auto evil = certificates("hostile.pem").front();
  CHECK(is_clean(evil.subject));
  CHECK(is_clean(evil.issuer));
  REQUIRE(evil.names.size() == 2);
  for (const std::string& name : evil.names) {
    CHECK(is_clean(name));
    CHECK_FALSE(name.empty());
  }
  // A name with a zero byte is for nobody, whatever comes before or behind it.
  CHECK_FALSE(is_for_host(evil, "a"));
  CHECK_FALSE(is_for_host(evil, "b.example"));
}

TEST_CASE("certificates: a date that no clock reaches is the last one, and not one in the past") {
  const auto forever = certificates("forever.pem").front();
  CHECK(forever.not_after > TimePoint::max() - std::chrono::hours(1));
  CHECK(to_rfc3339(forever.not_before) == "1950-01-01T00:00:00Z");
  CHECK(forever.key == "RSA, 2048 bits");
  CHECK(names_of(faults_of({forever}, "forever.example", at("2030-01-01T00:00:00Z"))) ==
        "self_signed0 ");
}

TEST_CASE("certificates: host names by the certificate's list, else by its common name") {
  const auto leaf = certificates("chain.pem").front();
  for (const char* host :
       {"site.example", "SITE.example", "a.shop.example", "127.0.0.1", "[::1]"}) {
    CAPTURE(host);
    CHECK(is_for_host(leaf, host));
  }
  for (const char* host : {"shop.example", "a.b.shop.example", "xsite.example", "127.0.0.2", ""}) {
    CAPTURE(host);
    CHECK_FALSE(is_for_host(leaf, host));
  }
  const auto plain = certificates("common-name.pem").front();
  CHECK(plain.names == std::vector<std::string>{"plain.example"});
  CHECK(is_for_host(plain, "plain.example"));
}

TEST_CASE("certificates: the one that issued another is told from one of the same name") {
  const auto chain = certificates("chain.pem");
  CHECK(has_issued(chain[1], chain[0]));
  CHECK(has_issued(chain[2], chain[1]));
  CHECK_FALSE(has_issued(chain[2], chain[0]));
  CHECK_FALSE(has_issued(chain[0], chain[1]));
  const auto impostor = certificates("impostor.pem");
  CHECK(impostor[1].subject == chain[1].subject);
  CHECK_FALSE(has_issued(impostor[1], impostor[0]));
}

TEST_CASE("certificates: every fault of a chain is found, and a good one has none") {
  const auto chain = certificates("chain.pem");
  const TimePoint now = at("2026-01-01T00:00:00Z");
  CHECK(faults_of(chain, "site.example", now).empty());
  CHECK(names_of(faults_of(chain, "else.example", now)) == "wrong_name0 ");
  CHECK(names_of(faults_of(chain, "site.example", at("2101-01-01T00:00:00Z"))) ==
        "expired0 expired1 expired2 ");
  CHECK(names_of(faults_of(chain, "site.example", at("2019-01-01T00:00:00Z"))) ==
        "not_yet_valid0 not_yet_valid1 not_yet_valid2 ");
  CHECK(names_of(faults_of({chain[0]}, "site.example", now)) == "incomplete0 ");
  CHECK(names_of(faults_of({chain[2]}, "site.example", now)) == "wrong_name0 self_signed0 ");
  CHECK(names_of(faults_of({chain[0], chain[2]}, "site.example", now)) == "disordered1 ");
  CHECK(names_of(faults_of(certificates("impostor.pem"), "site.example", now)) == "disordered1 ");
  CHECK(faults_of({}, "site.example", now).empty());
}

TEST_CASE("certificates: what is none is refused, and says so") {
  const std::string pem = data("certificates/root.pem");
  for (const std::string& text :
       {std::string(),
        std::string("no certificate"),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        pem.substr(0, pem.size() / 2),
        std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")}) {
    CAPTURE(text);
    const auto read = read_certificates(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::file_damaged);
    CHECK_FALSE(read.error().next.empty());
  }
}

TEST_SUITE_END();
