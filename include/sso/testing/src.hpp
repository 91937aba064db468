// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Definitions of the testing kit's functions, for separate compilation: include it in exactly one file of a
/// program that defines `SSO_SEPARATE_COMPILATION`, together with `<sso/src.hpp>`.

#include <sso/detail/config.hpp>

#if !defined(SSO_SEPARATE_COMPILATION)
#error "define SSO_SEPARATE_COMPILATION for the whole program before including <sso/testing/src.hpp>"
#endif

#include <sso/testing/impl/cassette.ipp>
#include <sso/testing/impl/certificate.ipp>
#include <sso/testing/impl/conformance.ipp>
#include <sso/testing/impl/conformance_subject.ipp>
#include <sso/testing/impl/fake_idp.ipp>
#include <sso/testing/impl/fake_keycard.ipp>
#include <sso/testing/impl/fake_transport.ipp>
#include <sso/testing/impl/fake_truto.ipp>
#include <sso/testing/impl/fault_server.ipp>
#include <sso/testing/impl/loopback_server.ipp>
#include <sso/testing/impl/manual_runtime.ipp>
#include <sso/testing/impl/replayer.ipp>
#include <sso/testing/impl/run.ipp>
#include <sso/testing/impl/steps.ipp>
