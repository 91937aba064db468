// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/public_address.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>

namespace {

bool is_public(const std::string& text) {
  return sso::is_public_address(boost::asio::ip::make_address(text));
}

}  // namespace

TEST_CASE("global addresses are public") {
  const auto* text = GENERATE(
      "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
      "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255",
      "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
      "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
      "223.255.255.255",  //
      "2000::1", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700:4700::1111",
      "2a00:1450:4001:82a::200e", "3ffe::1", "3fff:1000::1",  //
      "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1");
  CAPTURE(text);
  CHECK(is_public(text));
}

TEST_CASE("special-purpose addresses are not public") {
  const auto* text = GENERATE(
      "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
      "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
      "192.0.0.0", "192.0.0.8", "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255",
      "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.0", "239.255.255.255",
      "240.0.0.0", "255.255.255.255",  //
      "::", "::1", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b:1::8.8.8.8", "64:ff9b:0:1::8.8.8.8", "100::1",
      "1fff:ffff::1", "2001::1", "2001:0:808:808::1", "2001:2::1", "2001:20::1", "2001:1ff:ffff::1",
      "2001:db8::1", "2001:db8:ffff:ffff::1", "3fff::1", "3fff:fff:ffff::1", "4000::1", "5f00::1", "fc00::1",
      "fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1");
  CAPTURE(text);
  CHECK_FALSE(is_public(text));
}

TEST_CASE("an IPv6 address with an embedded IPv4 address is public only if the IPv4 address is") {
  const auto* text = GENERATE("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "0.0.0.0",
                              "100.64.0.1", "224.0.0.1", "255.255.255.255");
  CAPTURE(text);
  const auto bytes = boost::asio::ip::make_address_v4(text).to_bytes();
  CHECK_FALSE(is_public("::ffff:" + std::string{text}));
  CHECK_FALSE(is_public("64:ff9b::" + std::string{text}));
  boost::asio::ip::address_v6::bytes_type six_to_four{0x20, 0x02, bytes[0], bytes[1], bytes[2], bytes[3]};
  six_to_four[15] = 1;
  CHECK_FALSE(sso::is_public_address(boost::asio::ip::address_v6{six_to_four}));
}

TEST_CASE("a link-local address with a scope is not public") {
  CHECK_FALSE(sso::is_public_address(boost::asio::ip::make_address_v6("fe80::1%1")));
}
