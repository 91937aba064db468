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

/// A layer that records every exchange without its secrets, for a `replayer`.
///
///     sso::testing::recorder network{sso::beast_transport{executor}};
///     sso::keycard::basic_client client{network, ...};
///     ...
///     network.save("tests/retrieve.cassette.json");
///
/// Keeps only the values allowed by `redaction`, so new headers and parameters are redacted by default.
/// Review a cassette before publishing it: it contains organizations, domains and client ids.
///
/// A handle: copies write to the same cassette. Thread-safe if `Next` is.
template <transport Next>
class recorder {
public:
  /// Records the exchanges of `next`, redacted by `rules`.
  explicit recorder(Next next, redaction rules = {})
      : next_{std::move(next)}, tape_{std::make_shared<tape>(std::move(rules))} {}

  /// See `sso::transport`. Errors of `next` are recorded and returned.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) {
    return exchange(next_, tape_, request, limits);
  }

  /// The recorded exchanges in the order of their completion, in the format of `read_cassette`.
  [[nodiscard]] std::string cassette() const {
    const std::lock_guard lock{tape_->mutex};
    return write_cassette(tape_->exchanges);
  }

  /// Writes the cassette to a file. Throws `std::runtime_error` naming the file on failure.
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
