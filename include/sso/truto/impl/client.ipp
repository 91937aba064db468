// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/url.hpp>
#include <sso/json/error_body.hpp>
#include <sso/pipeline/cancellation.hpp>
#include <sso/pipeline/impl/client_core.ipp>
#include <sso/pipeline/notify.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/vendor.hpp>
#include <sso/truto/client.hpp>
#include <sso/truto/impl/domain_name.ipp>
#include <sso/truto/json.hpp>
#include <sso/truto/verification.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

namespace sso::truto {
namespace detail {

inline constexpr pipeline::vendor api{
    .base_url = "https://api.truto.one",
    .token_path = {},
    .request_id_header = {},
    .has_expand = false,
    .read_error =
        [](std::string_view body, std::string& code, std::string& message) {
          json::read_error_body(body, "error", code, "message", message);
        },
};

inline constexpr pipeline::operation retrieve{"truto.retrieve", http::method::get, true};
inline constexpr pipeline::operation update{"truto.update", http::method::patch, true};
inline constexpr pipeline::operation list_domains{"truto.list_domains", http::method::get, true};
inline constexpr pipeline::operation add_domain{"truto.add_domain", http::method::post, false};
// Checks a DNS record, so it is idempotent.
inline constexpr pipeline::operation verify_domain{"truto.verify_domain", http::method::post, true};

/// The body of `add_domain`.
struct new_domain {
  std::string domain;
};

}  // namespace detail
}  // namespace sso::truto

template <>
struct sso::json::description<sso::truto::detail::new_domain> {
  static constexpr auto members = json::members(member<&truto::detail::new_domain::domain>("domain"));
};

namespace sso::truto {
namespace detail {

inline result<void> check_poll(const poll& how) {
  if (how.interval() <= how.interval().zero()) {
    return invalid_argument("poll.interval", "must be more than zero");
  }
  if (how.max_interval() < how.interval()) {
    return invalid_argument("poll.max_interval", "must be at least interval");
  }
  if (how.timeout() <= how.timeout().zero()) {
    return invalid_argument("poll.timeout", "must be more than zero");
  }
  return {};
}

/// Prepares a call for the connection `id`. `below` is the rest of its path. Returns the error of `query` or
/// `body`, if any.
inline result<std::unique_ptr<pipeline::call>>
prepare(const pipeline::settings& settings, const pipeline::operation& operation, std::string_view id,
        std::string_view below, const result<std::string>& query, std::optional<result<std::string>>&& body,
        const call_options& options) {
  if (!sso::detail::is_uuid(id)) return invalid_argument("id", "must be a UUID (RFC 4122 3)");
  if (!query) return query.error();
  if (body && !*body) return body->error();
  std::optional<std::string> json;
  if (body) json = std::move(**body);
  auto path = std::string{"/sso-connection/"}.append(id).append(below);
  return pipeline::prepare(settings, operation, std::move(path), *query, std::move(json), options);
}

inline result<std::string> make_query(const list_params& params) {
  if (const auto fault = json::validate(params)) return invalid_argument(fault->path, fault->rule);
  std::string query;
  if (params.limit()) query = "limit=" + std::to_string(*params.limit());
  if (const auto& cursor = params.next_cursor()) {
    query.append(query.empty() ? "" : "&").append("next_cursor=").append(http::encode_query(*cursor));
  }
  return query;
}

inline result<std::string> make_body(const std::string_view domain) {
  if (const auto checked = check_domain(domain); !checked) return checked.error();
  return json::encode(new_domain{std::string{domain}});
}

inline result<std::unique_ptr<pipeline::call>> prepare_verification(const pipeline::settings& settings,
                                                                    std::string_view id,
                                                                    std::string_view domain,
                                                                    const call_options& options) {
  const auto below = "/domains/" + http::encode_segment(domain) + "/verify";
  auto call = prepare(settings, verify_domain, id, below, std::string{}, std::nullopt, options);
  const auto checked = check_domain(domain);
  if (call && !checked) return checked.error();
  return call;
}

using verification = result<response<domain_verification>>;

/// The state of `wait_until_verified`.
struct verification_wait {
  operations client;
  any_runtime runtime;
  sso::observer observer;
  std::string id;
  std::string domain;
  std::string path;  // of each check
  poll how;
  call_options options;  // of each check, with the request id of the wait
  poll::duration call_timeout{};
  unsigned checks = 0;

  [[nodiscard]] events::call_info info() const noexcept {
    return {"truto.wait_until_verified", options.client_request_id(), "POST", path};
  }
};

/// Checks until a result is final or no time is left for another check. `wait` must outlive the operation.
/// Precondition: `throw_if_cancelled(false)`.
inline asio::awaitable<verification> verify_until(verification_wait& wait) {
  auto& runtime = wait.runtime;
  auto& options = wait.options;
  auto deadline = runtime.now() + sso::detail::clamp_duration(wait.how.timeout());
  if (options.deadline()) deadline = std::min(deadline, *options.deadline());
  auto left = deadline - runtime.now();
  std::string detail;
  for (;;) {
    options.timeout(std::min(wait.call_timeout, left));
    ++wait.checks;
    auto last = co_await wait.client.verify_domain(wait.id, wait.domain, options);
    if (is_final(last) || wait.call_timeout <= wait.call_timeout.zero()) co_return last;
    if (last && last->detail) detail = *last->detail;
    const auto planned = check_interval(wait.how, wait.checks, runtime.random());
    const auto pause = wait_after(last, planned, deadline - runtime.now());
    if (!pause) co_return not_verified(wait.domain, last, std::move(detail));
    if (last && wait.how.on_check()) wait.how.on_check()(*last, *pause);
    const bool cancelled = co_await pipeline::sleep_unless_cancelled(runtime, *pause);
    if (cancelled) {
      co_return error{errc::cancelled, outcome_of(last),
                      "while waiting for the next check of " + wait.domain};
    }
    left = deadline - runtime.now();
    if (left <= left.zero()) co_return not_verified(wait.domain, last, std::move(detail));
  }
}

/// Reports the wait as one call: its events and its error name the wait, not a check.
inline asio::awaitable<verification> as_one_call(verification_wait wait) {
  const auto started = wait.runtime.now();
  if (wait.observer) pipeline::notify(wait.observer, events::wait_started{wait.info(), wait.how.timeout()});
  auto last = co_await verify_until(wait);
  if (!last) {
    last = last.error().with_call("POST", wait.path).with_client_request_id(wait.options.client_request_id());
  }
  if (wait.observer) {
    events::wait_finished finished{wait.info(), wait.checks, std::nullopt, wait.runtime.now() - started};
    if (!last) finished.failure = static_cast<errc>(last.error().code().value());
    pipeline::notify(wait.observer, finished);
  }
  co_return last;
}

inline asio::awaitable<verification> refuse(error refused) {
  co_return refused;
}

using all_domains = result<std::vector<domain>>;

/// Requests all pages. Precondition: `throw_if_cancelled(false)`.
inline asio::awaitable<all_domains> list_pages(operations client, std::string id, list_params params,
                                               call_options options) {
  constexpr unsigned most_pages = 1000;
  const auto refuse = [&id](const char* what) {
    return error{errc::protocol_error, outcome::rejected, what}.with_call("GET", "/sso-connection/" + id +
                                                                                     "/domains");
  };
  std::vector<domain> all;
  std::set<std::string> cursors;
  for (unsigned pages = 0; pages != most_pages; ++pages) {
    auto page = co_await client.list_domains(id, params, options);
    if (!page) co_return page.error();
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (!page->next_cursor) co_return all;
    if (!cursors.insert(*page->next_cursor).second) {
      co_return refuse("a page names a cursor that was used before");
    }
    params.next_cursor(std::move(*page->next_cursor));
  }
  co_return refuse("the list has more than 1000 pages");
}

}  // namespace detail

SSO_DECL operations::operations(any_transport transport, any_runtime runtime, credentials&& credentials,
                                client_options&& options)
    : core_{detail::api, std::move(transport), std::move(runtime), std::move(credentials),
            std::move(options)} {}

SSO_DECL asio::awaitable<result<response<sso_connection>>> operations::retrieve(std::string_view id,
                                                                                call_options options) const {
  auto call =
      detail::prepare(core_.settings(), detail::retrieve, id, {}, std::string{}, std::nullopt, options);
  return core_.perform<sso_connection>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<sso_connection>>>
operations::update(std::string_view id, update_params params, call_options options) const {
  auto body = pipeline::json_body(params);
  auto call =
      detail::prepare(core_.settings(), detail::update, id, {}, std::string{}, std::move(body), options);
  return core_.perform<sso_connection>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<page<domain>>>>
operations::list_domains(std::string_view id, list_params params, call_options options) const {
  const auto query = detail::make_query(params);
  auto call =
      detail::prepare(core_.settings(), detail::list_domains, id, "/domains", query, std::nullopt, options);
  return core_.perform<page<domain>>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<std::vector<domain>>>
operations::list_all_domains(std::string_view id, list_params params, call_options options) const {
  return pipeline::without_cancellation_exceptions(
      detail::list_pages(*this, std::string{id}, std::move(params),
                         pipeline::share_deadline(std::move(options), core_.settings(), now())));
}

SSO_DECL asio::awaitable<result<response<domain>>>
operations::add_domain(std::string_view id, std::string_view domain, call_options options) const {
  auto body = detail::make_body(domain);
  auto call = detail::prepare(core_.settings(), detail::add_domain, id, "/domains", std::string{},
                              std::move(body), options);
  return core_.perform<truto::domain>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<domain_verification>>>
operations::verify_domain(std::string_view id, std::string_view domain, call_options options) const {
  auto call = detail::prepare_verification(core_.settings(), id, domain, options);
  return core_.perform<domain_verification>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<domain_verification>>>
operations::wait_until_verified(std::string_view id, std::string_view domain, poll how,
                                call_options options) const {
  if (const auto checked = detail::check_poll(how); !checked) {
    return detail::refuse(pipeline::refusal(checked.error(), options));
  }
  const auto first = detail::prepare_verification(core_.settings(), id, domain, options);
  if (!first) return detail::refuse(pipeline::refusal(first.error(), options));
  if (options.client_request_id().empty()) {
    options.client_request_id(sso::detail::to_string(sso::detail::draw_uuid(core_.runtime())));
  }
  const std::string_view target = (*first)->request.target;
  detail::verification_wait wait{
      *this,           core_.runtime(),     core_.settings().observer,
      std::string{id}, std::string{domain}, std::string{target.substr(0, target.find('?'))},
      std::move(how),  std::move(options)};
  wait.call_timeout = wait.options.timeout().value_or(core_.settings().timeout);
  return pipeline::without_cancellation_exceptions(detail::as_one_call(std::move(wait)));
}

SSO_DECL asio::awaitable<result<response<void>>> operations::request(http::method method,
                                                                     std::string_view path,
                                                                     std::optional<std::string> body,
                                                                     call_options options) const {
  auto call =
      pipeline::prepare_untyped(core_.settings(), "truto.request", method, path, std::move(body), options);
  return core_.perform<void>(std::move(call), options);
}

}  // namespace sso::truto
