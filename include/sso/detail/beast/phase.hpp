// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// The step that an exchange is in. Errors name it.
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
  constexpr std::array<std::string_view, 8> words{
      "waiting for a connection to",      "resolving the name of",     "connecting to",
      "asking the proxy for a tunnel to", "in the TLS handshake with", "sending the request to",
      "waiting for the response of",      "receiving the response of"};
  return words[static_cast<std::size_t>(p)];
}

/// E.g. `500 ms` or `30 s`.
[[nodiscard]] inline std::string in_words(std::chrono::steady_clock::duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 && ms != 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace sso::detail::net
