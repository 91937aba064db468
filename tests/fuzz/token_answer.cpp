// SPDX-License-Identifier: BSL-1.0
#include <sso/auth/token_request.hpp>
#include <sso/auth/token_window.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// The first byte selects the status, the rest is the body of the token endpoint's response.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr unsigned statuses[] = {200, 201, 302, 400, 401, 408, 429, 500};
  sso::http::response response;
  response.status = statuses[data[0] % std::size(statuses)];
  response.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto token = sso::auth::read_token_response(response, {});
  if (!token) {
    const auto failed = token.error();
    const bool known = failed.code() == sso::errc::credentials_rejected ||
                       failed.code() == sso::errc::rate_limited || failed.code() == sso::errc::server_error ||
                       failed.code() == sso::errc::unexpected_status;
    if (!known || failed.outcome() != sso::outcome::not_sent || failed.message().empty()) std::abort();
    if (response.status < 300 && failed.code() != sso::errc::credentials_rejected) std::abort();
    return 0;
  }
  if (response.status >= 300) std::abort();
  const auto text = token->value.reveal();
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    std::abort();
  }
  if (!token->expires_in) std::abort();
  const std::chrono::steady_clock::time_point asked{std::chrono::hours{1}};
  const auto window = sso::auth::window_of(asked, token->expires_in);
  const auto end = asked + std::max(*token->expires_in, std::chrono::seconds{0});
  if (window.renew_from > window.use_until || window.use_until > end || window.renew_from < asked)
    std::abort();
  return 0;
}
