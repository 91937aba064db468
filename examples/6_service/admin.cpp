// SPDX-License-Identifier: BSL-1.0
#include "admin.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <iostream>
#include <optional>
#include <utility>

namespace service {
namespace {

using sso::http::method;
using sso::http::response;
using connection = sso::response<sso::keycard::sso_connection>;

response json_response(unsigned status, const boost::json::value& body) {
  return {status, {{"Content-Type", "application/json"}}, boost::json::serialize(body) + '\n'};
}

response refusal(unsigned status, std::string_view message) {
  return json_response(status, {{"message", message}});
}

/// The response to the caller after a failed call to Keycard: what to do, without internal details.
response response_to(const sso::error& failed) {
  std::clog << failed << std::endl;  // has ids for the operators and no secrets
  if (failed.unsettled()) return refusal(502, "The change may have been made. Check before you try again.");
  if (failed.code() == sso::errc::not_found)
    return refusal(404, "The organization does not exist, or its SSO is not enabled.");
  if (failed.code() == sso::errc::invalid_argument) return refusal(400, failed.what());
  if (failed.code() == sso::errc::unprocessable || failed.code() == sso::errc::bad_request) {
    return refusal(422, failed.server_message());
  }
  if (failed.code() == sso::errc::timeout) return refusal(504, "Keycard took too long.");
  if (failed.code() == sso::errc::cancelled) return refusal(503, "The service is shutting down.");
  if (failed.code() == sso::condition::retryable) {
    auto later = refusal(503, "Keycard is unreachable or busy. Try again later.");
    if (const auto wait = failed.retry_after()) {
      later.headers.add("Retry-After", std::to_string((wait->count() + 999) / 1000));
    }
    return later;
  }
  return refusal(502, "Keycard refused the call.");  // e.g. because of this service's credentials
}

response response_with(unsigned status, const connection& c) {
  return json_response(status, {{"identifier", c.identifier},
                                {"client_id", c.client_id ? boost::json::value(*c.client_id) : nullptr},
                                {"client_secret_set", c.client_secret_set},
                                {"updated_at", sso::format_timestamp(c.updated_at)}});
}

/// The body of PUT.
struct identity_provider {
  std::string identifier;
  std::string client_id;
  std::optional<sso::secret> client_secret;
};

std::optional<identity_provider> read(const std::string& body) {
  boost::system::error_code malformed;
  const auto value = boost::json::parse(body, malformed);
  const auto* const object = value.if_object();
  if (malformed || object == nullptr) return std::nullopt;
  const auto text = [object](std::string_view name) -> std::optional<std::string> {
    const auto* const member = object->if_contains(name);
    if (member == nullptr || !member->is_string()) return std::nullopt;
    return std::string{member->get_string()};
  };
  const auto identifier = text("identifier");
  const auto client_id = text("client_id");
  if (!identifier || !client_id) return std::nullopt;
  identity_provider out{*identifier, *client_id, std::nullopt};
  if (auto secret = text("client_secret")) out.client_secret = sso::secret{std::move(*secret)};
  return out;
}

asio::awaitable<response> show(sso::keycard::client keycard, std::string organization,
                               sso::call_options until) {
  const auto found = co_await keycard.retrieve(organization, {}, until);
  co_return found ? response_with(200, *found) : response_to(found.error());
}

// Enables the connection, or updates it if it exists.
asio::awaitable<response> put(sso::keycard::client keycard, std::string organization,
                              identity_provider wanted, sso::call_options until) {
  sso::keycard::enable_params fresh{wanted.client_id, wanted.identifier};
  if (wanted.client_secret) fresh.client_secret(*wanted.client_secret);
  const auto enabled = co_await keycard.enable(organization, fresh, until);
  if (enabled) co_return response_with(201, *enabled);
  if (enabled.error().code() != sso::errc::conflict) co_return response_to(enabled.error());

  sso::keycard::update_params change;
  change.client_id(wanted.client_id).identifier(wanted.identifier);
  if (wanted.client_secret) change.client_secret(*wanted.client_secret);
  const auto updated = co_await keycard.update(organization, change, until);
  co_return updated ? response_with(200, *updated) : response_to(updated.error());
}

asio::awaitable<response> remove(sso::keycard::client keycard, std::string organization,
                                 sso::call_options until) {
  const auto disabled = co_await keycard.disable(organization, until);
  if (!disabled && disabled.error().code() != sso::errc::not_found) co_return response_to(disabled.error());
  co_return response{204, {}, {}};
}

/// The decoded segments of a request's path; empty if it is malformed.
std::optional<std::vector<std::string>> segments_of(const std::string& target) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return std::nullopt;
  std::vector<std::string> out;
  for (const auto& segment : url->segments()) out.push_back(segment);
  return out;
}

}  // namespace

admin::admin(sso::keycard::client keycard, std::chrono::milliseconds deadline)
    : keycard_{std::move(keycard)}, deadline_{deadline} {}

asio::awaitable<response> admin::operator()(sso::http::request request) const {
  const auto path = segments_of(request.target);
  if (path && path->size() == 1 && path->front() == "healthz") co_return response{204, {}, {}};
  if (!path || path->size() != 3 || path->front() != "organizations" || path->back() != "sso") {
    co_return refusal(404, "There is no such resource.");
  }
  // The library checks the id, and encodes it for Keycard's path.
  const auto& organization = path->at(1);
  // One deadline for all calls of the request.
  const auto until = sso::call_options{}.deadline(keycard_.now() + deadline_);
  switch (request.method) {
  case method::get: co_return co_await show(keycard_, organization, until);
  case method::delete_: co_return co_await remove(keycard_, organization, until);
  case method::put: {
    const auto wanted = read(request.body);
    if (!wanted)
      co_return refusal(400, "The body must be a JSON object with the strings identifier and client_id.");
    co_return co_await put(keycard_, organization, *wanted, until);
  }
  default: break;
  }
  auto wrong = refusal(405, "Use GET, PUT or DELETE.");
  wrong.headers.add("Allow", "GET, PUT, DELETE");
  co_return wrong;
}

}  // namespace service
