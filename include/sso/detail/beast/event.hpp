// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/async_event.hpp>
#include <sso/detail/beast/io.hpp>

namespace sso::detail::net {

/// An event that a deadline can set.
class event : public async_event, public stoppable {
public:
  using async_event::async_event;
  virtual ~event() = default;

  void stop() noexcept override { set(); }
};

}  // namespace sso::detail::net
