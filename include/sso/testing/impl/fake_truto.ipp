// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/fake_truto.hpp>
#include <sso/testing/impl/fake_service.ipp>

#include <charconv>
#include <map>

namespace sso::testing {

struct fake_truto::service : detail::fake_service {
  using fake_service::fake_service;

  struct domain {
    std::string name;
    std::string token;
    bool verified = false;
    std::string created_at;
    std::string updated_at;
  };

  struct connection {
    boost::json::object shown;  // the members that the API returns
    secret client_secret;
    std::vector<domain> domains;
  };

  struct txt_record {
    std::string value;
    std::chrono::steady_clock::time_point visible;
  };

  struct rate {
    unsigned allowed = 0;
    std::chrono::seconds window{};
    bool retry_after = false;
    unsigned used = 0;
    std::chrono::steady_clock::time_point opens{};
  };

  static constexpr std::string_view team_id = "05daecaf-4365-42e8-8370-8127de5dd717";
  static constexpr std::string_view record_prefix = "truto-domain-verification=";

  static constexpr std::array<detail::member_rule, 8> update_rules{
      {{"protocol", detail::kind::text},
       {"is_active", detail::kind::boolean},
       {"enforced", detail::kind::boolean},
       {"is_default", detail::kind::boolean},
       {"default_role", detail::kind::text},
       {"default_environment_ids", detail::kind::texts},
       {"client_secret", detail::kind::text},
       {"config", detail::kind::object}}};
  static constexpr std::array<detail::member_rule, 9> config_rules{
      {{"idp_entity_id", detail::kind::text},
       {"idp_sso_url", detail::kind::uri},
       {"idp_x509_cert", detail::kind::text},
       {"sign_authn_requests", detail::kind::boolean},
       {"allow_idp_initiated", detail::kind::boolean},
       {"issuer", detail::kind::uri},
       {"client_id", detail::kind::text},
       {"discovery_url", detail::kind::uri},
       {"idp_metadata_xml", detail::kind::text}}};
  static constexpr std::array<detail::member_rule, 2> domain_rules{
      {{"domain", detail::kind::text}, {"verified", detail::kind::boolean}}};

  static std::string_view name_of(unsigned status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 429: return "Too Many Requests";
    default: return status >= 500 ? "Internal Server Error" : "Error";
    }
  }

  static http::response failure(unsigned status, std::string_view message) {
    return detail::json_response(status,
                                 {{"statusCode", status}, {"error", name_of(status)}, {"message", message}});
  }

  static std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = sso::detail::to_lower(c);
    return out;
  }

  static bool is_domain(std::string_view text) {
    const auto labels = detail::split(text, '.');
    return text.size() <= 253 && labels.size() > 1 &&
           std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
             return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
                    std::all_of(label.begin(), label.end(),
                                [](char c) { return sso::detail::is_alnum(c) || c == '-'; });
           });
  }

  static std::string record_of(const domain& one) { return std::string{record_prefix} + one.token; }

  boost::json::object config_of(std::string_view protocol) const {
    if (protocol == "saml") {
      return {{"idp_entity_id", "https://idp.example.com/metadata"},
              {"idp_sso_url", "https://idp.example.com/sso"},
              {"idp_x509_cert", example_certificate},
              {"sign_authn_requests", false},
              {"allow_idp_initiated", false}};
    }
    if (protocol == "oidc") {
      return {{"issuer", "https://accounts.example.com"},
              {"client_id", "truto-client"},
              {"discovery_url", "https://accounts.example.com/.well-known/openid-configuration"}};
    }
    return {};
  }

  void add(std::string_view id, std::string_view protocol) {
    auto& made = connections[lower(id)];
    const auto at = timestamp();
    made = {};
    made.shown = {{"id", lower(id)},
                  {"team_id", team_id},
                  {"protocol", protocol},
                  {"is_active", true},
                  {"enforced", false},
                  {"is_default", false},
                  {"config", config_of(protocol)},
                  {"default_role", "member"},
                  {"default_environment_ids", boost::json::array{}},
                  {"created_at", at},
                  {"updated_at", at}};
  }

  static boost::json::object show(const domain& one, std::string_view connection_id) {
    return {
        {"domain", one.name},          {"sso_connection_id", connection_id}, {"team_id", team_id},
        {"verified", one.verified},    {"verification_token", one.token},    {"created_at", one.created_at},
        {"updated_at", one.updated_at}};
  }

  http::response update(connection& one, const boost::json::object& body) {
    if (const auto what = detail::fault(body, update_rules)) return failure(400, *what);
    const auto* config = detail::object_in(body, "config");
    if (config) {
      if (const auto what = detail::fault(*config, config_rules, "config.")) return failure(400, *what);
    }
    for (const auto& rule : update_rules) {
      const auto* value = body.if_contains(rule.name);
      if (value && rule.name != "config" && rule.name != "client_secret") one.shown[rule.name] = *value;
    }
    if (body.contains("client_secret")) one.client_secret = secret{detail::text_of(body, "client_secret")};
    if (config) {
      auto& stored = one.shown["config"].get_object();
      if (config->contains("idp_metadata_xml")) {
        stored["idp_entity_id"] = metadata_entity_id;
        stored["idp_sso_url"] = metadata_sso_url;
        stored["idp_x509_cert"] = metadata_certificate;
      }
      for (const auto& rule : config_rules) {
        const auto* value = config->if_contains(rule.name);
        if (value && rule.name != "idp_metadata_xml") stored[rule.name] = *value;
      }
    }
    one.shown["updated_at"] = timestamp();
    return detail::json_response(200, one.shown);
  }

  http::response list_domains(const connection& one, std::string_view id, const detail::route& route) const {
    std::size_t first = 0;
    std::size_t size = page_size;
    if (const auto cursor = detail::find(route.query, "next_cursor")) {
      const auto at =
          cursor->starts_with("after-") ? number(std::string_view{*cursor}.substr(6)) : std::nullopt;
      if (!at || *at > one.domains.size()) return failure(400, "next_cursor: unknown cursor");
      first = *at;
    }
    if (const auto limit = detail::find(route.query, "limit")) {
      const auto asked = number(*limit);
      if (!asked || *asked == 0) return failure(400, "limit: expected a positive number");
      size = size == 0 ? *asked : (std::min)(size, *asked);
    }
    const auto last = size == 0 ? one.domains.size() : (std::min)(one.domains.size(), first + size);
    boost::json::array shown;
    for (auto i = first; i != last; ++i) shown.push_back(show(one.domains[i], id));
    boost::json::object body{{"result", std::move(shown)}};
    if (size != 0) {
      body["limit"] = size;
      body["next_cursor"] = nullptr;
      if (last != one.domains.size()) body["next_cursor"] = "after-" + std::to_string(last);
    }
    return detail::json_response(200, body);
  }

  static std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
  }

  static domain* find_domain(connection& one, std::string_view name) {
    const auto wanted = lower(name);
    for (auto& candidate : one.domains) {
      if (candidate.name == wanted) return &candidate;
    }
    return nullptr;
  }

  http::response add_domain(connection& one, std::string_view id, const boost::json::object& body) {
    if (const auto what = detail::fault(body, domain_rules)) return failure(400, *what);
    const auto name = lower(detail::text_of(body, "domain"));
    if (!is_domain(name)) return failure(400, "domain: expected a domain name");
    if (find_domain(one, name)) return failure(409, "the domain is already on this connection");
    const auto at = timestamp();
    const auto token = sso::detail::to_string(sso::detail::make_uuid(0x3b1f9c2a7e444d0b, ++domains));
    one.domains.push_back({name, token, false, at, at});
    auto shown = show(one.domains.back(), id);
    shown["verification_record"] = record_of(one.domains.back());
    return detail::json_response(201, shown);
  }

  http::response verify(domain& one) {
    const auto [begin, end] = dns.equal_range(one.name);
    const bool found = std::any_of(begin, end, [&](const auto& record) {
      return record.second.visible <= now() && record.second.value == record_of(one);
    });
    if (found && !one.verified) {
      one.verified = true;
      one.updated_at = timestamp();
    }
    boost::json::object body{{"domain", one.name}, {"verified", one.verified}};
    if (!one.verified) {
      body["detail"] = "no TXT record on " + one.name + " has the value " + record_of(one);
    }
    return detail::json_response(200, body);
  }

  http::response respond(const http::request& request) {
    if (auto failed = detail::take(failures)) return *std::move(failed);
    const auto bearer = detail::authorization(request, "Bearer");
    const bool known = bearer && std::any_of(tokens.begin(), tokens.end(),
                                             [&](const secret& token) { return token == secret{*bearer}; });
    if (!known) return failure(401, "the API token is missing or unknown");
    const auto route = detail::parse_target(request.target, base_path);
    const bool one = route && route->matches({"sso-connection", "*"});
    const bool all_domains = route && route->matches({"sso-connection", "*", "domains"});
    const bool verification = route && route->matches({"sso-connection", "*", "domains", "*", "verify"});
    if (!one && !all_domains && !verification) return failure(404, "no such resource");
    const auto id = lower(route->path[1]);
    if (!sso::detail::is_uuid(id)) return failure(400, "id: expected a UUID");
    const auto found = connections.find(id);
    if (found == connections.end()) return failure(404, "SSO connection not found");
    auto& owner = found->second;

    const auto method = request.method;
    if (one && method == http::method::get) return detail::json_response(200, owner.shown);
    if (all_domains && method == http::method::get) return list_domains(owner, id, *route);
    if (verification && method == http::method::post) {
      auto* asked = find_domain(owner, route->path[3]);
      return asked ? verify(*asked) : failure(404, "the domain is not on this connection");
    }
    const bool updates = one && method == http::method::patch;
    const bool adds = all_domains && method == http::method::post;
    if (!updates && !adds) return failure(405, "the resource has no such method");
    if (!detail::has_content_type(request, "application/json")) {
      return failure(400, "Content-Type must be application/json");
    }
    boost::system::error_code malformed;
    const auto body = boost::json::parse(request.body, malformed);
    if (malformed || !body.is_object()) return failure(400, "the body must be a JSON object");
    return updates ? update(owner, body.get_object()) : add_domain(owner, id, body.get_object());
  }

  http::response respond_within_rate(const http::request& request) {
    if (budget.allowed == 0) return respond(request);
    const auto at = now();
    if (at >= budget.opens) {
      budget.used = 0;
      budget.opens = at + budget.window;
    }
    const bool over = budget.used == budget.allowed;
    if (!over) ++budget.used;
    auto response = over ? failure(429, "rate limit exceeded") : respond(request);
    const auto reset = std::to_string(std::chrono::ceil<std::chrono::seconds>(budget.opens - at).count());
    response.headers.set("ratelimit-limit",
                         std::to_string(budget.allowed) + ";w=" + std::to_string(budget.window.count()));
    response.headers.set("ratelimit-remaining", std::to_string(budget.allowed - budget.used));
    response.headers.set("ratelimit-reset", reset);
    if (over && budget.retry_after) response.headers.set("Retry-After", reset);
    return response;
  }

  static constexpr std::string_view example_certificate =
      "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----\n";

  std::map<std::string, connection, std::less<>> connections;
  std::vector<secret> tokens;
  std::multimap<std::string, txt_record, std::less<>> dns;
  std::string metadata_entity_id{"https://idp.example.com/metadata"};
  std::string metadata_sso_url{"https://idp.example.com/sso"};
  std::string metadata_certificate{example_certificate};
  std::size_t page_size = 0;
  std::size_t domains = 0;
  rate budget;
  std::deque<http::response> failures;
};

SSO_DECL fake_truto::fake_truto() : service_{std::make_shared<service>(std::nullopt)} {}
SSO_DECL fake_truto::fake_truto(manual_runtime time) : service_{std::make_shared<service>(std::move(time))} {}

SSO_DECL fake_truto& fake_truto::base_path(std::string_view path) {
  const std::lock_guard lock{service_->mutex};
  service_->set_base_path(path);
  return *this;
}

SSO_DECL fake_truto& fake_truto::add_connection(std::string_view id, std::string_view protocol) {
  const std::lock_guard lock{service_->mutex};
  service_->add(id, protocol);
  return *this;
}

SSO_DECL fake_truto& fake_truto::accept_token(secret token) {
  const std::lock_guard lock{service_->mutex};
  service_->tokens.push_back(std::move(token));
  return *this;
}

SSO_DECL fake_truto& fake_truto::revoke_tokens() {
  const std::lock_guard lock{service_->mutex};
  service_->tokens.clear();
  return *this;
}

SSO_DECL fake_truto& fake_truto::metadata(std::string entity_id, std::string sso_url,
                                          std::string certificate_pem) {
  const std::lock_guard lock{service_->mutex};
  service_->metadata_entity_id = std::move(entity_id);
  service_->metadata_sso_url = std::move(sso_url);
  service_->metadata_certificate = std::move(certificate_pem);
  return *this;
}

SSO_DECL fake_truto& fake_truto::publish_txt(std::string_view domain, std::string value,
                                             std::chrono::steady_clock::duration after) {
  const std::lock_guard lock{service_->mutex};
  service_->dns.emplace(service::lower(domain),
                        service::txt_record{std::move(value), service_->now() + after});
  return *this;
}

SSO_DECL fake_truto& fake_truto::remove_txt(std::string_view domain) {
  const std::lock_guard lock{service_->mutex};
  service_->dns.erase(service::lower(domain));
  return *this;
}

SSO_DECL fake_truto& fake_truto::page_size(std::size_t size) {
  const std::lock_guard lock{service_->mutex};
  service_->page_size = size;
  return *this;
}

SSO_DECL fake_truto& fake_truto::rate_limit(unsigned requests, std::chrono::seconds window,
                                            bool retry_after) {
  const std::lock_guard lock{service_->mutex};
  service_->budget = {requests, window, retry_after, 0, service_->now() + window};
  return *this;
}

SSO_DECL fake_truto& fake_truto::fail_next(unsigned status, http::headers headers) {
  auto failure = service::failure(status, "scripted failure");
  headers.set("Content-Type", "application/json");
  return fail_next(status, std::move(headers), std::move(failure.body));
}

SSO_DECL fake_truto& fake_truto::fail_next(unsigned status, http::headers headers, std::string body) {
  const std::lock_guard lock{service_->mutex};
  service_->failures.push_back({status, std::move(headers), std::move(body)});
  return *this;
}

SSO_DECL fake_truto& fake_truto::outage(std::chrono::steady_clock::duration begins_in,
                                        std::chrono::steady_clock::duration lasts, unsigned status,
                                        http::headers headers) {
  auto response = service::failure(status, "scripted outage");
  headers.set("Content-Type", "application/json");
  response.headers = std::move(headers);
  const std::lock_guard lock{service_->mutex};
  service_->add_outage(begins_in, lasts, std::move(response));
  return *this;
}

SSO_DECL bool fake_truto::has_client_secret(std::string_view id, std::string_view expected) const {
  const std::lock_guard lock{service_->mutex};
  const auto found = service_->connections.find(service::lower(id));
  return found != service_->connections.end() && found->second.client_secret == secret{expected};
}

SSO_DECL http::response fake_truto::operator()(const http::request& request) const {
  const std::lock_guard lock{service_->mutex};
  const auto* const down = service_->outage_now();
  auto response = down != nullptr ? *down : service_->respond_within_rate(request);
  if (!response.headers.contains("X-Request-Id")) {
    response.headers.add("X-Request-Id", service_->next_request_id());
  }
  return response;
}

}  // namespace sso::testing
