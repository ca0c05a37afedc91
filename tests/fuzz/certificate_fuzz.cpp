// SPDX-License-Identifier: Apache-2.0
// The input is a text of PEM, or the DER of one certificate.
#include "atlink/certificate.h"
#include "tests/fuzz/fuzz.h"

#include <string>

using namespace atlink;

namespace {

std::string as_pem(std::string_view input) {
  if (input.find("-----BEGIN") != std::string_view::npos) {
    return std::string(input);
  }
  return "-----BEGIN CERTIFICATE-----\n" + to_base64(input) + "\n-----END CERTIFICATE-----\n";
}

void check(const Certificate& certificate) {
  fuzz::require(fuzz::is_clean(certificate.subject), "a subject is one clean line");
  fuzz::require(fuzz::is_clean(certificate.issuer), "an issuer is one clean line");
  fuzz::require(fuzz::is_clean(certificate.key), "a key is one clean line");
  fuzz::require(certificate.subject.size() <= 400, "a subject is short");
  fuzz::require(certificate.names.size() <= 100, "names are not endless");
  for (const std::string& name : certificate.names) {
    fuzz::require(!name.empty() && fuzz::is_clean(name), "a name is one clean line");
  }
  fuzz::require(certificate.fingerprint.size() == 64, "there is a fingerprint");
  const auto again = read_certificates(certificate.pem);
  fuzz::require(again.has_value() && again->size() == 1 &&
                    again->front().fingerprint == certificate.fingerprint,
                "what is kept of a certificate is that certificate");
  static_cast<void>(to_rfc3339(certificate.not_before) + to_rfc3339(certificate.not_after));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto chain = read_certificates(as_pem(fuzz::text_of(data, size)));
  if (!chain) {
    fuzz::require(fuzz::is_clean(chain.error().message), "an error is one clean line");
    return 0;
  }
  for (const Certificate& each : *chain) {
    check(each);
  }
  for (const FoundFault& found : faults_of(*chain, "site.example", TimePoint())) {
    fuzz::require(found.at < chain->size(), "a fault has its certificate");
  }
  return 0;
}
