// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/keycard/params.hpp>
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

/// Options that were given a value, by the path of their field.
class field_options {
public:
  /// Adds an option for a text.
  CLI::Option* text(CLI::App& to, const std::string& name, const std::string& path, const std::string& help);
  /// Adds an option for a list; one empty value makes it empty.
  void list(CLI::App& to, const std::string& name, const std::string& path, const std::string& help);

  [[nodiscard]] bool has(const std::string& path) const;
  /// Whether a field below `path` was given.
  [[nodiscard]] bool has_below(std::string_view path) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  [[nodiscard]] std::optional<std::vector<std::string>> list(const std::string& path) const;
  [[nodiscard]] std::optional<bool> boolean(const std::string& path) const;

private:
  // One path has several options where several subcommands have it; nodes of a map stay where they are.
  struct option {
    std::vector<CLI::Option*> of_subcommands;
    std::vector<std::string> values;
  };
  std::map<std::string, option> options_;
};

/// Of `keycard enable` and `keycard update`.
class keycard_fields {
public:
  /// `enable` has its required fields, `update` has `--clear`.
  void add(CLI::App& to, bool enable);

  [[nodiscard]] std::string client_id() const { return options_.text("client_id").value_or(""); }
  [[nodiscard]] std::string identifier() const { return options_.text("identifier").value_or(""); }
  [[nodiscard]] sso::field<sso::keycard::protocols_params> protocols() const;
  /// Throws `usage_error` where nothing is to be changed, or a field both set and cleared.
  void check_update(bool has_secret) const;
  /// All but the secret's value.
  [[nodiscard]] sso::keycard::update_params update() const;

private:
  [[nodiscard]] bool cleared(std::string_view path) const;
  [[nodiscard]] sso::field<std::string> field(const std::string& path) const;
  [[nodiscard]] sso::field<std::vector<std::string>> list_field(const std::string& path) const;

  field_options options_;
  std::vector<std::string> clear_;
};

/// Of `truto update`.
class truto_fields {
public:
  void add(CLI::App& to);
  /// All but the secret's value; the two names are of files, or empty. Throws `usage_error` where nothing is to be changed.
  [[nodiscard]] sso::truto::update_params update(const std::string& certificate_file,
                                                 const std::string& metadata_file, bool has_secret) const;

private:
  field_options options_;
};

}  // namespace ssoctl
