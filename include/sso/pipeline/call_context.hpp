// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_flight.hpp>
#include <sso/errc.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/observer.hpp>
#include <sso/result.hpp>

#include <chrono>
#include <string_view>

namespace sso::pipeline {

/// What the layers of one call share. Lives in the call's outermost coroutine.
struct call_context {
  const sso::observer* observer = nullptr;  ///< null: nobody watches
  std::string_view client_request_id;       ///< refers to the call's own
  std::chrono::steady_clock::time_point started{};
  auth::held_token_ptr carried;  ///< the token that the request has on it already; null: none
  /// What the first attempt gave, if it was made ahead of the layers: `observe` passes it on in its place.
  result<http::response>* begun = nullptr;
  unsigned attempts = 0;                    ///< requests of this call that went to the transport
  bool reauthorized = false;                ///< a refused token was replaced
  sso::outcome so_far = outcome::not_sent;  ///< the gravest outcome of the attempts that were given up
};

/// The identification of `request` in events.
[[nodiscard]] inline events::call_info info_of(const call_context& call,
                                               const http::request& request) noexcept {
  const std::string_view target = request.target;
  return {request.operation, call.client_request_id, to_string(request.method),
          target.substr(0, target.find('?'))};
}

/// Tells the observer, whose exceptions end here: watching a call must not change it.
template <class Event>
void notify(const sso::observer& observer, const Event& happened) noexcept {
  try {
    observer(event{happened});
  } catch (...) {
  }
}

}  // namespace sso::pipeline
