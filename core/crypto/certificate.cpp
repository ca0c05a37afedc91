// SPDX-License-Identifier: Apache-2.0
#include "atlink/certificate.h"

#include "atlink/sha256.h"
#include "core/crypto/certificate_texts.h"
#include "core/crypto/pem.h"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <utility>

namespace atlink {

namespace {

using crypto::X509Certificate;

// What nobody reads to the end.
constexpr std::size_t most_certificates = 1000;

bool is_certificate(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE";
}

X509Certificate parse_der(std::string_view der) {
  const crypto::ErrorQueueScope scope;
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* at = begin;
  X509Certificate parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = at == begin + der.size();
  return whole ? std::move(parsed) : X509Certificate();
}

// Of a certificate that this file has made; null for another.
X509Certificate parse_again(const Certificate& certificate) {
  const auto blocks = crypto::find_pem_blocks(certificate.pem);
  const auto content = blocks.empty()
                           ? Result<crypto::PemContent>(fail(ErrorCode::file_damaged, ""))
                           : crypto::decode_pem(blocks.front());
  return content ? parse_der(content->der.expose()) : X509Certificate();
}

tl::unexpected<Error> unreadable(std::size_t place) {
  return fail(ErrorCode::file_damaged,
              fmt::format("certificate {} of the text cannot be read", place),
              "use a file with whole certificates between BEGIN CERTIFICATE and END CERTIFICATE "
              "lines");
}

Result<Certificate> read_certificate(const crypto::PemBlock& block, std::size_t place) {
  const auto content = crypto::decode_pem(block);
  const X509Certificate parsed = content ? parse_der(content->der.expose()) : X509Certificate();
  if (!parsed) {
    return unreadable(place);
  }
  const crypto::ErrorQueueScope scope;
  const std::string_view der = content->der.expose();
  Certificate certificate;
  crypto::append_pem(certificate.pem, "CERTIFICATE", to_base64(der));
  certificate.subject = crypto::name_text(X509_get_subject_name(parsed.get()));
  certificate.issuer = crypto::name_text(X509_get_issuer_name(parsed.get()));
  certificate.names = crypto::host_names(parsed.get());
  certificate.not_before = crypto::time_point(X509_get0_notBefore(parsed.get()));
  certificate.not_after = crypto::time_point(X509_get0_notAfter(parsed.get()));
  certificate.authority = X509_check_ca(parsed.get()) != 0;
  certificate.self_signed = X509_self_signed(parsed.get(), 1) == 1;
  certificate.key = crypto::key_text(parsed.get());
  ATLINK_ASSIGN(certificate.fingerprint, sha256(der));
  ATLINK_ASSIGN(certificate.key_fingerprint, sha256(crypto::public_key_bytes(parsed.get())));
  return certificate;
}

}  // namespace

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
  std::vector<Certificate> certificates;
  for (const crypto::PemBlock& block : crypto::find_pem_blocks(pem)) {
    if (is_certificate(block.label) && certificates.size() < most_certificates) {
      ATLINK_ASSIGN(certificates.emplace_back(), read_certificate(block, certificates.size() + 1));
    }
  }
  if (certificates.empty()) {
    return fail(ErrorCode::file_damaged,
                "there is no certificate in the text",
                "use a file with certificates between BEGIN CERTIFICATE and END CERTIFICATE lines");
  }
  return certificates;
}

bool is_for_host(const Certificate& certificate, const std::string& host) {
  const crypto::ErrorQueueScope scope;
  const X509Certificate parsed = parse_again(certificate);
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string bare = in_brackets ? host.substr(1, host.size() - 2) : host;
  return parsed != nullptr &&
         (X509_check_ip_asc(parsed.get(), bare.c_str(), 0) == 1 ||
          X509_check_host(parsed.get(), bare.data(), bare.size(), 0, nullptr) == 1);
}

bool has_issued(const Certificate& issuer, const Certificate& certificate) {
  const crypto::ErrorQueueScope scope;
  const X509Certificate above = parse_again(issuer);
  const X509Certificate below = parse_again(certificate);
  return above != nullptr && below != nullptr &&
         X509_check_issued(above.get(), below.get()) == X509_V_OK &&
         X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1;
}

std::string_view to_string(ChainFault fault) {
  switch (fault) {
    case ChainFault::expired:
      return "expired";
    case ChainFault::not_yet_valid:
      return "not_yet_valid";
    case ChainFault::wrong_name:
      return "wrong_name";
    case ChainFault::self_signed:
      return "self_signed";
    case ChainFault::incomplete:
      return "incomplete";
    case ChainFault::disordered:
      return "disordered";
  }
  return "";
}

std::vector<FoundFault> faults_of(const std::vector<Certificate>& chain,
                                  const std::string& host,
                                  TimePoint now) {
  std::vector<FoundFault> found;
  const auto each = [&](ChainFault fault, auto has_it) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (has_it(i)) {
        found.push_back({fault, i});
      }
    }
  };
  each(ChainFault::expired, [&](std::size_t i) { return chain[i].not_after < now; });
  each(ChainFault::not_yet_valid, [&](std::size_t i) { return now < chain[i].not_before; });
  if (!chain.empty() && !is_for_host(chain.front(), host)) {
    found.push_back({ChainFault::wrong_name, 0});
  }
  if (!chain.empty() && chain.front().self_signed) {
    found.push_back({ChainFault::self_signed, 0});
  }
  if (chain.size() == 1 && !chain.front().self_signed) {
    found.push_back({ChainFault::incomplete, 0});
  }
  each(ChainFault::disordered,
       [&](std::size_t i) { return i > 0 && !has_issued(chain[i], chain[i - 1]); });
  return found;
}

}  // namespace atlink
