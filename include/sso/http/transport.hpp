// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>

namespace sso {

/// An HTTP transport: `t.send(request, limits)` performs one exchange.
///
/// Effect: sends `request` to `request.origin` once and awaits the response. A response of any status is a
/// value. An error means that no complete response arrived. Its `outcome` says whether the server may have
/// acted: `not_sent` only if no byte of the request was written. A transport never follows redirects and
/// never retries. One exception: if a kept-alive connection turns out dead before the first response byte,
/// the transport may replace it once, provided that the request is `replayable` or no byte of it was written.
///
/// Limits: the transport enforces `limits.timeout` on the whole exchange, including the wait for a
/// connection, and then fails with `errc::timeout`. A longer body or header section fails with
/// `errc::response_too_large`.
///
/// Lifetimes: the caller keeps `request` alive until the awaitable completes. The transport is a cheap
/// handle: copies share state, and an exchange in progress keeps alive what it needs.
///
/// Completion: on the executor of the awaiting coroutine.
///
/// Cancellation: terminal, partial and total end the exchange with `errc::cancelled`.
///
/// Exceptions: an exception of `send` counts as `errc::transport_failed` with outcome `maybe_executed`.
///
/// Thread safety: clients call `send` concurrently if their users make concurrent calls.
///
/// A layer is a transport that wraps another transport.
template <class T>
concept transport = std::copy_constructible<T> &&
    requires(T& t, const http::request& request, http::limits limits) {
  { t.send(request, limits) } -> std::same_as<asio::awaitable<result<http::response>>>;
};

}  // namespace sso
