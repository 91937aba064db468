// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

// g++ 14 warns about a reference into a temporary list, which is valid here.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(gnu::no_dangling)
#define SSO_NO_DANGLING [[gnu::no_dangling]]
#endif
#endif
#if !defined(SSO_NO_DANGLING)
#define SSO_NO_DANGLING
#endif

namespace sso::testing {

/// The requests received by a `fake_transport` before the call of `requests()`, in order.
///
/// Lifetimes: a request is valid as long as a copy of the transport or of this list exists, so `const auto&
/// first = server.requests()[0];` and views into its headers are valid.
///
/// Thread safety: distinct objects are safe; the requests never change.
class SSO_NO_DANGLING recorded_requests {
public:
  class const_iterator;
  /// Iterators are constant.
  using iterator = const_iterator;
  /// The type of an element.
  using value_type = http::request;

  recorded_requests() = default;
  /// Precondition: no request is null.
  explicit recorded_requests(std::vector<std::shared_ptr<const http::request>> all) noexcept
      : all_{std::move(all)} {}

  /// Number of requests.
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  /// Whether there is none.
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  /// The request at index `i`. Precondition: `i < size()`.
  [[nodiscard]] const http::request& operator[](std::size_t i) const noexcept { return *all_[i]; }
  /// The request at index `i`. Throws `std::out_of_range` if there is none.
  [[nodiscard]] const http::request& at(std::size_t i) const { return *all_.at(i); }
  /// The first one. Precondition: not empty.
  [[nodiscard]] const http::request& front() const noexcept { return *all_.front(); }
  /// The last one. Precondition: not empty.
  [[nodiscard]] const http::request& back() const noexcept { return *all_.back(); }
  /// The first request. Iterators are valid as long as this list.
  [[nodiscard]] const_iterator begin() const noexcept;
  /// The position after the last request.
  [[nodiscard]] const_iterator end() const noexcept;

  /// Copies of the requests, for modification or comparison.
  operator std::vector<http::request>() const;

private:
  std::vector<std::shared_ptr<const http::request>> all_;
};

/// Iterates over the requests in order.
class recorded_requests::const_iterator {
public:
  /// @cond members of any iterator
  using iterator_category = std::forward_iterator_tag;
  using value_type = http::request;
  using difference_type = std::ptrdiff_t;
  using pointer = const http::request*;
  using reference = const http::request&;

  const_iterator() = default;
  explicit const_iterator(const std::shared_ptr<const http::request>* at) noexcept : at_{at} {}

  const http::request& operator*() const noexcept { return **at_; }
  const http::request* operator->() const noexcept { return at_->get(); }
  const_iterator& operator++() noexcept {
    ++at_;
    return *this;
  }
  const_iterator operator++(int) noexcept { return const_iterator{at_++}; }
  friend bool operator==(const const_iterator&, const const_iterator&) = default;
  /// @endcond

private:
  const std::shared_ptr<const http::request>* at_ = nullptr;
};

inline recorded_requests::const_iterator recorded_requests::begin() const noexcept {
  return const_iterator{all_.data()};
}
inline recorded_requests::const_iterator recorded_requests::end() const noexcept {
  return const_iterator{all_.data() + all_.size()};
}
inline recorded_requests::operator std::vector<http::request>() const {
  return {begin(), end()};
}

}  // namespace sso::testing

#undef SSO_NO_DANGLING
