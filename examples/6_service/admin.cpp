// SPDX-License-Identifier: BSL-1.0
#include "admin.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
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

/// The response to our caller when a call to Keycard failed: what to do, without internal details.
response answer_to(const sso::error& failed, bool is_change) {
  std::clog << failed << std::endl;  // with ids for the operators; it holds no secrets
  if (is_change && failed.outcome() == sso::outcome::maybe_executed) {
    return refusal(502, "It may have been done, or not. Look before you try again.");
  }
  if (failed.code() == sso::errc::not_found)
    return refusal(404, "There is no such organization, or it has no SSO.");
  if (failed.code() == sso::errc::invalid_argument) return refusal(400, failed.what());
  if (failed.code() == sso::errc::unprocessable || failed.code() == sso::errc::bad_request) {
    return refusal(422, failed.server_message());
  }
  if (failed.code() == sso::errc::timeout) return refusal(504, "Keycard took too long.");
  if (failed.code() == sso::errc::cancelled) return refusal(503, "The service is shutting down.");
  if (failed.code() == sso::condition::retryable) {
    auto later = refusal(503, "Keycard can't be reached or is busy. Try again later.");
    if (const auto wait = failed.retry_after()) {
      later.headers.add("Retry-After", std::to_string((wait->count() + 999) / 1000));
    }
    return later;
  }
  return refusal(502, "Keycard did not do it.");  // such as wrong credentials of ours
}

response answer_with(unsigned status, const connection& c) {
  return json_response(status, {{"identifier", c.identifier},
                                {"client_id", c.client_id ? boost::json::value(*c.client_id) : nullptr},
                                {"client_secret_set", c.client_secret_set},
                                {"updated_at", sso::format_timestamp(c.updated_at)}});
}

/// One deadline for all calls of a request to Keycard.
class time_limit {
public:
  explicit time_limit(std::chrono::milliseconds limit) : end_{clock::now() + limit} {}
  /// The options of the next call. If no time is left, the call ends as `timeout`.
  [[nodiscard]] sso::call_options options() const {
    return sso::call_options{}.timeout(
        std::max<clock::duration>(end_ - clock::now(), std::chrono::nanoseconds{1}));
  }

private:
  using clock = std::chrono::steady_clock;
  clock::time_point end_;
};

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

asio::awaitable<response> show(sso::keycard::client keycard, std::string organization, time_limit limit) {
  const auto found = co_await keycard.retrieve(organization, {}, limit.options());
  co_return found ? answer_with(200, *found) : answer_to(found.error(), false);
}

// Enables the connection, or updates it if it exists.
asio::awaitable<response> put(sso::keycard::client keycard, std::string organization,
                              identity_provider wanted, time_limit limit) {
  sso::keycard::enable_params fresh{wanted.client_id, wanted.identifier};
  if (wanted.client_secret) fresh.client_secret(*wanted.client_secret);
  const auto enabled = co_await keycard.enable(organization, fresh, limit.options());
  if (enabled) co_return answer_with(201, *enabled);
  if (enabled.error().code() != sso::errc::conflict) co_return answer_to(enabled.error(), true);

  sso::keycard::update_params change;
  change.client_id(wanted.client_id).identifier(wanted.identifier);
  if (wanted.client_secret) change.client_secret(*wanted.client_secret);
  const auto updated = co_await keycard.update(organization, change, limit.options());
  co_return updated ? answer_with(200, *updated) : answer_to(updated.error(), true);
}

asio::awaitable<response> remove(sso::keycard::client keycard, std::string organization, time_limit limit) {
  const auto disabled = co_await keycard.disable(organization, limit.options());
  if (!disabled && disabled.error().code() != sso::errc::not_found)
    co_return answer_to(disabled.error(), true);
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
    co_return refusal(404, "There is nothing here.");
  }
  // The library checks the id, and encodes it for Keycard's path.
  const auto& organization = path->at(1);
  const time_limit limit{deadline_};
  switch (request.method) {
  case method::get: co_return co_await show(keycard_, organization, limit);
  case method::delete_: co_return co_await remove(keycard_, organization, limit);
  case method::put: {
    const auto wanted = read(request.body);
    if (!wanted) co_return refusal(400, "The body must be JSON with the strings identifier and client_id.");
    co_return co_await put(keycard_, organization, *wanted, limit);
  }
  default: break;
  }
  auto wrong = refusal(405, "GET, PUT or DELETE.");
  wrong.headers.add("Allow", "GET, PUT, DELETE");
  co_return wrong;
}

}  // namespace service
