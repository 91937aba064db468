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

/// The longest document that is read, in bytes.
inline constexpr std::size_t longest_document = 1024 * 1024;
/// How deeply arrays and objects of a document may be nested.
inline constexpr std::size_t deepest_document = 32;

/// A JSON document of a stranger.
struct document {
  std::optional<boost::json::object> object;  ///< of a member that is repeated, the value asked for
  std::string problem;                        ///< why there is no object
  bool byte_order_mark = false;
  std::string repeated;   ///< members that are there twice with the same value, e.g. `issuer, keys[0].kid`
  std::string ambiguous;  ///< members that are there twice with different values
};

/// Which value of a member that is repeated.
enum class repeated_value { last, first };

[[nodiscard]] SSO_DECL document read_document(std::string_view text,
                                              repeated_value taken = repeated_value::last);

/// Reports what is wrong with the document as JSON under `id`. Returns whether there is an object.
SSO_DECL bool check_json(collector& out, std::string_view id, std::string_view subject, const document& read);

/// The checks of a document, run by `check(object)`. Where members are ambiguous, what is found in one reading alone is
/// explained by that.
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

/// The string that the member is; nothing if it is absent or anything else.
[[nodiscard]] SSO_DECL std::optional<std::string_view> text_in(const boost::json::object& object,
                                                               boost::json::string_view name);
/// The strings of an array; nothing if the member is absent or no array.
[[nodiscard]] SSO_DECL std::optional<std::vector<std::string_view>>
texts_in(const boost::json::object& object, boost::json::string_view name);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/document.ipp>
#endif
