// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/result.hpp>
#include <sso/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sso {

/// A fixed token, sent as `Authorization: Bearer ...` (RFC 6750 §2.1). If the API refuses it, the call fails
/// with `errc::unauthorized`.
class bearer_token {
public:
  /// `token`: one or more visible ASCII characters (RFC 6750 §2.1). The client's constructor checks it.
  explicit bearer_token(secret token) noexcept : token_{std::move(token)} {}
  /// @overload
  /// Wipes the argument's text after copying it.
  explicit bearer_token(std::string token) : token_{std::move(token)} {}

  /// The token.
  [[nodiscard]] const secret& token() const noexcept { return token_; }

private:
  secret token_;
};

/// Encoding of client id and secret in HTTP Basic. `raw`: unchanged, as in Keycard's SDKs;
/// `form_encoded`: each is form-encoded first (RFC 6749 §2.3.1).
enum class basic_encoding { raw, form_encoded };

/// OAuth 2.0 client credentials (RFC 6749 §4.4), exchanged for access tokens at the token endpoint. A refresh
/// runs on the executor of the call that first needed the token. If that executor stops or blocks, waiting
/// calls end at their deadline; calls that begin after the refresh has expired start a new one.
class client_credentials {
public:
  /// Neither value is empty or contains control characters (RFC 6749 Appendix A.1, A.2), for example the line
  /// end of a file that a secret was read from. `client_id` contains no colon unless it is form-encoded (RFC
  /// 7617 §2). The client's constructor checks these rules.
  client_credentials(std::string client_id, secret client_secret)
      : client_id_{std::move(client_id)}, client_secret_{std::move(client_secret)} {}

  /// Encoding of both in HTTP Basic. Default: `basic_encoding::raw`.
  client_credentials& encoding(basic_encoding e) & { return encoding_ = e, *this; }
  client_credentials&& encoding(basic_encoding e) && { return std::move(encoding(e)); }

  /// The user name of HTTP Basic.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  /// The password of HTTP Basic.
  [[nodiscard]] const secret& client_secret() const noexcept { return client_secret_; }
  /// Encoding of both in HTTP Basic.
  [[nodiscard]] basic_encoding encoding() const noexcept { return encoding_; }

private:
  std::string client_id_;
  secret client_secret_;
  basic_encoding encoding_ = basic_encoding::raw;
};

/// An issued access token.
struct access_token {
  secret value;  ///< the token, sent after `Bearer`: one or more visible ASCII characters
  /// Lifetime, measured from the start of the token request; empty: valid until the API refuses it.
  std::optional<std::chrono::seconds> expires_in;
};

/// User-supplied source of access tokens: an async function. It is called when a token is needed and none is
/// cached, when the cached token is about to expire, and after the API refused the token.
///
/// One invocation runs at a time, for any number of waiting calls. It runs on the executor of the call that
/// first needed the token, and is cancelled when no call waits for it any more, unless the old token is still
/// valid. An invocation that takes longer than `attempt_timeout` is abandoned, and later calls start a new one.
class token_source {
public:
  /// Returns a token, or the error that prevented it. An exception is reported as
  /// `errc::credentials_rejected`.
  using function = std::function<asio::awaitable<result<access_token>>()>;

  /// Precondition: `supply` is not empty. It must be callable from every thread that runs calls, and
  /// copyable.
  explicit token_source(function supply) : supply_{std::move(supply)} {}

  /// The function itself.
  [[nodiscard]] const function& supply() const noexcept { return supply_; }

private:
  function supply_;
};

/// The credentials of a client.
using credentials = std::variant<bearer_token, client_credentials, token_source>;

}  // namespace sso
