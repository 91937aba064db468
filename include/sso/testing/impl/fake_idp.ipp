// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/openssl_ptr.hpp>
#include <sso/testing/certificate.hpp>
#include <sso/testing/fake_idp.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sso::testing {

namespace detail {

[[nodiscard]] inline std::string base64url(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (out.ends_with('=')) out.pop_back();
  for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

[[nodiscard]] inline std::string rsa_number(const EVP_PKEY* key, const char* name) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &read) != 1)
    throw std::runtime_error{"fake_idp: cannot read a number of a key"};
  const sso::detail::openssl_ptr<BIGNUM, BN_free> number{read};
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(read)), '\0');
  BN_bn2bin(read, reinterpret_cast<unsigned char*>(bytes.data()));
  return base64url(bytes);
}

/// A new public key as a JWK.
[[nodiscard]] inline boost::json::object make_jwk(unsigned bits, std::string_view id) {
  const sso::detail::openssl_ptr<EVP_PKEY, EVP_PKEY_free> key{EVP_RSA_gen(bits)};
  if (!key) throw std::runtime_error{"fake_idp: cannot make a key"};
  return {{"kty", "RSA"},
          {"use", "sig"},
          {"alg", "RS256"},
          {"kid", boost::json::string{id}},
          {"n", boost::json::string{rsa_number(key.get(), OSSL_PKEY_PARAM_RSA_N)}},
          {"e", boost::json::string{rsa_number(key.get(), OSSL_PKEY_PARAM_RSA_E)}}};
}

/// IMF-fixdate (RFC 9110 §5.6.7).
[[nodiscard]] inline std::string http_date(std::chrono::sys_seconds time) {
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[64];
  (void)std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                      days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                      months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace detail

struct fake_idp::provider {
  struct reply {
    unsigned status = 200;
    http::headers headers;
    std::optional<std::string> body;  // in place of the document
  };

  explicit provider(std::optional<manual_runtime> clock) : time{std::move(clock)} {}

  void move_to(std::string_view where) {
    issuer = where;
    const auto base = this->base();
    const auto at = [&](std::string_view path) { return boost::json::string{base + std::string{path}}; };
    members = {{"issuer", boost::json::string{issuer}},
               {"authorization_endpoint", at("/authorize")},
               {"token_endpoint", at("/token")},
               {"userinfo_endpoint", at("/userinfo")},
               {"jwks_uri", at("/keys")},
               {"scopes_supported", {"openid", "email", "profile"}},
               {"response_types_supported", {"code"}},
               {"grant_types_supported", {"authorization_code", "refresh_token"}},
               {"subject_types_supported", {"public"}},
               {"id_token_signing_alg_values_supported", {"RS256"}},
               {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
               {"code_challenge_methods_supported", {"S256"}}};
  }

  [[nodiscard]] std::string base() const {
    return issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
  }

  [[nodiscard]] std::string base_path() const {
    const auto url = base();
    const auto authority = url.find("://");
    const auto path = url.find('/', authority == std::string::npos ? 0 : authority + 3);
    return path == std::string::npos ? std::string{} : url.substr(path);
  }

  boost::json::array& key_list() {
    if (keys.empty()) keys.push_back(detail::make_jwk(2048, "key-1"));
    return keys;
  }

  [[nodiscard]] std::string document() const {
    return discovery_reply.body ? *discovery_reply.body : boost::json::serialize(members);
  }

  [[nodiscard]] std::string key_set() {
    if (keys_reply.body) return *keys_reply.body;
    return boost::json::serialize(boost::json::object{{"keys", key_list()}});
  }

  [[nodiscard]] std::chrono::sys_seconds date() const {
    const auto now = time ? time->wall_now() : std::chrono::system_clock::now();
    return std::chrono::floor<std::chrono::seconds>(now) + ahead - age;
  }

  [[nodiscard]] http::response respond(const reply& how, std::string body) const {
    http::response out;
    out.status = how.status;
    out.headers.add("Content-Type", "application/json");
    out.headers.add("Date", detail::http_date(date()));
    if (age != std::chrono::seconds::zero()) out.headers.add("Age", std::to_string(age.count()));
    for (const auto field : how.headers) out.headers.set(field.name, field.value);
    if (how.status == 200) out.body = std::move(body);
    return out;
  }

  /// Returns false if `id` is not a fault of the document.
  bool break_document(std::string_view id) {
    if (id == "issuer.template") {
      members["issuer"] = boost::json::string{base() + "/{tenantid}"};
    } else if (id == "discovery.issuer_mismatch") {
      members["issuer"] = boost::json::string{base() + "/other"};
    } else if (id == "discovery.member_missing") {
      members.erase("subject_types_supported");
    } else if (id == "discovery.endpoint_malformed") {
      members["token_endpoint"] = "/token";
    } else if (id == "discovery.endpoint_elsewhere") {
      members["userinfo_endpoint"] = "https://api.example.net/userinfo";
    } else if (id == "discovery.no_code_flow") {
      members["response_types_supported"] = boost::json::array{"id_token"};
    } else if (id == "discovery.no_pkce") {
      members["code_challenge_methods_supported"] = boost::json::array{"plain"};
    } else if (id == "discovery.algorithms") {
      members["id_token_signing_alg_values_supported"] = boost::json::array{"HS256"};
    } else if (id == "discovery.scopes") {
      members["scopes_supported"] = boost::json::array{"email", "profile"};
    } else if (id == "discovery.auth_methods") {
      members["token_endpoint_auth_methods_supported"] = boost::json::array{"private_key_jwt"};
    } else if (id == "discovery.requires_par") {
      members["require_pushed_authorization_requests"] = true;
    } else {
      return false;
    }
    return true;
  }

  bool break_keys(std::string_view id) {
    auto& first = key_list().front().get_object();
    if (id == "keys.none") {
      keys_reply.body = R"({"keys":[]})";
    } else if (id == "keys.none_usable") {
      first["use"] = "enc";
    } else if (id == "keys.weak") {
      keys = {detail::make_jwk(1024, "key-1")};
    } else if (id == "keys.private") {
      first["d"] = "AQAB";
    } else if (id == "keys.id_missing") {
      keys.push_back(detail::make_jwk(2048, "key-2"));
      keys.back().get_object().erase("kid");
    } else if (id == "keys.id_repeated") {
      keys.push_back(detail::make_jwk(2048, "key-1"));
    } else if (id == "keys.certificate_mismatch") {
      auto pem = certificate_authority{}.issue().certificate_pem;
      std::string base64;
      for (std::size_t at = pem.find('\n') + 1; pem[at] != '-'; ++at) {
        if (pem[at] != '\n') base64 += pem[at];
      }
      first["x5c"] = boost::json::array{boost::json::string{base64}};
    } else {
      return false;
    }
    return true;
  }

  bool break_reply(std::string_view id) {
    const bool of_keys = id.starts_with("keys.");
    auto& how = of_keys ? keys_reply : discovery_reply;
    const auto fault = id.substr(id.find('.') + 1);
    if (id == "discovery.not_found") {
      how.status = 404;
    } else if (id == "discovery.redirected") {
      how.status = 302;
      how.headers.set("Location", "https://login.example.com/");
    } else if (id == "discovery.content_type") {
      how.headers.set("Content-Type", "text/plain");
    } else if (id == "clock.skew") {
      ahead = std::chrono::hours{1};
    } else if (fault == "forbidden") {
      how.status = 403;
    } else if (fault == "status") {
      how.status = 500;
    } else if (fault == "not_json") {
      how.body = "<!DOCTYPE html><html></html>";
      how.headers.set("Content-Type", "text/html");
    } else {
      return false;
    }
    return true;
  }

  const std::optional<manual_runtime> time;
  mutable std::mutex mutex;  // guards the members below
  std::string issuer;
  boost::json::object members;
  boost::json::array keys;
  reply discovery_reply;
  reply keys_reply;
  std::chrono::seconds ahead{};
  std::chrono::seconds age{};
};

SSO_DECL fake_idp::fake_idp(std::string_view issuer) : provider_{std::make_shared<provider>(std::nullopt)} {
  provider_->move_to(issuer);
}

SSO_DECL fake_idp::fake_idp(manual_runtime time, std::string_view issuer)
    : provider_{std::make_shared<provider>(std::move(time))} {
  provider_->move_to(issuer);
}

SSO_DECL fake_idp& fake_idp::issuer(std::string_view issuer) {
  const std::lock_guard lock{provider_->mutex};
  provider_->move_to(issuer);
  return *this;
}

SSO_DECL std::string fake_idp::issuer() const {
  const std::lock_guard lock{provider_->mutex};
  return provider_->issuer;
}

SSO_DECL fake_idp& fake_idp::fault(std::string_view id) {
  const std::lock_guard lock{provider_->mutex};
  const bool known = provider_->break_document(id) || provider_->break_reply(id) || provider_->break_keys(id);
  if (!known) throw std::invalid_argument{"fake_idp: cannot simulate the fault " + std::string{id}};
  return *this;
}

SSO_DECL fake_idp& fake_idp::member(std::string_view name, std::string_view json) {
  boost::system::error_code failed;
  auto value = boost::json::parse(json, failed);
  if (failed) throw std::invalid_argument{"fake_idp: the value of " + std::string{name} + " is not JSON"};
  const std::lock_guard lock{provider_->mutex};
  provider_->members[name] = std::move(value);
  return *this;
}

SSO_DECL fake_idp& fake_idp::without(std::string_view name) {
  const std::lock_guard lock{provider_->mutex};
  provider_->members.erase(name);
  return *this;
}

SSO_DECL fake_idp& fake_idp::document(std::string bytes) {
  const std::lock_guard lock{provider_->mutex};
  provider_->discovery_reply.body = std::move(bytes);
  return *this;
}

SSO_DECL fake_idp& fake_idp::keys(std::string bytes) {
  const std::lock_guard lock{provider_->mutex};
  provider_->keys_reply.body = std::move(bytes);
  return *this;
}

SSO_DECL std::string fake_idp::document() const {
  const std::lock_guard lock{provider_->mutex};
  return provider_->document();
}

SSO_DECL std::string fake_idp::keys() const {
  const std::lock_guard lock{provider_->mutex};
  return provider_->key_set();
}

SSO_DECL fake_idp& fake_idp::discovery_answer(unsigned status, http::headers headers) {
  const std::lock_guard lock{provider_->mutex};
  provider_->discovery_reply.status = status;
  provider_->discovery_reply.headers = std::move(headers);
  return *this;
}

SSO_DECL fake_idp& fake_idp::keys_answer(unsigned status, http::headers headers) {
  const std::lock_guard lock{provider_->mutex};
  provider_->keys_reply.status = status;
  provider_->keys_reply.headers = std::move(headers);
  return *this;
}

SSO_DECL fake_idp& fake_idp::clock_ahead(std::chrono::seconds offset) {
  const std::lock_guard lock{provider_->mutex};
  provider_->ahead = offset;
  return *this;
}

SSO_DECL fake_idp& fake_idp::age(std::chrono::seconds age) {
  const std::lock_guard lock{provider_->mutex};
  provider_->age = age;
  return *this;
}

SSO_DECL http::response fake_idp::operator()(const http::request& request) const {
  const std::lock_guard lock{provider_->mutex};
  const std::string_view path = std::string_view{request.target}.substr(0, request.target.find('?'));
  const auto base = provider_->base_path();
  const bool reads = request.method == http::method::get || request.method == http::method::head;
  if (!reads) return provider_->respond({405, {}, {}}, {});
  if (path == base + "/.well-known/openid-configuration") {
    return provider_->respond(provider_->discovery_reply, provider_->document());
  }
  if (path == base + "/keys") return provider_->respond(provider_->keys_reply, provider_->key_set());
  return provider_->respond({404, {}, {}}, {});
}

}  // namespace sso::testing
