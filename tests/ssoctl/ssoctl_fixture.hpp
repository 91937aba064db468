// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"
#include "child.hpp"
#include "gate.hpp"
#include "ssoctl_program.hpp"  // made by CMake: where it is

#include <sso/testing/fake_idp.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

/// A text in a file that goes with its test.
class temporary_file {
public:
  explicit temporary_file(const std::string& text) {
    const int fd = ::mkstemp(name_.data());
    if (fd < 0) throw std::runtime_error{"mkstemp"};
    ::close(fd);
    std::ofstream{name_} << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::remove(name_.c_str()); }
  [[nodiscard]] const std::string& name() const { return name_; }

private:
  std::string name_ = "/tmp/ssoctl_test_XXXXXX";
};

/// Both vendors and an OpenID provider on one port of loopback, behind TLS, and ssoctl with credentials for the vendors.
class ssoctl_fixture {
public:
  static inline const std::string id{sso::testing::fake_truto::example_id};
  using words = std::vector<std::string>;

  ssoctl_fixture() {
    keycard.add_organization("acme").add_client("id", "a-secret-of-ours");
    truto.add_connection().accept_token("a-token-of-ours");
    idp.issuer(issuer);
  }
  ~ssoctl_fixture() { hold.open(); }

  child::start start(words arguments, std::string input = {}) {
    child::start out{ssoctl_program, std::move(arguments), environment, std::move(input)};
    out.arguments.insert(out.arguments.end(),
                         {"--base-url", server.base_url(), "--ca-file", authority.name()});
    return out;
  }
  child::ending run(words arguments, std::string input = {}) {
    return run_program(start(std::move(arguments), std::move(input)));
  }
  /// What it prints when told to print JSON; null where that is no JSON, or where it failed.
  boost::json::value json(words arguments, std::string input = {}) {
    arguments.push_back("--json");
    const auto ended = run(std::move(arguments), std::move(input));
    INFO(ended.err);
    REQUIRE(ended.status == 0);
    REQUIRE(ended.out.ends_with('\n'));
    return boost::json::parse(ended.out);
  }

  gate hold;
  sso::testing::fake_keycard keycard;
  sso::testing::fake_truto truto;
  sso::testing::fake_idp idp;
  sso::testing::loopback_server server{[this](const sso::http::request& request) {
    if (!request.target.ends_with("service-account-token")) hold.pass();
    if (request.target.starts_with("/idp/")) return idp(request);
    return request.target.starts_with("/sso-connection/") ? truto(request) : keycard(request);
  }};
  const std::string issuer = server.base_url() + "/idp";
  temporary_file authority{server.ca_pem()};
  std::map<std::string, std::string> environment{{"KEYCARD_API_CLIENT_ID", "id"},
                                                 {"KEYCARD_API_CLIENT_SECRET", "a-secret-of-ours"},
                                                 {"TRUTO_API_TOKEN", "a-token-of-ours"},
                                                 {"TERM", "xterm"}};
};

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The text that a JSON string holds.
inline std::string text(const boost::json::value& value) {
  return std::string{value.as_string()};
}
