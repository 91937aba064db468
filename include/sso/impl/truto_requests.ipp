// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/url.hpp>
#include <sso/json/error_body.hpp>
#include <sso/pipeline/arguments.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/requests.hpp>

#include <utility>

namespace sso::truto {
namespace detail {

inline constexpr pipeline::vendor truto_api{
    .name = "truto",
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
// A check of what DNS says; asking twice changes nothing.
inline constexpr pipeline::operation verify_domain{"truto.verify_domain", http::method::post, true};

/// What `add_domain` sends.
struct new_domain {
  std::string domain;
};

inline constexpr auto label_characters = sso::detail::alphanumeric_and("-");

inline bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-') &&
         sso::detail::all_in(label, label_characters);
}

}  // namespace detail
}  // namespace sso::truto

template <>
struct sso::json::description<sso::truto::detail::new_domain> {
  static constexpr auto members = json::members(member<&truto::detail::new_domain::domain>("domain"));
};

namespace sso::truto {

SSO_DECL const pipeline::vendor& api() noexcept {
  return detail::truto_api;
}

SSO_DECL result<std::string> connection_path(std::string_view id) {
  if (!sso::detail::is_uuid(id)) return pipeline::refuse_argument("id", "must be a UUID (RFC 4122 3)");
  return "/sso-connection/" + std::string{id};
}

SSO_DECL result<void> check_domain(std::string_view domain) {
  if (domain.empty()) return pipeline::refuse_argument("domain", "must not be empty");
  if (domain.size() > 253) return pipeline::refuse_argument("domain", "must have at most 253 characters");
  for (std::string_view rest = domain;;) {
    const auto dot = rest.find('.');
    if (!detail::is_label(rest.substr(0, dot))) {
      return pipeline::refuse_argument("domain",
                                       "must consist of labels of 1 to 63 letters, digits and hyphens, "
                                       "other scripts as A-labels (RFC 1123 2.1)");
    }
    if (dot == std::string_view::npos) return {};
    rest.remove_prefix(dot + 1);
  }
}

SSO_DECL result<void> check_poll(const poll& how) {
  if (how.interval() <= how.interval().zero()) {
    return pipeline::refuse_argument("poll.interval", "must be more than zero");
  }
  if (how.max_interval() < how.interval()) {
    return pipeline::refuse_argument("poll.max_interval", "must be at least interval");
  }
  if (how.timeout() <= how.timeout().zero()) {
    return pipeline::refuse_argument("poll.timeout", "must be more than zero");
  }
  return {};
}

SSO_DECL result<pipeline::prepared_call> make_retrieve(const pipeline::settings& settings,
                                                       std::string_view id, const call_options& options) {
  auto path = connection_path(id);
  if (!path) return path.error();
  return pipeline::prepare(settings, detail::retrieve, std::move(*path), {}, std::nullopt, options);
}

SSO_DECL result<pipeline::prepared_call> make_update(const pipeline::settings& settings, std::string_view id,
                                                     const update_params& params,
                                                     const call_options& options) {
  auto path = connection_path(id);
  if (!path) return path.error();
  auto body = pipeline::body_of(params);
  if (!body) return body.error();
  return pipeline::prepare(settings, detail::update, std::move(*path), {}, std::move(*body), options);
}

SSO_DECL result<pipeline::prepared_call> make_list_domains(const pipeline::settings& settings,
                                                           std::string_view id, const list_params& params,
                                                           const call_options& options) {
  auto path = connection_path(id);
  if (!path) return path.error();
  if (const auto fault = json::validate(params)) return pipeline::refuse_argument(fault->path, fault->rule);
  std::string query;
  if (params.limit()) query = "limit=" + std::to_string(*params.limit());
  if (params.next_cursor()) {
    query.append(query.empty() ? "" : "&")
        .append("next_cursor=")
        .append(http::encode_query(*params.next_cursor()));
  }
  return pipeline::prepare(settings, detail::list_domains, *path + "/domains", query, std::nullopt, options);
}

SSO_DECL result<pipeline::prepared_call> make_add_domain(const pipeline::settings& settings,
                                                         std::string_view id, std::string_view domain,
                                                         const call_options& options) {
  auto path = connection_path(id);
  if (!path) return path.error();
  if (auto checked = check_domain(domain); !checked) return checked.error();
  return pipeline::prepare(settings, detail::add_domain, *path + "/domains", {},
                           json::encode(detail::new_domain{std::string{domain}}), options);
}

SSO_DECL result<pipeline::prepared_call> make_verify_domain(const pipeline::settings& settings,
                                                            std::string_view id, std::string_view domain,
                                                            const call_options& options) {
  auto path = connection_path(id);
  if (!path) return path.error();
  if (auto checked = check_domain(domain); !checked) return checked.error();
  return pipeline::prepare(settings, detail::verify_domain,
                           *path + "/domains/" + http::encode_segment(domain) + "/verify", {}, std::nullopt,
                           options);
}

SSO_DECL result<pipeline::prepared_call> make_request(const pipeline::settings& settings, http::method method,
                                                      std::string_view path, std::optional<std::string> body,
                                                      const call_options& options) {
  return pipeline::prepare_untyped(settings, "truto.request", method, path, std::move(body), options);
}

}  // namespace sso::truto
