// SPDX-License-Identifier: BSL-1.0
// A transport whose `send` returns a response instead of a `result`.
// message: satisf.*(t\.send|same_as)
#include <sso/http/any_transport.hpp>

struct my_transport {
  boost::asio::awaitable<sso::http::response> send(const sso::http::request& request,
                                                   sso::http::limits limits);
};

static_assert(sso::transport<my_transport>);
