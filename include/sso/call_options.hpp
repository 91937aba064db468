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

/// Options of one call, set as a chain: `call_options{}.timeout(5s).max_retries(0)`. The call checks them
/// before it sends anything, and fails with `errc::invalid_argument` naming the option.
class call_options {
public:
  /// A duration of the steady clock; accepts literals of any unit.
  using duration = std::chrono::steady_clock::duration;
  /// A name and a value.
  using text_pair = std::pair<std::string, std::string>;

  /// No option is set: the client's own values apply.
  SSO_DECL call_options() noexcept;
  /// @cond defined out of line: every call has an object of this class, and inline copies cost compile time
  SSO_DECL call_options(const call_options&);
  SSO_DECL call_options(call_options&&) noexcept;
  SSO_DECL call_options& operator=(const call_options&);
  SSO_DECL call_options& operator=(call_options&&) noexcept;
  SSO_DECL ~call_options();
  /// @endcond

  /// Bounds the whole call. Zero or less: the call fails with `errc::timeout`, outcome `not_sent`.
  call_options& timeout(duration d) & { return timeout_ = d, *this; }
  call_options&& timeout(duration d) && { return std::move(timeout(d)); }

  /// Ends the call at this point of the client's clock (`client.now()`), or at its `timeout` if that is
  /// earlier. A point in the past: the call fails with `errc::timeout`, outcome `not_sent`.
  call_options& deadline(std::chrono::steady_clock::time_point t) & { return deadline_ = t, *this; }
  call_options&& deadline(std::chrono::steady_clock::time_point t) && { return std::move(deadline(t)); }

  /// Bounds each attempt. Greater than zero.
  call_options& attempt_timeout(duration d) & { return attempt_timeout_ = d, *this; }
  call_options&& attempt_timeout(duration d) && { return std::move(attempt_timeout(d)); }

  /// Maximum number of retries, 0 to 20.
  call_options& max_retries(unsigned n) & { return max_retries_ = n, *this; }
  call_options&& max_retries(unsigned n) && { return std::move(max_retries(n)); }

  /// Sends a header field in place of the client's own field of the same name. Refuses the same names as
  /// `client_options::headers`, except Keycard's `X-Client-Request-ID`. That field is equivalent to
  /// `client_request_id`, and its value is a UUID.
  call_options& header(std::string name, std::string value) & {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  call_options&& header(std::string name, std::string value) && {
    return std::move(header(std::move(name), std::move(value)));
  }

  /// Appends a query parameter, unencoded: the client percent-encodes it. `name` is not empty.
  call_options& query(std::string name, std::string value) & {
    query_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  call_options&& query(std::string name, std::string value) && {
    return std::move(query(std::move(name), std::move(value)));
  }

  /// The id of the call, a UUID. Errors and events contain it, and so does the request where the API accepts
  /// one (Keycard). Not set: the client generates one.
  call_options& client_request_id(std::string uuid) & { return client_request_id_ = std::move(uuid), *this; }
  call_options&& client_request_id(std::string uuid) && {
    return std::move(client_request_id(std::move(uuid)));
  }

  /// Adds a member to the JSON body, for members that this library does not support yet. Replaces a member of
  /// the same name; an object is merged into an object. Operations without a JSON body refuse it.
  SSO_DECL call_options& extra_body(std::string name, const boost::json::value& value) &;
  SSO_DECL call_options&& extra_body(std::string name, const boost::json::value& value) &&;

  /// The value set; empty: the client's own value applies.
  [[nodiscard]] const std::optional<duration>& timeout() const noexcept { return timeout_; }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& deadline() const noexcept {
    return deadline_;
  }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<duration>& attempt_timeout() const noexcept { return attempt_timeout_; }
  /// See `timeout()`.
  [[nodiscard]] const std::optional<unsigned>& max_retries() const noexcept { return max_retries_; }
  /// The header fields in the order in which they were added.
  [[nodiscard]] const std::vector<text_pair>& headers() const noexcept { return headers_; }
  /// The query parameters in the order in which they were added, not percent-encoded.
  [[nodiscard]] const std::vector<text_pair>& query() const noexcept { return query_; }
  /// The id set; empty: the client generates one.
  [[nodiscard]] const std::string& client_request_id() const noexcept { return client_request_id_; }
  /// The added members; null if there are none.
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
