// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/openssl_ptr.hpp>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// @file
/// Wrappers of OpenSSL objects. Included only by `.ipp` files.
namespace sso::doctor::detail {

using sso::detail::openssl_ptr;
using x509_ptr = openssl_ptr<X509, X509_free>;
using key_ptr = openssl_ptr<EVP_PKEY, EVP_PKEY_free>;
using number_ptr = openssl_ptr<BIGNUM, BN_free>;

/// Restores the thread's OpenSSL error queue on destruction.
class error_mark {
public:
  error_mark() noexcept { ERR_set_mark(); }
  ~error_mark() { ERR_pop_to_mark(); }
  error_mark(const error_mark&) = delete;
  error_mark& operator=(const error_mark&) = delete;
};

/// Decodes padded base64 without blanks (RFC 4648 §4); empty if it is invalid.
[[nodiscard]] inline std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.find_first_not_of(alphabet) < text.size() - padding) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

/// Reads an object from the front of `der` and removes its bytes. Null if there is none.
template <class T, class Read>
[[nodiscard]] T* read_der(Read read, std::string_view& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const begin = at;
  T* object = read(nullptr, &at, static_cast<long>(der.size()));
  if (object) der.remove_prefix(static_cast<std::size_t>(at - begin));
  return object;
}

/// Reads a certificate; null unless it is all of `der`.
[[nodiscard]] inline x509_ptr read_certificate(std::string_view der) {
  x509_ptr out{read_der<X509>(d2i_X509, der)};
  return der.empty() ? std::move(out) : nullptr;
}

/// Converts a certificate's time; empty if it is invalid. In seconds: nanoseconds cannot represent the year 9999.
[[nodiscard]] inline std::optional<std::chrono::sys_seconds> time_of(const ASN1_TIME* time) {
  using namespace std::chrono;
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const year_month_day date{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                            day{static_cast<unsigned>(parts.tm_mday)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

/// The strength of a signing key.
struct key_strength {
  std::string name;   // e.g. `RSA 2048 bits`
  bool weak = false;  // by NIST SP 800-131A
};

/// Empty if `key` is null.
[[nodiscard]] inline std::optional<key_strength> strength_of(const EVP_PKEY* key) {
  if (!key) return std::nullopt;
  const int bits = EVP_PKEY_get_bits(key);
  const auto sized = [&](const char* name) {
    return std::string{name} + ' ' + std::to_string(bits) + " bits";
  };
  switch (EVP_PKEY_get_base_id(key)) {
  case EVP_PKEY_RSA:
  case EVP_PKEY_RSA_PSS: return key_strength{sized("RSA"), bits < 2048};
  case EVP_PKEY_EC: return key_strength{sized("EC"), bits < 256};
  case EVP_PKEY_ED25519: return key_strength{"Ed25519", false};
  case EVP_PKEY_ED448: return key_strength{"Ed448", false};
  default: return key_strength{sized(OBJ_nid2sn(EVP_PKEY_get_base_id(key))), true};
  }
}

}  // namespace sso::doctor::detail
