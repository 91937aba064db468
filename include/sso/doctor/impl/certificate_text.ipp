// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/doctor/detail/certificate_text.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/document.hpp>

#include <boost/json/array.hpp>

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include <algorithm>
#include <cstdint>

namespace sso::doctor::detail {

/// The longest accepted text, in bytes.
inline constexpr std::size_t longest_certificate_text = 256 * 1024;

inline constexpr std::string_view line_ends = "\r\n";
inline constexpr std::string_view white_space = " \t\v\f\r\n";

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), sso::detail::to_lower);
  return out;
}

/// Whether `read` reads all of `der` as one object.
template <class T, class Read>
[[nodiscard]] bool is_der_of(Read read, void (*release)(T*), std::string_view der) {
  T* const object = read_der<T>(read, der);
  if (!object) return false;
  release(object);
  return der.empty();
}

/// The kind of DER that is not a certificate; empty if it is unknown.
[[nodiscard]] inline std::string other_der(std::string_view der, bool& is_private_key) {
  const auto rsa_public_key = [](EVP_PKEY** out, const unsigned char** in, long size) {
    return d2i_PublicKey(EVP_PKEY_RSA, out, in, size);
  };
  // X509_SIG is an encrypted private key.
  is_private_key = is_der_of<EVP_PKEY>(d2i_AutoPrivateKey, EVP_PKEY_free, der) ||
                   is_der_of<PKCS12>(d2i_PKCS12, PKCS12_free, der) ||
                   is_der_of<X509_SIG>(d2i_X509_SIG, X509_SIG_free, der);
  if (is_private_key) return "a private key";
  if (is_der_of<X509_REQ>(d2i_X509_REQ, X509_REQ_free, der)) return "a certificate request";
  if (is_der_of<EVP_PKEY>(d2i_PUBKEY, EVP_PKEY_free, der)) return "a public key";
  if (is_der_of<EVP_PKEY>(rsa_public_key, EVP_PKEY_free, der)) return "a public key";
  if (is_der_of<X509_CRL>(d2i_X509_CRL, X509_CRL_free, der)) return "a revocation list";
  if (is_der_of<PKCS7>(d2i_PKCS7, PKCS7_free, der)) return "a PKCS#7 container";
  return {};
}

/// Parses the text of a certificate.
class certificate_text_reader {
public:
  [[nodiscard]] certificate_text read(std::string_view text) {
    const error_mark untouched;
    if (text.starts_with(sso::detail::byte_order_mark)) untidy("a byte order mark");
    text = sso::detail::without_byte_order_mark(text);
    const auto trimmed = trim(text);
    if (text.size() > longest_certificate_text) {
      problem("the text is longer than 256 KiB", "Paste one certificate.");
    } else if (trimmed.empty()) {
      problem("the text is empty", "Paste the identity provider's certificate in PEM.");
    } else if (mentions_private_key(text)) {
      private_key();
    } else if (text.find('\0') != std::string_view::npos || text.starts_with("\x30\x82")) {
      problem("the text is binary", "Convert the file to PEM: openssl x509 -inform der -in FILE.");
    } else if (text.find("-----BEGIN ") != std::string_view::npos) {
      read_blocks(text);
    } else if (auto what = other_text(trimmed); !what.empty()) {
      out_.other = std::move(what);
    } else {
      read_bare(text);
    }
    // One finding per cause.
    if (!out_.other.empty()) out_.problem.clear();
    if (!out_.other.empty() || !out_.problem.empty()) out_.untidy.clear();
    return std::move(out_);
  }

private:
  static constexpr std::string_view whole_block = "Paste the whole block, with its BEGIN and END lines.";

  static std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
  }

  void untidy(std::string_view what) {
    if (out_.untidy.find(what) == std::string::npos) append_item(out_.untidy, what);
  }

  void problem(std::string_view what, std::string_view advice) {
    if (out_.problem.empty()) out_.problem_advice = advice;
    if (out_.problem.size() < 300) append_item(out_.problem, what);
  }

  void private_key() {
    out_.other = "a private key";
    out_.is_private_key = true;
  }

  /// Whether a BEGIN or END mark, also a damaged one, names a private key. A remark about a private key is none.
  static bool mentions_private_key(std::string_view text) {
    const auto words = lower(text);
    if (words.find("putty-user-key-file") != std::string::npos) return true;
    for (auto at = words.find("private key"); at != std::string::npos;
         at = words.find("private key", at + 1)) {
      const auto line = words.find_last_of(line_ends, at) + 1;  // 0 in the first line
      const auto before = std::string_view{words}.substr(line, at - line);
      if (before.find("begin ") != std::string_view::npos || before.find("end ") != std::string_view::npos)
        return true;
    }
    return false;
  }

  /// Whether a line is a BEGIN or END mark, except for the number or kind of its dashes or the case of its letters.
  static bool has_damaged_mark(std::string_view text) {
    const auto words = lower(text);
    for (std::string_view rest = words; !rest.empty();) {
      const auto end = rest.find_first_of(line_ends);
      const auto line = trim(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      const auto is_dash = [](char c) { return c == '-' || static_cast<unsigned char>(c) >= 0x80; };
      const auto word = std::find_if_not(line.begin(), line.end(), is_dash) - line.begin();
      const auto mark = line.substr(static_cast<std::size_t>(word));
      if (word != 0 && (mark.starts_with("begin ") || mark.starts_with("end "))) return true;
    }
    return false;
  }

  /// The kind of text without PEM blocks; empty if it may be a certificate.
  std::string other_text(std::string_view text) {
    const auto words = lower(text.substr(0, 1000));
    const auto begins = [&](std::string_view prefix) { return words.starts_with(prefix); };
    if (begins("<!doctype html") || begins("<html")) return "an HTML page";
    if (begins("<") || words.find("entitydescriptor") != std::string::npos)
      return "XML, such as SAML metadata";
    if (begins("ssh-") || begins("ecdsa-sha2-")) return "an SSH public key";
    if (begins("{")) return other_json(text);
    if (is_fingerprint(words, text)) return "a fingerprint";
    const bool one_line = text.find_first_of(line_ends) == std::string_view::npos && text.size() <= 300;
    if (!one_line) return {};
    if (begins("http://") || begins("https://")) return "a URL";
    for (const auto* extension : {".pem", ".crt", ".cer", ".cert", ".der", ".p7b", ".p7c", ".p7s", ".pfx",
                                  ".p12", ".key", ".csr", ".xml", ".txt"}) {
      if (words.ends_with(extension)) return "a file name";
    }
    return {};
  }

  std::string other_json(std::string_view text) {
    const auto read = read_document(text);
    if (!read.object) return {};
    const auto is_key = [](const boost::json::object& object) { return has_member(object, "kty"); };
    const auto is_private = [](const boost::json::object& object) {
      return has_member(object, "d") || has_member(object, "k");
    };
    const auto* keys = read.object->if_contains("keys");
    const auto* list = keys ? keys->if_array() : nullptr;
    bool secret = is_private(*read.object);
    for (std::size_t i = 0; list && i != list->size(); ++i) {
      const auto* key = (*list)[i].if_object();
      secret = secret || (key && is_private(*key));
    }
    if (!list && !is_key(*read.object)) return "JSON";
    if (!secret) return "a public key in JSON (JWK)";
    private_key();
    return out_.other;
  }

  /// @param words `text` in lower case
  static bool is_fingerprint(std::string_view words, std::string_view text) {
    std::string_view digits = words;
    bool named = false;
    if (const auto equals = words.find('=');
        words.substr(0, equals).find("fingerprint") != std::string_view::npos) {
      digits = equals == std::string_view::npos ? words.substr(words.find("fingerprint") + 11)
                                                : words.substr(equals + 1);
      named = true;
    } else if (words.starts_with("sha") || words.starts_with("md5")) {
      const auto colon = words.find_first_of(":= ");
      if (colon == std::string_view::npos) return false;
      digits = words.substr(colon + 1);
      named = true;
    }
    std::string hex;
    for (const char c : digits) {
      if (c != ':' && c != '-' && white_space.find(c) == std::string_view::npos) hex += c;
    }
    const bool all_hex = std::all_of(hex.begin(), hex.end(), sso::detail::is_hex);
    const auto is_digest = [](std::size_t bytes) {
      return bytes == 16 || bytes == 20 || bytes == 32 || bytes == 48 || bytes == 64;
    };
    if (all_hex && hex.size() % 2 == 0 && is_digest(hex.size() / 2)) return true;
    // In base64, as in SSH and in the JWK member x5t.
    std::string base64{trim(named ? text.substr(text.size() - digits.size()) : text)};
    if (named && base64.size() == 43) base64 += '=';
    const auto bytes = decode_base64(base64);
    return bytes && is_digest(bytes->size()) && (*bytes)[0] != 0x30;
  }

  void read_blocks(std::string_view text) {
    constexpr std::string_view begin_mark = "-----BEGIN ";
    constexpr std::string_view dashes = "-----";
    if (text.find("\\n") != std::string_view::npos || text.find("\\r") != std::string_view::npos) {
      problem("it has the characters \\n instead of line breaks",
              "Paste the text of the file, not a quoted string of a program or of JSON.");
      return;
    }
    for (std::size_t number = 1;; ++number) {
      const auto begin = text.find(begin_mark);
      const auto name = "block " + std::to_string(number);
      around(name, text.substr(0, begin));
      if (begin == std::string_view::npos) break;
      const bool more_dashes = begin != 0 && text[begin - 1] == '-';
      text.remove_prefix(begin + begin_mark.size());
      const auto label_end = text.find(dashes);
      const auto label = text.substr(0, label_end);
      if (label_end == std::string_view::npos || label.find_first_of(line_ends) != std::string_view::npos) {
        damaged(name);
        break;
      }
      const auto end_mark = std::string{"-----END "}.append(label).append(dashes);
      const auto end = text.find(end_mark, label_end);
      if (end == std::string_view::npos || text.find(begin_mark) < end) {
        problem(name + " has no END line", whole_block);
        if (text.find(begin_mark) == std::string_view::npos) break;
        text.remove_prefix(text.find(begin_mark));
        continue;
      }
      const auto body = text.substr(label_end + dashes.size(), end - label_end - dashes.size());
      text.remove_prefix(end + end_mark.size());
      const bool dash_after = text.starts_with('-') && !text.starts_with(begin_mark);
      if (more_dashes || body.starts_with('-') || body.ends_with('-') || dash_after) {
        damaged(name);
        text.remove_prefix((std::min)(text.find_first_not_of('-'), text.size()));
      } else {
        read_block(name, label, body);
      }
    }
  }

  void damaged(const std::string& name) { problem(name + " has a damaged BEGIN or END line", whole_block); }

  /// Checks the text before, between and after the blocks.
  /// @param next the name of the block after it
  void around(const std::string& next, std::string_view text) {
    if (has_damaged_mark(text)) {
      damaged(next);
    } else if (!trim(text).empty()) {
      untidy("text around the block");
    } else if (text.find_first_not_of(line_ends) != std::string_view::npos) {
      untidy("blanks around the block");
    }
  }

  void read_block(const std::string& name, std::string_view label, std::string_view body) {
    const auto has = [&](std::string_view word) { return label.find(word) != std::string_view::npos; };
    if (label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "X.509 CERTIFICATE") {
      if (body.find(':') != std::string_view::npos) {
        problem(name + " has header lines, such as Proc-Type (RFC 1421)",
                "Remove the lines between BEGIN and the base64.");
      } else {
        read_base64(name, body);
      }
    } else if (lower(label) == "certificate") {
      damaged(name);
    } else if (label == "TRUSTED CERTIFICATE") {
      problem(name + " is a certificate with OpenSSL's trust settings", "Convert it: openssl x509 -in FILE.");
    } else if (has("CERTIFICATE REQUEST")) {
      out_.other = "a certificate request";
    } else if (has("PUBLIC KEY")) {
      out_.other = "a public key";
    } else if (label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA") {
      out_.other = "a PKCS#7 container";
    } else if (has("CRL")) {
      out_.other = "a revocation list";
    } else {
      out_.other = "an unknown PEM block";
    }
  }

  void read_bare(std::string_view text) {
    if (text.find("-----END") != std::string_view::npos || has_damaged_mark(text)) {
      problem("the BEGIN line is missing or damaged", whole_block);
      return;
    }
    const auto without_end = text.substr(0, text.find_last_not_of(line_ends) + 1);
    if (trim(text).size() != without_end.size()) untidy("blanks around the base64");
    read_base64("the text", text);
  }

  void read_base64(const std::string& name, std::string_view body) {
    if (body.find("\\n") != std::string_view::npos) {
      problem("it has the characters \\n instead of line breaks",
              "Paste the text of the file, not a quoted string of a program or of JSON.");
      return;
    }
    const auto content = trim(body);
    // If the PEM is on one line, the blanks next to its BEGIN and END marks belong to the marks.
    const bool one_line = body.find_first_of(line_ends) == std::string_view::npos;
    if ((one_line ? content : body).find_first_of(" \t\v\f") != std::string_view::npos)
      untidy("blanks in the base64");
    std::string base64;
    base64.reserve(content.size());
    for (const char c : content) {
      if (white_space.find(c) == std::string_view::npos) base64 += c;
    }
    const auto der = decode_base64(base64);
    if (!der) {
      problem(name + " is not base64" + reason_of(base64), "Paste the complete certificate again.");
      return;
    }
    read_der_of(name, *der);
  }

  static std::string reason_of(std::string_view base64) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    if (base64.empty()) return ": it is empty";
    const auto wrong = base64.find_first_not_of(alphabet);
    if (wrong == std::string_view::npos) return ": it is truncated or its padding is wrong";
    if (base64[wrong] == '-' || base64[wrong] == '_') return " but looks like base64url";
    return ": character " + std::to_string(wrong + 1) + " is not in its alphabet";
  }

  void read_der_of(const std::string& name, std::string_view der) {
    auto rest = der;
    x509_ptr certificate{read_der<X509>(d2i_X509, rest)};
    if (certificate && !rest.empty()) {
      problem(name + " has " + std::to_string(rest.size()) + " bytes after the certificate",
              "Remove the bytes after the certificate. Use one block per certificate.");
    } else if (certificate && (!time_of(X509_get0_notBefore(certificate.get())) ||
                               !time_of(X509_get0_notAfter(certificate.get())))) {
      problem(name + " is a certificate without valid dates",
              "Ask the identity provider for its certificate.");
    } else if (certificate) {
      out_.certificates.push_back(std::move(certificate));
    } else if (auto what = other_der(der, out_.is_private_key); !what.empty()) {
      out_.other = std::move(what);
    } else if (der.starts_with("-----BEGIN ")) {
      problem(name + " is base64 of PEM", "Decode it once.");
    } else if (trim(der).starts_with('<')) {
      out_.other = "XML, such as SAML metadata";
    } else {
      problem(name + " is base64 but not a certificate", "Paste the complete certificate again.");
    }
  }

  certificate_text out_;
};

SSO_DECL certificate_text read_certificate_text(std::string_view text) {
  return certificate_text_reader{}.read(text);
}

}  // namespace sso::doctor::detail
