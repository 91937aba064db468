// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/doctor/detail/issuer.hpp>
#include <sso/doctor/detail/location.hpp>

namespace sso::doctor::detail {

SSO_DECL issuer_fault fault_of(std::string_view issuer) {
  const auto read = read_location(issuer);
  if (read.blank) return issuer_fault::absent;
  if (read.braces) return issuer_fault::placeholder;
  if (issuer.find("/.well-known/") != std::string_view::npos) return issuer_fault::discovery_url;
  const bool well_formed =
      read.absolute && !read.blanks_around && !read.user_info && !read.query && !read.fragment;
  if (!well_formed) return issuer_fault::malformed;
  if (read.secure) return issuer_fault::none;
  return read.scheme == "http" ? issuer_fault::plain_http : issuer_fault::malformed;
}

inline void check_placeholders(collector& out, std::string_view issuer,
                               const std::vector<named_text>& others) {
  finding what;
  what.id = "issuer.template";
  if (read_location(issuer).braces) append_item(what.actual, "issuer: " + shown_url(issuer));
  for (const auto& other : others) {
    if (read_location(other.text).braces)
      append_item(what.actual, other.member + ": " + shown_url(other.text));
  }
  if (what.actual.empty()) return out.pass(what.id);
  what.severity = severity::critical;
  what.subject = shown_url(issuer);
  what.message = "The URL has a placeholder instead of the tenant.";
  what.expected = "an issuer of one tenant, without braces";
  what.advice =
      "Store the issuer of the tenant. For Entra ID it is https://login.microsoftonline.com/TENANT_ID/v2.0, "
      "with the directory (tenant) id from the overview page of the application's registration. The names "
      "common, organizations and consumers mean many tenants and do not work.";
  out.find(std::move(what));
}

SSO_DECL issuer_fault check_issuer(collector& out, std::string_view issuer,
                                   const std::vector<named_text>& others) {
  const auto fault = fault_of(issuer);
  if (fault == issuer_fault::absent) {
    out.undecided({"issuer.malformed", "issuer.is_discovery_url", "issuer.template"}, "there is no issuer");
    return fault;
  }
  check_placeholders(out, issuer, others);
  if (fault == issuer_fault::placeholder) {
    out.undecided({"issuer.malformed", "issuer.is_discovery_url"}, "explained by issuer.template");
    return fault;
  }

  finding what;
  what.subject = shown_url(issuer);
  what.actual = shown_url(issuer);
  if (fault == issuer_fault::discovery_url) {
    what.id = "issuer.is_discovery_url";
    what.severity = severity::critical;
    what.message = "The issuer is the URL of a discovery document.";
    what.expected = "the value of the document's member issuer";
    what.advice = "Store " + shown_url(issuer.substr(0, issuer.find("/.well-known/"))) +
                  " if that is the document's member issuer. The two must be equal byte for byte.";
    out.find(std::move(what));
    out.undecided("issuer.malformed", "explained by issuer.is_discovery_url");
    return fault;
  }
  out.pass("issuer.is_discovery_url");
  if (fault == issuer_fault::none) {
    out.pass("issuer.malformed");
    return fault;
  }
  what.id = "issuer.malformed";
  what.severity = severity::error;
  what.message = fault == issuer_fault::plain_http ? "The issuer is not an https URL."
                                                   : "The issuer is not a valid OpenID Connect issuer.";
  what.expected = "an https URL without query, fragment, user information and surrounding blanks";
  what.advice = "Store the member issuer of the provider's discovery document byte for byte.";
  out.find(std::move(what));
  return fault;
}

SSO_DECL std::string_view difference_of(std::string_view expected, std::string_view actual) {
  const auto without_slash = [](std::string_view text) {
    return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  };
  if (without_slash(expected) == without_slash(actual)) return "trailing slash";
  if (sso::detail::iequals(expected, actual)) return "case";
  const auto a = read_location(expected);
  const auto b = read_location(actual);
  if (!a.absolute || !b.absolute) return "other";
  const bool same_host = a.origin.host == b.origin.host;
  const bool same_scheme = a.scheme == b.scheme;
  const bool same_path = a.path == b.path;
  // Two default ports differ only because the schemes do.
  const bool own_ports =
      a.origin.port == http::default_port(a.scheme) && b.origin.port == http::default_port(b.scheme);
  const bool same_port = a.origin.port == b.origin.port || own_ports;
  if (!same_host || a.query != b.query || a.fragment != b.fragment) return "other";
  if (!same_scheme && same_port && same_path) return "scheme";
  if (same_scheme && same_path) return "port";  // also if only one of them writes the default port
  if (same_scheme && same_port) return "path";
  return "other";
}

}  // namespace sso::doctor::detail
