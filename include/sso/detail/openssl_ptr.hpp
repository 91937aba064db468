// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>

namespace sso::detail {

template <auto Free>
struct openssl_deleter {
  template <class T>
  void operator()(T* one) const noexcept {
    Free(one);
  }
};

/// Owns an OpenSSL object and frees it with `Free`, e.g. `openssl_ptr<X509, X509_free>`.
template <class T, auto Free>
using openssl_ptr = std::unique_ptr<T, openssl_deleter<Free>>;

}  // namespace sso::detail
