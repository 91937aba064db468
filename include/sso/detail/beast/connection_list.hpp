// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <memory>

namespace sso::detail::net {

/// Owns connections. Intrusive, so that to give a connection back or up takes no memory and cannot fail.
class connection_list {
public:
  connection_list() = default;
  connection_list(const connection_list&) = delete;
  connection_list& operator=(const connection_list&) = delete;
  ~connection_list() { all_.clear_and_dispose(std::default_delete<connection>{}); }

  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] connection& front() noexcept { return all_.front(); }

  void push_back(std::unique_ptr<connection> one) noexcept { all_.push_back(*one.release()); }
  [[nodiscard]] std::unique_ptr<connection> take(connection& one) noexcept {
    all_.erase(all_.iterator_to(one));
    return std::unique_ptr<connection>{&one};
  }
  [[nodiscard]] std::unique_ptr<connection> take_back() noexcept { return take(all_.back()); }

  /// `f` may take the connection that it is given.
  template <class Function>
  void for_each(Function f) {
    for (auto at = all_.begin(); at != all_.end();) f(*at++);
  }

private:
  boost::intrusive::list<connection> all_;
};

}  // namespace sso::detail::net
