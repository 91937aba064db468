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

/// A transport that answers from a cassette. Satisfies `sso::transport`.
///
///     const auto network = sso::testing::replayer::from_file("tests/retrieve.cassette.json");
///     sso::keycard::basic_client client{network, ...};
///
/// Requests must come in the recorded order, with the recorded method and target; where a segment of the path or a
/// parameter of the query was redacted, any value of it will do. Origin, headers and body are not compared. A request that
/// does not fit uses nothing up and fails with `errc::protocol_error`, which is not retried, and with a text
/// that says what was expected.
///
/// A handle: copies share the place in the cassette. Thread-safe.
class replayer {
public:
  /// Throws `sso::exception` with `errc::decode_failed` where `cassette` is none.
  SSO_DECL explicit replayer(std::string_view cassette);
  /// Also throws `std::runtime_error` naming the file where that cannot be read.
  [[nodiscard]] SSO_DECL static replayer from_file(const std::string& path);

  /// One exchange, on the terms of `sso::transport`; takes no time.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) const {
    return exchange(state_, request, limits);
  }

  /// How many exchanges of the cassette nobody asked for yet.
  [[nodiscard]] SSO_DECL std::size_t left() const;
  /// What did not fit: a line for each request that failed so, and one for exchanges that are left. Empty if
  /// all is as it was recorded.
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
