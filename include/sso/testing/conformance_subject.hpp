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

/// The end of a response body on the wire.
enum class peer_framing {
  length,     ///< at the length given by `Content-Length`
  chunked,    ///< with the last chunk
  until_end,  ///< with the end of the connection
};

/// The peer's action after sending.
enum class peer_ending {
  none,     ///< keeps the connection open for the next request
  orderly,  ///< closes the connection, with TLS close_notify if there is TLS
  abrupt,   ///< closes the connection without close_notify
  stall,    ///< does nothing, and keeps the connection open
};

/// The peer's action for one request.
struct peer_action {
  http::response response{200, {}, {}};         ///< the response
  peer_framing framing = peer_framing::length;  ///< the framing of the body
  unsigned interim = 0;                         ///< number of interim responses before it
  /// Number of bytes on the wire to send; empty: all of them.
  std::optional<std::size_t> only_bytes;
  peer_ending ending = peer_ending::none;  ///< the action after sending
  /// If set: nothing is sent before this becomes true.
  std::shared_ptr<const std::atomic<bool>> when;
};

/// Returns the action for a received request. The second argument is the number of earlier requests. Called
/// by one thread at a time.
using peer_script = std::function<peer_action(const http::request&, std::size_t)>;

/// A transport to be tested by `check_transport`, with its peer. Most users use `network_subject` or
/// `in_memory_subject` instead of deriving a class.
class conformance_subject {
public:
  virtual ~conformance_subject() = default;

  /// Recreates the peer. It performs the actions of `script` for requests to `origin()`.
  virtual void serve(peer_script script) = 0;
  /// Creates a transport that can reach the peer and works on `executor`.
  [[nodiscard]] virtual any_transport make(asio::any_io_executor executor) = 0;
  /// The origin of the peer.
  [[nodiscard]] virtual http::origin origin() const = 0;
  /// The requests received by the peer since `serve`, with all header fields.
  [[nodiscard]] virtual std::vector<http::request> received() const = 0;

  /// Whether responses are bytes that can be framed and truncated, as described by `peer_action`. If not,
  /// actions have no framing, interim responses, truncation or endings.
  [[nodiscard]] virtual bool has_wire() const noexcept = 0;
  /// Whether the connection uses TLS.
  [[nodiscard]] virtual bool has_tls() const noexcept = 0;
  /// An origin that refuses connections; empty if not supported.
  [[nodiscard]] virtual std::optional<http::origin> closed_origin() = 0;
  /// An origin that accepts a connection, but does not make it ready for a request; empty if not supported.
  [[nodiscard]] virtual std::optional<http::origin> silent_origin() = 0;
};

/// Creates a transport on an executor, with the certificate authorities of a PEM text as trust anchors.
template <class F>
concept network_transport_factory =
    std::copy_constructible<F> && std::invocable<F&, asio::any_io_executor, std::string> &&
    transport<std::remove_cvref_t<std::invoke_result_t<F&, asio::any_io_executor, std::string>>>;

/// A transport that uses a network. Its peers are servers on 127.0.0.1, each with its own certificate.
///
/// Lifetimes: the transports must be destroyed before the subject; `check_transport` does so.
class network_subject final : public conformance_subject {
public:
  /// @param factory called for each case; its text is empty without TLS
  /// @param tls whether the servers use TLS instead of plain HTTP
  template <network_transport_factory F>
  explicit network_subject(F factory, bool tls = true)
      : make_{[factory = std::move(factory)](asio::any_io_executor executor, std::string ca_pem) mutable {
          return any_transport{factory(std::move(executor), std::move(ca_pem))};
        }},
        tls_{tls} {}
  SSO_DECL ~network_subject() override;

  SSO_DECL void serve(peer_script script) override;
  [[nodiscard]] SSO_DECL any_transport make(asio::any_io_executor executor) override;
  /// The peer's origin, e.g. `https://127.0.0.1:40123`.
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

/// Produces the response in place of a server.
using peer_handler = std::function<asio::awaitable<result<http::response>>(const http::request&)>;

/// A transport without a network, such as a test double:
///
///     sso::testing::fake_transport network;
///     sso::testing::in_memory_subject subject{
///         [=](asio::any_io_executor) { return network; },
///         [=](sso::testing::peer_handler answer) mutable { network.handle(answer); }};
///
/// Cases that need a connection are skipped.
class in_memory_subject final : public conformance_subject {
public:
  /// @param make creates a transport
  /// @param script installs a handler for all further requests of all these transports
  SSO_DECL in_memory_subject(std::function<any_transport(asio::any_io_executor)> make,
                             std::function<void(peer_handler)> script);

  SSO_DECL void serve(peer_script script) override;
  [[nodiscard]] any_transport make(asio::any_io_executor executor) override {
    return make_(std::move(executor));
  }
  /// A fixed name; it is never resolved.
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
