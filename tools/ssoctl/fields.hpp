// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/keycard/ensure.hpp>
#include <sso/keycard/params.hpp>
#include <sso/truto/ensure.hpp>
#include <sso/truto/params.hpp>

#include <CLI/App.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The fields of the two APIs as options: a field `a.b_c` of a body is the option `--a-b-c`.
namespace ssoctl {

/// For options whose empty value would mean the default: `--base-url "$STAGING"` must not reach production.
[[nodiscard]] inline std::string refuse_empty(const std::string& value) {
  return value.find_first_not_of(" \t\r\n") == value.npos ? "must not be empty" : "";
}

/// Adds an option for a list separated by commas, which may be given several times. Blanks around items are removed. An
/// empty item is refused; one empty value makes the list empty. `items` must outlive the option.
CLI::Option* add_list(CLI::App& to, const std::string& name, std::vector<std::string>& items,
                      const std::string& help);

/// A field and the help of its option.
struct field_option {
  std::string path;
  const char* type;
  std::string help;
};

/// The values of the given options, by the path of their field.
class field_options {
public:
  /// Adds the option of a field.
  CLI::Option* add(CLI::App& to, const field_option& field);

  [[nodiscard]] bool has(const std::string& path) const;
  /// Whether a field below `path` was given.
  [[nodiscard]] bool has_below(std::string_view path) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  [[nodiscard]] std::optional<std::vector<std::string>> list(const std::string& path) const;
  [[nodiscard]] std::optional<bool> boolean(const std::string& path) const;

private:
  // Several subcommands have an option of the same path. A map, because the addresses of its elements are stable.
  struct option {
    std::vector<CLI::Option*> of_subcommands;
    std::vector<std::string> values;
  };
  std::map<std::string, option> options_;
};

/// The fields of `keycard enable`, `keycard update` and `keycard ensure`.
class keycard_fields {
public:
  /// Adds the options. `required`: the command needs `client_id` and `identifier`.
  void add(CLI::App& to, bool required);
  /// Adds `--clear`. `protocols_only`: only fields of `protocols` can be cleared.
  void add_clear(CLI::App& to, bool protocols_only);

  /// Throws `usage_error` if no field is given, or if a field is both set and cleared.
  void check(bool has_secret) const;

  // Without the secret's value.
  [[nodiscard]] sso::keycard::enable_params enable() const;
  [[nodiscard]] sso::keycard::update_params update() const;
  [[nodiscard]] sso::keycard::connection_spec spec() const;

private:
  [[nodiscard]] std::string text(const std::string& path) const { return options_.text(path).value_or(""); }
  [[nodiscard]] sso::field<sso::keycard::protocols_params> protocols() const;
  [[nodiscard]] bool cleared(std::string_view path) const;
  [[nodiscard]] sso::field<std::string> field(const std::string& path) const;
  [[nodiscard]] sso::field<std::vector<std::string>> list_field(const std::string& path) const;

  field_options options_;
  std::vector<std::string> clear_;
};

/// The fields of `truto update` and `truto ensure`.
class truto_fields {
public:
  void add(CLI::App& to);
  /// Adds the option for a file with a SAML provider's metadata.
  void add_metadata(CLI::App& to);
  /// Adds `--domain`.
  void add_domains(CLI::App& to);

  /// The number of files to read from stdin.
  [[nodiscard]] int reads_stdin() const { return int{certificate_file_ == "-"} + int{metadata_file_ == "-"}; }
  /// Throws `usage_error` if no field is given.
  void check(bool has_secret) const;

  // Without the secret's value.
  [[nodiscard]] sso::truto::update_params update() const;
  [[nodiscard]] sso::truto::connection_spec spec() const;

private:
  template <class Params>
  void fill(Params& out) const;

  field_options options_;
  std::string certificate_file_;
  std::string metadata_file_;
  std::vector<std::string> domains_;
};

}  // namespace ssoctl
