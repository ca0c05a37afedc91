// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "core/crypto/digest.h"
#include "tests/support/data.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <string>

#include <sys/wait.h>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;

namespace {

constexpr const char* child_test = "policy child: says what became of each operation";

/// What became of an operation: "ok", or the error's dotted name and message.
template <class T>
std::string outcome(const Result<T>& result) {
  return result.has_value()
             ? "ok"
             : std::string(name_of(result.error().code)) + " " + result.error().message;
}

/// Runs the case above in a process of its own, since OpenSSL reads its configuration once, and
/// gives what it wrote.
std::string under_configuration(const std::string& configuration) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "openssl.cnf") << configuration;
  const std::string settings[] = {"OPENSSL_CONF=" + (folder / "openssl.cnf"),
                                  "ATLINK_TEST_REPORT=" + (folder / "report")};
  const std::string filter = std::string("--test-case=") + child_test;
  std::string program = "/proc/self/exe";
  std::string no_skip = "--no-skip";
  std::string quiet = "--minimal";
  std::string words[] = {program, filter, no_skip, quiet};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  std::string variables[] = {settings[0], settings[1]};
  char* environment[] = {variables[0].data(), variables[1].data(), nullptr};
  pid_t child = 0;
  REQUIRE(posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environment) == 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  std::ostringstream report;
  report << std::ifstream(folder / "report").rdbuf();
  return report.str();
}

}  // namespace

TEST_CASE("policy child: says what became of each operation" * doctest::skip()) {
  const char* path = std::getenv("ATLINK_TEST_REPORT");
  REQUIRE(path != nullptr);
  std::ofstream report(path);
  const auto key = RsaPrivateKey::parse(tests::data("keys/pkcs8.pem"), nullptr);
  report << "parse: " << outcome(key) << '\n';
  if (key.has_value()) {
    report << "sign: " << outcome(key->sign(RsaDigest::sha1, "text")) << '\n';
  }
  report << "generate: " << outcome(RsaPrivateKey::generate(2048)) << '\n';
  report << "digest: " << outcome(crypto::digest(crypto::Hash::sha1, "text")) << '\n';
  report << "hmac: " << outcome(crypto::hmac(crypto::Hash::sha1, "key", "text")) << '\n';
  const Secret passphrase("open sesame");
  for (const char* name : {"keys/pkcs8_encrypted.pem", "keys/pkcs1_encrypted.pem"}) {
    report << "decrypt: " << outcome(RsaPrivateKey::parse(tests::data(name), &passphrase)) << '\n';
  }
  const auto public_key = RsaPublicKey::parse(tests::data("keys/public.pem"));
  const bool verified = public_key->verify(RsaDigest::sha1, "text", std::string(256, 'x'));
  report << "verify: " << (verified ? "yes" : "no") << '\n';
  report << "fingerprint: " << public_key->fingerprint().size() << '\n';
}

TEST_CASE("policy: without one everything works") {
  const std::string report = under_configuration("# nothing\n");
  CHECK_MESSAGE(report.find("crypto.refused") == std::string::npos, report);
  CHECK(report.find("sign: ok") != std::string::npos);
  CHECK(report.find("fingerprint: 64") != std::string::npos);
}

TEST_CASE("policy: FIPS without a FIPS provider is refused in words, not by a crash") {
  const std::string report = under_configuration(
      "openssl_conf = openssl_init\n[openssl_init]\nalg_section = algorithms\n"
      "[algorithms]\ndefault_properties = fips=yes\n");
  for (const char* operation : {"parse: ", "generate: ", "digest: ", "hmac: "}) {
    CAPTURE(operation);
    CHECK_MESSAGE(report.find(operation + std::string("crypto.refused")) != std::string::npos,
                  report);
  }
  CHECK(report.find("verify: no") != std::string::npos);
}

TEST_CASE("policy: a configuration that activates only old algorithms is refused in words") {
  const std::string report = under_configuration(
      "openssl_conf = openssl_init\n[openssl_init]\nproviders = providers\n"
      "[providers]\nlegacy = legacy\n[legacy]\nactivate = 1\n");
  for (const char* operation : {"parse: ", "generate: ", "digest: ", "hmac: "}) {
    CAPTURE(operation);
    CHECK_MESSAGE(report.find(operation + std::string("crypto.refused")) != std::string::npos,
                  report);
  }
  CHECK(report.find("unsupported") != std::string::npos);
}

TEST_CASE("policy: high security levels bind TLS only") {
  const std::string report = under_configuration(
      "openssl_conf = openssl_init\n[openssl_init]\nssl_conf = ssl\n[ssl]\n"
      "system_default = tls\n[tls]\nCipherString = DEFAULT@SECLEVEL=5\nMinProtocol = TLSv1.3\n");
  CHECK_MESSAGE(report.find("crypto.refused") == std::string::npos, report);
}

TEST_SUITE_END();
