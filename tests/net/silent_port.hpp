// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace net_test {

/// A port that ignores connects: its backlog is full.
class silent_port {
public:
  /// @param address an address in 127.0.0.0/8, or ::1
  explicit silent_port(const std::string& address, std::uint16_t port = 0) : acceptor_{io_} {
    using boost::asio::ip::tcp;
    const tcp::endpoint where{boost::asio::ip::make_address(address), port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.bind(where);
    acceptor_.listen(0);
    for (int i = 0; i != 3; ++i) {
      fill_.push_back(std::make_unique<tcp::socket>(io_));
      fill_.back()->async_connect(acceptor_.local_endpoint(), [](boost::system::error_code) {});
    }
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> fill_;
};

}  // namespace net_test
