// SPDX-License-Identifier: BSL-1.0
// A process that forks with a pooled connection: the child must not use it.
#include "beast_fixture.hpp"
#include "gate.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

using namespace net_test;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

/// Responds to each request with the number of its connection and its target. Can be paused.
class pausing_server {
public:
  explicit pausing_server(const fault_options& how = {})
      : server_{[this](fault_peer& peer) { return respond(peer); }, how} {}

  /// Sends a request of the parent, and keeps the server's thread waiting after its response. A thread that allocates
  /// during a fork may leave the child with a locked allocator: AddressSanitizer's has no fork handlers.
  void pause(client& parent) {
    paused_.close();
    const auto r = parent.send(get(server_.origin(), "/parent"));
    REQUIRE(r);
    CHECK(r->body == "0/parent");
    paused_.await_arrival();
  }
  void resume() { paused_.open(); }

  [[nodiscard]] const fault_server& server() const { return server_; }

private:
  asio::awaitable<void> respond(fault_peer& peer) {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      const auto begin = request.find(' ') + 1;
      const auto target = request.substr(begin, request.find(' ', begin) - begin);
      co_await peer.write(ok(std::to_string(peer.number()) + target));
      if (target == "/parent") paused_.pass();
    }
  }

  gate paused_;
  fault_server server_;
};

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
        pausing_server pausing{how};
        const auto& server = pausing.server();
        client c{server.ca_pem()};
        std::vector<pid_t> children;
        for (int i = 0; i != 2; ++i) {
          pausing.pause(c);
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
          pausing.resume();
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
  pausing_server pausing;
  const auto& server = pausing.server();
  client c{server.ca_pem()};
  pausing.pause(c);
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
  pausing.resume();
  CHECK(status_of(child) == good);
  const auto again = c.send(post(server.origin(), "x"));
  REQUIRE(again);
  CHECK(again->body == "0/");
}
