// SPDX-License-Identifier: BSL-1.0
// The model of the other clients: Keycard's SSO connection with the member types of this library's model.
#pragma once

#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

struct oauth2_protocol {
  std::optional<std::string> authorization_endpoint;
  std::optional<std::vector<std::string>> code_challenge_methods_supported;
  std::optional<std::string> jwks_uri;
  std::optional<std::string> registration_endpoint;
  std::optional<std::vector<std::string>> scopes_supported;
  std::optional<std::string> token_endpoint;
};

struct openid_protocol {
  std::optional<std::string> userinfo_endpoint;
};

struct protocols {
  std::optional<oauth2_protocol> oauth2;
  std::optional<openid_protocol> openid;
};

struct sso_connection {
  std::string id;
  std::optional<std::string> client_id;
  bool client_secret_set = false;
  timestamp created_at;
  std::string identifier;
  timestamp updated_at;
  std::optional<std::map<std::string, std::map<std::string, bool>>> permissions;
  std::optional<bench::protocols> protocols;
};

/// Parses `2019-12-27T18:11:19.117Z`, the only format of the benchmark's server.
inline timestamp parse_timestamp(std::string_view text) {
  if (text.size() != 24 || text[10] != 'T' || text[23] != 'Z') throw std::runtime_error{"not a timestamp"};
  const auto number = [text](std::size_t from, std::size_t digits) {
    int value = 0;
    const auto end = text.data() + from + digits;
    if (std::from_chars(text.data() + from, end, value).ptr != end) throw std::runtime_error{"not a number"};
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  return std::chrono::sys_days{day} + std::chrono::hours{number(11, 2)} +
         std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)} +
         std::chrono::milliseconds{number(20, 3)};
}

}  // namespace bench
