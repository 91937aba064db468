// SPDX-License-Identifier: BSL-1.0
// A hand-written client for two calls of one API: a Beast coroutine on one persistent connection, with verified TLS, a
// timeout per exchange, and the response parsed by Boost.JSON into a struct. No retry, no token refresh, no pool; failures
// are exceptions. The other clients are compared with this one.
#pragma once

#include "model.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace handwritten {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using tcp = asio::ip::tcp;

inline std::string text(const json::value& value) {
  return std::string{value.as_string()};
}

inline std::optional<std::string> optional_text(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return text(*value);
}

inline std::optional<std::vector<std::string>> optional_texts(const json::object& object,
                                                              std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  std::vector<std::string> out;
  out.reserve(value->as_array().size());
  for (const auto& item : value->as_array()) out.push_back(text(item));
  return out;
}

inline const json::object* optional_object(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : &value->as_object();
}

inline bench::sso_connection decode(std::string_view body) {
  unsigned char space[8192];
  json::monotonic_resource memory{space};
  const auto document = json::parse(body, &memory);
  const auto& object = document.as_object();
  bench::sso_connection out;
  out.id = text(object.at("id"));
  out.client_id = optional_text(object, "client_id");
  out.client_secret_set = object.at("client_secret_set").as_bool();
  out.created_at = bench::parse_timestamp(object.at("created_at").as_string());
  out.identifier = text(object.at("identifier"));
  out.updated_at = bench::parse_timestamp(object.at("updated_at").as_string());
  if (const auto* const permissions = optional_object(object, "permissions")) {
    out.permissions.emplace();
    for (const auto& [resource, actions] : *permissions) {
      auto& granted = (*out.permissions)[resource];
      for (const auto& [action, allowed] : actions.as_object()) granted[action] = allowed.as_bool();
    }
  }
  if (const auto* const found = optional_object(object, "protocols")) {
    auto& protocols = out.protocols.emplace();
    if (const auto* const oauth2 = optional_object(*found, "oauth2")) {
      auto& to = protocols.oauth2.emplace();
      to.authorization_endpoint = optional_text(*oauth2, "authorization_endpoint");
      to.code_challenge_methods_supported = optional_texts(*oauth2, "code_challenge_methods_supported");
      to.jwks_uri = optional_text(*oauth2, "jwks_uri");
      to.registration_endpoint = optional_text(*oauth2, "registration_endpoint");
      to.scopes_supported = optional_texts(*oauth2, "scopes_supported");
      to.token_endpoint = optional_text(*oauth2, "token_endpoint");
    }
    if (const auto* const openid = optional_object(*found, "openid")) {
      protocols.openid.emplace().userinfo_endpoint = optional_text(*openid, "userinfo_endpoint");
    }
  }
  return out;
}

/// A client with one connection, for one call at a time.
class client {
public:
  /// `context` verifies peers and outlives the client.
  client(asio::ssl::context& context, std::string host, std::string port, std::string token)
      : context_{context},
        host_{std::move(host)},
        port_{std::move(port)},
        authorization_{"Bearer " + std::move(token)} {}

  asio::awaitable<bench::sso_connection> retrieve(std::string organization) {
    const auto response = co_await exchange(request(http::verb::get, organization));
    co_return decode(response.body());
  }

  asio::awaitable<bench::sso_connection> update(std::string organization, std::string identifier) {
    auto patch = request(http::verb::patch, organization);
    patch.set(http::field::content_type, "application/json");
    patch.body() = json::serialize(json::value{{"identifier", identifier}});
    patch.prepare_payload();
    const auto response = co_await exchange(std::move(patch));
    co_return decode(response.body());
  }

private:
  using request_type = http::request<http::string_body>;
  using response_type = http::response<http::string_body>;
  using stream_type = asio::ssl::stream<beast::tcp_stream>;

  request_type request(http::verb method, const std::string& organization) const {
    request_type out{method, "/organizations/" + organization + "/sso-connection", 11};
    out.set(http::field::host, host_ + ':' + port_);
    out.set(http::field::user_agent, "handwritten/1.0");
    out.set(http::field::accept, "application/json");
    out.set(http::field::authorization, authorization_);
    return out;
  }

  asio::awaitable<void> connect() {
    const auto executor = co_await asio::this_coro::executor;
    tcp::resolver resolver{executor};
    const auto endpoints = co_await resolver.async_resolve(host_, port_, asio::use_awaitable);

    stream_.emplace(executor, context_);
    stream_->set_verify_callback(asio::ssl::host_name_verification{host_});
    if (SSL_set_tlsext_host_name(stream_->native_handle(), host_.c_str()) != 1) {
      throw std::runtime_error{"cannot set the server's name"};
    }
    auto& socket = beast::get_lowest_layer(*stream_);
    socket.expires_after(std::chrono::seconds{30});
    co_await socket.async_connect(endpoints, asio::use_awaitable);
    socket.socket().set_option(tcp::no_delay{true});
    co_await stream_->async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  }

  asio::awaitable<response_type> exchange(request_type request) {
    if (!stream_) co_await connect();
    beast::get_lowest_layer(*stream_).expires_after(std::chrono::seconds{30});
    co_await http::async_write(*stream_, request, asio::use_awaitable);
    response_type response;
    co_await http::async_read(*stream_, buffer_, response, asio::use_awaitable);
    if (!response.keep_alive()) stream_.reset();
    if (response.result() != http::status::ok) {
      throw std::runtime_error{"HTTP status " + std::to_string(response.result_int())};
    }
    co_return response;
  }

  asio::ssl::context& context_;
  std::string host_;
  std::string port_;
  std::string authorization_;
  std::optional<stream_type> stream_;
  beast::flat_buffer buffer_;
};

}  // namespace handwritten
