// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/any_transport.hpp>
#include <sso/http/origin.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/http/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sso::testing {

/// How a response's body ends on the wire.
enum class peer_framing {
  length,     ///< where its `Content-Length` says
  chunked,    ///< with the last chunk
  until_end,  ///< with the connection
};

/// What a peer does when it has sent what it sends.
enum class peer_ending {
  none,     ///< keeps the connection for the next request
  orderly,  ///< ends the connection, with TLS's close_notify where there is TLS
  abrupt,   ///< ends the connection without
  stall,    ///< nothing, for ever
};

/// What the peer of a conformance case does with one request.
struct peer_action {
  http::response response{200, {}, {}};         ///< what it answers
  peer_framing framing = peer_framing::length;  ///< how the end of the body is told
  unsigned interim = 0;                         ///< how many interim responses go before it
  /// How much of all this is sent, in bytes on the wire; empty: all of it.
  std::optional<std::size_t> only_bytes;
  peer_ending ending = peer_ending::none;  ///< what follows
  /// If set: nothing is sent before this is true.
  std::shared_ptr<const std::atomic<bool>> when;
};

/// What to do with a request, given as it was received, and how many came before it. Called by one thread at a
/// time.
using peer_script = std::function<peer_action(const http::request&, std::size_t)>;

/// A transport to be tried by `check_transport`, and the peer that it talks to. Most users need no class of
/// their own, but `network_subject` or `in_memory_subject`.
class conformance_subject {
public:
  virtual ~conformance_subject() = default;

  /// Makes the peer anew. It does what `script` says with what comes to `origin()`.
  virtual void serve(peer_script script) = 0;
  /// A new transport that can reach the peer and works on `executor`.
  [[nodiscard]] virtual any_transport make(asio::any_io_executor executor) = 0;
  /// Where the peer is.
  [[nodiscard]] virtual http::origin origin() const = 0;
  /// The requests that the peer has received since `serve`, with all the fields that came.
  [[nodiscard]] virtual std::vector<http::request> received() const = 0;

  /// Whether responses travel as bytes that can be framed and cut, as `peer_action` says. Where they do not,
  /// actions come without framing, interim responses, cuts and ends.
  [[nodiscard]] virtual bool has_wire() const noexcept = 0;
  /// Whether they travel inside TLS.
  [[nodiscard]] virtual bool has_tls() const noexcept = 0;
  /// An origin that refuses connections; empty where there is no such thing.
  [[nodiscard]] virtual std::optional<http::origin> closed_origin() = 0;
  /// An origin that accepts a connection and leaves it at that before a request can be sent; likewise.
  [[nodiscard]] virtual std::optional<http::origin> silent_origin() = 0;
};

/// Makes a transport that trusts the certificate authorities of a PEM text, and works on an executor.
template <class F>
concept network_transport_factory =
    std::copy_constructible<F> && std::invocable<F&, asio::any_io_executor, std::string> &&
    transport<std::remove_cvref_t<std::invoke_result_t<F&, asio::any_io_executor, std::string>>>;

/// A transport that uses a network: its peers are servers on 127.0.0.1, with certificates made for each.
///
/// Lifetimes: the transports must be gone before the subject is; `check_transport` sees to that.
class network_subject final : public conformance_subject {
public:
  /// @param factory called for each case, with an empty text where there is no TLS
  /// @param tls whether the servers speak TLS, or plain HTTP
  template <network_transport_factory F>
  explicit network_subject(F factory, bool tls = true)
      : make_{[factory = std::move(factory)](asio::any_io_executor executor, std::string ca_pem) mutable {
          return any_transport{factory(std::move(executor), std::move(ca_pem))};
        }},
        tls_{tls} {}
  SSO_DECL ~network_subject() override;

  SSO_DECL void serve(peer_script script) override;
  [[nodiscard]] SSO_DECL any_transport make(asio::any_io_executor executor) override;
  /// E.g. `https://127.0.0.1:40123`.
  [[nodiscard]] SSO_DECL http::origin origin() const override;
  [[nodiscard]] SSO_DECL std::vector<http::request> received() const override;
  [[nodiscard]] bool has_wire() const noexcept override { return true; }
  [[nodiscard]] bool has_tls() const noexcept override { return tls_; }
  [[nodiscard]] SSO_DECL std::optional<http::origin> closed_origin() override;
  [[nodiscard]] SSO_DECL std::optional<http::origin> silent_origin() override;

private:
  struct peer;
  struct closed_port;

  std::function<any_transport(asio::any_io_executor, std::string)> make_;
  bool tls_;
  std::shared_ptr<peer> peer_;
  std::shared_ptr<peer> silent_;
  std::shared_ptr<closed_port> closed_;
};

/// Answers in place of a server.
using peer_handler = std::function<asio::awaitable<result<http::response>>(const http::request&)>;

/// A transport without a network, such as a test double:
///
///     sso::testing::fake_transport network;
///     sso::testing::in_memory_subject subject{
///         [=](asio::any_io_executor) { return network; },
///         [=](sso::testing::peer_handler answer) mutable { network.handle(answer); }};
///
/// What needs a connection is skipped.
class in_memory_subject final : public conformance_subject {
public:
  /// @param make makes a transport
  /// @param script makes the handler that it is given answer every request from now on, of all those
  ///   transports
  SSO_DECL in_memory_subject(std::function<any_transport(asio::any_io_executor)> make,
                             std::function<void(peer_handler)> script);

  SSO_DECL void serve(peer_script script) override;
  [[nodiscard]] any_transport make(asio::any_io_executor executor) override {
    return make_(std::move(executor));
  }
  /// A name that nobody looks up.
  [[nodiscard]] http::origin origin() const override { return {"https", "peer.example", 443}; }
  [[nodiscard]] SSO_DECL std::vector<http::request> received() const override;
  [[nodiscard]] bool has_wire() const noexcept override { return false; }
  [[nodiscard]] bool has_tls() const noexcept override { return false; }
  [[nodiscard]] std::optional<http::origin> closed_origin() override { return std::nullopt; }
  [[nodiscard]] std::optional<http::origin> silent_origin() override { return std::nullopt; }

private:
  struct peer;

  std::function<any_transport(asio::any_io_executor)> make_;
  std::function<void(peer_handler)> script_;
  std::shared_ptr<peer> peer_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/conformance_subject.ipp>
#endif
