// SPDX-License-Identifier: BSL-1.0
// A process that forks with a pooled connection: the child must not use it.
#include "beast_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

using namespace net_test;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

/// Responds to each request with the number of its connection and its target.
asio::awaitable<void> tell_connection(fault_peer& peer) {
  for (;;) {
    const auto request = co_await peer.read_request();
    if (request.empty()) co_return;
    const auto begin = request.find(' ') + 1;
    const auto target = request.substr(begin, request.find(' ', begin) - begin);
    co_await peer.write(ok(std::to_string(peer.number()) + target));
  }
}

/// The child's result, as its exit status: output of the test framework would appear twice.
enum finding { good = 0, no_response = 10, wrong_response = 11, wrong_counts = 12, threw = 13 };

finding call_in_child(client& c, const http::origin& where, bool post_first) {
  for (int i = 0; i != 3; ++i) {
    auto request = post_first && i == 0 ? post(where, "x") : get(where);
    request.target = "/child" + std::to_string(i);
    const auto r = c.send(request);
    if (!r) return no_response;
    const auto number = r->body.substr(0, r->body.find('/'));
    if (number == "0" || r->body.substr(number.size()) != request.target) return wrong_response;
  }
  const auto stats = c.transport.stats();
  return stats.open == 1 && stats.idle == 1 ? good : wrong_counts;
}

int status_of(pid_t child) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a child process does not use the connections or TLS sessions of its parent") {
  for (const bool tls : {true, false}) {
    for (const bool notify : {true, false}) {
      for (const bool post_first : {true, false}) {
        CAPTURE(tls, notify, post_first);
        fault_options how;
        how.tls = tls;
        fault_server server{tell_connection, how};
        client c{server.ca_pem()};
        const auto first = c.send(get(server.origin(), "/parent"));
        REQUIRE(first);
        CHECK(first->body == "0/parent");

        std::vector<pid_t> children;
        for (int i = 0; i != 2; ++i) {
          if (notify) c.io.notify_fork(asio::execution_context::fork_prepare);
          const auto child = ::fork();
          REQUIRE(child >= 0);
          if (child == 0) {
            finding found = threw;
            try {
              if (notify) c.io.notify_fork(asio::execution_context::fork_child);
              found = call_in_child(c, server.origin(), post_first);
            } catch (...) {
            }
            ::_exit(found);
          }
          if (notify) c.io.notify_fork(asio::execution_context::fork_parent);
          // Without `notify_fork`, parent and child share an epoll instance and must not use it concurrently.
          if (!notify) CHECK(status_of(child) == good);
          children.push_back(child);
        }
        for (const bool replayable : {true, false}) {
          auto request = replayable ? get(server.origin()) : post(server.origin(), "x");
          request.target = "/again";
          const auto again = c.send(request);
          REQUIRE(again);
          CHECK(again->body == "0/again");
        }
        if (notify) {
          for (const auto child : children) CHECK(status_of(child) == good);
        }
        CHECK(c.transport.stats().opened == 1);
        CHECK(server.connections() == 3);
        CHECK(server.resumptions() == 0);
      }
    }
  }
}

TEST_CASE("a child process that destroys its copy of the loop does not end the connection of its parent") {
  fault_server server{tell_connection};
  client c{server.ca_pem()};
  REQUIRE(c.send(get(server.origin())));
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    c.transport = sso::beast_transport{c.io, [] {
                                         sso::beast_options none;
                                         none.tls.dangerously_disable_verification = true;
                                         return none;
                                       }()};
    ::_exit(good);
  }
  CHECK(status_of(child) == good);
  const auto again = c.send(post(server.origin(), "x"));
  REQUIRE(again);
  CHECK(again->body == "0/");
}
