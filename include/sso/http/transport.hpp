// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>

namespace sso {

/// What carries requests: `t.send(request, limits)` performs one exchange.
///
/// Effect: sends `request` to `request.origin` once and awaits the response. A response of any status is a
/// value. An error means that no complete response arrived; its `outcome` says whether the server may have
/// acted: `not_sent` only when not one byte of the request was written. A transport never follows redirects
/// and never repeats a request on its own, except that it may replace a kept-alive connection that turns out
/// dead before the first response byte, once, if the request is `replayable` or nothing of it was written.
///
/// Limits: `limits.timeout` bounds the whole exchange, waiting for a connection included; the transport
/// itself enforces it and then answers `errc::timeout`. Longer bodies or headers answer
/// `errc::response_too_large`.
///
/// Lifetimes: the caller keeps `request` alive until the awaitable completes. The transport is a cheap
/// handle: copies share state, and an exchange in flight keeps alive what it needs.
///
/// Completion: on the executor of the awaiting coroutine.
///
/// Cancellation: terminal, partial and total end the exchange with `errc::cancelled`.
///
/// Exceptions: what `send` throws counts as `errc::transport_failed` with the outcome `maybe_executed`.
///
/// Thread safety: clients call `send` from as many threads at once as their users call them from.
///
/// A layer (`sso/pipeline/`) is a transport that holds another.
template <class T>
concept transport = std::copy_constructible<T> &&
    requires(T& t, const http::request& request, http::limits limits) {
  { t.send(request, limits) } -> std::same_as<asio::awaitable<result<http::response>>>;
};

}  // namespace sso
