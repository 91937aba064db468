// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/encode.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/params.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/params.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>
#include <vector>

// Parameters are often temporaries in a co_await expression, where g++ 12 copies aggregates bitwise. Each class must
// survive a suspension there. Run under a sanitizer.

namespace {

namespace asio = boost::asio;
namespace keycard = sso::keycard;
namespace truto = sso::truto;

template <class Params>
asio::awaitable<std::string> send(std::string id, Params params) {
  co_await asio::post(asio::use_awaitable);
  co_return id + " " + sso::json::encode(params);
}

const std::string long_text = "a text too long for a small string to hold without allocating";

asio::awaitable<std::vector<std::string>> calls() {
  std::vector<std::string> sent;
  sent.push_back(
      co_await send("a", keycard::retrieve_params{}.expand(keycard::expansion::permissions, long_text)));
  sent.push_back(co_await send(
      long_text,
      keycard::enable_params{long_text, "i"}
          .client_secret(sso::secret{long_text})
          .protocols(keycard::protocols_params{}
                         .oauth2(keycard::oauth2_params{}
                                     .jwks_uri("https://example.com/a/rather/long/path/to/the/keys")
                                     .scopes_supported("openid", long_text))
                         .openid(sso::null))));
  sent.push_back(co_await send(
      "c",
      keycard::update_params{}.client_id(sso::null).client_secret(long_text).identifier(long_text).protocols(
          sso::null)));
  sent.push_back(co_await send("d", truto::update_params{}
                                        .protocol(long_text)
                                        .is_active(true)
                                        .default_environment_ids("a", long_text)
                                        .client_secret(long_text)
                                        .config(truto::config_params{}.idp_metadata_xml(long_text))));
  sent.push_back(co_await send("e", truto::list_params{}.limit(5).next_cursor(long_text)));
  co_return sent;
}

TEST_CASE("temporary parameters outlive a suspension of the call", "[keycard][truto]") {
  asio::io_context io;
  std::vector<std::string> sent;
  asio::co_spawn(io, calls(), [&](std::exception_ptr failed, std::vector<std::string> result) {
    if (failed) std::rethrow_exception(failed);
    sent = std::move(result);
  });
  io.run();
  const auto& t = long_text;
  const std::vector<std::string> expected{
      R"(a {"expand":["permissions",")" + t + R"("]})",
      t + R"( {"client_id":")" + t + R"(","identifier":"i","client_secret":")" + t +
          R"(","protocols":{"oauth2":{"jwks_uri":"https://example.com/a/rather/long/path/to/the/keys",)" +
          R"("scopes_supported":["openid",")" + t + R"("]},"openid":null}})",
      R"(c {"client_id":null,"client_secret":")" + t + R"(","identifier":")" + t + R"(","protocols":null})",
      R"(d {"protocol":")" + t + R"(","is_active":true,"default_environment_ids":["a",")" + t +
          R"("],"client_secret":")" + t + R"(","config":{"idp_metadata_xml":")" + t + R"("}})",
      R"(e {"limit":5,"next_cursor":")" + t + R"("})",
  };
  CHECK(sent == expected);
}

}  // namespace
