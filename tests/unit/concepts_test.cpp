// SPDX-License-Identifier: BSL-1.0
// The types that the concepts accept and reject. All checks are at compile time.
#include "catch.hpp"

#include <sso/any_runtime.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/recorder.hpp>
#include <sso/testing/replayer.hpp>
#include <sso/testing/run.hpp>
#include <sso/testing/steps.hpp>
#include <sso/transports/beast.hpp>
#include <sso/truto.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <type_traits>

namespace asio = boost::asio;
namespace http = sso::http;
using namespace sso::testing;
using steady = std::chrono::steady_clock;
using response_awaitable = asio::awaitable<sso::result<http::response>>;

namespace {

// Transports.
struct plain {
  response_awaitable send(const http::request&, http::limits);
};
struct with_const_send {
  response_awaitable send(const http::request&, const http::limits&) const;
};
struct returns_no_result {
  asio::awaitable<http::response> send(const http::request&, http::limits);
};
struct returns_no_awaitable {
  sso::result<http::response> send(const http::request&, http::limits);
};
struct changes_the_request {
  response_awaitable send(http::request&, http::limits);
};
struct without_limits {
  response_awaitable send(const http::request&);
};
struct not_copyable {
  response_awaitable send(const http::request&, http::limits);
  std::unique_ptr<int> connection;
};

static_assert(sso::transport<plain>);
static_assert(sso::transport<with_const_send>);
static_assert(sso::transport<fake_transport>);
static_assert(sso::transport<replayer>);
static_assert(sso::transport<recorder<plain>>);
static_assert(sso::transport<step_layer<plain>>);
static_assert(sso::transport<sso::any_transport>);
static_assert(sso::transport<sso::beast_transport>);
static_assert(!sso::transport<int>);
static_assert(!sso::transport<returns_no_result>);
static_assert(!sso::transport<returns_no_awaitable>);
static_assert(!sso::transport<changes_the_request>);
static_assert(!sso::transport<without_limits>);
static_assert(!sso::transport<not_copyable>);
static_assert(!sso::transport<plain&&>);
static_assert(!std::constructible_from<sso::any_transport, returns_no_result>);
static_assert(std::constructible_from<sso::any_transport, plain>);

// Runtimes.
struct own_runtime {
  steady::time_point now() const;
  std::chrono::system_clock::time_point wall_now() const;
  asio::awaitable<void> sleep(steady::duration) const;
  std::uint64_t random() const;
};
struct without_wall_clock {
  steady::time_point now() const;
  asio::awaitable<void> sleep(steady::duration) const;
  std::uint64_t random() const;
};
struct blocks : own_runtime {
  void sleep(steady::duration) const;
};
struct on_another_clock : own_runtime {
  std::chrono::system_clock::time_point now() const;
};
struct random_text : own_runtime {
  std::string random() const;
};
struct runtime_of_one : own_runtime {
  std::unique_ptr<int> only;
};

static_assert(sso::runtime<own_runtime>);
static_assert(sso::runtime<sso::system_runtime>);
static_assert(sso::runtime<manual_runtime>);
static_assert(sso::runtime<sso::any_runtime>);
static_assert(!sso::runtime<without_wall_clock>);
static_assert(!sso::runtime<blocks>);
static_assert(!sso::runtime<on_another_clock>);
static_assert(!sso::runtime<random_text>);
static_assert(!sso::runtime<runtime_of_one>);
static_assert(!sso::runtime<int>);

// Handlers.
static_assert(request_handler<fake_keycard>);
static_assert(request_handler<fake_truto>);
static_assert(request_handler<http::response (*)(const http::request&)>);
static_assert(request_handler<sso::result<http::response> (*)(const http::request&)>);
static_assert(request_handler<sso::error (*)(const http::request&)>);
static_assert(request_handler<response_awaitable (*)(const http::request&)>);
static_assert(request_handler<asio::awaitable<http::response> (*)(const http::request&)>);
static_assert(!request_handler<asio::awaitable<unsigned> (*)(const http::request&)>);
static_assert(!request_handler<void (*)(const http::request&)>);
static_assert(!request_handler<unsigned (*)(const http::request&)>);
static_assert(!request_handler<http::response (*)(http::request&)>);
static_assert(!request_handler<http::response (*)()>);

// Scenarios of steps.
static_assert(step_scenario<asio::awaitable<sso::result<int>> (*)(const step_probe&)>);
static_assert(!step_scenario<asio::awaitable<int> (*)(const step_probe&)>);
static_assert(!step_scenario<sso::result<int> (*)(const step_probe&)>);
static_assert(!step_scenario<asio::awaitable<sso::result<int>> (*)()>);

// Secrets.
template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!printable<sso::secret>);
static_assert(printable<sso::error>);
static_assert(!std::convertible_to<sso::secret, std::string>);
static_assert(!std::convertible_to<sso::secret, std::string_view>);
static_assert(!std::convertible_to<std::string, sso::secret>);
static_assert(!std::constructible_from<std::string, sso::secret>);

// Members that can be cleared, and those that cannot.
template <class Params>
concept clears_client_id = requires(Params p) {
  p.client_id(sso::null);
};
template <class Params>
concept clears_client_secret = requires(Params p) {
  p.client_secret(sso::null);
};
template <class Params>
concept clears_identifier = requires(Params p) {
  p.identifier(sso::null);
};
template <class Params>
concept clears_config = requires(Params p) {
  p.config(sso::null);
};
static_assert(clears_client_id<sso::keycard::update_params>);
static_assert(clears_client_secret<sso::keycard::update_params>);
static_assert(!clears_identifier<sso::keycard::update_params>);
static_assert(!clears_client_secret<sso::keycard::enable_params>);
static_assert(!clears_client_secret<sso::truto::update_params>);
static_assert(!clears_client_id<sso::truto::config_params>);
static_assert(!clears_config<sso::truto::update_params>);

// The required parameters of enable.
static_assert(std::constructible_from<sso::keycard::enable_params, const char*, const char*>);
static_assert(!std::default_initializable<sso::keycard::enable_params>);
static_assert(!std::constructible_from<sso::keycard::enable_params, const char*>);

// Clients are handles and require a transport.
template <class Transport>
concept makes_a_client = requires {
  typename sso::keycard::basic_client<Transport>;
};
static_assert(makes_a_client<plain>);
static_assert(!makes_a_client<returns_no_result>);
static_assert(!makes_a_client<int>);
static_assert(std::copyable<sso::keycard::basic_client<plain>>);
static_assert(std::copyable<sso::truto::basic_client<sso::any_transport, manual_runtime>>);
static_assert(!std::default_initializable<sso::keycard::basic_client<plain>>);

}  // namespace

TEST_CASE("any_transport holds any type that models the transport concept", "[concepts]") {
  fake_transport server;
  server.reply(204);
  const sso::any_transport erased{recorder<fake_transport>{server}};
  const http::request request;
  const auto got = run(erased.send(request, {}));
  REQUIRE(got);
  CHECK(got->status == 204);
}
