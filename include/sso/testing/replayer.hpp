// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sso::testing {

/// A transport that responds from a cassette. Satisfies `sso::transport`.
///
///     const auto network = sso::testing::replayer::from_file("tests/retrieve.cassette.json");
///     sso::keycard::basic_client client{network, ...};
///
/// Requests must have the recorded order, method and target. A redacted path segment or query parameter
/// matches any value. Origin, headers and body are not compared. A request that does not match consumes no
/// exchange and fails with `errc::protocol_error`, which is not retried, and a text that names the expected
/// request.
///
/// A handle: copies share the position in the cassette. Thread-safe.
class replayer {
public:
  /// Throws `sso::exception` with `errc::decode_failed` if `cassette` is invalid.
  SSO_DECL explicit replayer(std::string_view cassette);
  /// Reads the cassette from a file. Also throws `std::runtime_error` naming the file if it cannot be read.
  [[nodiscard]] SSO_DECL static replayer from_file(const std::string& path);

  /// Performs one exchange; see `sso::transport`. Takes no time.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) const {
    return exchange(state_, request, limits);
  }

  /// Number of exchanges not consumed.
  [[nodiscard]] SSO_DECL std::size_t left() const;
  /// Deviations from the cassette: a line for each request that did not match, and one for the exchanges not
  /// consumed. Empty if there are none.
  [[nodiscard]] SSO_DECL std::string faults() const;

private:
  struct state;
  SSO_DECL static asio::awaitable<result<http::response>>
  exchange(std::shared_ptr<state> shared, const http::request& request, http::limits limits);

  std::shared_ptr<state> state_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/replayer.ipp>
#endif
