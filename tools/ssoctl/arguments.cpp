// SPDX-License-Identifier: BSL-1.0
#include "arguments.hpp"

#include "doctor.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "keycard.hpp"
#include "secrets.hpp"
#include "truto.hpp"

#include <sso/version.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssoctl {
namespace {

/// A duration option: `30`, `1.5s`, `500ms`, `2m`.
class duration_option {
public:
  void add(CLI::App& to, const std::string& name, const std::string& help) {
    const std::map<std::string, double> units{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
    to.add_option(name, seconds_, help)
        ->type_name("TIME")
        ->transform(
            CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_OPTIONAL, "UNIT").description(""))
        ->check(CLI::Range(0.001, 1e6).description(""));
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> get() const {
    if (seconds_ == 0) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds_ * 1000)};
  }

private:
  double seconds_ = 0;
};

/// The source of the connection's client secret. Never the command line: other users can read it.
struct secret_options {
  bool from_stdin = false;
  std::string variable;
  bool rotate = false;

  void add(CLI::App& to) {
    auto* const in = to.add_flag("--client-secret-stdin", from_stdin,
                                 "Read the connection's client secret from the first line of stdin")
                         ->disable_flag_override();  // otherwise the error message would quote its value
    to.add_option("--client-secret-env", variable, "Read it from this environment variable")
        ->type_name("NAME")
        ->check(refuse_empty)
        ->excludes(in);
  }
  void add_rotate(CLI::App& to, const std::string& help) { to.add_flag("--rotate-secret", rotate, help); }

  [[nodiscard]] bool is_given() const { return from_stdin || !variable.empty(); }
  /// Reads the secret, if one is given, and sets it in `params`.
  template <class Params>
  void read(command& into, Params& params) const {
    if (!is_given()) return;
    auto found = from_stdin ? secret_from_stdin("client secret")
                            : secret_from_environment(variable, "--client-secret-env");
    into.secrets.push_back(found);
    params.client_secret(std::move(found));
  }
};

/// The options and subcommands.
class arguments {
public:
  arguments() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.footer(exit_code_help);
    app_.set_version_flag("--version", "ssoctl " SSO_VERSION_STRING);
    add_common();
    add_keycard();
    add_truto();
    auto& doctor = add(app_, "doctor", "Check an OpenID provider, and say why users cannot sign in",
                       [this](command& into) { into.action = issuer_doctor(target_, allow_private_); });
    doctor.add_option("ISSUER", target_, "The provider's issuer, a URL")->required()->check(refuse_empty);
    allow_private(doctor);
  }

  std::optional<command> read(int argc, char* argv[]) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& e) {  // help, version
      app_.exit(e);
      return std::nullopt;
    } catch (const CLI::ExtrasError&) {
      throw usage_error{"unknown " + names_of(app_.remaining(true))};
    } catch (const CLI::ParseError& e) {
      const auto word = unknown_command(e);
      throw usage_error{word.empty() ? e.what() : "unknown command " + word};
    }
    command read_so_far;
    read_common(read_so_far);
    make_(read_so_far);
    return read_so_far;
  }

private:
  // Omits values: the user may have passed a secret to an option that does not exist.
  static std::string names_of(const std::vector<std::string>& surplus) {
    std::string options;
    for (const auto& word : surplus) {
      if (!word.starts_with('-')) continue;
      options.append(options.empty() ? "option " : ", ").append(word.substr(0, word.find('=')));
    }
    return options.empty() ? "argument on the command line" : options;
  }

  /// The word in place of a missing subcommand. Empty if options precede it: it may be the value of one, a secret.
  std::string unknown_command(const CLI::ParseError& failed) {
    const auto surplus = app_.remaining(true);
    const bool lacks_command = std::string_view{failed.what()} == CLI::RequiredError::Subcommand(1).what();
    return lacks_command && !surplus.empty() && !surplus[0].starts_with('-') ? surplus[0] : "";
  }

  /// Adds a subcommand. `make` runs if it is the one given.
  CLI::App& add(CLI::App& to, const std::string& name, const std::string& help,
                std::function<void(command&)> make) {
    auto* const sub = to.add_subcommand(name, help);
    sub->fallthrough();
    sub->footer("ssoctl --help lists the common options.");
    sub->callback([this, make = std::move(make)] { make_ = make; });
    return *sub;
  }

  void add_common() {
    app_.add_flag("--json", json_, "Print the result as one line of JSON; an error goes to stderr");
    app_.add_flag("-q,--quiet", quiet_, "Print errors only, and what --dry-run is to print");
    app_.add_flag("-v,--verbose", verbose_, "Log each attempt to stderr");
    app_.add_flag(
        "--dry-run", dry_run_,
        "Print the request without secrets and send nothing; needs no credentials. With ensure: only read, "
        "and print the planned changes");
    timeout_.add(
        app_, "--timeout",
        "The timeout of the whole call, e.g. 500ms, 30 or 2m (in seconds; default: 60, with --wait: 15m)");
    app_.add_option("--max-retries", max_retries_, "The most retries of a call (default: 2)")
        ->type_name("N")
        ->check(CLI::Range(0, 20).description(""));
    app_.add_option("--base-url", base_url_, "The base URL of the API (default: the vendor's)")
        ->type_name("URL")
        ->check(refuse_empty);
    app_.add_option("--token-url", token_url_,
                    "Keycard: the token endpoint, a URL or a path below the base URL")
        ->type_name("URL")
        ->check(refuse_empty);
    app_.add_option(
            "--ca-file", ca_file_,
            "The trusted certificate authorities in PEM, instead of the system's; also for the doctor")
        ->type_name("FILE")
        ->check(refuse_empty);
    app_.add_flag("--token-stdin", token_from_stdin_,
                  "Read an access token for the API from the first line of stdin, instead of using the "
                  "credentials in the environment")
        ->disable_flag_override();
  }

  void read_common(command& into) {
    auto& common = into.common;
    common.json = json_;
    common.quiet = quiet_;
    common.prints_result = !quiet_ || dry_run_;
    common.verbose = verbose_;
    common.dry_run = dry_run_;
    common.timeout = timeout_.get();
    common.max_retries = max_retries_;
    common.base_url = base_url_;
    common.token_url = token_url_;
    common.ca_file = ca_file_;
    const int readers = int{token_from_stdin_} + int{secret_.from_stdin} + truto_fields_.reads_stdin();
    if (readers > 1) throw usage_error{"only one option may read stdin"};
    if (token_from_stdin_) {
      common.token = secret_from_stdin("access token");
      into.secrets.push_back(*common.token);
    }
  }

  void add_keycard() {
    auto& vendor =
        *app_.add_subcommand("keycard", "SSO connections of organizations at Keycard; credentials from "
                                        "KEYCARD_API_CLIENT_ID and KEYCARD_API_CLIENT_SECRET");
    vendor.require_subcommand(1);
    vendor.fallthrough();
    const auto organization = [this](CLI::App& sub) {
      sub.add_option("ORG", target_, "The organization's id or label")->required();
    };

    auto& get = add(vendor, "get", "Show an organization's SSO connection", [this](command& into) {
      sso::keycard::retrieve_params params;
      if (!expand_.empty()) params.expand(expand_);
      into.action = keycard_get(target_, std::move(params));
    });
    organization(get);
    add_list(get, "--expand", expand_,
             "Expansions, e.g. permissions, total_count; values unknown to ssoctl are sent")
        ->check(refuse_empty);

    auto& enable = add(vendor, "enable", "Enable SSO for an organization", [this](command& into) {
      auto params = keycard_fields_.enable();
      secret_.read(into, params);
      into.action = keycard_enable(target_, std::move(params));
    });
    organization(enable);
    keycard_fields_.add(enable, true);
    secret_.add(enable);

    auto& update = add(vendor, "update", "Change an organization's SSO connection", [this](command& into) {
      keycard_fields_.check(secret_.is_given());
      auto params = keycard_fields_.update();
      secret_.read(into, params);
      into.action = keycard_update(target_, std::move(params));
    });
    organization(update);
    keycard_fields_.add(update, false);
    keycard_fields_.add_clear(update, false);
    secret_.add(update);

    organization(add(vendor, "disable", "Disable SSO for an organization",
                     [this](command& into) { into.action = keycard_disable(target_); }));

    auto& ensure = add(vendor, "ensure", "Enable SSO, or change what differs; otherwise write nothing",
                       [this](command& into) {
                         keycard_fields_.check(secret_.is_given());
                         into.action = keycard_ensure(target_, described(into, keycard_fields_.spec()),
                                                      std::exchange(into.common.dry_run, false));
                       });
    organization(ensure);
    keycard_fields_.add(ensure, true);
    keycard_fields_.add_clear(ensure, true);
    secret_.add(ensure);
    secret_.add_rotate(ensure, "Send the secret even if one is stored");

    auto& doctor = add(vendor, "doctor", "Check the connection, and say why users cannot sign in",
                       [this](command& into) { into.action = keycard_doctor(target_, allow_private_); });
    organization(doctor);
    allow_private(doctor);
  }

  void add_truto() {
    auto& vendor = *app_.add_subcommand(
        "truto", "SSO connections at Truto, and their domains; the token from TRUTO_API_TOKEN");
    vendor.require_subcommand(1);
    vendor.fallthrough();
    const auto id = [this](CLI::App& sub) {
      sub.add_option("ID", target_, "The connection's id, a UUID")->required();
    };
    const auto domain = [this](CLI::App& sub) {
      sub.add_option("DOMAIN", domain_, "An ASCII name, e.g. acme.example")->required();
    };

    id(add(vendor, "get", "Show a connection", [this](command& into) { into.action = truto_get(target_); }));

    auto& update =
        add(vendor, "update", "Change a connection; nothing can be cleared", [this](command& into) {
          truto_fields_.check(secret_.is_given());
          auto params = truto_fields_.update();
          secret_.read(into, params);
          into.action = truto_update(target_, std::move(params));
        });
    id(update);
    truto_fields_.add(update);
    truto_fields_.add_metadata(update);
    secret_.add(update);

    auto& domains =
        add(vendor, "domains", "List a connection's domains and their TXT records", [this](command& into) {
          sso::truto::list_params params;
          if (page_size_) params.limit(*page_size_);
          into.action = truto_domains(target_, std::move(params));
        });
    id(domains);
    domains.add_option("--page-size", page_size_, "The number of domains per request; all pages are read")
        ->type_name("N")
        ->check(CLI::Range(1, 100000).description(""));

    auto& add_domain = add(vendor, "add-domain", "Add a domain",
                           [this](command& into) { into.action = truto_add_domain(target_, domain_); });
    id(add_domain);
    domain(add_domain);

    auto& verify = add(vendor, "verify-domain", "Check a domain's TXT record", [this](command& into) {
      into.action = truto_verify_domain(target_, domain_, poll());
    });
    id(verify);
    domain(verify);
    verify.add_flag("--wait", wait_, "Repeat the check until the record is found or --timeout expires");
    interval_.add(verify, "--interval",
                  "The first wait between two checks; it doubles up to one minute (default: 5s)");

    auto& ensure = add(
        vendor, "ensure", "Change what differs, add domains; otherwise write nothing", [this](command& into) {
          truto_fields_.check(secret_.is_given());
          if (secret_.is_given() && !secret_.rotate) {
            throw usage_error{
                "Truto does not say whether a secret is stored; --rotate-secret is needed to send it"};
          }
          into.action = truto_ensure(target_, described(into, truto_fields_.spec()),
                                     std::exchange(into.common.dry_run, false));
        });
    id(ensure);
    truto_fields_.add(ensure);
    truto_fields_.add_domains(ensure);
    secret_.add(ensure);
    secret_.add_rotate(ensure, "Send the secret; it cannot be compared with the stored one");

    auto& doctor = add(vendor, "doctor", "Check the connection, and say why users cannot sign in",
                       [this](command& into) { into.action = truto_doctor(target_, allow_private_); });
    id(doctor);
    allow_private(doctor);
  }

  void allow_private(CLI::App& to) {
    to.add_flag("--allow-private", allow_private_,
                "Also connect to non-public addresses, for a provider in your own network");
  }

  /// The desired state, with its secret.
  template <class Spec>
  Spec described(command& into, Spec spec) const {
    if (secret_.rotate && !secret_.is_given()) throw usage_error{"--rotate-secret needs a client secret"};
    secret_.read(into, spec);
    spec.rotate_secret(secret_.rotate);
    return spec;
  }

  [[nodiscard]] std::optional<sso::truto::poll> poll() const {
    const auto interval = interval_.get();
    if (!wait_) {
      if (interval) throw usage_error{"--interval needs --wait"};
      return std::nullopt;
    }
    sso::truto::poll how;
    if (const auto timeout = timeout_.get()) how.timeout(*timeout);
    if (interval) how.interval(*interval).max_interval(std::max(how.max_interval(), how.interval()));
    return how;
  }

  CLI::App app_{"Manages SSO connections at Keycard and Truto.", "ssoctl"};
  std::function<void(command&)> make_;

  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool dry_run_ = false;
  bool token_from_stdin_ = false;
  duration_option timeout_;
  std::optional<unsigned> max_retries_;
  std::string base_url_;
  std::string token_url_;
  std::string ca_file_;

  std::string target_;  // organization or connection
  std::vector<std::string> expand_;
  keycard_fields keycard_fields_;
  truto_fields truto_fields_;
  secret_options secret_;
  std::optional<std::int64_t> page_size_;
  std::string domain_;
  bool wait_ = false;
  duration_option interval_;
  bool allow_private_ = false;
};

}  // namespace

std::optional<command> read_arguments(int argc, char* argv[]) {
  return std::make_unique<arguments>()->read(argc, argv);
}

}  // namespace ssoctl
