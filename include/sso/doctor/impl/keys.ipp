// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/document.hpp>
#include <sso/doctor/detail/jwk.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/doctor/keys.hpp>
#include <sso/time.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sso::doctor::detail {

/// The number of keys of a set that are checked.
inline constexpr std::size_t most_keys = 1000;

/// Runs each check of a key set once.
class key_checks {
public:
  key_checks(const boost::json::object& set, const expectation& expected, collector& out)
      : expected_{expected}, out_{out} {
    const auto* member = set.if_contains("keys");
    const auto* list = member ? member->if_array() : nullptr;
    if (!list) return;
    total_ = list->size();
    for (std::size_t i = 0; i != (std::min)(total_, most_keys); ++i) {
      const auto* object = (*list)[i].if_object();
      if (object) keys_.push_back({object, i, read_jwk(*object, i)});
    }
  }

  void run() {
    check_application();
    auto none = about("keys.none", severity::critical, "The key set is empty: no ID token can be verified.");
    if (keys_.empty()) {
      none.expected = "a member keys with at least one key";
      none.advice = "Ask the provider's operator to publish its signing keys.";
      out_.find(std::move(none));
      out_.undecided({"keys.none_usable", "keys.weak", "keys.private", "keys.id_missing", "keys.id_repeated",
                      "keys.certificate_mismatch"},
                     "there is no key");
      return;
    }
    out_.pass(none.id);
    check_usable();
    check_strength();
    check_private();
    check_ids();
    check_certificates();
  }

private:
  struct entry {
    const boost::json::object* object;
    std::size_t index;  // in the set
    jwk key;
  };

  finding about(std::string_view id, severity level, std::string_view message) const {
    return make_finding(
        id, level, shown_url(expected_.jwks_uri.empty() ? expected_.issuer : expected_.jwks_uri), message);
  }

  /// Adds the finding. Without an actual value, the check passes, or is undecided if not all keys were checked.
  void conclude(finding what) {
    if (!what.actual.empty()) {
      out_.find(std::move(what));
    } else if (total_ > most_keys) {
      out_.undecided(what.id, "only the first " + std::to_string(most_keys) + " of " +
                                  std::to_string(total_) + " keys were checked");
    } else {
      out_.pass(what.id);
    }
  }

  [[nodiscard]] bool is_advertised(const jwk& key) const {
    const auto& all = expected_.algorithms;
    const auto is_asymmetric = [](const std::string& name) {
      return name != "none" && !name.starts_with("HS");
    };
    // If no advertised algorithm is asymmetric, `discovery.algorithms` reports that.
    if (std::none_of(all.begin(), all.end(), is_asymmetric)) return true;
    return std::any_of(key.algorithms.begin(), key.algorithms.end(), [&](const std::string& name) {
      return std::find(all.begin(), all.end(), name) != all.end();
    });
  }

  [[nodiscard]] bool is_usable(const entry& one) const { return one.key.signs && is_advertised(one.key); }

  void check_usable() {
    auto what = about("keys.none_usable", severity::error, "No key can verify the provider's ID tokens.");
    what.expected = "a signing key for one of: ";
    for (const auto& name : expected_.algorithms) what.expected.append(shown(name, 40)).append(" ");
    if (expected_.algorithms.empty()) what.expected += "RS256, PS256, ES256, EdDSA and similar";
    what.advice = "Ask the provider's operator to publish its signing key.";
    for (const auto& one : keys_) {
      if (is_usable(one)) return out_.pass(what.id);
      const auto type = text_in(*one.object, "kty").value_or("none");
      std::string why = one.key.problem;
      if (why.empty())
        why = !one.key.known  ? "an unknown key type"
              : one.key.signs ? "not for an advertised algorithm"
                              : "not for signatures";
      append_item(what.actual, one.key.name + " (kty " + shown(type, 20) + "): " + why);
    }
    conclude(std::move(what));
  }

  void check_strength() {
    auto what = about("keys.weak", severity::warning, "Keys are weak or invalid.");
    what.expected = "RSA of 2048 bits or more with an odd exponent above 1, EC points on their curve";
    what.advice = "Ask the provider's operator to sign with a stronger key and to remove these.";
    bool strong_left = false;
    bool weak_usable = false;
    for (const auto& one : keys_) {
      if (one.key.weakness.empty()) {
        strong_left = strong_left || is_usable(one);
        continue;
      }
      weak_usable = weak_usable || is_usable(one);
      append_item(what.actual, one.key.name + ": " + one.key.weakness);
    }
    if (weak_usable && !strong_left) {
      what.severity = severity::error;
      what.message = "Every key that can verify ID tokens is weak or invalid.";
    }
    conclude(std::move(what));
  }

  void check_private() {
    auto what = about("keys.private", severity::critical, "The key set contains private or symmetric keys.");
    what.expected = "only public keys";
    what.advice = "The provider's operator must replace these keys at once: anybody can use them to sign in "
                  "as any user.";
    for (const auto& one : keys_) {
      std::string members;
      for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        if (has_member(*one.object, name)) append_item(members, name);
      }
      if (!members.empty()) append_item(what.actual, one.key.name + " has " + members);
    }
    conclude(std::move(what));
  }

  void check_ids() {
    auto missing =
        about("keys.id_missing", severity::warning, "Keys have no kid: a token cannot name its key.");
    missing.expected = "a kid for each of several keys";
    auto repeated = about("keys.id_repeated", severity::warning, "Several keys have the same kid.");
    repeated.expected = "a different kid for each key";
    for (auto* what : {&missing, &repeated})
      what->advice = "Ask the provider's operator to correct the key set.";
    std::map<std::string_view, std::size_t> seen;
    for (const auto& one : keys_) {
      const auto id = text_in(*one.object, "kid");
      if (!id || id->empty()) {
        if (keys_.size() > 1) append_item(missing.actual, "keys[" + std::to_string(one.index) + "]");
      } else if (++seen[*id] == 2) {
        append_item(repeated.actual, shown(*id, 80));
      }
    }
    conclude(std::move(missing));
    conclude(std::move(repeated));
  }

  void check_certificates() {
    auto other = about("keys.certificate_mismatch", severity::warning,
                       "The certificate of a key (x5c) has another key.");
    other.expected = "the same key in the first certificate of x5c";
    other.advice = "Ask the provider's operator to correct the key set. Which of the two is used depends on "
                   "the service.";
    auto dates = about("keys.certificate_mismatch", severity::info,
                       "The certificate of a key (x5c) is not valid now.");
    dates.advice = "This is usual: services use the key and ignore its certificate.";
    const error_mark untouched;
    for (const auto& one : keys_) {
      const auto chain = texts_in(*one.object, "x5c");
      if (!chain || chain->empty() || !one.key.key) continue;
      const auto der = decode_base64(chain->front());
      const auto certificate = der ? read_certificate(*der) : nullptr;
      if (!certificate) {
        append_item(other.actual, one.key.name + ": x5c[0] is not a certificate");
        continue;
      }
      const auto* const held = X509_get0_pubkey(certificate.get());
      if (!held || EVP_PKEY_eq(held, one.key.key.get()) != 1) {
        append_item(other.actual, one.key.name + ": another key");
        continue;
      }
      const auto begin = time_of(X509_get0_notBefore(certificate.get()));
      const auto end = time_of(X509_get0_notAfter(certificate.get()));
      if (!expected_.now || !begin || !end || (*begin <= *expected_.now && *expected_.now <= *end)) continue;
      append_item(dates.actual, one.key.name + ": " + format_timestamp(*begin).substr(0, 10) + " to " +
                                    format_timestamp(*end).substr(0, 10));
    }
    conclude(other.actual.empty() ? std::move(dates) : std::move(other));
  }

  /// Entra ID signs with application-specific keys if the application has custom claims.
  void check_application() {
    auto what = about("keys.per_application", severity::info,
                      "Entra ID may sign with application-specific keys, which are not in this key set.");
    const auto issuer = read_location(expected_.issuer);
    if (!issuer.absolute) return out_.undecided(what.id, "the issuer is not known");
    bool entra = issuer.origin.host.ends_with(".ciamlogin.com");
    for (const auto* host : {"login.microsoftonline.com", "login.microsoftonline.us",
                             "login.microsoftonline.de", "login.partner.microsoftonline.cn",
                             "login.chinacloudapi.cn", "login.windows.net", "sts.windows.net"}) {
      entra = entra || issuer.origin.host == host;
    }
    const bool has_appid = expected_.jwks_uri.find("appid=") != std::string::npos;
    if (!entra || has_appid) return out_.pass(what.id);
    const auto id = expected_.client_id.empty() ? std::string{"CLIENT_ID"} : shown(expected_.client_id, 80);
    what.actual = "fetched without appid";
    what.advice = "If the signatures of ID tokens are rejected, fetch the key set with ?appid=" + id +
                  ". If the key is there, add the same to the discovery URL.";
    out_.find(std::move(what));
  }

  const expectation& expected_;
  collector& out_;
  std::vector<entry> keys_;
  std::size_t total_ = 0;
};

SSO_DECL report without_keys(const std::string& reason) {
  collector out;
  out.undecided({"keys.none", "keys.none_usable", "keys.weak", "keys.private", "keys.id_missing",
                 "keys.id_repeated", "keys.certificate_mismatch", "keys.per_application"},
                reason);
  return out.finish();
}

}  // namespace sso::doctor::detail

namespace sso::doctor {

SSO_DECL report check_keys(std::string_view jwks, const expectation& expected) {
  detail::collector out;
  const auto read = detail::read_document(jwks);
  const auto subject = detail::shown_url(expected.jwks_uri.empty() ? expected.issuer : expected.jwks_uri);
  if (!detail::check_json(out, "keys.not_json", subject, read)) {
    out.merge(detail::without_keys("the key set is not a JSON object"));
    return out.finish();
  }
  out.merge(detail::check_readings("keys.not_json", jwks, read, [&](const boost::json::object& object) {
    detail::collector checks;
    detail::key_checks{object, expected, checks}.run();
    return checks.finish();
  }));
  return out.finish();
}

}  // namespace sso::doctor
