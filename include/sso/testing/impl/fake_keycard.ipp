// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/uuid.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/impl/fake_service.ipp>

#include <cstdint>
#include <map>
#include <random>

namespace sso::testing {

struct fake_keycard::service : detail::fake_service {
  using fake_service::fake_service;

  struct connection {
    std::string id;
    std::optional<std::string> client_id;
    secret client_secret;
    std::string identifier;
    boost::json::value protocols;  // an object or null
    std::string created_at;
    std::string updated_at;
  };

  struct organization {
    std::string id;
    std::string label;
    std::optional<connection> sso;
  };

  struct token {
    secret value;
    std::optional<std::chrono::steady_clock::time_point> expires;
  };

  // The members of a request body, then those of `protocols`.
  static constexpr std::array<detail::member_rule, 4> enable_rules{
      {{"client_id", detail::kind::text},
       {"identifier", detail::kind::identifier},
       {"client_secret", detail::kind::text},
       {"protocols", detail::kind::object, true}}};
  static constexpr std::array<detail::member_rule, 4> update_rules{
      {{"client_id", detail::kind::text, true},
       {"identifier", detail::kind::identifier},
       {"client_secret", detail::kind::text, true},
       {"protocols", detail::kind::object, true}}};
  static constexpr std::array<detail::member_rule, 2> protocols_rules{
      {{"oauth2", detail::kind::object, true}, {"openid", detail::kind::object, true}}};
  static constexpr std::array<detail::member_rule, 6> oauth2_rules{
      {{"authorization_endpoint", detail::kind::uri, true},
       {"code_challenge_methods_supported", detail::kind::texts, true},
       {"jwks_uri", detail::kind::uri, true},
       {"registration_endpoint", detail::kind::uri, true},
       {"scopes_supported", detail::kind::texts, true},
       {"token_endpoint", detail::kind::uri, true}}};
  static constexpr std::array<detail::member_rule, 1> openid_rules{
      {{"userinfo_endpoint", detail::kind::uri, true}}};

  static std::string_view code_of(unsigned status) {
    switch (status) {
    case 400: return "bad_request";
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 409: return "conflict";
    case 422: return "validation_failed";
    case 429: return "rate_limited";
    default: return status >= 500 ? "internal_error" : "error";
    }
  }

  static http::response failure(unsigned status, std::string_view message) {
    return detail::json_response(status,
                                 {{"message", message}, {"code", code_of(status)}, {"status", status}});
  }

  static http::response oauth_failure(unsigned status, std::string_view code, std::string_view description) {
    auto out = detail::json_response(status, {{"error", code}, {"error_description", description}});
    if (status == 401) out.headers.add("WWW-Authenticate", "Basic realm=\"keycard\"");
    return out;
  }

  static std::optional<std::string> protocols_fault(const boost::json::object& body) {
    const auto* protocols = detail::object_in(body, "protocols");
    if (!protocols) return std::nullopt;
    if (auto what = detail::fault(*protocols, protocols_rules, "protocols.")) return what;
    if (const auto* oauth2 = detail::object_in(*protocols, "oauth2")) {
      if (auto what = detail::fault(*oauth2, oauth2_rules, "protocols.oauth2.")) return what;
    }
    const auto* openid = detail::object_in(*protocols, "openid");
    return openid ? detail::fault(*openid, openid_rules, "protocols.openid.") : std::nullopt;
  }

  /// The members that the API has, without null members.
  static boost::json::value known_protocols(const boost::json::value& merged) {
    const auto only = [](const boost::json::object& from, std::span<const detail::member_rule> rules) {
      boost::json::object out;
      for (const auto& rule : rules) {
        if (const auto* value = from.if_contains(rule.name)) out.emplace(rule.name, *value);
      }
      return out;
    };
    const auto* object = merged.if_object();
    if (!object) return nullptr;
    auto out = only(*object, protocols_rules);
    if (const auto* oauth2 = detail::object_in(out, "oauth2")) out["oauth2"] = only(*oauth2, oauth2_rules);
    if (const auto* openid = detail::object_in(out, "openid")) out["openid"] = only(*openid, openid_rules);
    return out;
  }

  static std::optional<std::string> base64_decode(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (text.ends_with('=')) text.remove_suffix(1);
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
      const auto digit = alphabet.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffff;
      held += 6;
      if (held >= 8) {
        held -= 8;
        out += static_cast<char>(bits >> held & 0xff);
      }
    }
    return out;
  }

  organization* find_organization(std::string_view id) {
    for (auto& one : organizations) {
      if (!id.empty() && (one.id == id || one.label == id)) return &one;
    }
    return nullptr;
  }

  organization& get_organization(std::string_view id) {
    if (auto* found = find_organization(id)) return *found;
    return organizations.emplace_back(organization{std::string{id}, {}, std::nullopt});
  }

  connection& open(organization& owner) {
    auto& made = owner.sso.emplace();
    made.id = "sso-" + std::to_string(++connections);
    made.created_at = made.updated_at = timestamp();
    return made;
  }

  bool is_client(std::string_view id, std::string_view client_secret) const {
    const auto found = clients.find(id);
    return found != clients.end() && found->second == secret{client_secret};
  }

  /// The token endpoint: RFC 6749 §4.4.
  http::response issue(const http::request& request) {
    if (request.method != http::method::post) return failure(405, "use POST");
    if (!detail::has_content_type(request, "application/x-www-form-urlencoded")) {
      return oauth_failure(400, "invalid_request", "Content-Type must be application/x-www-form-urlencoded");
    }
    const auto form = detail::parse_parameters(request.body);
    const auto grant = form ? detail::find(*form, "grant_type") : std::nullopt;
    if (!grant) return oauth_failure(400, "invalid_request", "grant_type is missing");
    if (*grant != "client_credentials") {
      return oauth_failure(400, "unsupported_grant_type", "only client_credentials is supported");
    }
    const auto basic = detail::authorization(request, "Basic");
    const auto pair = basic ? base64_decode(*basic) : std::nullopt;
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return oauth_failure(401, "invalid_client", "HTTP Basic is required");
    const auto id = pair->substr(0, colon);
    const auto client_secret = pair->substr(colon + 1);
    const auto decoded_id = detail::percent_decode(id, true);
    const auto decoded_secret = detail::percent_decode(client_secret, true);
    if (!is_client(id, client_secret) &&
        !(decoded_id && decoded_secret && is_client(*decoded_id, *decoded_secret))) {
      return oauth_failure(401, "invalid_client", "unknown client or wrong secret");
    }
    std::erase_if(tokens, [now = now()](const token& old) { return old.expires && *old.expires <= now; });
    ++issued;
    const auto value = sso::detail::to_string(sso::detail::make_uuid(salt, issued));
    tokens.push_back({secret{value}, now() + lifetime});
    auto out = detail::json_response(
        200, {{"access_token", value}, {"token_type", "Bearer"}, {"expires_in", lifetime.count()}});
    out.headers.add("Cache-Control", "no-store");
    return out;
  }

  bool authorized(const http::request& request) const {
    const auto bearer = detail::authorization(request, "Bearer");
    return bearer && std::any_of(tokens.begin(), tokens.end(), [&](const token& known) {
             return (!known.expires || now() < *known.expires) && known.value == secret{*bearer};
           });
  }

  static http::response show(unsigned status, const connection& sso, bool with_permissions = false) {
    boost::json::object body{{"id", sso.id},
                             {"client_id", nullptr},
                             {"client_secret_set", !sso.client_secret.empty()},
                             {"created_at", sso.created_at},
                             {"identifier", sso.identifier},
                             {"updated_at", sso.updated_at},
                             {"protocols", sso.protocols}};
    if (sso.client_id) body["client_id"] = *sso.client_id;
    if (with_permissions) {
      body["permissions"] = {{"organizations", {{"read", true}, {"update", true}}},
                             {"users", {{"read", true}, {"list", true}}}};
    }
    return detail::json_response(status, body);
  }

  static http::response retrieve(const organization& owner, const detail::route& route) {
    if (!owner.sso) return failure(404, "SSO is not enabled for this organization");
    const bool permissions = std::any_of(route.query.begin(), route.query.end(), [](const auto& parameter) {
      return (parameter.first == "expand" || parameter.first == "expand[]") &&
             parameter.second == "permissions";
    });
    return show(200, *owner.sso, permissions);
  }

  http::response enable(organization& owner, const boost::json::object& body) {
    if (owner.sso) return failure(409, "SSO is already enabled for this organization");
    for (const auto name : {"client_id", "identifier"}) {
      if (!body.contains(name)) return failure(422, std::string{name} + ": required");
    }
    if (const auto what = detail::fault(body, enable_rules)) return failure(422, *what);
    if (const auto what = protocols_fault(body)) return failure(422, *what);
    auto& made = open(owner);
    apply(made, body);
    return show(201, made);
  }

  http::response update(organization& owner, const boost::json::object& body) {
    if (!owner.sso) return failure(404, "SSO is not enabled for this organization");
    if (const auto what = detail::fault(body, update_rules)) return failure(422, *what);
    if (const auto what = protocols_fault(body)) return failure(422, *what);
    apply(*owner.sso, body);
    owner.sso->updated_at = timestamp();
    return show(200, *owner.sso);
  }

  /// Precondition: `body` is valid by the rules.
  static void apply(connection& sso, const boost::json::object& body) {
    if (const auto* id = body.if_contains("client_id")) {
      if (id->is_null()) {
        sso.client_id.reset();
      } else {
        sso.client_id = detail::text_of(body, "client_id");
      }
    }
    if (body.contains("client_secret")) sso.client_secret = secret{detail::text_of(body, "client_secret")};
    if (body.contains("identifier")) sso.identifier = detail::text_of(body, "identifier");
    if (const auto* protocols = body.if_contains("protocols")) {
      if (protocols->is_null()) {
        sso.protocols = nullptr;
      } else {
        detail::merge_patch(sso.protocols, *protocols);
        sso.protocols = known_protocols(sso.protocols);
      }
    }
  }

  http::response respond_to_api(const http::request& request, const detail::route& route) {
    if (!authorized(request)) {
      auto out = failure(401, "the access token is missing, unknown or expired");
      out.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      return out;
    }
    const auto client_request_id = request.headers.get("X-Client-Request-ID");
    if (client_request_id && !sso::detail::is_uuid(*client_request_id)) {
      return failure(400, "X-Client-Request-ID must be a UUID");
    }
    if (!route.matches({"organizations", "*", "sso-connection"})) return failure(404, "no such resource");
    auto* owner = find_organization(route.path[1]);
    if (!owner) return failure(404, "organization not found");

    switch (request.method) {
    case http::method::get: return retrieve(*owner, route);
    case http::method::delete_: {
      if (!owner->sso) return failure(404, "SSO is not enabled for this organization");
      owner->sso.reset();
      http::response done;
      done.status = 204;
      return done;
    }
    case http::method::post:
    case http::method::patch: break;
    case http::method::head:
    case http::method::put: {
      auto out = failure(405, "use GET, POST, PATCH or DELETE");
      out.headers.add("Allow", "GET, POST, PATCH, DELETE");
      return out;
    }
    }
    if (!detail::has_content_type(request, "application/json")) {
      return failure(400, "Content-Type must be application/json");
    }
    boost::system::error_code malformed;
    const auto body = boost::json::parse(request.body, malformed);
    if (malformed || !body.is_object()) return failure(400, "the body must be a JSON object");
    return request.method == http::method::post ? enable(*owner, body.get_object())
                                                : update(*owner, body.get_object());
  }

  http::response respond(const http::request& request) {
    const auto route = detail::parse_target(request.target, base_path);
    const bool for_token = route && (route->matches({"service-account-token"}) ||
                                     route->matches({"organizations", "*", "service-account-token"}));
    if (auto failed = detail::take(for_token ? token_failures : api_failures)) return *std::move(failed);
    if (!route) return failure(404, "no such resource");
    if (for_token) return issue(request);
    return respond_to_api(request, *route);
  }

  std::deque<organization> organizations;
  std::map<std::string, secret, std::less<>> clients;
  std::vector<token> tokens;
  std::chrono::seconds lifetime{3600};
  std::size_t issued = 0;
  // Tokens differ between services, so that a token sent to the wrong service is rejected.
  const std::uint64_t salt = std::uint64_t{std::random_device{}()} << 32 | std::random_device{}();
  std::size_t connections = 0;
  std::deque<http::response> api_failures;
  std::deque<http::response> token_failures;
};

SSO_DECL fake_keycard::fake_keycard() : service_{std::make_shared<service>(std::nullopt)} {}
SSO_DECL fake_keycard::fake_keycard(manual_runtime time)
    : service_{std::make_shared<service>(std::move(time))} {}

SSO_DECL fake_keycard& fake_keycard::base_path(std::string_view path) {
  const std::lock_guard lock{service_->mutex};
  service_->set_base_path(path);
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::add_organization(std::string id, std::string label) {
  const std::lock_guard lock{service_->mutex};
  service_->get_organization(id).label = std::move(label);
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::add_connection(std::string_view organization_id, std::string client_id,
                                                    std::string identifier) {
  const std::lock_guard lock{service_->mutex};
  auto& made = service_->open(service_->get_organization(organization_id));
  made.client_id = std::move(client_id);
  made.identifier = std::move(identifier);
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::add_client(std::string id, secret client_secret) {
  const std::lock_guard lock{service_->mutex};
  service_->clients[std::move(id)] = std::move(client_secret);
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::accept_token(secret token) {
  const std::lock_guard lock{service_->mutex};
  service_->tokens.push_back({std::move(token), std::nullopt});
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::token_lifetime(std::chrono::seconds life) {
  const std::lock_guard lock{service_->mutex};
  service_->lifetime = life;
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::expire_tokens() {
  const std::lock_guard lock{service_->mutex};
  std::erase_if(service_->tokens, [](const auto& token) { return token.expires.has_value(); });
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::revoke_tokens() {
  const std::lock_guard lock{service_->mutex};
  service_->tokens.clear();
  return *this;
}

SSO_DECL std::size_t fake_keycard::tokens_issued() const {
  const std::lock_guard lock{service_->mutex};
  return service_->issued;
}

SSO_DECL fake_keycard& fake_keycard::fail_next(unsigned status, http::headers headers) {
  auto failure = service::failure(status, "scripted failure");
  headers.set("Content-Type", "application/json");
  return fail_next(status, std::move(headers), std::move(failure.body));
}

SSO_DECL fake_keycard& fake_keycard::fail_next(unsigned status, http::headers headers, std::string body) {
  const std::lock_guard lock{service_->mutex};
  service_->api_failures.push_back({status, std::move(headers), std::move(body)});
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::fail_next_token(unsigned status, http::headers headers) {
  auto failure =
      service::oauth_failure(status, status == 401 ? "invalid_client" : "server_error", "scripted failure");
  headers.set("Content-Type", "application/json");
  return fail_next_token(status, std::move(headers), std::move(failure.body));
}

SSO_DECL fake_keycard& fake_keycard::fail_next_token(unsigned status, http::headers headers,
                                                     std::string body) {
  const std::lock_guard lock{service_->mutex};
  service_->token_failures.push_back({status, std::move(headers), std::move(body)});
  return *this;
}

SSO_DECL fake_keycard& fake_keycard::outage(std::chrono::steady_clock::duration begins_in,
                                            std::chrono::steady_clock::duration lasts, unsigned status,
                                            http::headers headers) {
  auto response = service::failure(status, "scripted outage");
  headers.set("Content-Type", "application/json");
  response.headers = std::move(headers);
  const std::lock_guard lock{service_->mutex};
  service_->add_outage(begins_in, lasts, std::move(response));
  return *this;
}

SSO_DECL bool fake_keycard::enabled(std::string_view organization_id) const {
  const std::lock_guard lock{service_->mutex};
  const auto* owner = service_->find_organization(organization_id);
  return owner && owner->sso;
}

SSO_DECL bool fake_keycard::has_client_secret(std::string_view organization_id,
                                              std::string_view expected) const {
  const std::lock_guard lock{service_->mutex};
  const auto* owner = service_->find_organization(organization_id);
  return owner && owner->sso && owner->sso->client_secret == secret{expected};
}

SSO_DECL http::response fake_keycard::operator()(const http::request& request) const {
  const std::lock_guard lock{service_->mutex};
  const auto* const down = service_->outage_now();
  auto response = down != nullptr ? *down : service_->respond(request);
  if (!response.headers.contains("X-Request-Id")) {
    response.headers.add("X-Request-Id", service_->next_request_id());
  }
  return response;
}

}  // namespace sso::testing
