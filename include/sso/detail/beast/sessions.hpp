// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/fork_count.hpp>
#include <sso/detail/openssl_ptr.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>

namespace sso::detail::net {

/// TLS sessions to resume, by origin, the newest first. Thread-safe; filled by OpenSSL's callback. Sessions
/// are copied in and out, because a connection modifies the session it uses.
class sessions {
public:
  /// Makes `context` pass new sessions to the `sessions` of the connection (see `attach`).
  static void install(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, [](SSL* ssl, SSL_SESSION* session) {
      auto* const where = static_cast<link*>(SSL_get_ex_data(ssl, index()));
      if (where != nullptr) where->owner->store(where->key, session);
      return 0;  // OpenSSL keeps its session
    });
  }

  /// Where the sessions of one connection are stored. Must outlive its `SSL`.
  struct link {
    std::shared_ptr<sessions> owner;
    std::string key;
  };

  /// Offers the newest session of `where.key` in the coming handshake, and stores the new ones.
  static void attach(SSL* ssl, link& where) {
    SSL_set_ex_data(ssl, index(), &where);
    if (const auto session = where.owner->pick(where.key)) SSL_set_session(ssl, session.get());
  }

private:
  using session_ptr = openssl_ptr<SSL_SESSION, SSL_SESSION_free>;

  static constexpr std::size_t per_key = 4;
  static constexpr std::size_t keys = 256;

  static int index() {
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
  }

  /// OpenSSL calls it, so it must not throw: without memory the session is not kept.
  void store(const std::string& key, const SSL_SESSION* session) noexcept {
    try {
      session_ptr own{SSL_SESSION_dup(session)};
      if (!own) return;
      const std::lock_guard lock{mutex_};
      forget_inherited();
      if (kept_.size() >= keys && !kept_.contains(key)) kept_.erase(kept_.begin());
      auto& line = kept_[key];
      line.push_front(std::move(own));
      if (line.size() > per_key) line.pop_back();
    } catch (const std::bad_alloc&) {
    }
  }

  /// TLS 1.3 tickets should be used once (RFC 8446 appendix C.4). The last one is kept nevertheless.
  session_ptr pick(const std::string& key) {
    const std::lock_guard lock{mutex_};
    forget_inherited();
    const auto found = kept_.find(key);
    if (found == kept_.end()) return nullptr;
    auto& line = found->second;
    if (line.empty() || SSL_SESSION_is_resumable(line.front().get()) == 0) {
      kept_.erase(found);
      return nullptr;
    }
    if (SSL_SESSION_get_protocol_version(line.front().get()) >= TLS1_3_VERSION && line.size() > 1) {
      auto newest = std::move(line.front());
      line.pop_front();
      return newest;
    }
    return session_ptr{SSL_SESSION_dup(line.front().get())};
  }

  /// After a fork, the sessions belong to the parent.
  void forget_inherited() noexcept {
    if (std::exchange(forks_, fork_count()) != fork_count()) kept_.clear();
  }

  std::mutex mutex_;
  std::uint64_t forks_ = fork_count();
  std::unordered_map<std::string, std::deque<session_ptr>> kept_;
};

}  // namespace sso::detail::net
