// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/runtime.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/io_context.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>

using namespace sso;
using sso::testing::fake_transport;

namespace {

/// The result of `draw` in a child process, up to 64 bytes.
template <class F>
std::string in_a_child(F draw) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string drawn = draw();
    const auto written = ::write(ends[1], drawn.data(), drawn.size());
    ::_exit(written == static_cast<ssize_t>(drawn.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::array<char, 64> buffer{};
  const auto size = ::read(ends[0], buffer.data(), buffer.size());
  ::close(ends[0]);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  REQUIRE(size > 0);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("random numbers of a child process differ from those of its parent and siblings", "[fork]") {
  const system_runtime runtime;
  const system_runtime copy = runtime;
  const auto draw = [&] { return std::to_string(copy.random()); };
  std::set<std::string> all;
  all.insert(in_a_child(draw));
  all.insert(in_a_child(draw));
  all.insert(draw());
  all.insert(in_a_child([&] { return in_a_child(draw); }));
  CHECK(all.size() == 4);
}

TEST_CASE("client requests of forked processes have different ids", "[fork]") {
  fake_transport network;
  network.handle([](const http::request& request) {
    return http::response{200, {}, std::string{request.headers.get("X-Client-Request-ID").value_or("")}};
  });
  const keycard::basic_client<fake_transport> client{network, bearer_token{"t"}};
  const auto id = [&] { return testing::run(client.request(http::method::get, "/x")).value().http.body; };
  std::set<std::string> ids{id(), in_a_child(id), in_a_child(id), id()};
  CHECK(ids.size() == 4);
  for (const auto& one : ids) CHECK(one.size() == 36);
}

TEST_CASE("random numbers of a child process differ from those of its parent after notify_fork", "[fork]") {
  boost::asio::io_context io;
  const system_runtime runtime;
  const auto draw = [&] { return std::to_string(runtime.random()); };
  io.notify_fork(boost::asio::io_context::fork_prepare);
  const auto child = in_a_child([&] {
    io.notify_fork(boost::asio::io_context::fork_child);
    return draw();
  });
  io.notify_fork(boost::asio::io_context::fork_parent);
  CHECK(child != draw());
}

TEST_CASE("random numbers of one runtime do not repeat", "[fork]") {
  const system_runtime runtime;
  std::set<std::uint64_t> all;
  unsigned ones = 0;
  for (int i = 0; i != 10000; ++i) {
    const auto value = runtime.random();
    all.insert(value);
    for (unsigned bit = 0; bit != 64; ++bit) ones += (value >> bit & 1) != 0 ? 1 : 0;
  }
  CHECK(all.size() == 10000);
  CHECK(ones > 318000);  // half of 640,000 expected; the standard deviation is 400
  CHECK(ones < 322000);
}
