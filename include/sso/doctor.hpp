// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// The doctor: finds out why users cannot sign in through a connection. Does not include Beast.

#include <sso/doctor/certificate.hpp>
#include <sso/doctor/discovery.hpp>
#include <sso/doctor/examine.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/keys.hpp>
#include <sso/doctor/options.hpp>
#include <sso/doctor/report.hpp>
#include <sso/doctor/settings.hpp>
