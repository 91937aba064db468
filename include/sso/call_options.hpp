// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso {

/// What one call does differently, as a chain: `call_options{}.timeout(5s).max_retries(0)`. Checked by the
/// call, which answers `errc::invalid_argument` naming the option before anything is sent.
class call_options {
public:
  /// Of the steady clock, so that literals of any unit fit.
  using duration = std::chrono::steady_clock::duration;
  /// Name and value.
  using text_pair = std::pair<std::string, std::string>;

  /// Nothing set: everything as the client has it.
  SSO_DECL call_options() noexcept;
  /// @cond what any value has; every call has one of them, so they are not compiled anew each time
  SSO_DECL call_options(const call_options&);
  SSO_DECL call_options(call_options&&) noexcept;
  SSO_DECL call_options& operator=(const call_options&);
  SSO_DECL call_options& operator=(call_options&&) noexcept;
  SSO_DECL ~call_options();
  /// @endcond

  /// Bounds the whole call. Zero or less: no time is left, and the call ends as `errc::timeout`, `not_sent`.
  call_options& timeout(duration d) & { return timeout_ = d, *this; }
  call_options&& timeout(duration d) && { return std::move(timeout(d)); }

  /// Ends the call at this time of the client's clock (`client.now()`), or at its `timeout` if that is earlier. A time
  /// that has passed ends it as `errc::timeout`, `not_sent`.
  call_options& deadline(std::chrono::steady_clock::time_point t) & { return deadline_ = t, *this; }
  call_options&& deadline(std::chrono::steady_clock::time_point t) && { return std::move(deadline(t)); }

  /// Bounds each attempt. More than zero.
  call_options& attempt_timeout(duration d) & { return attempt_timeout_ = d, *this; }
  call_options&& attempt_timeout(duration d) && { return std::move(attempt_timeout(d)); }

  /// How often the call may be repeated; 0 to 20.
  call_options& max_retries(unsigned n) & { return max_retries_ = n, *this; }
  call_options&& max_retries(unsigned n) && { return std::move(max_retries(n)); }

  /// Sends a header field in place of the one the client would send. The same names are refused as in
  /// `client_options::headers`, but for Keycard's `X-Client-Request-ID`, which is `client_request_id` by
  /// another way: a UUID.
  call_options& header(std::string name, std::string value) & {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  call_options&& header(std::string name, std::string value) && {
    return std::move(header(std::move(name), std::move(value)));
  }

  /// Appends a query parameter, unencoded; the name may not be empty.
  call_options& query(std::string name, std::string value) & {
    query_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  call_options&& query(std::string name, std::string value) && {
    return std::move(query(std::move(name), std::move(value)));
  }

  /// The call's id in errors, events and, where the API takes one (Keycard), on the wire: a UUID. Without it
  /// one is made.
  call_options& client_request_id(std::string uuid) & { return client_request_id_ = std::move(uuid), *this; }
  call_options&& client_request_id(std::string uuid) && {
    return std::move(client_request_id(std::move(uuid)));
  }

  /// Adds a member to the JSON body, for what this library does not know yet. It replaces a member of the
  /// same name, but an object is merged into an object. Refused by operations without a JSON body.
  SSO_DECL call_options& extra_body(std::string name, const boost::json::value& value) &;
  SSO_DECL call_options&& extra_body(std::string name, const boost::json::value& value) &&;

  /// Nothing: the client's own; so in the next two.
  [[nodiscard]] const std::optional<duration>& timeout() const noexcept { return timeout_; }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& deadline() const noexcept {
    return deadline_;
  }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<duration>& attempt_timeout() const noexcept { return attempt_timeout_; }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<unsigned>& max_retries() const noexcept { return max_retries_; }
  /// In the order in which they were given.
  [[nodiscard]] const std::vector<text_pair>& headers() const noexcept { return headers_; }
  /// In the order in which they were given, not encoded.
  [[nodiscard]] const std::vector<text_pair>& query() const noexcept { return query_; }
  /// Empty: one is made.
  [[nodiscard]] const std::string& client_request_id() const noexcept { return client_request_id_; }
  /// Null if there is none.
  [[nodiscard]] const boost::json::object* extra_body() const noexcept { return extra_body_.get(); }

private:
  std::optional<duration> timeout_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::optional<duration> attempt_timeout_;
  std::optional<unsigned> max_retries_;
  std::vector<text_pair> headers_;
  std::vector<text_pair> query_;
  std::string client_request_id_;
  std::shared_ptr<const boost::json::object> extra_body_;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/call_options.ipp>
#endif
