// SPDX-License-Identifier: BSL-1.0
#include "made_keys.hpp"
#include "reports.hpp"

#include <sso/doctor/certificate.hpp>

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include <algorithm>
#include <functional>

using sso::doctor::check_certificate;
using sso::doctor::severity;
using std::chrono::days;

namespace {

const made_certificate& good() {
  static const auto made = make_test_certificate();
  return made;
}

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string in_lines(const std::string& text, std::size_t width, const std::string& end) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) out += text.substr(i, width) + end;
  return out;
}

std::string private_key_der(bool traditional = false) {
  auto* key = good().key.get();
  if (traditional) return to_der(i2d_PrivateKey, key);
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
  auto out = to_der(i2d_PKCS8_PRIV_KEY_INFO, info);
  PKCS8_PRIV_KEY_INFO_free(info);
  return out;
}

std::string request_der() {
  X509_REQ* request = X509_REQ_new();
  require_openssl(X509_REQ_set_pubkey(request, good().key.get()) == 1);
  require_openssl(X509_REQ_sign(request, good().key.get(), EVP_sha256()) > 0);
  auto out = to_der(i2d_X509_REQ, request);
  X509_REQ_free(request);
  return out;
}

std::string pkcs7_der() {
  PKCS7* container = PKCS7_new();
  require_openssl(PKCS7_set_type(container, NID_pkcs7_signed) == 1);
  require_openssl(PKCS7_content_new(container, NID_pkcs7_data) == 1);
  require_openssl(PKCS7_add_certificate(container, good().x509.get()) == 1);
  auto out = to_der(i2d_PKCS7, container);
  PKCS7_free(container);
  return out;
}

std::string pkcs12_der() {
  PKCS12* container =
      PKCS12_create("word", "name", good().key.get(), good().x509.get(), nullptr, 0, 0, 0, 0, 0);
  require_openssl(container != nullptr);
  auto out = to_der(i2d_PKCS12, container);
  PKCS12_free(container);
  return out;
}

std::string public_key_der() {
  return to_der(i2d_PUBKEY, good().key.get());
}

std::string encrypted_key_der() {
  BIO* out = BIO_new(BIO_s_mem());
  require_openssl(
      i2d_PKCS8PrivateKey_bio(out, good().key.get(), EVP_aes_128_cbc(), "word", 4, nullptr, nullptr) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  std::string der(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return der;
}

std::string digest_of(const EVP_MD* digest) {
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
  require_openssl(
      X509_digest(good().x509.get(), digest, reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1);
  return out;
}

std::string hex_of(const std::string& bytes, const std::string& separator) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    if (!out.empty()) out += separator;
    out += digits[u >> 4];
    out += digits[u & 0xf];
  }
  return out;
}

struct pasted {
  const char* name;
  std::function<std::string()> text;
};

}  // namespace

TEST_CASE("check_certificate accepts every certificate format that services accept") {
  const auto one = GENERATE(
      pasted{"PEM", [] { return good().pem(); }},
      pasted{"without the last line end", [] { return good().pem().substr(0, good().pem().size() - 1); }},
      pasted{"CRLF", [] { return replace_all(good().pem(), "\n", "\r\n"); }},
      pasted{"only CR", [] { return replace_all(good().pem(), "\n", "\r"); }},
      pasted{"in one line", [] { return replace_all(good().pem(), "\n", ""); }},
      pasted{"in one line, the marks apart",
             [] { return "-----BEGIN CERTIFICATE----- " + good().base64() + " -----END CERTIFICATE-----"; }},
      pasted{
          "the base64 in one line",
          [] { return "-----BEGIN CERTIFICATE-----\n" + good().base64() + "\n-----END CERTIFICATE-----\n"; }},
      pasted{"lines of 76",
             [] {
               return "-----BEGIN CERTIFICATE-----\n" + in_lines(good().base64(), 76, "\n") +
                      "-----END CERTIFICATE-----\n";
             }},
      pasted{"X509 CERTIFICATE", [] { return to_block(good().base64(), "X509 CERTIFICATE"); }},
      pasted{"X.509 CERTIFICATE", [] { return to_block(good().base64(), "X.509 CERTIFICATE"); }},
      pasted{"bare base64", [] { return good().base64(); }},
      pasted{"bare base64 in lines", [] { return in_lines(good().base64(), 64, "\n"); }},
      pasted{"bare base64 in lines of 76, CRLF", [] { return in_lines(good().base64(), 76, "\r\n"); }},
      pasted{"empty lines after it", [] { return good().pem() + "\n\n"; }},
      pasted{"an empty line within", [] { return replace_all(good().pem(), "-----\nMII", "-----\n\nMII"); }});
  const auto report = check_certificate(one.text(), noon);
  INFO(one.name << "\n" << report);
  check_form(report);
  CHECK(all_found(report) == ids{});
  for (const auto* id :
       {"certificate.unreadable", "certificate.other_thing", "certificate.untidy", "certificate.expired",
        "certificate.not_yet_valid", "certificate.expires_soon", "certificate.weak_key",
        "certificate.weak_signature", "certificate.not_for_signing", "certificate.several"}) {
    INFO(id);
    CHECK(passed(report, id));
  }
}

TEST_CASE("check_certificate warns of a certificate format that some services reject") {
  const auto one = GENERATE(
      pasted{"a byte order mark", [] { return "\xef\xbb\xbf" + good().pem(); }},
      pasted{"a byte order mark before base64", [] { return "\xef\xbb\xbf" + good().base64(); }},
      pasted{"text before", [] { return "subject=CN = idp\nissuer=CN = idp\n" + good().pem(); }},
      pasted{"bag attributes",
             [] { return "Bag Attributes\n    localKeyID: 01 02\nsubject=/CN=idp\n" + good().pem(); }},
      pasted{"text after it", [] { return good().pem() + "the certificate\n"; }},
      pasted{"text with a private key's name",
             [] { return "# for the private key of 2026\n" + good().pem(); }},
      pasted{"text with the words of a mark", [] { return "# the front-end certificate\n" + good().pem(); }},
      pasted{"text as OpenSSL's client writes it", [] { return "---\nServer certificate\n" + good().pem(); }},
      pasted{"blanks before", [] { return "  " + good().pem(); }},
      pasted{"blanks after it", [] { return good().pem() + "   "; }},
      pasted{"a tab before base64", [] { return "\t" + good().base64(); }},
      pasted{"a blank after base64", [] { return good().base64() + " "; }},
      pasted{"indented", [] { return "    " + replace_all(good().pem(), "\n", "\n    "); }},
      pasted{"only indented base64", [] { return "  " + in_lines(good().base64(), 64, "\n  "); }},
      pasted{"indented by tabs", [] { return replace_all(good().pem(), "\n", "\n\t"); }},
      pasted{"base64 in groups", [] { return in_lines(good().base64(), 64, " "); }},
      pasted{"PEM with blanks for line ends", [] { return replace_all(good().pem(), "\n", " "); }},
      pasted{"blanks at the ends of lines", [] { return replace_all(good().pem(), "\n", " \n"); }},
      pasted{"in quotes", [] { return "\"" + good().pem() + "\""; }});
  const auto report = check_certificate(one.text(), noon);
  INFO(one.name << "\n" << report);
  check_form(report);
  CHECK(all_found(report) == ids{"certificate.untidy"});
  CHECK(the(report, "certificate.untidy").severity == severity::warning);
  CHECK(passed(report, "certificate.unreadable"));
  CHECK(passed(report, "certificate.expired"));
}

TEST_CASE("check_certificate reports an unreadable certificate as critical") {
  const auto one = GENERATE(
      pasted{"nothing", [] { return std::string{}; }},
      pasted{"blanks", [] { return std::string{" \r\n\t"}; }},
      pasted{"a literal \\n", [] { return replace_all(good().pem(), "\n", "\\n"); }},
      pasted{"a literal \\r\\n", [] { return replace_all(good().pem(), "\n", "\\r\\n"); }},
      pasted{"a string of JSON", [] { return "\"" + replace_all(good().pem(), "\n", "\\n") + "\""; }},
      pasted{"bare base64 with a literal \\n", [] { return in_lines(good().base64(), 64, "\\n"); }},
      pasted{"bytes after the DER", [] { return to_block(to_base64(good().der() + '\0'), "CERTIFICATE"); }},
      pasted{"bytes after the DER, bare", [] { return to_base64(good().der() + "12"); }},
      pasted{"two certificates in one block",
             [] { return to_block(to_base64(good().der() + good().der()), "CERTIFICATE"); }},
      pasted{"DER cut off", [] { return to_block(to_base64(good().der().substr(0, 300)), "CERTIFICATE"); }},
      pasted{"DER cut off by one", [] { return to_base64(good().der().substr(0, good().der().size() - 1)); }},
      pasted{"base64 cut off", [] { return good().base64().substr(0, 301); }},
      pasted{"no padding", [] { return to_base64(good().der() + "1").substr(0, 1000) + "A"; }},
      pasted{"no END line", [] { return good().pem().substr(0, good().pem().find("-----END")); }},
      pasted{"no BEGIN line", [] { return good().pem().substr(28); }},
      pasted{"another END line", [] { return replace_all(good().pem(), "END CERT", "END X509 CERT"); }},
      pasted{"four dashes", [] { return replace_all(good().pem(), "-----", "----"); }},
      pasted{"long dashes", [] { return replace_all(good().pem(), "-----", "\xe2\x80\x94"); }},
      pasted{"marks in lower case",
             [] {
               return replace_all(replace_all(good().pem(), "BEGIN CERTIFICATE", "begin certificate"),
                                  "END CERTIFICATE", "end certificate");
             }},
      pasted{"a character that is none", [] { return replace_all(good().pem(), "MII", "M*I"); }},
      pasted{"base64url",
             [] {
               auto text = good().base64();
               text[100] = '-';
               text[101] = '_';
               return text;
             }},
      pasted{"base64 of the PEM", [] { return to_base64(good().pem()); }},
      pasted{"DER itself", [] { return good().der(); }},
      pasted{"UTF-16",
             [] {
               std::string out{"\xff\xfe"};
               for (const char c : good().pem()) out += std::string{c, '\0'};
               return out;
             }},
      pasted{"OpenSSL's trusted form", [] { return to_block(good().base64(), "TRUSTED CERTIFICATE"); }},
      pasted{"an empty block",
             [] { return std::string{"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"}; }},
      pasted{"only BEGIN", [] { return std::string{"-----BEGIN CERTIFICATE-----"}; }},
      pasted{"a BEGIN line that does not end", [] { return "-----BEGIN CERTIFICATE\n" + good().base64(); }},
      pasted{"words", [] { return std::string{"see attached file"}; }},
      pasted{"base64 of something else", [] { return to_base64(std::string(500, 'x')); }},
      pasted{"too long", [] { return std::string(300 * 1024, 'A'); }});
  const auto text = one.text();
  const auto report = check_certificate(text, noon);
  INFO(one.name << "\n" << report);
  check_form(report);
  CHECK(all_found(report) == ids{"certificate.unreadable"});
  CHECK(the(report, "certificate.unreadable").severity == severity::critical);
  CHECK(the(report, "certificate.unreadable").actual != "");
  CHECK(the(report, "certificate.unreadable").advice != "");
  CHECK(undecided(report, "certificate.expired") != "");
  CHECK(undecided(report, "certificate.other_thing") != "");
}

TEST_CASE("check_certificate names a damaged BEGIN or END line") {
  const auto begin = [](const std::string& mark) {
    return replace_all(good().pem(), "-----BEGIN CERTIFICATE-----", mark);
  };
  const auto end = [](const std::string& mark) {
    return replace_all(good().pem(), "-----END CERTIFICATE-----", mark);
  };
  const auto all = [](const std::string& what, const std::string& with) {
    return replace_all(good().pem(), what, with);
  };
  const auto text = GENERATE_COPY(
      all("-----", "----"), all("-----", "------"), all("-----", "\xe2\x80\x94"),
      all("-----BEGIN", "----BEGIN"), all("-----BEGIN", "------BEGIN"), all("-----END", "------END"),
      "  " + all("-----", "----"), begin("-----BEGIN CERTIFICATE----"), begin("-----BEGIN CERTIFICATE------"),
      begin("-----begin certificate-----"), begin("-----Begin Certificate-----"),
      begin("-----BEGIN CERTIFICATE-----") + "----BEGIN CERTIFICATE----\n" + good().base64(),
      end("-----END CERTIFICATE------"), end("------END CERTIFICATE-----"),
      replace_all(all("BEGIN CERT", "begin cert"), "END CERT", "end cert"),
      replace_all(all("CERTIFICATE", "certificate"), "\n", "\r\n"));
  const auto report = check_certificate(text, noon);
  INFO(text << "\n" << report);
  check_form(report);
  CHECK(found(report) == ids{"certificate.unreadable"});
  const auto& actual = the(report, "certificate.unreadable").actual;
  CHECK(actual.find("damaged") != std::string::npos);
  CHECK(actual.find("base64") == std::string::npos);
}

TEST_CASE("check_certificate names headers in a block") {
  const auto text =
      replace_all(good().pem(), "-----\nMII", "-----\nProc-Type: 4,MIC-CLEAR\nContent-Domain: RFC822\n\nMII");
  const auto report = check_certificate(text, noon);
  INFO(report);
  CHECK(all_found(report) == ids{"certificate.unreadable"});
  CHECK(the(report, "certificate.unreadable").actual.find("header lines") != std::string::npos);
}

TEST_CASE("check_certificate reads blocks without a line end between them") {
  const auto pem = good().pem().substr(0, good().pem().size() - 1);
  CHECK(all_found(check_certificate(pem + pem, noon)) == ids{"certificate.several"});
}

TEST_CASE("check_certificate names pasted data that is not a certificate and does not print it") {
  struct row {
    pasted what;
    const char* kind;
  };
  const auto one = GENERATE(
      row{{"PKCS#8", [] { return to_block(to_base64(private_key_der()), "PRIVATE KEY"); }}, "a private key"},
      row{{"RSA", [] { return to_block(to_base64(private_key_der(true)), "RSA PRIVATE KEY"); }},
          "a private key"},
      row{{"EC", [] { return to_block(to_base64("anything"), "EC PRIVATE KEY"); }}, "a private key"},
      row{{"OpenSSH", [] { return to_block(to_base64("anything"), "OPENSSH PRIVATE KEY"); }},
          "a private key"},
      row{{"encrypted", [] { return to_block(to_base64(encrypted_key_der()), "ENCRYPTED PRIVATE KEY"); }},
          "a private key"},
      row{{"bare base64 of PKCS#8", [] { return to_base64(private_key_der()); }}, "a private key"},
      row{{"bare base64 of an RSA key", [] { return to_base64(private_key_der(true)); }}, "a private key"},
      row{{"bare base64 of an encrypted key", [] { return to_base64(encrypted_key_der()); }},
          "a private key"},
      row{{"PKCS#12", [] { return to_base64(pkcs12_der()); }}, "a private key"},
      row{{"a key under the wrong label",
           [] { return to_block(to_base64(private_key_der()), "CERTIFICATE"); }},
          "a private key"},
      row{{"a key that is cut off",
           [] { return to_block(to_base64(private_key_der()), "PRIVATE KEY").substr(0, 400); }},
          "a private key"},
      row{{"a key with a literal \\n",
           [] { return replace_all(to_block(to_base64(private_key_der()), "PRIVATE KEY"), "\n", "\\n"); }},
          "a private key"},
      row{{"certificate and key",
           [] { return good().pem() + to_block(to_base64(private_key_der()), "PRIVATE KEY"); }},
          "a private key"},
      row{{"key and certificate",
           [] { return to_block(to_base64(private_key_der()), "PRIVATE KEY") + good().pem(); }},
          "a private key"},
      row{{"a key in JSON",
           [] { return std::string{R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"canary"})"}; }},
          "a private key"},
      row{{"a key whose private member is null",
           [] { return std::string{R"({"kty":"RSA","n":"AQAB","e":"AQAB","d":null,"k":null})"}; }},
          "a public key in JSON (JWK)"},
      row{{"a key under a damaged mark",
           [] {
             return replace_all(to_block(to_base64(private_key_der()), "PRIVATE KEY"), "-----", "----");
           }},
          "a private key"},
      row{{"a key without its BEGIN line",
           [] { return to_block(to_base64(private_key_der()), "PRIVATE KEY").substr(28); }},
          "a private key"},
      row{{"a set of keys in JSON", [] { return std::string{R"({"keys":[{"kty":"oct","k":"canary"}]})"}; }},
          "a private key"},
      row{{"a request", [] { return to_block(to_base64(request_der()), "CERTIFICATE REQUEST"); }},
          "a certificate request"},
      row{{"a new request", [] { return to_block(to_base64(request_der()), "NEW CERTIFICATE REQUEST"); }},
          "a certificate request"},
      row{{"bare base64 of a request", [] { return to_base64(request_der()); }}, "a certificate request"},
      row{{"a public key", [] { return to_block(to_base64(public_key_der()), "PUBLIC KEY"); }},
          "a public key"},
      row{{"an RSA public key",
           [] { return to_block(to_base64(to_der(i2d_PublicKey, good().key.get())), "RSA PUBLIC KEY"); }},
          "a public key"},
      row{{"bare base64 of a public key", [] { return to_base64(public_key_der()); }}, "a public key"},
      row{{"bare base64 of an RSA public key",
           [] { return to_base64(to_der(i2d_PublicKey, good().key.get())); }},
          "a public key"},
      row{{"an SSH public key", [] { return std::string{"ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB me@host"}; }},
          "an SSH public key"},
      row{{"a public key in JSON", [] { return std::string{R"({"kty":"RSA","n":"AQAB","e":"AQAB"})"}; }},
          "a public key in JSON (JWK)"},
      row{{"PKCS#7", [] { return to_block(to_base64(pkcs7_der()), "PKCS7"); }}, "a PKCS#7 container"},
      row{{"bare base64 of PKCS#7", [] { return to_base64(pkcs7_der()); }}, "a PKCS#7 container"},
      row{{"PKCS#7 under the wrong label", [] { return to_block(to_base64(pkcs7_der()), "CERTIFICATE"); }},
          "a PKCS#7 container"},
      row{{"SHA-256 with colons", [] { return hex_of(digest_of(EVP_sha256()), ":"); }}, "a fingerprint"},
      row{{"SHA-1 with colons", [] { return hex_of(digest_of(EVP_sha1()), ":"); }}, "a fingerprint"},
      row{{"SHA-1 with blanks", [] { return hex_of(digest_of(EVP_sha1()), " "); }}, "a fingerprint"},
      row{{"SHA-1 in a row", [] { return hex_of(digest_of(EVP_sha1()), ""); }}, "a fingerprint"},
      row{{"SHA-256 in a row", [] { return hex_of(digest_of(EVP_sha256()), ""); }}, "a fingerprint"},
      row{{"as OpenSSL writes it",
           [] { return "sha256 Fingerprint=" + hex_of(digest_of(EVP_sha256()), ":") + "\n"; }},
          "a fingerprint"},
      row{{"as older OpenSSL writes it",
           [] { return "SHA1 Fingerprint=" + hex_of(digest_of(EVP_sha1()), ":"); }},
          "a fingerprint"},
      row{{"as SSH writes it",
           [] {
             auto text = to_base64(digest_of(EVP_sha256()));
             text.pop_back();
             return "SHA256:" + text;
           }},
          "a fingerprint"},
      row{{"metadata",
           [] {
             return "<?xml version=\"1.0\"?>\n<EntityDescriptor><X509Certificate>" + good().base64() +
                    "</X509Certificate></EntityDescriptor>";
           }},
          "XML, such as SAML metadata"},
      row{{"an element of metadata",
           [] { return "<ds:X509Certificate>" + good().base64() + "</ds:X509Certificate>"; }},
          "XML, such as SAML metadata"},
      row{{"metadata after a byte order mark",
           [] { return "\xef\xbb\xbf<md:EntityDescriptor/>" + std::string{}; }},
          "XML, such as SAML metadata"},
      row{{"an HTML page",
           [] { return std::string{"<!DOCTYPE html>\n<html><title>Sign in</title></html>"}; }},
          "an HTML page"},
      row{{"a file name", [] { return std::string{"idp-signing.crt"}; }}, "a file name"},
      row{{"a path", [] { return std::string{"/etc/ssl/idp/signing.pem"}; }}, "a file name"},
      row{{"a path of Windows", [] { return std::string{"C:\\new certificates\\idp.cer"}; }}, "a file name"},
      row{{"a URL", [] { return std::string{"https://idp.example.com/saml/metadata"}; }}, "a URL"},
      row{{"a revocation list", [] { return to_block(to_base64("anything"), "X509 CRL"); }},
          "a revocation list"},
      row{{"other JSON", [] { return std::string{R"({"x5c":["MII"]})"}; }}, "JSON"});
  const auto text = one.what.text();
  const auto report = check_certificate(text, noon);
  INFO(one.what.name << "\n" << report);
  check_form(report);
  CHECK(all_found(report) == ids{"certificate.other_thing"});
  const auto& other = the(report, "certificate.other_thing");
  CHECK(other.severity == severity::critical);
  CHECK(other.actual == one.kind);
  const bool is_private = other.actual == "a private key";
  CHECK((other.advice.find("Replace this key") != std::string::npos) == is_private);
  std::ostringstream shown;
  shown << report << to_json(report);
  CHECK(shown.str().find("canary") == std::string::npos);
  for (std::size_t at = 0; text.size() >= 24 && at + 24 <= text.size() && is_private; at += 8) {
    CHECK(shown.str().find(text.substr(at, 24)) == std::string::npos);
  }
}

TEST_CASE("check_certificate judges the validity period by the given time") {
  using std::chrono::seconds;
  struct row {
    std::chrono::sys_seconds now;
    ids expected;
    severity level;
    const char* actual;
  };
  certificate_recipe recipe;
  recipe.key = "P-256";
  recipe.from = noon;
  recipe.until = noon + days{400};
  const auto pem = make_test_certificate(recipe).pem();
  const auto one = GENERATE_COPY(
      row{noon - seconds{1},
          {"certificate.not_yet_valid"},
          severity::error,
          "valid from 2026-03-01T12:00:00Z"},
      row{noon, {}, {}, ""}, row{recipe.until - days{90} - seconds{1}, {}, {}, ""},
      row{recipe.until - days{90}, {"certificate.expires_soon"}, severity::info, "90 days left"},
      row{recipe.until - days{30} - seconds{1}, {"certificate.expires_soon"}, severity::info, "30 days left"},
      row{recipe.until - days{30}, {"certificate.expires_soon"}, severity::warning, "30 days left"},
      row{recipe.until - seconds{1}, {"certificate.expires_soon"}, severity::warning, "0 days left"},
      row{recipe.until, {"certificate.expires_soon"}, severity::warning, "0 days left"},
      row{recipe.until + seconds{1},
          {"certificate.expired"},
          severity::error,
          "expired 2027-04-05T12:00:00Z"});
  const auto report = check_certificate(pem, one.now);
  INFO(report);
  check_form(report);
  CHECK(all_found(report) == one.expected);
  for (const auto& f : report.findings) {
    CHECK(f.severity == one.level);
    CHECK(f.actual.find(one.actual) != std::string::npos);
    CHECK(f.subject.starts_with("SHA-256 "));
    CHECK(f.subject.size() == 8 + 64);
  }
  CHECK(check_certificate(pem, std::chrono::sys_time<std::chrono::nanoseconds>{one.now}) == report);
}

TEST_CASE("check_certificate accepts dates that a nanosecond clock cannot represent") {
  certificate_recipe recipe;
  recipe.key = "P-256";
  recipe.from = std::chrono::sys_days{std::chrono::year{1950} / 1 / 1};
  recipe.until = std::chrono::sys_days{std::chrono::year{GENERATE(2263, 3021, 9999)} / 12 / 31};
  const auto report = check_certificate(make_test_certificate(recipe).pem(), noon);
  INFO(report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_certificate lowers the severity of an invalid certificate if another one is valid") {
  certificate_recipe old;
  old.key = "P-256";
  old.until = noon - days{1};
  certificate_recipe next = old;
  next.key_number = 1;
  next.from = noon + days{1};
  next.until = noon + days{800};
  certificate_recipe current = old;
  current.key_number = 2;
  current.until = noon + days{400};
  const auto old_pem = make_test_certificate(old).pem();
  const auto next_pem = make_test_certificate(next).pem();
  const auto current_pem = make_test_certificate(current).pem();

  auto report = check_certificate(old_pem + current_pem, noon);
  CHECK(all_found(report) == ids{"certificate.expired", "certificate.several"});
  CHECK(the(report, "certificate.expired").severity == severity::warning);
  CHECK(the(report, "certificate.several").severity == severity::info);
  CHECK(the(report, "certificate.several").actual.find("400 days left") != std::string::npos);

  report = check_certificate(current_pem + "\n" + next_pem, noon);
  CHECK(all_found(report) == ids{"certificate.not_yet_valid", "certificate.several"});
  CHECK(the(report, "certificate.not_yet_valid").severity == severity::warning);

  report = check_certificate(old_pem + next_pem, noon);
  CHECK(all_found(report) == ids{"certificate.expired", "certificate.not_yet_valid", "certificate.several"});
  CHECK(the(report, "certificate.expired").severity == severity::error);
  CHECK(the(report, "certificate.not_yet_valid").severity == severity::error);

  report =
      check_certificate(current_pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", noon);
  CHECK(all_found(report) == ids{"certificate.unreadable"});
  CHECK(the(report, "certificate.unreadable").actual.starts_with("block 2 "));
}

TEST_CASE("check_certificate finds weak keys") {
  struct row {
    const char* key;
    bool weak;
  };
  const auto one = GENERATE(row{"RSA-1024", true}, row{"RSA-2040", true}, row{"RSA-2048", false},
                            row{"P-224", true}, row{"P-256", false}, row{"P-384", false}, row{"P-521", false},
                            row{"Ed25519", false}, row{"Ed448", false});
  certificate_recipe recipe;
  recipe.key = one.key;
  const auto report = check_certificate(make_test_certificate(recipe).pem(), noon);
  INFO(one.key << "\n" << report);
  CHECK(all_found(report) == (one.weak ? ids{"certificate.weak_key"} : ids{}));
}

TEST_CASE("check_certificate reports an unsuitable key type as weak and an unknown one as undecided") {
  auto made = make_test_certificate();
  require_openssl(X509_set_pubkey(made.x509.get(), make_test_key("X25519").get()) == 1);
  require_openssl(X509_sign(made.x509.get(), made.key.get(), EVP_sha256()) > 0);
  CHECK(all_found(check_certificate(made.pem(), noon)) == ids{"certificate.weak_key"});

  const std::string x25519{"\x06\x03\x2b\x65\x6e"};  // the object identifier
  const std::string unknown{"\x06\x03\x2b\x65\x01"};
  const auto report = check_certificate(to_base64(replace_all(made.der(), x25519, unknown)), noon);
  INFO(report);
  CHECK(undecided(report, "certificate.weak_key") != "");
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_certificate finds weak signature digests and reports only information for self-signed "
          "certificates") {
  certificate_recipe authority;
  authority.name = "authority";
  authority.extensions = {{NID_basic_constraints, "critical,CA:TRUE"}};
  const auto above = make_test_certificate(authority);
  certificate_recipe recipe;
  recipe.key_number = 1;
  recipe.digest = GENERATE(EVP_sha1(), EVP_md5());
  auto report = check_certificate(make_test_certificate(recipe).pem(), noon);
  CHECK(all_found(report) == ids{"certificate.weak_signature"});
  CHECK(the(report, "certificate.weak_signature").severity == severity::info);
  report = check_certificate(make_test_certificate(recipe, &above).pem(), noon);
  CHECK(all_found(report) == ids{"certificate.weak_signature"});
  CHECK(the(report, "certificate.weak_signature").severity == severity::warning);
  recipe.digest = EVP_sha384();
  CHECK(all_found(check_certificate(make_test_certificate(recipe, &above).pem(), noon)) == ids{});
}

TEST_CASE("check_certificate finds certificates that must not be used for signing") {
  certificate_recipe root;
  root.key = "P-256";
  root.name = "root";
  root.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                     {NID_key_usage, "critical,keyCertSign,cRLSign"}};
  const auto authority = make_test_certificate(root);
  certificate_recipe recipe;
  recipe.key = "P-256";
  recipe.key_number = 1;
  const auto report_of = [&](std::vector<std::pair<int, const char*>> extensions,
                             const made_certificate* issuer) {
    recipe.extensions = std::move(extensions);
    return check_certificate(make_test_certificate(recipe, issuer).pem(), noon);
  };
  const ids none;
  const ids wrong{"certificate.not_for_signing"};
  CHECK(all_found(report_of({}, &authority)) == none);
  CHECK(all_found(report_of({{NID_basic_constraints, "CA:TRUE"}}, nullptr)) == none);
  CHECK(all_found(report_of({{NID_basic_constraints, "CA:FALSE"}, {NID_key_usage, "digitalSignature"}},
                            &authority)) == none);
  CHECK(all_found(report_of({{NID_ext_key_usage, "serverAuth,clientAuth"}}, &authority)) == none);
  CHECK(all_found(
            report_of({{NID_basic_constraints, "CA:TRUE"}, {NID_key_usage, "digitalSignature,keyCertSign"}},
                      nullptr)) == none);
  CHECK(all_found(report_of({{NID_basic_constraints, "CA:TRUE"}}, &authority)) == wrong);
  CHECK(all_found(report_of({{NID_key_usage, "keyEncipherment"}}, &authority)) == wrong);
  CHECK(all_found(report_of({{NID_ext_key_usage, "serverAuth"}}, &authority)) == wrong);
  CHECK(all_found(check_certificate(authority.pem(), noon)) == wrong);

  // CA certificates of the leaf are accepted, in any order.
  recipe.extensions = {{NID_key_usage, "digitalSignature"}};
  const auto leaf = make_test_certificate(recipe, &authority).pem();
  CHECK(all_found(check_certificate(leaf + authority.pem(), noon)) == ids{"certificate.several"});
  CHECK(all_found(check_certificate(authority.pem() + leaf, noon)) == ids{"certificate.several"});
}

TEST_CASE("check_certificate escapes control characters of a certificate name") {
  certificate_recipe recipe;
  recipe.key = "P-256";
  recipe.name = "a\xe2\x80\xae\x1b[2J\n" + std::string(50, 'x');
  recipe.until = noon - days{1};
  const auto report = check_certificate(make_test_certificate(recipe).pem(), noon);
  check_form(report);
  CHECK(all_found(report) == ids{"certificate.expired"});
}
