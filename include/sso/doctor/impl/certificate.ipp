// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/certificate.hpp>
#include <sso/doctor/detail/certificate_text.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/openssl.hpp>
#include <sso/time.hpp>

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sso::doctor::detail {

/// The properties of a certificate that the checks use.
struct certificate_facts {
  std::string fingerprint;  // SHA-256, in hex
  std::string name;         // its subject
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;
  std::optional<key_strength> key;
  std::string weak_digest;  // the digest of its signature if it is weak
  bool self_issued = false;
  bool issued_another = false;  // a CA certificate that issued another certificate of the text
  bool authority = false;
  bool key_usage_forbids = false;  // its key usage lacks digitalSignature
  bool servers_only = false;       // its extended key usage has only serverAuth

  [[nodiscard]] std::string label() const { return name + " (SHA-256 " + fingerprint.substr(0, 16) + "...)"; }
};

[[nodiscard]] inline std::string fingerprint_of(const X509* certificate) {
  constexpr char hex[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  std::string out;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return out;
  for (unsigned i = 0; i != size; ++i) {
    out += hex[digest[i] >> 4];
    out += hex[digest[i] & 0xf];
  }
  return out;
}

[[nodiscard]] inline std::string name_of(const X509* certificate) {
  const openssl_ptr<BIO, BIO_free_all> out{BIO_new(BIO_s_mem())};
  char* data = nullptr;
  if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
    return {};
  const auto size = BIO_get_mem_data(out.get(), &data);
  auto name = shown({data, static_cast<std::size_t>(size)}, 120);
  return name.empty() ? "certificate without a name" : name;
}

/// The digest of the certificate's signature if it is weak; otherwise empty.
[[nodiscard]] inline std::string weak_digest_of(X509* certificate) {
  int digest = NID_undef;
  if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1 || digest == NID_undef) {
    OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, nullptr);
  }
  switch (digest) {
  case NID_md2:
  case NID_md4:
  case NID_md5:
  case NID_sha1: return OBJ_nid2sn(digest);
  default: return {};
  }
}

[[nodiscard]] inline bool is_for_servers_only(const X509* certificate) {
  const openssl_ptr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usage{
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr))};
  if (!usage || sk_ASN1_OBJECT_num(usage.get()) == 0) return false;
  for (int i = 0; i != sk_ASN1_OBJECT_num(usage.get()); ++i) {
    if (OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.get(), i)) != NID_server_auth) return false;
  }
  return true;
}

[[nodiscard]] inline certificate_facts facts_of(X509* certificate) {
  certificate_facts out;
  out.fingerprint = fingerprint_of(certificate);
  out.name = name_of(certificate);
  out.not_before = *time_of(X509_get0_notBefore(certificate));
  out.not_after = *time_of(X509_get0_notAfter(certificate));
  out.key = strength_of(X509_get0_pubkey(certificate));
  out.weak_digest = weak_digest_of(certificate);
  out.self_issued = X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
  out.authority = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
  out.key_usage_forbids = (X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) == 0;
  out.servers_only = is_for_servers_only(certificate);
  return out;
}

[[nodiscard]] inline std::vector<certificate_facts> facts_of(const std::vector<x509_ptr>& certificates) {
  std::vector<certificate_facts> out;
  for (const auto& one : certificates) {
    out.push_back(facts_of(one.get()));
    const auto issued_by_it = [&](const x509_ptr& other) {
      return other != one &&
             X509_NAME_cmp(X509_get_subject_name(one.get()), X509_get_issuer_name(other.get())) == 0;
    };
    out.back().issued_another =
        out.back().authority && std::any_of(certificates.begin(), certificates.end(), issued_by_it);
  }
  return out;
}

[[nodiscard]] inline std::string date_of(std::chrono::sys_seconds time) {
  return format_timestamp(time).substr(0, 19) + 'Z';
}

[[nodiscard]] inline std::string days_left(const certificate_facts& one, std::chrono::sys_seconds now) {
  if (now > one.not_after) return "expired " + date_of(one.not_after);
  const auto days = std::chrono::floor<std::chrono::days>(one.not_after - now).count();
  return std::to_string(days) + " days left, until " + date_of(one.not_after);
}

/// A finding that lists the affected certificates.
struct certificate_finding {
  finding what;
  std::size_t count = 0;

  void add(const certificate_facts& one, const std::string& words) {
    if (count++ == 0) what.subject = "SHA-256 " + one.fingerprint;
    append_item(what.actual, one.label() + ": " + words);
  }

  void report_to(collector& out) {
    if (count == 0) {
      out.pass(what.id);
    } else {
      out.find(std::move(what));
    }
  }
};

inline void check_validity(collector& out, const std::vector<certificate_facts>& all,
                           std::chrono::sys_seconds now) {
  const bool one_is_valid = std::any_of(all.begin(), all.end(), [&](const certificate_facts& one) {
    return one.not_before <= now && now <= one.not_after;
  });
  const auto level = one_is_valid ? severity::warning : severity::error;

  certificate_finding expired;
  expired.what.id = "certificate.expired";
  expired.what.severity = level;
  expired.what.message = "The certificate has expired.";
  expired.what.expected = "notAfter later than " + date_of(now);
  expired.what.advice =
      "Ask the identity provider for its current certificate. Some services ignore the dates; with others, "
      "sign-ins fail.";
  certificate_finding early;
  early.what.id = "certificate.not_yet_valid";
  early.what.severity = level;
  early.what.message = "The certificate is not valid yet.";
  early.what.expected = "notBefore earlier than " + date_of(now);
  early.what.advice =
      "Store the identity provider's current certificate until then. Some services ignore the dates; with "
      "others, sign-ins fail.";
  certificate_finding soon;
  soon.what.id = "certificate.expires_soon";
  soon.what.message = "The certificate expires soon.";
  soon.what.expected = "more than 90 days left";
  soon.what.advice =
      "Ask the identity provider for its next certificate, and store it before this one expires.";
  for (const auto& one : all) {
    using std::chrono::days;
    const auto left = one.not_after - now;
    if (now > one.not_after) {
      expired.add(one, days_left(one, now));
    } else if (now < one.not_before) {
      early.add(one, "valid from " + date_of(one.not_before));
    } else if (left <= days{90}) {
      soon.add(one, days_left(one, now));
      if (left <= days{30}) soon.what.severity = severity::warning;
    }
  }
  expired.report_to(out);
  early.report_to(out);
  soon.report_to(out);
}

inline void check_strength(collector& out, const std::vector<certificate_facts>& all) {
  certificate_finding key;
  key.what.id = "certificate.weak_key";
  key.what.severity = severity::warning;
  key.what.message = "The key is too weak.";
  key.what.expected = "RSA of 2048 bits or more, EC on P-256 or better, Ed25519 or Ed448";
  key.what.advice = "Ask the identity provider to sign with a stronger key, and store its certificate.";
  certificate_finding signature;
  signature.what.id = "certificate.weak_signature";
  signature.what.message = "The certificate's signature uses a weak digest.";
  signature.what.expected = "SHA-256 or better";
  signature.what.advice =
      "The certificate is pinned, so its signature matters little. Replace it at the next renewal.";
  std::string unknown;
  for (const auto& one : all) {
    if (!one.key) {
      append_item(unknown, one.label());
    } else if (one.key->weak) {
      key.add(one, one.key->name);
    }
    if (one.weak_digest.empty()) continue;
    signature.add(one, one.weak_digest);
    if (!one.self_issued) signature.what.severity = severity::warning;
  }
  if (key.count == 0 && !unknown.empty()) {
    out.undecided(key.what.id, "OpenSSL does not know this kind of key: " + unknown);
  } else {
    key.report_to(out);
  }
  signature.report_to(out);
}

inline void check_use(collector& out, const std::vector<certificate_facts>& all,
                      std::chrono::sys_seconds now) {
  certificate_finding use;
  use.what.id = "certificate.not_for_signing";
  use.what.severity = severity::warning;
  use.what.message = "The certificate is not meant for signing assertions; it may be the wrong one.";
  use.what.expected = "the identity provider's token-signing certificate";
  use.what.advice = "Compare it with the signing certificate in the identity provider's SAML metadata.";
  for (const auto& one : all) {
    if (one.issued_another) continue;
    if (one.authority && !one.self_issued) {
      use.add(one, "an intermediate CA certificate");
    } else if (one.key_usage_forbids) {
      use.add(one, "its key usage lacks digitalSignature");
    } else if (one.servers_only) {
      use.add(one, "its extended key usage allows only TLS servers");
    }
  }
  use.report_to(out);

  certificate_finding several;
  several.what.id = "certificate.several";
  several.what.message = "There are several certificates; the service decides which one it uses.";
  several.what.advice = "Keep the current certificate and its successor. Remove the others.";
  if (all.size() > 1) {
    for (const auto& one : all) several.add(one, days_left(one, now));
  }
  several.report_to(out);
}

/// Reports the checks that need a parsed certificate as undecided.
inline void without_facts(collector& out, const std::string& reason) {
  out.undecided({"certificate.expired", "certificate.not_yet_valid", "certificate.expires_soon",
                 "certificate.weak_key", "certificate.weak_signature", "certificate.not_for_signing",
                 "certificate.several"},
                reason);
}

SSO_DECL report without_certificate(const std::string& reason) {
  collector out;
  out.undecided({"certificate.unreadable", "certificate.other_thing", "certificate.untidy"}, reason);
  without_facts(out, reason);
  return out.finish();
}

SSO_DECL report check_certificate_text(std::string_view text, std::chrono::sys_seconds now,
                                       std::string_view subject) {
  collector out;
  const auto read = read_certificate_text(text);

  finding what;
  what.subject = subject;
  what.severity = severity::critical;
  what.expected = "one certificate in each block, in PEM or base64";
  if (!read.problem.empty()) {
    what.id = "certificate.unreadable";
    what.message = "The certificate cannot be read.";
    what.actual = read.problem;
    what.advice = read.problem_advice;
    out.find(what);
  } else if (!read.other.empty()) {
    out.undecided("certificate.unreadable", "explained by certificate.other_thing");
  } else {
    out.pass("certificate.unreadable");
  }
  if (!read.other.empty()) {
    what.id = "certificate.other_thing";
    what.message = "The text is not a certificate.";
    what.actual = read.other;
    what.advice = "Paste the identity provider's signing certificate.";
    if (read.is_private_key) {
      what.advice =
          "Replace this key at its owner and everywhere it is used: it is compromised. Then paste the "
          "certificate.";
    }
    out.find(what);
  } else if (!read.problem.empty()) {
    out.undecided("certificate.other_thing", "explained by certificate.unreadable");
  } else {
    out.pass("certificate.other_thing");
  }
  if (!read.untidy.empty()) {
    what.id = "certificate.untidy";
    what.severity = severity::warning;
    what.message = "Some services cannot read this form of the certificate.";
    what.expected = "PEM without text around it";
    what.actual = read.untidy;
    what.advice = "Convert it: openssl x509 -in FILE.";
    out.find(what);
  } else if (read.certificates.empty()) {
    out.undecided("certificate.untidy", "no certificate was read");
  } else {
    out.pass("certificate.untidy");
  }

  if (read.certificates.empty() || !read.other.empty()) {
    without_facts(out, "no certificate was read");
    return out.finish();
  }
  const error_mark untouched;
  const auto all = facts_of(read.certificates);
  check_validity(out, all, now);
  check_strength(out, all);
  check_use(out, all, now);
  return out.finish();
}

}  // namespace sso::doctor::detail
