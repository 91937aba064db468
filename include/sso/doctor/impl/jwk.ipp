// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/document.hpp>
#include <sso/doctor/detail/jwk.hpp>

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sso::doctor::detail {

using params_builder = openssl_ptr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using params_ptr = openssl_ptr<OSSL_PARAM, OSSL_PARAM_free>;
using key_context = openssl_ptr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

/// Decodes base64url (RFC 7515 §2). Ignores padding, which some providers add.
[[nodiscard]] inline std::optional<std::string> decode_base64url(std::string_view text) {
  std::string standard{text};
  while (standard.ends_with('=')) standard.pop_back();
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return decode_base64(standard);
}

[[nodiscard]] inline const unsigned char* bytes_of(const std::string& text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

[[nodiscard]] inline key_ptr make_public_key(const char* type, OSSL_PARAM_BLD* builder) {
  const params_ptr params{OSSL_PARAM_BLD_to_param(builder)};
  const key_context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return key_ptr{made};
}

struct jwk_curve {
  std::string_view name;
  const char* group;
  std::size_t field_bytes;
  std::string_view algorithm;
};
inline constexpr jwk_curve jwk_curves[] = {
    {"P-256", "prime256v1", 32, "ES256"},
    {"P-384", "secp384r1", 48, "ES384"},
    {"P-521", "secp521r1", 66, "ES512"},
    {"secp256k1", "secp256k1", 32, "ES256K"},
};

/// Reads one key.
class jwk_reader {
public:
  jwk_reader(const boost::json::object& key, std::size_t index) : key_{key} {
    const auto id = text_in(key, "kid");
    out_.name = "keys[" + std::to_string(index) + "]";
    if (id) out_.name = "kid " + shown(*id, 80);
  }

  [[nodiscard]] jwk read() {
    const error_mark untouched;
    const auto type = text_in(key_, "kty").value_or("");
    if (type == "RSA") {
      read_rsa();
    } else if (type == "EC") {
      read_ec();
    } else if (type == "OKP") {
      read_okp();
    }
    const auto algorithm = text_in(key_, "alg");
    if (algorithm) {
      std::erase_if(out_.algorithms, [&](const std::string& one) { return one != *algorithm; });
    }
    out_.signs = !out_.algorithms.empty() && out_.problem.empty() && may_verify();
    return std::move(out_);
  }

private:
  /// RFC 7517 §4.2, §4.3.
  [[nodiscard]] bool may_verify() const {
    if (const auto use = text_in(key_, "use"); use && *use != "sig") return false;
    const auto operations = texts_in(key_, "key_ops");
    return !operations || operations->empty() ||
           std::find(operations->begin(), operations->end(), "verify") != operations->end();
  }

  [[nodiscard]] std::optional<std::string> member(std::string_view name) {
    const auto text = text_in(key_, name);
    auto bytes = text ? decode_base64url(*text) : std::nullopt;
    if (!bytes) out_.problem = std::string{name}.append(text ? " is not base64url" : " is missing");
    return bytes;
  }

  void read_rsa() {
    out_.known = true;
    out_.algorithms = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
    const auto n = member("n");
    const auto e = member("e");
    if (!n || !e) return;
    const number_ptr modulus{BN_bin2bn(bytes_of(*n), static_cast<int>(n->size()), nullptr)};
    const number_ptr exponent{BN_bin2bn(bytes_of(*e), static_cast<int>(e->size()), nullptr)};
    const params_builder builder{OSSL_PARAM_BLD_new()};
    if (!modulus || !exponent || !builder || BN_is_zero(modulus.get()) ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
      out_.problem = "n or e is not a valid number";
      return;
    }
    const auto bits = BN_num_bits(modulus.get());
    if (bits < 2048) {
      out_.weakness = "RSA of " + std::to_string(bits) + " bits";
    } else if (!BN_is_odd(exponent.get()) || BN_is_one(exponent.get())) {
      out_.weakness = "the exponent is even or 1";
    } else if (!BN_is_odd(modulus.get())) {
      out_.weakness = "the modulus is even";
    }
    out_.key = make_public_key("RSA", builder.get());
  }

  void read_ec() {
    const auto name = text_in(key_, "crv").value_or("");
    const auto curve = std::find_if(std::begin(jwk_curves), std::end(jwk_curves),
                                    [&](const jwk_curve& one) { return one.name == name; });
    if (curve == std::end(jwk_curves)) return;
    out_.known = true;
    out_.algorithms = {std::string{curve->algorithm}};
    auto x = member("x");
    auto y = member("y");
    if (!x || !y) return;
    if (x->size() > curve->field_bytes || y->size() > curve->field_bytes) {
      out_.weakness = "the point is not on its curve";
      return;
    }
    std::string point(1, '\x04');  // uncompressed (SEC 1 2.3.3)
    for (const auto& coordinate : {*x, *y})
      point.append(curve->field_bytes - coordinate.size(), '\0').append(coordinate);
    const params_builder builder{OSSL_PARAM_BLD_new()};
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1) {
      return;
    }
    out_.key = make_public_key("EC", builder.get());
    if (!out_.key) out_.weakness = "the point is not on its curve";
  }

  void read_okp() {
    const auto curve = text_in(key_, "crv").value_or("");
    const bool small = curve == "Ed25519";
    if (!small && curve != "Ed448") return;  // X25519 and X448 are for key agreement
    out_.known = true;
    out_.algorithms = {"EdDSA", std::string{curve}};
    const auto x = member("x");
    if (!x) return;
    out_.key.reset(EVP_PKEY_new_raw_public_key(small ? EVP_PKEY_ED25519 : EVP_PKEY_ED448, nullptr,
                                               bytes_of(*x), x->size()));
    if (!out_.key) out_.problem = "x has the wrong length for its curve";
  }

  const boost::json::object& key_;
  jwk out_;
};

SSO_DECL jwk read_jwk(const boost::json::object& key, std::size_t index) {
  return jwk_reader{key, index}.read();
}

}  // namespace sso::doctor::detail
