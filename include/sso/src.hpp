// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The library's functions, to be compiled once: with `SSO_SEPARATE_COMPILATION` defined for all files of a
/// program, exactly one of them includes this header.

#if !defined(SSO_SEPARATE_COMPILATION)
#error "sso/src.hpp is for programs that define SSO_SEPARATE_COMPILATION"
#endif

#include <sso/doctor/impl/certificate.ipp>
#include <sso/doctor/impl/certificate_text.ipp>
#include <sso/doctor/impl/collector.ipp>
#include <sso/doctor/impl/discovery.ipp>
#include <sso/doctor/impl/document.ipp>
#include <sso/doctor/impl/examine.ipp>
#include <sso/doctor/impl/fetch.ipp>
#include <sso/doctor/impl/issuer.ipp>
#include <sso/doctor/impl/jwk.ipp>
#include <sso/doctor/impl/keys.ipp>
#include <sso/doctor/impl/location.ipp>
#include <sso/doctor/impl/report.ipp>
#include <sso/doctor/impl/settings.ipp>
#include <sso/http/impl/public_address.ipp>
#include <sso/impl/arguments.ipp>
#include <sso/impl/call_options.ipp>
#include <sso/impl/cancellation_scope.ipp>
#include <sso/impl/client_core.ipp>
#include <sso/impl/decide.ipp>
#include <sso/impl/environment.ipp>
#include <sso/impl/errc.ipp>
#include <sso/impl/error.ipp>
#include <sso/impl/finish.ipp>
#include <sso/impl/headers.ipp>
#include <sso/impl/json_decode.ipp>
#include <sso/impl/json_encode.ipp>
#include <sso/impl/json_error_body.ipp>
#include <sso/impl/json_validate.ipp>
#include <sso/impl/keycard_calls.ipp>
#include <sso/impl/keycard_environment.ipp>
#include <sso/impl/keycard_requests.ipp>
#include <sso/impl/logger.ipp>
#include <sso/impl/one_shot.ipp>
#include <sso/impl/origin.ipp>
#include <sso/impl/prepare.ipp>
#include <sso/impl/response.ipp>
#include <sso/impl/retry.ipp>
#include <sso/impl/retry_after.ipp>
#include <sso/impl/runtime.ipp>
#include <sso/impl/secret.ipp>
#include <sso/impl/settings.ipp>
#include <sso/impl/thrown.ipp>
#include <sso/impl/time.ipp>
#include <sso/impl/token_flight.ipp>
#include <sso/impl/token_request.ipp>
#include <sso/impl/truto_calls.ipp>
#include <sso/impl/truto_environment.ipp>
#include <sso/impl/truto_requests.ipp>
#include <sso/impl/truto_verification.ipp>
#include <sso/impl/url.ipp>
#include <sso/impl/utf8.ipp>
#include <sso/json/impl/difference.ipp>
#include <sso/keycard/impl/ensure.ipp>
#include <sso/transports/impl/beast.ipp>
#include <sso/truto/impl/ensure.ipp>
