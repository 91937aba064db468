// SPDX-License-Identifier: BSL-1.0
// The secrets of a request must not stay in the memory of the process.
#include "beast_fixture.hpp"
#include "memory_scan.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <string>
#include <string_view>
#include <thread>

using namespace net_test;

namespace {

constexpr const char* first_half = "Bearer 7f3c9e";
constexpr const char* second_half = "51d2a8b06e-canary";

/// Responds to requests without keeping their bytes, unlike the kit's servers.
class forgetful_server {
public:
  forgetful_server() : thread_{[this] { serve(); }} {}
  ~forgetful_server() { thread_.join(); }
  [[nodiscard]] http::origin origin() const {
    return {"http", "127.0.0.1", acceptor_.local_endpoint().port()};
  }

private:
  void serve() {
    auto socket = acceptor_.accept();
    boost::system::error_code ended;
    for (std::string_view expected = "\r\n\r\n"; !ended;) {
      char one = 0;
      socket.read_some(asio::buffer(&one, 1), ended);
      if (one == expected.front()) {
        expected.remove_prefix(1);
      } else {
        expected = "\r\n\r\n";
      }
      if (!expected.empty()) continue;
      asio::write(socket, asio::buffer(std::string_view{"HTTP/1.1 204 No Content\r\n\r\n"}), ended);
      expected = "\r\n\r\n";
    }
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  std::thread thread_;
};

}  // namespace

TEST_CASE("a pooled connection holds no secret of an earlier request in memory") {
  const forgetful_server server;
  client c{""};
  auto request = get(server.origin());
  request.headers.add("Authorization", std::string{first_half} + second_half);
  const auto before = count_in_memory(first_half, second_half);
  REQUIRE(before > 0);  // the request itself
  REQUIRE(c.send(request));
  CHECK(c.transport.stats().idle == 1);
  CHECK(count_in_memory(first_half, second_half) == before);
}
