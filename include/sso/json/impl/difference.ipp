// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/json/difference.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace sso::json::detail {

/// The text used to compare values: arrays sorted, PEM without white space.
[[nodiscard]] inline std::string comparable(std::string_view name, const boost::json::value& value) {
  if (const auto* array = value.if_array()) {
    std::vector<std::string> elements;
    for (const auto& element : *array) elements.push_back(boost::json::serialize(element));
    std::sort(elements.begin(), elements.end());
    std::string out;
    for (const auto& element : elements) out.append(element).append(",");
    return out;
  }
  const auto* text = value.if_string();
  if (!text || name != "idp_x509_cert") return boost::json::serialize(value);
  std::string out;
  for (const char c : *text) {
    if (std::string_view{" \t\r\n"}.find(c) == std::string_view::npos) out += c;
  }
  return out;
}

/// The members of `wanted` that differ from `current`.
[[nodiscard]] inline boost::json::object differing(const boost::json::object& wanted,
                                                   const boost::json::object& current,
                                                   const std::string& path,
                                                   std::vector<member_change>& changes) {
  const boost::json::object none;
  boost::json::object patch;
  for (const auto& member : wanted) {
    const std::string_view name{member.key().data(), member.key().size()};
    const auto& value = member.value();
    const auto* before = current.if_contains(member.key());
    if (before && before->is_null()) before = nullptr;
    const auto full_name = path + std::string{name};
    if (const auto* object = value.if_object()) {
      const auto* inner = before ? before->if_object() : nullptr;
      auto inside = differing(*object, inner ? *inner : none, full_name + '.', changes);
      if (!inside.empty()) patch.emplace(member.key(), std::move(inside));
      continue;
    }
    const bool same = before ? comparable(name, value) == comparable(name, *before) : value.is_null();
    if (same) continue;
    changes.push_back(
        {full_name, before ? boost::json::serialize(*before) : "", boost::json::serialize(value)});
    patch.emplace(member.key(), value);
  }
  return patch;
}

SSO_DECL difference differ(std::string_view wanted, std::string_view current) {
  difference out;
  const auto after = boost::json::parse(wanted);
  const auto before = boost::json::parse(current);
  out.patch = boost::json::serialize(differing(after.as_object(), before.as_object(), {}, out.changes));
  return out;
}

}  // namespace sso::json::detail
