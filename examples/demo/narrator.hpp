// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/report.hpp>
#include <sso/ensure.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

/// Prints the steps of a program, and counts the steps with an unexpected outcome.
///
///     tell.step("disable SSO for acme");
///     const auto gone = co_await keycard.disable("acme");
///     tell.expect(204, gone);
class narrator {
public:
  void chapter(std::string_view title) { std::cout << '\n' << title << "\n\n"; }

  /// Starts a step and its clock.
  void step(std::string text) {
    text_ = std::move(text);
    started_ = std::chrono::steady_clock::now();
  }

  /// Ends a step that should return a value with this status. Returns whether there is a value.
  template <class T>
  bool expect(unsigned status, const sso::result<sso::response<T>>& got) {
    if (got) {
      line(got->http.status, {}, got->http.attempts, got->http.request_id);
      judge(got->http.status == status, "expected status " + std::to_string(status));
    } else {
      expect_nothing_of(got.error(), "expected status " + std::to_string(status));
    }
    return got.has_value();
  }

  /// Ends a step that should fail with this code. Returns whether there is an error.
  template <class T>
  bool expect(sso::errc code, const sso::result<sso::response<T>>& got) {
    const auto expected = "expected " + std::string{to_string(code)};
    if (got) {
      line(got->http.status, {}, got->http.attempts, got->http.request_id);
      judge(false, expected);
    } else if (got.error().code() != code) {
      expect_nothing_of(got.error(), expected);
    } else {
      const auto& e = got.error();
      line(e.status(), e.code().message(), e.attempts(), e.request_id());
    }
    return !got.has_value();
  }

  /// Ends a step of `ensure` that should have this action, made or planned.
  template <class T>
  bool expect(sso::action action, const sso::result<sso::ensured<T>>& got) {
    const auto expected = "expected " + std::string{to_string(action)};
    if (got) {
      line(std::string{to_string(got->action)}, {}, {});
      judge(got->action == action, expected);
    } else {
      expect_nothing_of(got.error(), expected);
    }
    return got.has_value();
  }

  /// Ends a step of the doctor whose most severe finding should be this. Prints the findings.
  void expect(std::optional<sso::doctor::severity> worst, const sso::doctor::report& got) {
    line(got.worst() ? std::string{to_string(*got.worst())} : "nothing found", {}, {});
    for (const auto& found : got.findings) {
      note(std::string{to_string(found.severity)} + ' ' + found.id + ": " + found.message + " " +
           found.advice);
    }
    note(std::to_string(got.passed.size()) + " checks passed, " + std::to_string(got.undecided.size()) +
         " could not run");
    judge(got.worst() == worst, "another severity was expected");
  }

  /// Prints a note below the step, wrapped between words.
  void note(std::string_view text) {
    constexpr std::size_t width = 105;
    while (!text.empty()) {
      auto end = text.size() <= width ? text.size() : text.rfind(' ', width);
      if (end == std::string_view::npos) end = std::min(text.find(' ', width), text.size());
      std::cout << "     " << text.substr(0, end) << '\n';
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  /// Marks the step as unexpected unless `good`.
  void judge(bool good, std::string_view rule) {
    if (good) return;
    ++failed_;
    std::cout << "     UNEXPECTED: " << rule << '\n';
  }

  [[nodiscard]] int steps() const { return steps_; }
  [[nodiscard]] int failed() const { return failed_; }

private:
  void expect_nothing_of(const sso::error& e, std::string_view expected) {
    line(e.status(), e.code().message(), e.attempts(), e.request_id());
    note(e.message());
    judge(false, expected);
  }

  void line(unsigned status, const std::string& code, unsigned attempts, const std::string& request_id) {
    line((status != 0 ? std::to_string(status) + ' ' : std::string{}) + code,
         std::to_string(attempts) + (attempts == 1 ? " attempt " : " attempts"), request_id);
  }

  void line(const std::string& result, const std::string& attempts, const std::string& request_id) {
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - started_;
    std::ostringstream out;
    out << std::setw(3) << ++steps_ << "  " << std::left << std::setw(46) << text_ << std::setw(16) << result
        << std::right << std::setw(11) << attempts << std::fixed << std::setprecision(1) << std::setw(8)
        << elapsed.count() << " ms";
    if (!request_id.empty()) out << "  " << request_id;
    std::cout << out.str() << '\n';
  }

  std::string text_;
  std::chrono::steady_clock::time_point started_;
  int steps_ = 0;
  int failed_ = 0;
};
