// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/transport_exception.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <string>

namespace sso::pipeline {

SSO_DECL error error_of_exception(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    const bool aborted = e.code() == asio::error::operation_aborted;
    return error{aborted ? errc::cancelled : errc::transport_failed, outcome::maybe_executed,
                 aborted ? "" : "the transport threw an exception", e.code()};
  } catch (const std::exception& e) {
    return error{errc::transport_failed, outcome::maybe_executed,
                 std::string{"the transport threw an exception: "} + e.what()};
  } catch (...) {
    return error{errc::transport_failed, outcome::maybe_executed, "the transport threw an unknown exception"};
  }
}

}  // namespace sso::pipeline
