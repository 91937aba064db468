// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "odd_certificate.hpp"

#include <openssl/ssl.h>

#include <string>
#include <utility>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::certificate;
using sso::testing::certificate_authority;
using sso::testing::certificate_options;
using sso::testing::fault_options;
using sso::testing::fault_server;

// Certificate names and chains, each with one difference from a valid one.

namespace {

const std::string nul(1, '\0');

/// Calls `host`; the server presents `shown` and the client trusts `trusted`. Returns the error's text, empty if the
/// certificate is accepted. Checks the properties common to all refusals.
std::string verdict_on(const certificate& shown, const std::string& trusted, const std::string& host) {
  fault_options options;
  options.host = host;
  options.identity = shown;
  options.newest_tls = TLS1_3_VERSION;  // the server side accepts any certificate with it
  const bool ipv6 = host.find(':') != std::string::npos;
  if (ipv6) options.address = host;
  fault_server server{always(ok("fine")), options};
  client c{trusted};
  const auto r = c.send(post(server.origin(), "secret"), within(20s));
  if (r) {
    CHECK(r->body == "fine");
    return {};
  }
  INFO(r.error());
  CHECK(r.error().code() == errc::tls_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
  CHECK(contains(r.error().message(), "TLS with " + http::to_string(server.origin()) + ": "));
  CHECK(contains(r.error().message(), "(trusted: tls.ca_pem)"));
  CHECK(server.requests().empty());
  CHECK(c.transport.stats().open == 0);
  return r.error().what();
}

}  // namespace

TEST_CASE("certificate names match hosts by the rules for DNS names and wildcards and addresses") {
  struct row {
    std::string common_name;
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    std::string host;
    bool accepted;
  };
  const std::vector<row> rows{
      // exact names
      {"x", {"good.localhost"}, {}, "good.localhost", true},
      {"x", {"GOOD.LocalHost"}, {}, "good.localhost", true},
      {"x", {"a.localhost", "b.localhost", "good.localhost"}, {}, "good.localhost", true},
      {"x", {"other.localhost"}, {}, "good.localhost", false},
      {"x", {"verygood.localhost"}, {}, "good.localhost", false},
      {"x", {"good.localhost.evil.test"}, {}, "good.localhost", false},
      {"x", {"good"}, {}, "good.localhost", false},
      {"x", {"localhost"}, {}, "good.localhost", false},
      {"x", {".good.localhost"}, {}, "a.good.localhost", false},
      {"x", {"xn--bcher-kva.localhost"}, {}, "xn--bcher-kva.localhost", true},
      // wildcards: one, as the whole leftmost label, above at least two labels
      {"x", {"*.good.localhost"}, {}, "a.good.localhost", true},
      {"x", {"*.GOOD.localhost"}, {}, "a.good.localhost", true},
      {"x", {"*.good.localhost"}, {}, "good.localhost", false},
      {"x", {"*.good.localhost"}, {}, "a.b.good.localhost", false},
      {"x", {"*.localhost"}, {}, "good.localhost", false},
      {"x", {"*"}, {}, "localhost", false},
      {"x", {"*."}, {}, "localhost", false},
      {"x", {"f*.good.localhost"}, {}, "foo.good.localhost", false},
      {"x", {"*o.good.localhost"}, {}, "foo.good.localhost", false},
      {"x", {"f*o.good.localhost"}, {}, "foo.good.localhost", false},
      {"x", {"xn--*.good.localhost"}, {}, "xn--bcher-kva.good.localhost", false},
      {"x", {"a.*.localhost"}, {}, "a.good.localhost", false},
      {"x", {"*.*.localhost"}, {}, "a.good.localhost", false},
      {"x", {"**.good.localhost"}, {}, "a.good.localhost", false},
      {"x", {"good.*"}, {}, "good.localhost", false},
      // the common name is ignored (RFC 9525)
      {"good.localhost", {}, {}, "good.localhost", false},
      {"good.localhost", {"other.localhost"}, {}, "good.localhost", false},
      {"127.0.0.1", {}, {}, "127.0.0.1", false},
      {"::1", {}, {}, "::1", false},
      // NUL does not end a name
      {"x", {"good.localhost" + nul + ".evil.test"}, {}, "good.localhost", false},
      {"x", {"good.localhost" + nul}, {}, "good.localhost", false},
      {"x", {"evil.test" + nul + "good.localhost"}, {}, "good.localhost", false},
      {"good.localhost" + nul + ".evil.test", {}, {}, "good.localhost", false},
      // addresses are in iPAddress names
      {"x", {}, {"127.0.0.1"}, "127.0.0.1", true},
      {"x", {}, {"::1"}, "::1", true},
      {"x", {}, {"10.0.0.1", "127.0.0.1", "::2"}, "127.0.0.1", true},
      {"x", {}, {"10.0.0.1", "0:0:0:0:0:0:0:1"}, "::1", true},
      {"x", {}, {"127.0.0.2"}, "127.0.0.1", false},
      {"x", {}, {"::2"}, "::1", false},
      {"x", {}, {"::1"}, "127.0.0.1", false},
      {"x", {}, {"::ffff:127.0.0.1"}, "127.0.0.1", false},
      {"x", {"127.0.0.1"}, {}, "127.0.0.1", false},
      {"x", {"::1"}, {}, "::1", false},
      {"x", {"*.0.0.1"}, {}, "127.0.0.1", false},
      {"x", {"localhost"}, {}, "127.0.0.1", false},
      {"x", {}, {"127.0.0.1"}, "localhost", false},
  };
  const certificate_authority authority;
  const bool ipv6 = has_ipv6();
  for (const auto& row : rows) {
    if (row.host == "::1" && !ipv6) continue;
    INFO(row.host << ", common name " << row.common_name << ", "
                  << (row.dns_names.empty() ? "no name" : row.dns_names[0]) << ", "
                  << (row.addresses.empty() ? "no address" : row.addresses[0]));
    certificate_options what;
    what.common_name = row.common_name;
    what.dns_names = row.dns_names;
    what.ip_addresses = row.addresses;
    const auto words = verdict_on(authority.issue(what), authority.pem(), row.host);
    CHECK(words.empty() == row.accepted);
    if (!row.accepted) CHECK(contains(words, "mismatch, it is not for '" + row.host + "'"));
  }
}

TEST_CASE("a trusted certificate may be an intermediate or the certificate of the server") {
  const certificate_authority root{"root"};
  const auto middle = root.intermediate("middle");
  const auto low = middle.intermediate("low");
  const auto leaf = low.issue();
  const auto sibling = low.issue();
  const std::string host = "127.0.0.1";
  CHECK(verdict_on(leaf, low.pem(), host).empty());
  CHECK(verdict_on(leaf, middle.pem(), host).empty());
  CHECK(verdict_on(leaf, leaf.certificate_pem, host).empty());
  CHECK(verdict_on({leaf.certificate_pem, leaf.key_pem}, leaf.certificate_pem, host).empty());
  CHECK_FALSE(verdict_on(sibling, leaf.certificate_pem, host).empty());
  CHECK(contains(verdict_on(leaf, leaf.certificate_pem, "other.localhost"), "mismatch"));
}

TEST_CASE("a certificate chain is verified over the intermediates that the server sends") {
  const certificate_authority root{"root"};
  const auto middle = root.intermediate("middle");
  const auto low = middle.intermediate("low");
  const auto one = middle.issue();
  const auto two = low.issue();
  const std::string host = "127.0.0.1";
  const std::string left_out = ", its authority is not trusted or the server leaves out an intermediate";

  CHECK(verdict_on(one, root.pem(), host).empty());
  CHECK(verdict_on(two, root.pem(), host).empty());
  CHECK(one.chain_pem == middle.pem());
  CHECK(two.chain_pem == low.pem() + middle.pem());

  CHECK(contains(verdict_on({one.certificate_pem, one.key_pem}, root.pem(), host), left_out));
  CHECK(contains(verdict_on({two.certificate_pem, two.key_pem, low.pem()}, root.pem(), host), left_out));
  CHECK(contains(verdict_on({two.certificate_pem, two.key_pem, middle.pem()}, root.pem(), host), left_out));

  INFO("in another order, and with more than is needed");
  CHECK(verdict_on({two.certificate_pem, two.key_pem, middle.pem() + low.pem()}, root.pem(), host).empty());
  CHECK(verdict_on({two.certificate_pem, two.key_pem, two.chain_pem + root.pem()}, root.pem(), host).empty());

  INFO("an intermediate that is known here need not be sent");
  CHECK(verdict_on({one.certificate_pem, one.key_pem}, root.pem() + middle.pem(), host).empty());

  INFO("another root");
  const certificate_authority other{"root"};
  CHECK_FALSE(verdict_on(one, other.pem(), host).empty());
  CHECK(
      contains(verdict_on({one.certificate_pem, one.key_pem, one.chain_pem + root.pem()}, other.pem(), host),
               "certificate refused: "));
}

TEST_CASE("a certificate chain is refused if any certificate in it forbids the use") {
  using extensions = std::vector<std::pair<std::string, std::string>>;
  const extensions authority{{"basicConstraints", "critical,CA:TRUE"},
                             {"keyUsage", "critical,keyCertSign,cRLSign"},
                             {"subjectKeyIdentifier", "hash"}};
  const extensions leaf{{"basicConstraints", "critical,CA:FALSE"}, {"subjectAltName", "DNS:good.localhost"}};
  const auto with = [](extensions base, std::pair<std::string, std::string> one) {
    for (auto& [type, value] : base) {
      if (type == one.first) {
        value = one.second;
        return base;
      }
    }
    base.push_back(std::move(one));
    return base;
  };
  struct row {
    const char* what;
    odd_options root;
    odd_options middle;
    odd_options leaf;
    const char* words;  // in the error; empty: accepted
  };
  const auto said = [](std::string name, extensions has) {
    odd_options out;
    out.common_name = std::move(name);
    out.extensions = std::move(has);
    return out;
  };
  const auto root = said("root", authority);
  const auto middle = said("middle", authority);
  const auto end = said("leaf", leaf);
  const auto changed = [](odd_options base, auto change) {
    change(base);
    return base;
  };
  const std::vector<row> rows{
      {"nothing wrong", root, middle, end, ""},
      {"an issuer that is no authority", root,
       said("middle", with(authority, {"basicConstraints", "CA:FALSE"})), end, "invalid CA certificate"},
      {"an issuer of version 1", root, changed(said("middle", {}), [](auto& o) { o.version = 0; }), end,
       "invalid CA certificate"},
      {"an issuer that may not sign", root,
       said("middle", with(authority, {"keyUsage", "critical,digitalSignature"})), end,
       "invalid CA certificate"},
      {"a chain longer than its root allows",
       said("root", with(authority, {"basicConstraints", "critical,CA:TRUE,pathlen:0"})), middle, end,
       "path length constraint exceeded"},
      {"a chain as long as its root allows",
       said("root", with(authority, {"basicConstraints", "critical,CA:TRUE,pathlen:1"})), middle, end, ""},
      {"an expired intermediate", root,
       changed(middle, [](auto& o) { o.valid_until = std::chrono::seconds{-1}; }), end,
       "certificate has expired"},
      {"a name that the issuer may not give", root,
       said("middle", with(authority, {"nameConstraints", "critical,permitted;DNS:other.localhost"})), end,
       "permitted subtree violation"},
      {"a name that the issuer must not give", root,
       said("middle", with(authority, {"nameConstraints", "critical,excluded;DNS:localhost"})), end,
       "excluded subtree violation"},
      {"a name that the issuer may give", root,
       said("middle", with(authority, {"nameConstraints", "critical,permitted;DNS:good.localhost"})), end,
       ""},
      {"for clients only", root, middle, said("leaf", with(leaf, {"extendedKeyUsage", "clientAuth"})),
       "certificate purpose"},
      {"for e-mail only", root, middle, said("leaf", with(leaf, {"extendedKeyUsage", "emailProtection"})),
       "certificate purpose"},
      {"for servers", root, middle, said("leaf", with(leaf, {"extendedKeyUsage", "serverAuth"})), ""},
      {"an issuer for clients only", root,
       said("middle", with(authority, {"extendedKeyUsage", "clientAuth"})), end, "certificate purpose"},
      {"an extension that must be understood and is not", root, middle,
       said("leaf", with(leaf, {"1.2.3.4.5", "critical,ASN1:NULL"})), "unhandled critical extension"},
      {"an extension that need not be understood", root, middle,
       said("leaf", with(leaf, {"1.2.3.4.5", "ASN1:NULL"})), ""},
      {"a key that is too short", root, middle, changed(end, [](auto& o) { o.rsa_bits = 768; }),
       "key too weak"},
      {"an issuer's key that is too short", root, changed(middle, [](auto& o) { o.rsa_bits = 768; }), end,
       "key too weak"},
      {"a key that is long enough", root, middle, changed(end, [](auto& o) { o.rsa_bits = 2048; }), ""},
      {"a signature with SHA-1", root, middle, changed(end, [](auto& o) { o.digest = EVP_sha1(); }),
       "too weak"},
      {"only a mail address in it", root, middle,
       said("leaf", with(leaf, {"subjectAltName", "email:a@good.localhost"})),
       "it is not for 'good.localhost'"},
      {"only a URI in it", root, middle,
       said("leaf", with(leaf, {"subjectAltName", "URI:https://good.localhost"})),
       "it is not for 'good.localhost'"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const odd_certificate top{row.root};
    const odd_certificate between{row.middle, &top};
    const odd_certificate shown{row.leaf, &between};
    const auto words = verdict_on(shown.identity(between.pem()), top.pem(), "good.localhost");
    INFO(words);
    if (*row.words == '\0') {
      CHECK(words.empty());
    } else {
      CHECK(contains(words, std::string{"certificate refused: "}));
      CHECK(contains(words, row.words));
    }
  }
}

TEST_CASE("a self-signed certificate is accepted only if it is trusted") {
  odd_options what;
  what.extensions = {{"subjectAltName", "DNS:good.localhost"}};
  const odd_certificate self_signed{what};
  const certificate_authority other;
  CHECK(
      contains(verdict_on(self_signed.identity(), other.pem(), "good.localhost"), "self-signed certificate"));
  CHECK(verdict_on(self_signed.identity(), self_signed.pem(), "good.localhost").empty());
  CHECK(contains(verdict_on(self_signed.identity(), self_signed.pem(), "other.localhost"),
                 "it is not for 'other.localhost'"));
}

TEST_CASE("a client certificate is accepted from a client and refused from a server") {
  certificate_options what;
  what.for_servers = false;
  const certificate_authority authority;
  CHECK(contains(verdict_on(authority.issue(what), authority.pem(), "127.0.0.1"), "certificate purpose"));
  what.for_servers = true;
  what.for_clients = false;
  CHECK(verdict_on(authority.issue(what), authority.pem(), "127.0.0.1").empty());
  what.for_servers = false;
  CHECK(verdict_on(authority.issue(what), authority.pem(), "127.0.0.1").empty());
}
