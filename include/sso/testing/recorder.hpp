// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/http/transport.hpp>
#include <sso/result.hpp>
#include <sso/testing/cassette.hpp>

#include <boost/asio/awaitable.hpp>

#include <fstream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sso::testing {

/// A layer that writes down every exchange that goes through it, without the secrets, for a `replayer`.
///
///     sso::testing::recorder network{sso::beast_transport{executor}};
///     sso::keycard::basic_client client{network, ...};
///     ...
///     network.save("tests/retrieve.cassette.json");
///
/// What is kept is what `redaction` allows, so that a new header or parameter is redacted until somebody
/// allows it. Look at a cassette before it is published all the same: organizations, domains and client ids
/// are in it.
///
/// A handle: copies write to the same cassette. Thread-safe if `Next` is.
template <transport Next>
class recorder {
public:
  /// Records what goes through `next`, less what `rules` do not let through.
  explicit recorder(Next next, redaction rules = {})
      : next_{std::move(next)}, tape_{std::make_shared<tape>(std::move(rules))} {}

  /// See `sso::transport`. Errors are those of the transport, and are recorded too.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) {
    return exchange(next_, tape_, request, limits);
  }

  /// What was recorded, in the order in which the exchanges ended; `read_cassette` reads it.
  [[nodiscard]] std::string cassette() const {
    const std::lock_guard lock{tape_->mutex};
    return write_cassette(tape_->exchanges);
  }

  /// Writes the cassette to a file. Throws `std::runtime_error` naming the file where that fails.
  void save(const std::string& path) const {
    std::ofstream out{path, std::ios::binary};
    out << cassette() << std::flush;
    if (!out) throw std::runtime_error{"sso::testing::recorder: cannot write " + path};
  }

private:
  struct tape {
    explicit tape(redaction r) : rules{std::move(r)} {}
    const redaction rules;
    std::mutex mutex;
    std::vector<recorded_exchange> exchanges;
  };

  static asio::awaitable<result<http::response>> exchange(Next next, std::shared_ptr<tape> to,
                                                          const http::request& request, http::limits limits) {
    auto answer = co_await next.send(request, limits);
    auto kept = redact(request, answer, to->rules);
    const std::lock_guard lock{to->mutex};
    to->exchanges.push_back(std::move(kept));
    co_return answer;
  }

  Next next_;
  std::shared_ptr<tape> tape_;
};

}  // namespace sso::testing
