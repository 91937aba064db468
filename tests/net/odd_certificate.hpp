// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/certificate.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace net_test {

/// The contents of an unusual certificate. Extensions are in the syntax of OpenSSL's configuration files.
struct odd_options {
  std::string common_name = "odd";
  std::vector<std::pair<std::string, std::string>> extensions;
  int rsa_bits = 0;  // 0: the curve P-256
  const EVP_MD* digest = EVP_sha256();
  long version = 2;                                          // encoded: 2 means version 3
  std::chrono::seconds valid_until = std::chrono::hours{1};  // from now
};

/// A certificate that a public authority would not issue, and its key.
class odd_certificate {
public:
  /// Signed by `issuer`, or self-signed if it is null.
  explicit odd_certificate(const odd_options& what, const odd_certificate* issuer = nullptr)
      : key_{what.rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(static_cast<unsigned>(what.rsa_bits)),
             EVP_PKEY_free},
        certificate_{X509_new(), X509_free} {
    check(key_ && certificate_);
    auto* const own = certificate_.get();
    auto* const above = issuer != nullptr ? issuer->certificate_.get() : own;
    static long serial = 1;
    X509_set_version(own, what.version);
    ASN1_INTEGER_set(X509_get_serialNumber(own), ++serial);
    std::time_t now = std::time(nullptr);
    X509_time_adj_ex(X509_getm_notBefore(own), -10, 0, &now);
    X509_time_adj_ex(X509_getm_notAfter(own), 0, static_cast<long>(what.valid_until.count()), &now);
    const auto* const name = reinterpret_cast<const unsigned char*>(what.common_name.data());
    check(X509_NAME_add_entry_by_txt(X509_get_subject_name(own), "CN", MBSTRING_UTF8, name,
                                     static_cast<int>(what.common_name.size()), -1, 0) == 1);
    check(X509_set_issuer_name(own, X509_get_subject_name(above)) == 1);
    check(X509_set_pubkey(own, key_.get()) == 1);
    for (const auto& [type, value] : what.extensions) {
      X509V3_CTX context;
      X509V3_set_ctx_nodb(&context);
      X509V3_set_ctx(&context, above, own, nullptr, nullptr, 0);
      const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made{
          X509V3_EXT_nconf(nullptr, &context, type.c_str(), value.c_str()), X509_EXTENSION_free};
      check(made && X509_add_ext(own, made.get(), -1) == 1);
    }
    check(X509_sign(own, issuer != nullptr ? issuer->key_.get() : key_.get(), what.digest) > 0);
  }

  [[nodiscard]] std::string pem() const {
    return write([this](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
  }
  /// The identity of a server that also sends `chain`.
  [[nodiscard]] sso::testing::certificate identity(std::string chain = {}) const {
    return {pem(), write([this](BIO* out) {
              return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
            }),
            std::move(chain)};
  }

private:
  static void check(bool worked) {
    if (worked) return;
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    throw std::runtime_error{std::string{"odd_certificate: "} + text};
  }

  template <class Write>
  static std::string write(Write put) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out{BIO_new(BIO_s_mem()), BIO_free_all};
    check(out && put(out.get()) == 1);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace net_test
