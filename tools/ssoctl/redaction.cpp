// SPDX-License-Identifier: BSL-1.0
#include "redaction.hpp"

#include <sso/http/response.hpp>

#include <utility>

namespace ssoctl {

void redaction::add(const sso::secret& secret) {
  if (!secret.reveal().empty()) secrets_.push_back(secret);
}

std::string redaction::clean(std::string_view value) const {
  constexpr std::size_t shortest = 4;  // shorter ones would be found in words that hold none
  std::string text{value};
  for (const auto& secret : secrets_) {
    const auto one = secret.reveal();
    if (text == one) return std::string{redacted};
    if (one.size() < shortest) continue;
    for (auto at = text.find(one); at != std::string::npos; at = text.find(one, at + redacted.size())) {
      text.replace(at, one.size(), redacted);
    }
  }
  return text;
}

sso::error redaction::clean(sso::error failed) const {
  auto code = clean(failed.server_code());
  auto message = clean(failed.server_message());
  if (auto id = clean(failed.request_id()); id != failed.request_id()) {
    failed.with_response({failed.status(), {{"X-Request-Id", id}}, clean(failed.body())});
  }
  failed.with_server_text(std::move(code), std::move(message));
  return failed;
}

}  // namespace ssoctl
