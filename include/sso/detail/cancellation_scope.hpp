// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>

namespace sso::detail {

/// How an operation meets cancellation. A coroutine reacts to terminal cancellation only, and by an
/// exception; operations of this library react to every type, and by an error. Between `enter_cancellation`
/// and `leave_cancellation` the awaiting coroutine does the latter.
struct cancellation_scope {
  bool throws = true;      ///< what the coroutine did before
  bool cancelled = false;  ///< it was cancelled before the scope was entered
};

/// Precondition: the coroutine's cancellation slot is connected; otherwise there is nothing to do.
[[nodiscard]] SSO_DECL asio::awaitable<cancellation_scope> enter_cancellation();

/// A partial or total cancellation that ended the operation (`ended_by_it`) was meant for it and is over; one
/// that came too late to, and a terminal one, stay for the awaiting coroutine.
[[nodiscard]] SSO_DECL asio::awaitable<void> leave_cancellation(cancellation_scope scope, bool ended_by_it);

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/cancellation_scope.ipp>
#endif
