// SPDX-License-Identifier: BSL-1.0
// An executor instead of a transport.
// message: (constraints? not satisfied|does not satisfy|constraint failure).*transport
#include <sso/keycard.hpp>

#include <boost/asio/io_context.hpp>

void run(boost::asio::io_context& io) {
  sso::keycard::basic_client<boost::asio::io_context::executor_type> client{io.get_executor(),
                                                                            sso::bearer_token{"token"}};
}
