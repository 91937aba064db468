// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// What an exchange is doing; told in errors.
enum class phase {
  waiting,
  resolving,
  connecting,
  tunnelling,
  handshaking,
  sending,
  awaiting_response,
  receiving
};

[[nodiscard]] constexpr std::string_view in_words(phase p) noexcept {
  switch (p) {
  case phase::waiting: return "waiting for a connection to";
  case phase::resolving: return "resolving the name of";
  case phase::connecting: return "connecting to";
  case phase::tunnelling: return "asking the proxy for a tunnel to";
  case phase::handshaking: return "in the TLS handshake with";
  case phase::sending: return "sending the request to";
  case phase::awaiting_response: return "waiting for the response of";
  case phase::receiving: return "receiving the response of";
  }
  return "";
}

/// E.g. `500 ms` or `30 s`.
[[nodiscard]] inline std::string in_words(std::chrono::steady_clock::duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 && ms != 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace sso::detail::net
