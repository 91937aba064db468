// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/method.hpp>
#include <sso/http/origin.hpp>

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

TEST_CASE("a method prints as in a request line") {
  using sso::http::method;
  CHECK(sso::http::to_string(method::get) == "GET");
  CHECK(sso::http::to_string(method::head) == "HEAD");
  CHECK(sso::http::to_string(method::post) == "POST");
  CHECK(sso::http::to_string(method::put) == "PUT");
  CHECK(sso::http::to_string(method::patch) == "PATCH");
  CHECK(sso::http::to_string(method::delete_) == "DELETE");
}

TEST_CASE("an origin prints as a URL and as a Host header") {
  struct row {
    sso::http::origin origin;
    std::string_view url;
    std::string_view host;
  };
  const std::vector<row> table{
      {{"https", "api.example.com", 443}, "https://api.example.com", "api.example.com"},
      {{"https", "api.example.com", 8443}, "https://api.example.com:8443", "api.example.com:8443"},
      {{"https", "api.example.com", 80}, "https://api.example.com:80", "api.example.com:80"},
      {{"http", "localhost", 80}, "http://localhost", "localhost"},
      {{"http", "localhost", 443}, "http://localhost:443", "localhost:443"},
      {{"https", "::1", 443}, "https://[::1]", "[::1]"},
      {{"http", "2001:db8::1", 8080}, "http://[2001:db8::1]:8080", "[2001:db8::1]:8080"},
  };
  for (const auto& row : table) {
    CAPTURE(row.url);
    CHECK(sso::http::to_string(row.origin) == row.url);
    CHECK(sso::http::host_header(row.origin) == row.host);
  }
}

TEST_CASE("is_loopback decides by the text of the host") {
  const auto loopback = [](std::string_view host) {
    return sso::http::is_loopback({"http", std::string{host}, 80});
  };
  for (const std::string_view host :
       {"localhost", "LocalHost", "api.localhost", "127.0.0.1", "127.255.255.254", "::1"}) {
    CAPTURE(host);
    CHECK(loopback(host));
  }
  for (const std::string_view host :
       {"", "localhost.example.com", "mylocalhost", ".localhost", "128.0.0.1", "127.0.0.1.example.com", "::2",
        "0.0.0.0", "::", "10.0.0.1", "localhost."}) {
    CAPTURE(host);
    CHECK_FALSE(loopback(host));
  }
}

TEST_CASE("origins can be compared and hashed") {
  const sso::http::origin a{"https", "a", 443};
  CHECK(a == sso::http::origin{"https", "a", 443});
  CHECK(a != sso::http::origin{"http", "a", 443});
  CHECK(a < sso::http::origin{"https", "b", 1});

  const std::unordered_set<sso::http::origin> set{
      a, {"https", "a", 443}, {"https", "a", 444}, {"http", "a", 443}};
  CHECK(set.size() == 3);
}
