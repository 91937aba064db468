// SPDX-License-Identifier: BSL-1.0
// Owns the precompiled header of the test programs: main.cpp itself must see Catch2 in another configuration.
