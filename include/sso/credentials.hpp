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

/// A token that stays as it is, sent as `Authorization: Bearer ...` (RFC 6750 §2.1). When the API refuses it,
/// the call ends with `errc::unauthorized`.
class bearer_token {
public:
  /// `token`: one or more visible ASCII characters (RFC 6750 §2.1), which the client's constructor checks.
  explicit bearer_token(secret token) noexcept : token_{std::move(token)} {}
  /// @overload
  /// The string it comes in is wiped.
  explicit bearer_token(std::string token) : token_{std::move(token)} {}

  /// What is sent behind `Bearer`.
  [[nodiscard]] const secret& token() const noexcept { return token_; }

private:
  secret token_;
};

/// How a client id and secret go into HTTP Basic: as they are, which is what the vendors' own SDKs do, or
/// each form-encoded first (RFC 6749 §2.3.1).
enum class basic_encoding { raw, form_encoded };

/// OAuth 2.0 client credentials (RFC 6749 §4.4), exchanged for access tokens at the token endpoint. A token
/// is fetched on the executor of the call that asked first; one that stops or blocks meanwhile holds up all
/// callers, until `attempt_timeout` gives the fetch up.
class client_credentials {
public:
  /// Neither may be empty or have control characters, such as the line end of a file that a secret was read
  /// from (RFC 6749 Appendix A.1, A.2), and `client_id` has no colon unless it is form-encoded (RFC 7617 §2);
  /// the client's constructor checks all of it.
  client_credentials(std::string client_id, secret client_secret)
      : client_id_{std::move(client_id)}, client_secret_{std::move(client_secret)} {}

  /// How both go into HTTP Basic; `basic_encoding::raw` where not set.
  client_credentials& encoding(basic_encoding e) & { return encoding_ = e, *this; }
  client_credentials&& encoding(basic_encoding e) && { return std::move(encoding(e)); }

  /// The user of HTTP Basic.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  /// The password of HTTP Basic.
  [[nodiscard]] const secret& client_secret() const noexcept { return client_secret_; }
  /// How both go into HTTP Basic.
  [[nodiscard]] basic_encoding encoding() const noexcept { return encoding_; }

private:
  std::string client_id_;
  secret client_secret_;
  basic_encoding encoding_ = basic_encoding::raw;
};

/// An access token as it was issued.
struct access_token {
  secret value;  ///< what goes behind `Bearer`: one or more visible ASCII characters
  /// Its life from the moment it was asked for; none: until the API refuses it.
  std::optional<std::chrono::seconds> expires_in;
};

/// The user's own supply of tokens: an async function, called when a token is needed and there is none, when the
/// one there is nears its end, and after the API refused it. One call runs at a time for any number of waiters. It
/// runs on the executor of the call that needed the token; cancelling that call does not cancel it. A supply that
/// takes longer than an attempt may is given up: later calls ask again.
class token_source {
public:
  /// Answers a token, or why there is none; what it throws counts as `errc::credentials_rejected`.
  using function = std::function<asio::awaitable<result<access_token>>()>;

  /// Precondition: `supply` is not empty. It must be callable from any thread that runs calls, and stay valid
  /// when copied.
  explicit token_source(function supply) : supply_{std::move(supply)} {}

  /// The function itself.
  [[nodiscard]] const function& supply() const noexcept { return supply_; }

private:
  function supply_;
};

/// How a client proves who it is.
using credentials = std::variant<bearer_token, client_credentials, token_source>;

}  // namespace sso
