// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/certificate_texts.h"

#include "core/http/ipv6.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <limits>

namespace atlink::crypto {

namespace {

using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;

constexpr std::size_t longest_name = 400;
constexpr std::size_t most_names = 100;

std::string text_of(const ASN1_STRING* string) {
  const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  const int length = ASN1_STRING_length(string);
  return length <= 0 ? std::string() : std::string(bytes, static_cast<std::size_t>(length));
}

std::string address_text(const std::string& bytes) {
  const auto byte = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 4) {
    return fmt::format("{}.{}.{}.{}", byte(0), byte(1), byte(2), byte(3));
  }
  if (bytes.size() != 16) {
    return {};
  }
  http::Ipv6 groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<std::uint16_t>(byte(2 * i) * 256U + byte(2 * i + 1));
  }
  return http::format_ipv6(groups);
}

std::string name_of(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS:
      return printable(text_of(name->d.dNSName), longest_name);
    case GEN_IPADD:
      return address_text(text_of(name->d.iPAddress));
    default:
      return {};
  }
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) {
    return {};
  }
  return printable(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))),
                   longest_name);
}

}  // namespace

std::string name_text(const X509_NAME* name) {
  constexpr unsigned long form = (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(XN_FLAG_SEP_MASK) &
                                  ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) |
                                 XN_FLAG_SEP_CPLUS_SPC;
  const Bio out(BIO_new(BIO_s_mem()));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, form) < 0) {
    return {};
  }
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return length <= 0 ? std::string()
                     : printable({text, static_cast<std::size_t>(length)}, longest_name);
}

std::vector<std::string> host_names(const X509* certificate) {
  std::vector<std::string> found;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count && found.size() < most_names; ++i) {
    std::string name = name_of(sk_GENERAL_NAME_value(names.get(), i));
    if (!name.empty()) {
      found.push_back(std::move(name));
    }
  }
  if (std::string name = common_name(certificate); found.empty() && !name.empty()) {
    found.push_back(std::move(name));
  }
  return found;
}

TimePoint time_point(const ASN1_TIME* time) {
  constexpr std::int64_t last =
      std::chrono::duration_cast<std::chrono::seconds>(TimePoint::max().time_since_epoch()).count();
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  const std::int64_t seconds = ::timegm(&parts);
  return TimePoint(std::chrono::seconds(std::clamp(seconds, -last, last)));
}

std::string key_text(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) {
    return "of an unknown kind";
  }
  const char* kind = EVP_PKEY_get0_type_name(key);
  return fmt::format("{}, {} bits", kind == nullptr ? "unknown" : kind, EVP_PKEY_get_bits(key));
}

std::string public_key_bytes(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  if (length <= 0) {
    return {};
  }
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace atlink::crypto
