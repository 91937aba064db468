// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>

#include <exception>

namespace sso::pipeline {

/// Converts an exception of a transport to an error with outcome `maybe_executed`: `cancelled` for
/// `operation_aborted`, otherwise `transport_failed`.
[[nodiscard]] SSO_DECL error error_of_exception(const std::exception_ptr& thrown);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/transport_exception.ipp>
#endif
