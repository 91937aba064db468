// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Keys and certificates, made at run time.

using shared_key = std::shared_ptr<EVP_PKEY>;

inline void require_openssl(bool worked) {
  if (!worked) throw std::runtime_error{"OpenSSL refused to make a test's key or certificate"};
}

/// A key such as `RSA-2048`, `P-256` or `Ed25519`. The same name gives the same key, because some are slow to make.
inline shared_key make_test_key(const std::string& name, int number = 0) {
  static std::map<std::pair<std::string, int>, shared_key> made;
  auto& key = made[{name, number}];
  if (key) return key;
  EVP_PKEY* out = nullptr;
  if (name.starts_with("RSA-")) {
    out = EVP_RSA_gen(static_cast<unsigned>(std::stoi(name.substr(4))));
  } else if (name == "Ed25519" || name == "Ed448" || name == "X25519") {
    out = EVP_PKEY_Q_keygen(nullptr, nullptr, name.c_str());
  } else {
    out = EVP_EC_gen(name.c_str());
  }
  require_openssl(out != nullptr);
  key.reset(out, EVP_PKEY_free);
  return key;
}

inline std::string to_base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

inline std::string to_base64url(const std::string& bytes) {
  auto out = to_base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

/// A PEM block with `text` in lines of 64 characters.
inline std::string to_block(const std::string& base64, const std::string& label,
                            const std::string& line_end = "\n") {
  std::string out = "-----BEGIN " + label + "-----" + line_end;
  for (std::size_t i = 0; i < base64.size(); i += 64) out += base64.substr(i, 64) + line_end;
  return out + "-----END " + label + "-----" + line_end;
}

template <class T, class Write>
std::string to_der(Write write, T* object) {
  unsigned char* bytes = nullptr;
  const int size = write(object, &bytes);
  require_openssl(size > 0);
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

/// The properties of a certificate to make.
struct certificate_recipe {
  std::string key = "RSA-2048";
  int key_number = 0;
  std::string name = "idp.example.com";
  const EVP_MD* digest = EVP_sha256();
  std::chrono::sys_seconds from = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
  std::chrono::sys_seconds until = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
  std::vector<std::pair<int, const char*>> extensions{};  // NID and value in OpenSSL's syntax
};

/// A certificate and its key.
struct made_certificate {
  std::shared_ptr<X509> x509;
  shared_key key;

  [[nodiscard]] std::string der() const { return to_der(i2d_X509, x509.get()); }
  [[nodiscard]] std::string base64() const { return to_base64(der()); }
  [[nodiscard]] std::string pem() const { return to_block(base64(), "CERTIFICATE"); }
};

inline void set_time(ASN1_TIME* out, std::chrono::sys_seconds time) {
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  require_openssl(ASN1_TIME_set_string_X509(out, text) == 1);
}

inline made_certificate make_test_certificate(const certificate_recipe& recipe = {},
                                              const made_certificate* issuer = nullptr) {
  made_certificate out;
  out.key = make_test_key(recipe.key, recipe.key_number);
  out.x509.reset(X509_new(), X509_free);
  auto* x509 = out.x509.get();
  require_openssl(x509 && X509_set_version(x509, X509_VERSION_3) == 1);
  require_openssl(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1 + recipe.key_number) == 1);
  set_time(X509_getm_notBefore(x509), recipe.from);
  set_time(X509_getm_notAfter(x509), recipe.until);
  require_openssl(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(recipe.name.data()),
                                             static_cast<int>(recipe.name.size()), -1, 0) == 1);
  auto* const above = issuer ? issuer->x509.get() : x509;
  require_openssl(X509_set_issuer_name(x509, X509_get_subject_name(above)) == 1);
  require_openssl(X509_set_pubkey(x509, out.key.get()) == 1);
  for (const auto& [id, value] : recipe.extensions) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, above, x509, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_nconf_nid(nullptr, &context, id, value);
    require_openssl(extension && X509_add_ext(x509, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  }
  auto* const signer = issuer ? issuer->key.get() : out.key.get();
  const bool edwards =
      EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 || EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED448;
  require_openssl(X509_sign(x509, signer, edwards ? nullptr : recipe.digest) > 0);
  return out;
}

inline std::string number_of(EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* number = nullptr;
  require_openssl(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string out(static_cast<std::size_t>(size != 0 ? size : BN_num_bytes(number)), '\0');
  require_openssl(
      BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) >= 0);
  BN_free(number);
  return out;
}

/// The public key as a JWK (RFC 7517) with a kid, for signatures.
inline boost::json::object to_jwk(EVP_PKEY* key, const std::string& kid) {
  boost::json::object out{{"kid", kid}, {"use", "sig"}};
  switch (EVP_PKEY_get_base_id(key)) {
  case EVP_PKEY_RSA:
    out["kty"] = "RSA";
    out["n"] = to_base64url(number_of(key, OSSL_PKEY_PARAM_RSA_N));
    out["e"] = to_base64url(number_of(key, OSSL_PKEY_PARAM_RSA_E));
    break;
  case EVP_PKEY_EC: {
    const int bits = EVP_PKEY_get_bits(key);
    const int size = (bits + 7) / 8;
    out["kty"] = "EC";
    out["crv"] = "P-" + std::to_string(bits);
    out["x"] = to_base64url(number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, size));
    out["y"] = to_base64url(number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, size));
    break;
  }
  default: {
    std::size_t size = 0;
    require_openssl(EVP_PKEY_get_raw_public_key(key, nullptr, &size) == 1);
    std::string bytes(size, '\0');
    require_openssl(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &size) ==
                    1);
    out["kty"] = "OKP";
    out["crv"] = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED448 ? "Ed448" : "Ed25519";
    out["x"] = to_base64url(bytes);
  }
  }
  return out;
}
