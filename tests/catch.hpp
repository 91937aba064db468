// SPDX-License-Identifier: BSL-1.0
#pragma once

// Catch2 3 if it is installed, otherwise 2.13 (Debian 12). The tests use only what both have.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
