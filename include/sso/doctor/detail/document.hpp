// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/collector.hpp>

#include <boost/json/object.hpp>
#include <boost/json/string_view.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::doctor::detail {

/// The longest accepted document, in bytes.
inline constexpr std::size_t longest_document = 1024 * 1024;
/// The deepest accepted nesting of arrays and objects.
inline constexpr std::size_t deepest_document = 32;

/// An untrusted JSON document.
struct document {
  std::optional<boost::json::object>
      object;           ///< a repeated member has the value selected by `repeated_value`
  std::string problem;  ///< why there is no object
  bool byte_order_mark = false;
  std::string repeated;   ///< members repeated with the same value, e.g. `issuer, keys[0].kid`
  std::string ambiguous;  ///< members repeated with different values
};

/// The value to take for a repeated member.
enum class repeated_value { last, first };

[[nodiscard]] SSO_DECL document read_document(std::string_view text,
                                              repeated_value taken = repeated_value::last);

/// Checks that the document is a JSON object without ambiguities, and reports the result under `id`. Returns whether
/// there is an object.
SSO_DECL bool check_json(collector& out, std::string_view id, std::string_view subject, const document& read);

/// Runs `check(object)`. If members are ambiguous, also runs it on their first values: a finding that only the last
/// values give becomes undecided, explained by `id`.
template <class Check>
[[nodiscard]] report check_readings(std::string_view id, std::string_view text, const document& read,
                                    Check check) {
  report out = check(*read.object);
  if (read.ambiguous.empty()) return out;
  const auto other = read_document(text, repeated_value::first);
  const report with_first = check(*other.object);
  collector both;
  both.merge(std::move(out));
  for (const auto& found : report{both.all()}.findings) {
    const bool in_both = std::any_of(with_first.findings.begin(), with_first.findings.end(),
                                     [&](const finding& f) { return f.id == found.id; });
    if (!in_both) both.explain(found.id, id);
  }
  return both.finish();
}

/// Whether the object has the member. Null counts as absent: serializers write it for a value that is not set.
[[nodiscard]] SSO_DECL bool has_member(const boost::json::object& object, boost::json::string_view name);
/// The member's string; empty if it is absent or not a string.
[[nodiscard]] SSO_DECL std::optional<std::string_view> text_in(const boost::json::object& object,
                                                               boost::json::string_view name);
/// The strings of the member's array; empty if it is absent or not an array.
[[nodiscard]] SSO_DECL std::optional<std::vector<std::string_view>>
texts_in(const boost::json::object& object, boost::json::string_view name);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/document.ipp>
#endif
