// SPDX-License-Identifier: BSL-1.0
#include "dry_run.hpp"

#include "text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace ssoctl {
namespace {

// The values of these are shown; other headers may be secrets.
constexpr std::array<std::string_view, 4> shown{"Accept", "Content-Type", "User-Agent",
                                                "X-Client-Request-ID"};

bool is_shown(std::string_view name) {
  return std::any_of(shown.begin(), shown.end(),
                     [&](std::string_view one) { return sso::http::same_header_name(one, name); });
}

}  // namespace

boost::asio::awaitable<sso::result<sso::http::response>>
dry_run_transport::send(const sso::http::request& request, sso::http::limits) const {
  if (request.operation == "token") {
    co_return sso::http::response{200, {{"Content-Type", "application/json"}}, R"({"access_token":"none"})"};
  }
  if (!*kept_) *kept_ = request;
  // Of all failures this one is never tried again.
  co_return sso::error{sso::errc::cancelled, sso::outcome::not_sent, "a dry run"};
}

boost::json::object describe(const sso::http::request& request) {
  boost::json::object headers;
  for (const auto field : request.headers)
    headers[field.name] = is_shown(field.name) ? field.value : redacted;
  boost::json::object out{{"method", to_string(request.method)},
                          {"url", to_string(request.origin) + request.target},
                          {"headers", std::move(headers)}};
  if (!request.body.empty()) {
    auto body = boost::json::parse(request.body);
    redact(body);
    out["body"] = std::move(body);
  }
  return out;
}

std::string to_text(const boost::json::object& described) {
  const auto text = [](const boost::json::value& v) {
    return terminal_safe({v.as_string().data(), v.as_string().size()});
  };
  std::string out = text(described.at("method")) + ' ' + text(described.at("url")) + '\n';
  for (const auto& field : described.at("headers").as_object()) {
    out.append(terminal_safe({field.key().data(), field.key().size()}))
        .append(": ")
        .append(text(field.value())) += '\n';
  }
  if (const auto* const body = described.if_contains("body"))
    out.append("\n").append(json_line(*body)) += '\n';
  return out;
}

}  // namespace ssoctl
