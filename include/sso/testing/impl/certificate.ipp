// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/openssl_ptr.hpp>
#include <sso/testing/certificate.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <ctime>
#include <stdexcept>

namespace sso::testing {

namespace detail {

using sso::detail::openssl_ptr;
using evp_key = openssl_ptr<EVP_PKEY, EVP_PKEY_free>;
using x509 = openssl_ptr<X509, X509_free>;

[[noreturn]] inline void openssl_failed(const char* what) {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  ERR_clear_error();
  throw std::runtime_error{std::string{what} + ": " + text};
}

inline void check(bool worked, const char* what) {
  if (!worked) openssl_failed(what);
}

inline evp_key make_key() {
  evp_key key{EVP_EC_gen("P-256")};
  check(key != nullptr, "make a key");
  return key;
}

template <class Write>
std::string to_pem(const char* what, Write write) {
  const openssl_ptr<BIO, BIO_free_all> out{BIO_new(BIO_s_mem())};
  check(out && write(out.get()) == 1, what);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

inline std::string to_pem(X509& certificate) {
  return to_pem("write a certificate", [&](BIO* out) { return PEM_write_bio_X509(out, &certificate); });
}

inline std::string to_pem(EVP_PKEY& key) {
  return to_pem("write a key", [&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, &key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

inline void add_extension(X509& subject, X509& issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &subject, nullptr, nullptr, 0);
  const openssl_ptr<X509_EXTENSION, X509_EXTENSION_free> extension{
      X509V3_EXT_nconf_nid(nullptr, &context, id, value)};
  check(extension && X509_add_ext(&subject, extension.get(), -1) == 1, value);
}

inline void add_name(GENERAL_NAMES& names, int type, ASN1_STRING* value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  check(name != nullptr, "make a name");
  GENERAL_NAME_set0_value(name, type, value);
  check(sk_GENERAL_NAME_push(&names, name) > 0, "add a name");
}

inline void add_alternative_names(X509& subject, const certificate_options& options) {
  if (options.dns_names.empty() && options.ip_addresses.empty()) return;
  const openssl_ptr<GENERAL_NAMES, GENERAL_NAMES_free> names{sk_GENERAL_NAME_new_null()};
  check(names != nullptr, "make names");
  for (const auto& dns_name : options.dns_names) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    check(text && ASN1_STRING_set(text, dns_name.data(), static_cast<int>(dns_name.size())) == 1,
          "make a DNS name");
    add_name(*names, GEN_DNS, text);
  }
  for (const auto& address : options.ip_addresses) {
    ASN1_OCTET_STRING* bytes = a2i_IPADDRESS(address.c_str());
    if (!bytes) throw std::runtime_error{"not an IP address: " + address};
    add_name(*names, GEN_IPADD, bytes);
  }
  check(X509_add1_ext_i2d(&subject, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
        "add the alternative names");
}

/// A certificate without extensions and signature.
inline x509 make_certificate(EVP_PKEY& key, const std::string& common_name, std::chrono::seconds valid_from,
                             std::chrono::seconds valid_until) {
  x509 made{X509_new()};
  check(made && X509_set_version(made.get(), X509_VERSION_3) == 1, "make a certificate");
  const openssl_ptr<BIGNUM, BN_free> serial{BN_new()};
  check(serial && BN_rand(serial.get(), 126, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
            BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())) != nullptr,
        "make a serial number");
  std::time_t now = std::time(nullptr);
  check(X509_time_adj_ex(X509_getm_notBefore(made.get()), 0, static_cast<long>(valid_from.count()), &now) &&
            X509_time_adj_ex(X509_getm_notAfter(made.get()), 0, static_cast<long>(valid_until.count()), &now),
        "set the validity");
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, bytes,
                                   static_cast<int>(common_name.size()), -1, 0) == 1,
        "set the common name");
  check(X509_set_pubkey(made.get(), &key) == 1, "set the key");
  return made;
}

}  // namespace detail

struct certificate_authority::keys {
  detail::evp_key key;
  detail::x509 certificate;
  std::string pem;
  std::string chain_pem;  // the intermediate certificates to send after an issued certificate

  /// @param issuer null: a root authority
  static std::unique_ptr<keys> make(const std::string& common_name, const keys* issuer) {
    auto out = std::make_unique<keys>();
    out->key = detail::make_key();
    out->certificate = detail::make_certificate(*out->key, common_name, std::chrono::hours{-24 * 365},
                                                std::chrono::hours{24 * 365});
    X509& own = *out->certificate;
    X509& above = issuer != nullptr ? *issuer->certificate : own;
    detail::check(X509_set_issuer_name(&own, X509_get_subject_name(&above)) == 1, "set the issuer");
    detail::add_extension(own, above, NID_basic_constraints, "critical,CA:TRUE");
    detail::add_extension(own, above, NID_key_usage, "critical,keyCertSign,cRLSign");
    detail::add_extension(own, above, NID_subject_key_identifier, "hash");
    if (issuer != nullptr) {
      detail::add_extension(own, above, NID_authority_key_identifier, "keyid:always");
    }
    auto* const signer = issuer != nullptr ? issuer->key.get() : out->key.get();
    detail::check(X509_sign(&own, signer, EVP_sha256()) > 0, "sign the authority");
    out->pem = detail::to_pem(own);
    if (issuer != nullptr) out->chain_pem = out->pem + issuer->chain_pem;
    return out;
  }
};

SSO_DECL certificate_authority::certificate_authority(const std::string& common_name)
    : keys_{keys::make(common_name, nullptr)} {}

SSO_DECL certificate_authority::certificate_authority(std::unique_ptr<keys> made) : keys_{std::move(made)} {}

SSO_DECL certificate_authority::~certificate_authority() = default;
SSO_DECL certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
SSO_DECL certificate_authority& certificate_authority::operator=(certificate_authority&&) noexcept = default;

SSO_DECL const std::string& certificate_authority::pem() const noexcept {
  return keys_->pem;
}

SSO_DECL certificate_authority certificate_authority::intermediate(const std::string& common_name) const {
  return certificate_authority{keys::make(common_name, keys_.get())};
}

SSO_DECL certificate certificate_authority::issue(const certificate_options& options) const {
  const auto key = detail::make_key();
  const auto made =
      detail::make_certificate(*key, options.common_name, options.valid_from, options.valid_until);
  X509& issuer = *keys_->certificate;
  detail::check(X509_set_issuer_name(made.get(), X509_get_subject_name(&issuer)) == 1, "set the issuer");
  detail::add_extension(*made, issuer, NID_basic_constraints, "critical,CA:FALSE");
  detail::add_extension(*made, issuer, NID_key_usage, "critical,digitalSignature");
  const bool both = options.for_servers && options.for_clients;
  if (options.for_servers || options.for_clients) {
    detail::add_extension(*made, issuer, NID_ext_key_usage,
                          both                  ? "serverAuth,clientAuth"
                          : options.for_servers ? "serverAuth"
                                                : "clientAuth");
  }
  detail::add_extension(*made, issuer, NID_subject_key_identifier, "hash");
  detail::add_extension(*made, issuer, NID_authority_key_identifier, "keyid:always");
  detail::add_alternative_names(*made, options);
  detail::check(X509_sign(made.get(), keys_->key.get(), EVP_sha256()) > 0, "sign the certificate");
  return {detail::to_pem(*made), detail::to_pem(*key), keys_->chain_pem};
}

}  // namespace sso::testing
