// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/basic_authorization.hpp>

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace sso::http {

// The strings do not grow, and the characters are appended one by one: growing would leave a copy of the password in
// memory, as would `append` of a range, which makes a string of it first.
SSO_DECL secret basic_authorization(std::string_view user, std::string_view password) {
  using namespace boost::archive::iterators;
  using base64 = base64_from_binary<transform_width<const char*, 6, 8>>;
  std::string pair;
  pair.reserve(user.size() + 1 + password.size());
  pair.append(user).append(":").append(password);
  std::string value;
  value.reserve(pair.size() * 4 / 3 + 16);
  value.append("Basic ");
  std::copy(base64{pair.data()}, base64{pair.data() + pair.size()}, std::back_inserter(value));
  value.append((3 - pair.size() % 3) % 3, '=');
  wipe(pair);
  return secret{std::move(value)};
}

}  // namespace sso::http
