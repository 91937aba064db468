// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "changed_variable.hpp"

#include <boost/asio/thread_pool.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::certificate_authority;
using sso::testing::certificate_options;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

/// A temporary file, removed by the destructor.
class temporary_file {
public:
  explicit temporary_file(const std::string& text) {
    static int count = 0;
    path_ = (std::filesystem::temp_directory_path() /
             ("sso-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".pem"))
                .string();
    std::ofstream{path_} << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::remove(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

fault_options certified(const certificate_options& what, const std::string& host = "127.0.0.1") {
  fault_options out;
  out.certificate = what;
  out.host = host;
  return out;
}

/// The key, encrypted with a password.
std::string encrypted(const std::string& key_pem, const std::string& password) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> in{
      BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), &BIO_free_all};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out{BIO_new(BIO_s_mem()), &BIO_free_all};
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), password.data(),
                                        static_cast<int>(password.size()), nullptr, nullptr) == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// The error for invalid `options`.
sso::error refusal(const sso::beast_options& options) {
  asio::io_context io;
  try {
    const sso::beast_transport transport{io.get_executor(), options};
  } catch (const sso::exception& e) {
    return e.error();
  }
  FAIL("the options were accepted");
  return sso::error{errc::cancelled};
}

void check_refused(const exchange_result& r, const std::string& words) {
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::tls_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
  CHECK(contains(r.error().message(), words));
}

}  // namespace

TEST_CASE("a certificate is accepted only for the names in it") {
  struct row {
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    const char* host;
    bool accepted;
  };
  using std::string;
  const std::vector<row> rows{
      {{"localhost"}, {}, "localhost", true},
      {{"LOCALHOST"}, {}, "localhost", true},
      {{"localhost"}, {}, "LocalHost", true},
      {{"other.test", "localhost"}, {}, "localhost", true},
      {{"other.test"}, {}, "localhost", false},
      {{"a.localhost"}, {}, "a.localhost", true},
      {{"*.sub.localhost"}, {}, "a.sub.localhost", true},
      {{"*.sub.localhost"}, {}, "sub.localhost", false},
      {{"*.sub.localhost"}, {}, "b.a.sub.localhost", false},
      {{"*.localhost"}, {}, "a.localhost", false},  // a whole top level
      {{"*"}, {}, "localhost", false},
      {{"a*.sub.localhost"}, {}, "ab.sub.localhost", false},
      {{"a.*.localhost"}, {}, "a.sub.localhost", false},
      {{"*.*.localhost"}, {}, "a.sub.localhost", false},
      {{string{"localhost\0.evil.test", 20}}, {}, "localhost", false},
      {{}, {"127.0.0.1"}, "127.0.0.1", true},
      {{}, {"127.0.0.2"}, "127.0.0.1", false},
      {{"127.0.0.1"}, {}, "127.0.0.1", false},  // an address in a dNSName does not count
      {{}, {"127.0.0.1"}, "localhost", false},
      {{}, {}, "localhost", false},  // the common name is also localhost, but is ignored
  };
  for (const auto& row : rows) {
    certificate_options what;
    what.common_name = "localhost";
    what.dns_names = row.dns_names;
    what.ip_addresses = row.addresses;
    fault_server server{always(ok("fine")), certified(what, row.host)};
    client c{server.ca_pem()};
    const auto r = c.send(get(server.origin()));
    INFO(row.host << " with " << (row.dns_names.empty() ? "no name" : row.dns_names[0]));
    if (!r) UNSCOPED_INFO(r.error());
    CHECK(r.has_value() == row.accepted);
    if (!r) check_refused(r, std::string{"it is not for '"} + row.host + "'");
    CHECK(server.requests().size() == (row.accepted ? 1 : 0));
  }
}

TEST_CASE(
    "a certificate outside its validity period or from an unknown authority is refused with the reason") {
  using namespace std::chrono;
  SECTION("expired") {
    certificate_options what;
    what.valid_from = -hours{48};
    what.valid_until = -hours{24};
    fault_server server{always(ok("")), certified(what)};
    client c{server.ca_pem()};
    check_refused(c.send(get(server.origin())), "certificate has expired");
  }
  SECTION("not yet valid") {
    certificate_options what;
    what.valid_from = hours{24};
    what.valid_until = hours{48};
    fault_server server{always(ok("")), certified(what)};
    client c{server.ca_pem()};
    check_refused(c.send(get(server.origin())), "certificate is not yet valid");
  }
  SECTION("unknown authority") {
    fault_server server{always(ok(""))};
    const certificate_authority other;
    client c{other.pem()};
    const auto r = c.send(get(server.origin()));
    check_refused(r, "certificate refused: ");
    CHECK(contains(r.error().message(), "(trusted: tls.ca_pem)"));
    CHECK(contains(r.error().message(), "https://127.0.0.1:"));
    const temporary_file file{other.pem()};
    sso::beast_options options;
    options.tls.ca_file = file.path();
    client d{"", options};
    check_refused(d.send(get(server.origin())), "(trusted: " + file.path() + ")");
  }
  SECTION("self-signed") {
    const certificate_authority unknown;
    fault_options options;
    options.identity = unknown.issue();
    fault_server server{always(ok("")), options};
    const certificate_authority other;
    client c{other.pem()};
    check_refused(c.send(get(server.origin())),
                  "unable to get local issuer certificate, its authority is not trusted or");
  }
  SECTION("dangerously_disable_verification accepts it") {
    certificate_options what;
    what.valid_from = -hours{48};
    what.valid_until = -hours{24};
    fault_server server{always(ok("")), certified(what)};
    sso::beast_options options;
    options.tls.dangerously_disable_verification = true;
    client c{"", options};
    CHECK(c.send(get(server.origin())));
  }
}

TEST_CASE("trusted certificates come from a file or from memory or from both") {
  fault_server one{always(ok(""))};
  fault_server two{always(ok(""))};
  const temporary_file file{"Some words before.\n" + one.ca_pem()};
  sso::beast_options options;
  options.tls.ca_file = file.path();
  {
    client c{"", options};
    CHECK(c.send(get(one.origin())));
    CHECK_FALSE(c.send(get(two.origin())));
  }
  client c{two.ca_pem(), options};
  CHECK(c.send(get(one.origin())));
  CHECK(c.send(get(two.origin())));
}

TEST_CASE("the trust store of the system is the default") {
  fault_server server{always(ok(""))};
  const temporary_file file{server.ca_pem()};
  const changed_variable where{"SSL_CERT_FILE", file.path()};
  asio::io_context io;
  client c{server.ca_pem()};
  const sso::beast_transport transport{c.io.get_executor()};
  const auto request = get(server.origin());
  CHECK(c.run(transport.send(request, {})));
}

TEST_CASE("an invalid TLS option is refused by name") {
  const certificate_authority authority;
  const auto mine = authority.issue();
  const auto foreign = authority.issue();
  const temporary_file certificate{mine.certificate_pem};
  const temporary_file key{mine.key_pem};
  const temporary_file foreign_key{foreign.key_pem};
  const temporary_file words{"no certificate here\n"};
  const temporary_file empty{""};
  const temporary_file broken{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"};
  const temporary_file half{mine.certificate_pem +
                            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"};
  const auto check = [](const sso::beast_options& options, errc code, const std::string& words_of_it) {
    const auto e = refusal(options);
    INFO(e);
    CHECK(e.code() == code);
    CHECK(contains(e.message(), words_of_it));
  };
  const auto with = [](auto change) {
    sso::beast_options options;
    options.tls.ca_pem = certificate_authority{}.pem();
    change(options);
    return options;
  };
  using o = sso::beast_options;
  check(with([&](o& x) { x.tls.ca_pem = "nothing"; }), errc::tls_failed, "tls.ca_pem: no certificate");
  for (const auto* file : {&words, &empty, &broken, &half, &key}) {
    check(with([&](o& x) { x.tls.ca_file = file->path(); }), errc::tls_failed, "tls.ca_file: ");
  }
  check(with([](o& x) { x.tls.ca_file = "/nonexistent/ca.pem"; }), errc::tls_failed,
        "tls.ca_file: cannot read /nonexistent/ca.pem");
  check(with([&](o& x) { x.tls.client_certificate_file = certificate.path(); }), errc::invalid_argument,
        "tls.client_key_file: ");
  check(with([&](o& x) { x.tls.client_key_file = key.path(); }), errc::invalid_argument,
        "tls.client_certificate_file: ");
  check(with([&](o& x) {
          x.tls.client_certificate_file = words.path();
          x.tls.client_key_file = key.path();
        }),
        errc::tls_failed, "tls.client_certificate_file: cannot use");
  check(with([&](o& x) {
          x.tls.client_certificate_file = certificate.path();
          x.tls.client_key_file = words.path();
        }),
        errc::tls_failed, "tls.client_key_file: cannot use");
  check(with([&](o& x) {
          x.tls.client_certificate_file = certificate.path();
          x.tls.client_key_file = foreign_key.path();
        }),
        errc::tls_failed, "tls.client_key_file: ");
  const auto in_memory = [&](const std::string& certificate_pem, const std::string& key_pem) {
    return with([&](o& x) {
      x.tls.client_certificate_pem = certificate_pem;
      x.tls.client_key_pem = sso::secret{key_pem};
    });
  };
  check(in_memory(mine.certificate_pem, ""), errc::invalid_argument,
        "tls.client_key_file: this or tls.client_key_pem is needed together with tls.client_certificate_pem");
  check(in_memory("", mine.key_pem), errc::invalid_argument,
        "tls.client_certificate_file: this or tls.client_certificate_pem is needed together with "
        "tls.client_key_pem");
  check(with([&](o& x) {
          x.tls.client_certificate_file = certificate.path();
          x.tls.client_certificate_pem = mine.certificate_pem;
          x.tls.client_key_file = key.path();
        }),
        errc::invalid_argument,
        "tls.client_certificate_pem: must not be set together with tls.client_certificate_file");
  check(with([&](o& x) {
          x.tls.client_certificate_pem = mine.certificate_pem;
          x.tls.client_key_file = key.path();
          x.tls.client_key_pem = sso::secret{mine.key_pem};
        }),
        errc::invalid_argument, "tls.client_key_pem: must not be set together with tls.client_key_file");
  const std::string damaged = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  for (const auto& bad : {std::string{"words"}, mine.key_pem, damaged, mine.certificate_pem + damaged}) {
    check(in_memory(bad, mine.key_pem), errc::tls_failed, "tls.client_certificate_pem: cannot be used: ");
  }
  check(in_memory("words", mine.key_pem), errc::tls_failed, "no start line");
  for (const auto& bad : {std::string{"words"}, mine.certificate_pem, encrypted(mine.key_pem, "a word")}) {
    check(in_memory(mine.certificate_pem, bad), errc::tls_failed, "tls.client_key_pem: cannot be used: ");
  }
  check(in_memory(mine.certificate_pem, foreign.key_pem), errc::tls_failed,
        "tls.client_key_pem: cannot be used: key values mismatch");
  auto wrong_word = in_memory(mine.certificate_pem, encrypted(mine.key_pem, "a word"));
  wrong_word.tls.client_key_password = sso::secret{"another"};
  check(wrong_word, errc::tls_failed, "tls.client_key_pem: cannot be used: ");
  for (const auto& e : {refusal(wrong_word), refusal(in_memory(mine.certificate_pem, foreign.key_pem))}) {
    CHECK_FALSE(contains(e.message(), "PRIVATE KEY"));
  }
  check(with([](o& x) { x.pool.per_origin = 0; }), errc::invalid_argument, "pool.per_origin");
  check(with([](o& x) { x.pool.total = 0; }), errc::invalid_argument, "pool.total");
  check(with([](o& x) { x.pool.idle_timeout = -1s; }), errc::invalid_argument, "pool.idle_timeout");
  check(with([](o& x) { x.pool.max_lifetime = 0s; }), errc::invalid_argument, "pool.max_lifetime");
  check(with([](o& x) { x.connect_timeout = 0s; }), errc::invalid_argument, "connect_timeout");

  const changed_variable file{"SSL_CERT_FILE", "/nonexistent/cert.pem"};
  const changed_variable directory{"SSL_CERT_DIR", "/nonexistent/one:/nonexistent/two"};
  check(o{}, errc::tls_failed, "/nonexistent/cert.pem and /nonexistent/one:/nonexistent/two");
  CHECK_THROWS_AS(sso::beast_transport(asio::any_io_executor{}), sso::exception);
}

TEST_CASE("an unreadable file of a TLS option is refused by name and no key is printed") {
  const certificate_authority authority;
  const auto mine = authority.issue();
  const temporary_file certificate{mine.certificate_pem};
  const temporary_file key{mine.key_pem};
  const temporary_file broken{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"};
  const auto directory = std::filesystem::temp_directory_path().string();
  const std::string bare_key = "MC4CAQAwBQYDK2VwBCIEIHcanarycanarycanarycanarycanarycanarycanary/+";

  struct row {
    const char* option;
    std::string sso::beast_tls_options::*member;
  };
  using o = sso::beast_tls_options;
  for (const auto& [option, member] :
       {row{"tls.ca_file", &o::ca_file}, row{"tls.client_certificate_file", &o::client_certificate_file},
        row{"tls.client_key_file", &o::client_key_file}}) {
    for (const auto& value :
         {directory, mine.key_pem, mine.certificate_pem, bare_key, std::string{"line\nline"},
          std::string{"/nonexistent/canary"}, std::string(5000, 'x')}) {
      sso::beast_options options;
      options.tls.ca_pem = authority.pem();
      options.tls.client_certificate_file = certificate.path();
      options.tls.client_key_file = key.path();
      options.tls.*member = value;
      const auto e = refusal(options);
      INFO(e);
      CHECK(e.code() == errc::tls_failed);
      CHECK(contains(e.message(), std::string{option} + ": "));
      CHECK(contains(e.message(), value.substr(0, 80)) == (value == directory));
      CHECK_FALSE(contains(e.message(), "BEGIN"));
      CHECK_FALSE(contains(e.message(), "MC4C"));
      if (value == directory) CHECK(contains(e.message(), "it is a directory"));
      if (value == mine.key_pem) CHECK(contains(e.message(), "holds PEM text, not the name of a file"));
    }
  }
  sso::beast_options options;
  options.tls.ca_file = broken.path();
  CHECK(contains(refusal(options).message(), "tls.ca_file: a certificate in it cannot be read: "));
}

TEST_CASE("a transport is constructed from an executor or an execution context") {
  static_assert(!std::convertible_to<asio::io_context&, sso::beast_transport>);
  static_assert(!std::constructible_from<sso::beast_transport, const std::string&>);
  static_assert(std::constructible_from<sso::beast_transport, asio::thread_pool&>);
  fault_server server{always(ok("fine"))};
  sso::beast_options options;
  options.tls.ca_pem = server.ca_pem();
  client c{server.ca_pem()};
  const sso::beast_transport transport{c.io, options};
  CHECK(c.run(transport.send(get(server.origin()), {})));
  CHECK(transport.stats().opened == 1);
}

TEST_CASE("a directory of hashed certificates is a trust store") {
  const auto directory =
      std::filesystem::temp_directory_path() / ("sso-test-store-" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  const changed_variable file{"SSL_CERT_FILE", "/nonexistent/cert.pem"};
  const changed_variable where{"SSL_CERT_DIR", "/nonexistent:" + directory.string()};
  CHECK(contains(refusal({}).message(), "holds no certificate"));
  std::ofstream{directory / "0123abcd.0"} << certificate_authority{}.pem();
  asio::io_context io;
  CHECK_NOTHROW(sso::beast_transport{io.get_executor()});
  std::filesystem::remove_all(directory);
}

TEST_CASE("TLS versions below 1.2 or below the configured minimum are refused") {
  const auto old_server = [](int newest) {
    fault_options options;
    options.newest_tls = newest;
    return options;
  };
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    fault_server server{always(ok("")), old_server(version)};
    client c{server.ca_pem()};
    const auto r = c.send(get(server.origin()));
    check_refused(r, "TLS with https://127.0.0.1:");
    CHECK(contains(r.error().message(), "protocol"));
  }
  fault_server server{always(ok("")), old_server(TLS1_2_VERSION)};
  client c{server.ca_pem()};
  CHECK(c.send(get(server.origin())));
  sso::beast_options options;
  options.tls.min_version = sso::tls_version::v1_3;
  client strict{server.ca_pem(), options};
  check_refused(strict.send(get(server.origin())), "TLS with https://127.0.0.1:");
}

TEST_CASE("a failed TLS handshake has another error than a refused certificate") {
  fault_options plain;
  plain.tls = false;
  SECTION("the peer sends plain text") {
    fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
                          co_await peer.write("220 mail.example.com ESMTP\r\n");
                          co_await peer.until_gone();
                        },
                        plain};
    auto where = server.origin();
    where.scheme = "https";
    client c{certificate_authority{}.pem()};
    check_refused(c.send(get(where)), "wrong version number");
  }
  SECTION("the peer closes the connection") {
    for (const auto how : {ending::abrupt, ending::reset}) {
      fault_server server{[how](fault_peer& peer) -> asio::awaitable<void> {
                            peer.end(how);
                            co_return;
                          },
                          plain};
      auto where = server.origin();
      where.scheme = "https";
      client c{certificate_authority{}.pem()};
      const auto r = c.send(get(where));
      REQUIRE_FALSE(r);
      INFO(r.error());
      CHECK((r.error().code() == errc::tls_failed || r.error().code() == errc::connect_failed));
      CHECK(r.error().outcome() == outcome::not_sent);
    }
  }
}

TEST_CASE("a client sends its certificate if the server requests one") {
  const certificate_authority authority;
  const auto mine = authority.issue();
  const temporary_file certificate{mine.certificate_pem};
  const temporary_file key{mine.key_pem};
  const auto below = authority.intermediate().intermediate("sso test low").issue();
  const temporary_file chain{below.certificate_pem + below.chain_pem};
  for (const int newest : {TLS1_2_VERSION, 0}) {
    fault_options demanding;
    demanding.client_ca_pem = authority.pem();
    demanding.newest_tls = newest;
    fault_server server{always(ok("fine")), demanding};

    sso::beast_options options;
    options.tls.client_certificate_file = certificate.path();
    options.tls.client_key_file = key.path();
    client known{server.ca_pem(), options};
    CHECK(known.send(get(server.origin())));

    sso::beast_options in_memory;
    in_memory.tls.client_certificate_pem = below.certificate_pem + below.chain_pem;
    in_memory.tls.client_key_pem = sso::secret{encrypted(below.key_pem, "a word")};
    in_memory.tls.client_key_password = sso::secret{"a word"};
    client also_known{server.ca_pem(), in_memory};
    CHECK(also_known.send(get(server.origin())));

    sso::beast_options both;
    both.tls.client_certificate_file = chain.path();
    both.tls.client_key_pem = sso::secret{below.key_pem};
    client known_by_both{server.ca_pem(), both};
    CHECK(known_by_both.send(get(server.origin())));

    client unknown{server.ca_pem()};
    const auto r = unknown.send(get(server.origin()));
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == errc::tls_failed);
    // With TLS 1.3 the request is sent before the server checks the certificate.
    CHECK(r.error().outcome() == (newest == 0 ? outcome::maybe_executed : outcome::not_sent));
  }
}

TEST_CASE("a new connection resumes an earlier TLS session") {
  for (const int newest : {TLS1_2_VERSION, 0}) {
    fault_options options;
    options.newest_tls = newest;
    fault_server server{once("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", ending::abrupt),
                        options};
    client c{server.ca_pem()};
    for (int i = 0; i != 6; ++i) REQUIRE(c.send(post(server.origin(), "x")));
    CHECK(server.connections() == 6);
    CHECK(server.resumptions() == 5);
  }
}
