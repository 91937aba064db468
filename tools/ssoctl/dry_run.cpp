// SPDX-License-Identifier: BSL-1.0
#include "dry_run.hpp"

#include "escape.hpp"
#include "format.hpp"
#include "redaction.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace ssoctl {
namespace {

// The headers whose values are shown; others may hold secrets.
constexpr std::array<std::string_view, 4> shown{"Accept", "Content-Type", "User-Agent",
                                                "X-Client-Request-ID"};

bool is_shown(std::string_view name) {
  return std::any_of(shown.begin(), shown.end(),
                     [&](std::string_view one) { return sso::http::same_header_name(one, name); });
}

}  // namespace

boost::asio::awaitable<sso::result<sso::http::response>>
dry_run_transport::send(const sso::http::request& request, sso::http::limits) const {
  if (!*kept_) *kept_ = request;
  // `cancelled`, because it is never retried.
  co_return sso::error{sso::errc::cancelled, sso::outcome::not_sent, "a dry run"};
}

json_text describe(const sso::http::request& request) {
  boost::json::object headers;
  for (const auto field : request.headers)
    headers[field.name] = is_shown(field.name) ? field.value : redacted;
  auto out = json_text::from(boost::json::object{{"method", to_string(request.method)},
                                                 {"url", to_string(request.origin) + request.target},
                                                 {"headers", std::move(headers)}});
  if (!request.body.empty()) {
    std::get<json_text::object>(out.value).push_back({"body", json_text::parse(request.body)});
  }
  return out;
}

std::string to_text(json_text described) {
  const auto text = [&](const json_text& one) { return terminal_safe(std::get<std::string>(one.value)); };
  std::string out = text(*described.find("method")) + ' ' + text(*described.find("url")) + '\n';
  for (const auto& [name, value] : std::get<json_text::object>(described.find("headers")->value)) {
    out.append(terminal_safe(name)).append(": ").append(text(value)) += '\n';
  }
  if (const auto* const body = described.find("body")) {
    out.append("\n").append(json_line(*body)) += '\n';
  }
  return out;
}

}  // namespace ssoctl
