// SPDX-License-Identifier: BSL-1.0
#include "fields.hpp"

#include "command.hpp"
#include "secrets.hpp"

#include <sso/detail/ascii.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>

namespace ssoctl {
namespace {

constexpr const char* a_text = "TEXT";
constexpr const char* a_uri = "URI";
constexpr const char* a_boolean = "true|false";
constexpr const char* a_list = "TEXT,...";

const std::string oauth2 = "protocols.oauth2";
const std::string openid = "protocols.openid";

const std::array keycard_table{
    field_option{"client_id", a_text, "The client's id at the identity provider"},
    field_option{"identifier", a_text, "The identity provider, e.g. its issuer URL"},
    field_option{oauth2 + ".authorization_endpoint", a_uri, "OAuth 2.0: authorization endpoint"},
    field_option{oauth2 + ".code_challenge_methods_supported", a_list, "OAuth 2.0: PKCE methods"},
    field_option{oauth2 + ".jwks_uri", a_uri, "OAuth 2.0: URL of the keys"},
    field_option{oauth2 + ".registration_endpoint", a_uri, "OAuth 2.0: client registration endpoint"},
    field_option{oauth2 + ".scopes_supported", a_list, "OAuth 2.0: scopes"},
    field_option{oauth2 + ".token_endpoint", a_uri, "OAuth 2.0: token endpoint"},
    field_option{openid + ".userinfo_endpoint", a_uri, "OpenID Connect: userinfo endpoint"}};

const std::array truto_table{
    field_option{"protocol", a_text, "saml or oidc; values unknown to ssoctl are sent"},
    field_option{"is_active", a_boolean, "Whether users can sign in with it"},
    field_option{"enforced", a_boolean, "Whether users must sign in with it"},
    field_option{"is_default", a_boolean, "Whether it is the team's default"},
    field_option{"default_role", a_text, "The role of new users"},
    field_option{"default_environment_ids", a_list, "The environments of new users"},
    field_option{"config.idp_entity_id", a_text, "SAML: the identity provider's entity id"},
    field_option{"config.idp_sso_url", a_text, "SAML: the identity provider's sign-on URL"},
    field_option{"config.sign_authn_requests", a_boolean, "SAML: whether requests are signed"},
    field_option{"config.allow_idp_initiated", a_boolean,
                 "SAML: whether the identity provider may start a sign-in"},
    field_option{"config.issuer", a_text, "OpenID Connect: the issuer"},
    field_option{"config.client_id", a_text, "OpenID Connect: the client id"},
    field_option{"config.discovery_url", a_text, "OpenID Connect: URL of the discovery document"}};

bool is_within(std::string_view path, std::string_view object) {
  return path.size() > object.size() && path.starts_with(object) && path[object.size()] == '.';
}

constexpr const char* certificate_option = "--config-idp-x509-cert";
constexpr const char* metadata_option = "--config-idp-metadata-xml";

/// A certificate's file. Refuses a private key, which must not leave the machine.
std::string certificate_of_file(const std::string& name) {
  auto text = text_of_file(name, certificate_option);
  if (text.find("PRIVATE KEY-----") != std::string::npos) {
    throw usage_error{std::string{certificate_option} +
                      ": the file holds a private key, not only a certificate"};
  }
  return text;
}

/// The items of a list, without the blanks around them.
std::vector<std::string> items_of(const std::string& option, std::string_view list) {
  std::vector<std::string> items;
  for (;;) {
    const auto comma = std::min(list.find(','), list.size());
    items.emplace_back(sso::detail::trim(list.substr(0, comma)));
    if (items.back().empty()) throw CLI::ValidationError{option, "an item of the list is empty"};
    if (comma == list.size()) return items;
    list.remove_prefix(comma + 1);
  }
}

/// The option of a field: `--oauth2-jwks-uri` for `protocols.oauth2.jwks_uri`.
std::string name_of(std::string path) {
  if (is_within(path, "protocols")) path.erase(0, path.find('.') + 1);
  std::replace_if(
      path.begin(), path.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return "--" + path;
}

}  // namespace

CLI::Option* add_list(CLI::App& to, const std::string& name, std::vector<std::string>& items,
                      const std::string& help) {
  const auto read = [name, &items](const std::vector<std::string>& lists) {
    items.clear();
    if (lists.size() == 1 && lists[0].empty()) return;
    for (const auto& list : lists) {
      for (auto& item : items_of(name, list)) items.push_back(std::move(item));
    }
  };
  return to.add_option_function<std::vector<std::string>>(name, read, help + " (list separated by commas)")
      ->type_name("TEXT,...")
      ->allow_extra_args(false);
}

CLI::Option* field_options::add(CLI::App& to, const field_option& field) {
  auto& entry = options_[field.path];
  const auto name = name_of(field.path);
  auto* const added = field.type == a_list
                          ? add_list(to, name, entry.values, field.help)
                          : to.add_option(name, entry.values, field.help)->expected(1)->type_name(field.type);
  if (field.type == a_boolean) added->check(CLI::IsMember({"true", "false"}).description(""));
  entry.of_subcommands.push_back(added);
  return added;
}

bool field_options::has(const std::string& path) const {
  const auto& given = options_.at(path).of_subcommands;
  return std::any_of(given.begin(), given.end(), [](const CLI::Option* o) { return o->count() != 0; });
}

bool field_options::has_below(std::string_view path) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const auto& one) { return is_within(one.first, path) && has(one.first); });
}

bool field_options::empty() const {
  return std::none_of(options_.begin(), options_.end(), [&](const auto& one) { return has(one.first); });
}

std::optional<std::string> field_options::text(const std::string& path) const {
  if (!has(path)) return std::nullopt;
  const auto& values = options_.at(path).values;
  return values.empty() ? std::string{} : values.back();
}

std::optional<std::vector<std::string>> field_options::list(const std::string& path) const {
  if (!has(path)) return std::nullopt;
  return options_.at(path).values;
}

std::optional<bool> field_options::boolean(const std::string& path) const {
  const auto given = text(path);
  if (!given) return std::nullopt;
  return *given == "true";
}

void keycard_fields::add(CLI::App& to, bool required) {
  for (const auto& one : keycard_table) {
    options_.add(to, one)->required(required && (one.path == "client_id" || one.path == "identifier"));
  }
}

void keycard_fields::add_clear(CLI::App& to, bool protocols_only) {
  std::vector<std::string> fields{"protocols", oauth2, openid};
  if (!protocols_only) fields.insert(fields.end(), {"client_id", "client_secret"});
  for (const auto& one : keycard_table) {
    if (is_within(one.path, "protocols")) fields.push_back(one.path);
  }
  std::string names;
  for (const auto& one : fields) names.append(names.empty() ? "Fields to remove: " : ", ").append(one);
  const auto check = [fields](const std::string& list) -> std::string {
    for (const auto& one : items_of("--clear", list)) {
      if (std::find(fields.begin(), fields.end(), one) == fields.end()) return one + " cannot be cleared";
    }
    return {};
  };
  add_list(to, "--clear", clear_, names)->type_name("FIELD,...")->check(check);
}

bool keycard_fields::cleared(std::string_view path) const {
  return std::find(clear_.begin(), clear_.end(), path) != clear_.end();
}

sso::field<std::string> keycard_fields::field(const std::string& path) const {
  if (cleared(path)) return sso::null;
  if (auto given = options_.text(path)) return std::move(*given);
  return sso::field<std::string>{};
}

sso::field<std::vector<std::string>> keycard_fields::list_field(const std::string& path) const {
  if (cleared(path)) return sso::null;
  if (auto given = options_.list(path)) return std::move(*given);
  return sso::field<std::vector<std::string>>{};
}

sso::field<sso::keycard::protocols_params> keycard_fields::protocols() const {
  if (cleared("protocols")) return sso::null;
  const auto touched = [&](const std::string& object) {
    return options_.has_below(object) ||
           std::any_of(clear_.begin(), clear_.end(),
                       [&](const std::string& one) { return one == object || is_within(one, object); });
  };
  if (!touched("protocols")) return sso::field<sso::keycard::protocols_params>{};
  sso::keycard::protocols_params out;
  if (cleared(oauth2)) {
    out.oauth2(sso::null);
  } else if (touched(oauth2)) {
    out.oauth2(sso::keycard::oauth2_params{}
                   .authorization_endpoint(field(oauth2 + ".authorization_endpoint"))
                   .code_challenge_methods_supported(list_field(oauth2 + ".code_challenge_methods_supported"))
                   .jwks_uri(field(oauth2 + ".jwks_uri"))
                   .registration_endpoint(field(oauth2 + ".registration_endpoint"))
                   .scopes_supported(list_field(oauth2 + ".scopes_supported"))
                   .token_endpoint(field(oauth2 + ".token_endpoint")));
  }
  if (cleared(openid)) {
    out.openid(sso::null);
  } else if (touched(openid)) {
    out.openid(sso::keycard::openid_params{}.userinfo_endpoint(field(openid + ".userinfo_endpoint")));
  }
  return out;
}

void keycard_fields::check(bool has_secret) const {
  if (options_.empty() && clear_.empty() && !has_secret) throw usage_error{"nothing to change: name a field"};
  for (const auto& one : clear_) {
    const bool is_object = one == "protocols" || one == oauth2 || one == openid;
    const bool set = one == "client_secret" ? has_secret
                     : is_object            ? options_.has_below(one)
                                            : options_.has(one);
    if (set) throw usage_error{"--clear " + one + " contradicts an option that sets it"};
    for (const auto& other : clear_) {
      if (is_within(other, one)) throw usage_error{"--clear " + one + " clears " + other + " too"};
    }
  }
}

sso::keycard::enable_params keycard_fields::enable() const {
  return sso::keycard::enable_params{text("client_id"), text("identifier")}.protocols(protocols());
}

sso::keycard::connection_spec keycard_fields::spec() const {
  return sso::keycard::connection_spec{text("client_id"), text("identifier")}.protocols(protocols());
}

sso::keycard::update_params keycard_fields::update() const {
  sso::keycard::update_params out;
  out.client_id(field("client_id"));
  if (cleared("client_secret")) out.client_secret(sso::null);
  if (auto given = options_.text("identifier")) out.identifier(std::move(*given));
  out.protocols(protocols());
  return out;
}

void truto_fields::add(CLI::App& to) {
  for (const auto& one : truto_table) options_.add(to, one);
  to.add_option(certificate_option, certificate_file_,
                "SAML: a file with the certificate, in PEM; - is stdin")
      ->type_name("FILE")
      ->check(refuse_empty);
}

void truto_fields::add_metadata(CLI::App& to) {
  to.add_option(metadata_option, metadata_file_, "SAML: a file with the metadata; - is stdin")
      ->type_name("FILE")
      ->check(refuse_empty);
}

void truto_fields::add_domains(CLI::App& to) {
  to.add_option("--domain", domains_, "A domain to add if it is missing; may be given several times")
      ->type_name("DOMAIN")
      ->allow_extra_args(false);
}

void truto_fields::check(bool has_secret) const {
  const bool has_files = !certificate_file_.empty() || !metadata_file_.empty();
  if (options_.empty() && !has_files && domains_.empty() && !has_secret) {
    throw usage_error{"nothing to change: name a field"};
  }
}

sso::truto::update_params truto_fields::update() const {
  sso::truto::update_params out;
  fill(out);
  return out;
}

sso::truto::connection_spec truto_fields::spec() const {
  sso::truto::connection_spec out;
  fill(out);
  for (const auto& one : domains_) out.domain(one);
  return out;
}

template <class Params>
void truto_fields::fill(Params& out) const {
  if (auto v = options_.text("protocol")) out.protocol(std::move(*v));
  if (const auto v = options_.boolean("is_active")) out.is_active(*v);
  if (const auto v = options_.boolean("enforced")) out.enforced(*v);
  if (const auto v = options_.boolean("is_default")) out.is_default(*v);
  if (auto v = options_.text("default_role")) out.default_role(std::move(*v));
  if (auto v = options_.list("default_environment_ids")) out.default_environment_ids(std::move(*v));
  if (!options_.has_below("config") && certificate_file_.empty() && metadata_file_.empty()) return;

  sso::truto::config_params config;
  if (auto v = options_.text("config.idp_entity_id")) config.idp_entity_id(std::move(*v));
  if (auto v = options_.text("config.idp_sso_url")) config.idp_sso_url(std::move(*v));
  if (const auto v = options_.boolean("config.sign_authn_requests")) config.sign_authn_requests(*v);
  if (const auto v = options_.boolean("config.allow_idp_initiated")) config.allow_idp_initiated(*v);
  if (auto v = options_.text("config.issuer")) config.issuer(std::move(*v));
  if (auto v = options_.text("config.client_id")) config.client_id(std::move(*v));
  if (auto v = options_.text("config.discovery_url")) config.discovery_url(std::move(*v));
  if (!certificate_file_.empty()) config.idp_x509_cert(certificate_of_file(certificate_file_));
  if (!metadata_file_.empty()) config.idp_metadata_xml(text_of_file(metadata_file_, metadata_option));
  out.config(std::move(config));
}

}  // namespace ssoctl
