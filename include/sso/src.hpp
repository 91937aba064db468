// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Definitions of the library's functions, for separate compilation: define `SSO_SEPARATE_COMPILATION` for
/// all files of a program, and include this header in exactly one of them.

#if !defined(SSO_SEPARATE_COMPILATION)
#error "sso/src.hpp is for programs that define SSO_SEPARATE_COMPILATION"
#endif

#include <sso/auth/impl/shared_token.ipp>
#include <sso/auth/impl/token_request.ipp>
#include <sso/detail/impl/background_task.ipp>
#include <sso/detail/impl/utf8.ipp>
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
#include <sso/http/impl/basic_authorization.ipp>
#include <sso/http/impl/date.ipp>
#include <sso/http/impl/headers.ipp>
#include <sso/http/impl/origin.ipp>
#include <sso/http/impl/public_address.ipp>
#include <sso/http/impl/response.ipp>
#include <sso/http/impl/retry_after.ipp>
#include <sso/http/impl/url.ipp>
#include <sso/impl/call_options.ipp>
#include <sso/impl/errc.ipp>
#include <sso/impl/error.ipp>
#include <sso/impl/logger.ipp>
#include <sso/impl/response.ipp>
#include <sso/impl/runtime.ipp>
#include <sso/impl/secret.ipp>
#include <sso/impl/time.ipp>
#include <sso/json/impl/decode.ipp>
#include <sso/json/impl/difference.ipp>
#include <sso/json/impl/encode.ipp>
#include <sso/json/impl/error_body.ipp>
#include <sso/json/impl/validate.ipp>
#include <sso/keycard/impl/client.ipp>
#include <sso/keycard/impl/ensure.ipp>
#include <sso/keycard/impl/ensure_run.ipp>
#include <sso/keycard/impl/environment.ipp>
#include <sso/keycard/impl/to_json.ipp>
#include <sso/pipeline/impl/call_result.ipp>
#include <sso/pipeline/impl/cancellation.ipp>
#include <sso/pipeline/impl/client_core.ipp>
#include <sso/pipeline/impl/decide.ipp>
#include <sso/pipeline/impl/environment.ipp>
#include <sso/pipeline/impl/prepare.ipp>
#include <sso/pipeline/impl/redact.ipp>
#include <sso/pipeline/impl/settings.ipp>
#include <sso/pipeline/impl/token_refresher.ipp>
#include <sso/pipeline/impl/transport_exception.ipp>
#include <sso/transports/impl/beast.ipp>
#include <sso/truto/impl/client.ipp>
#include <sso/truto/impl/domain_name.ipp>
#include <sso/truto/impl/ensure.ipp>
#include <sso/truto/impl/ensure_run.ipp>
#include <sso/truto/impl/environment.ipp>
#include <sso/truto/impl/to_json.ipp>
#include <sso/truto/impl/verification.ipp>
