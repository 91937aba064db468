// SPDX-License-Identifier: BSL-1.0
#include "curl_transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <curl/curl.h>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using sso::errc;
using sso::outcome;
using sso::http::method;
using result = sso::result<sso::http::response>;

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using easy_handle = std::unique_ptr<CURL, freed_by<curl_easy_cleanup>>;
using multi_handle = std::unique_ptr<CURLM, freed_by<curl_multi_cleanup>>;
using header_list = std::unique_ptr<curl_slist, freed_by<curl_slist_free_all>>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

header_list headers_for_curl(const sso::http::request& request) {
  header_list all;
  const auto append = [&](const std::string& line) {
    auto* const longer = curl_slist_append(all.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    (void)all.release();
    all.reset(longer);
  };
  for (const auto field : request.headers) {
    const std::string name{field.name};
    // For curl, "Name:" removes its own field of that name, and "Name;" sends an empty field.
    append(field.value.empty() ? name + ';' : name + ": " + std::string{field.value});
  }
  // Remove the fields that curl would add.
  for (const std::string_view name : {"Accept", "Content-Type", "User-Agent", "Expect"}) {
    if (!request.headers.contains(name)) append(std::string{name} + ':');
  }
  return all;
}

}  // namespace

/// One request and its response. Shared by the waiting coroutine and curl's thread, which may keep it longer than the
/// coroutine. After the start, only curl's thread uses the members above the mutex.
struct curl_transport::exchange {
  using channel = asio::experimental::concurrent_channel<void(boost::system::error_code)>;

  exchange(const asio::any_io_executor& executor, const sso::http::request& request, sso::http::limits limits,
           const std::string& ca_pem)
      : most{limits},
        body{request.body},
        fields{headers_for_curl(request)},
        done{std::in_place, executor, 1} {
    if (!easy) throw std::bad_alloc{};
    set(CURLOPT_URL, (to_string(request.origin) + request.target).c_str());
    // Sent unchanged: curl would remove dot segments of the URL and, since 8.8, the "?" of an empty query. It refuses a
    // URL with spaces or control characters.
    set(CURLOPT_REQUEST_TARGET, request.target.c_str());
    set(CURLOPT_HTTPHEADER, fields.get());
    set(CURLOPT_CUSTOMREQUEST, std::string{to_string(request.method)}.c_str());
    if (request.method == method::head) set(CURLOPT_NOBODY, 1L);
    const bool has_body = request.method == method::post || request.method == method::put ||
                          request.method == method::patch || !body.empty();
    if (has_body) {
      set(CURLOPT_POSTFIELDS, body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    set(CURLOPT_TIMEOUT_MS, in_milliseconds(limits.timeout));
    // If a pooled connection is closed after the request was written, curl sends the request again on a new one. A request
    // that must not be sent twice uses a new connection from the start.
    if (!request.replayable) set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_MAXAGE_CONN, 4L);

    set(CURLOPT_PROTOCOLS_STR, request.origin.scheme.c_str());
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!ca_pem.empty()) {
      curl_blob blob{const_cast<char*>(ca_pem.data()), ca_pem.size(), CURL_BLOB_COPY};
      set(CURLOPT_CAINFO_BLOB, &blob);
    }
    set(CURLOPT_PROXY, "");  // do not take it from the environment
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, words);
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_PREREQFUNCTION, &exchange::on_connected);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_HEADERFUNCTION, &exchange::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &exchange::on_body);
    set(CURLOPT_WRITEDATA, this);
  }

  template <class T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(easy.get(), option, value) != CURLE_OK) {
      throw sso::exception{
          sso::error{errc::invalid_argument, outcome::not_sent, "curl refuses an option of the request"}};
    }
  }

  static long in_milliseconds(std::chrono::steady_clock::duration d) {
    using namespace std::chrono;
    const auto rounded_up = ceil<milliseconds>(std::min<steady_clock::duration>(d, hours{24})).count();
    return static_cast<long>(std::max<milliseconds::rep>(rounded_up, 1));
  }

  /// Called when the connection is open and before anything is written. After that, the server may execute the request.
  static int on_connected(void* self, char*, char*, int, int) noexcept {
    auto& x = *static_cast<exchange*>(self);
    const std::lock_guard lock{x.mutex};
    if (!x.done) return CURL_PREREQFUNC_ABORT;
    x.begun = true;
    return CURL_PREREQFUNC_OK;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept try {
    auto& x = *static_cast<exchange*>(self);
    if (x.has_head) return size;  // trailers
    const std::string_view line{data, size};
    if (line.starts_with("HTTP/")) {  // an interim or the final response
      x.head_bytes = 0;
      x.response.headers.clear();
    }
    x.head_bytes += size;
    x.too_large = x.head_bytes > x.most.header_bytes;
    if (x.too_large) return 0;
    const auto colon = line.find(':');
    if (trimmed(line).empty()) {
      long status = 0;
      curl_easy_getinfo(x.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      x.has_head = status >= 200;
      x.response.status = static_cast<unsigned>(status);
    } else if (colon != line.npos && !line.starts_with("HTTP/")) {
      x.response.headers.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
    return size;
  } catch (...) {
    return 0;  // makes curl abort
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept try {
    auto& x = *static_cast<exchange*>(self);
    x.too_large = size > x.most.body_bytes - x.response.body.size();
    if (x.too_large) return 0;
    x.response.body.append(data, size);
    return size;
  } catch (...) {
    return 0;
  }

  result conclude(CURLcode code) {
    if (code == CURLE_OK && has_head) return std::move(response);
    const auto so_far = begun ? outcome::maybe_executed : outcome::not_sent;
    const auto why = words[0] != '\0' ? std::string{words} : std::string{curl_easy_strerror(code)};
    return sso::error{meaning_of(code), so_far, "curl: " + why};
  }

  [[nodiscard]] errc meaning_of(CURLcode code) const {
    if (too_large) return errc::response_too_large;
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return errc::timeout;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return errc::connect_failed;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return errc::tls_failed;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return errc::protocol_error;
    case CURLE_URL_MALFORMAT: return errc::invalid_argument;
    default: break;
    }
    if (!begun) return errc::connect_failed;
    return head_bytes != 0 ? errc::incomplete_response : errc::transport_failed;
  }

  easy_handle easy{curl_easy_init()};
  const sso::http::limits most;
  const std::string body;
  const header_list fields;
  sso::http::response response;
  std::size_t head_bytes = 0;
  bool has_head = false;
  bool too_large = false;
  char words[CURL_ERROR_SIZE] = "";

  std::mutex mutex;
  std::optional<channel> done;  ///< empty: no coroutine waits
  std::optional<result> got;
  bool begun = false;
};

/// curl's thread. Owned by the handles and by the coroutines that wait.
class curl_transport::loop {
public:
  explicit loop(std::string ca_pem) : authorities{std::move(ca_pem)} {
    if (!multi_) throw std::bad_alloc{};
    thread_ = std::thread{[this] { run(); }};
  }
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop() {
    tell([this] { stopping_ = true; });
    thread_.join();
  }

  void start(const std::shared_ptr<exchange>& x) {
    tell([&] { arriving_.push_back(x); });
  }
  void abandon(const std::shared_ptr<exchange>& x) {
    tell([&] { leaving_.push_back(x); });
  }

  const std::string authorities;

private:
  template <class F>
  void tell(F change) {
    {
      const std::lock_guard lock{mutex_};
      change();
    }
    curl_multi_wakeup(multi_.get());
  }

  void run() {
    for (bool stopping = false; !stopping;) {
      stopping = take_orders();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      int left = 0;
      while (auto* const message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
      }
      if (!stopping) curl_multi_poll(multi_.get(), nullptr, 0, 60'000, nullptr);
    }
    for (const auto& x : running_) curl_multi_remove_handle(multi_.get(), x->easy.get());
    running_.clear();
  }

  bool take_orders() {
    std::vector<std::shared_ptr<exchange>> arrived;
    std::vector<std::shared_ptr<exchange>> left;
    bool stopping = false;
    {
      const std::lock_guard lock{mutex_};
      arrived.swap(arriving_);
      left.swap(leaving_);
      stopping = stopping_;
    }
    for (auto& x : arrived) {
      curl_multi_add_handle(multi_.get(), x->easy.get());
      running_.insert(std::move(x));
    }
    for (const auto& x : left) remove(x);
    return stopping;
  }

  void remove(const std::shared_ptr<exchange>& x) {
    if (running_.erase(x) != 0) curl_multi_remove_handle(multi_.get(), x->easy.get());
  }

  void finish(CURL* easy, CURLcode code) {
    exchange* ended = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ended);
    const auto at =
        std::find_if(running_.begin(), running_.end(), [&](const auto& x) { return x.get() == ended; });
    const auto x = *at;
    remove(x);
    // The lock keeps the waiting coroutine and its executor alive.
    const std::lock_guard lock{x->mutex};
    if (!x->done) return;
    x->got = x->conclude(code);
    x->done->try_send(boost::system::error_code{});
  }

  multi_handle multi_{curl_multi_init()};
  std::set<std::shared_ptr<exchange>> running_;  // used only by the thread

  std::mutex mutex_;
  std::vector<std::shared_ptr<exchange>> arriving_;
  std::vector<std::shared_ptr<exchange>> leaving_;
  bool stopping_ = false;
  std::thread thread_;
};

curl_transport::curl_transport(std::string ca_pem) {
  static const auto global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) throw std::bad_alloc{};
  loop_ = std::make_shared<loop>(std::move(ca_pem));
}

asio::awaitable<result> curl_transport::send(const sso::http::request& request,
                                             sso::http::limits limits) const {
  return perform(loop_, request, limits);
}

asio::awaitable<result> curl_transport::perform(std::shared_ptr<loop> self, const sso::http::request& request,
                                                sso::http::limits limits) {
  const sso::error cancelled{errc::cancelled, outcome::not_sent};
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return cancelled;
  if (limits.timeout <= limits.timeout.zero()) {
    co_return sso::error{errc::timeout, outcome::not_sent, "the timeout has expired"};
  }

  const auto executor = co_await asio::this_coro::executor;
  const auto x = std::make_shared<exchange>(executor, request, limits, self->authorities);
  // Runs when the exchange has ended, is cancelled, or this coroutine is destroyed with its event loop.
  struct ending {
    loop& thread;
    const std::shared_ptr<exchange>& x;
    bool begun() {
      const std::lock_guard lock{x->mutex};
      x->done.reset();
      return x->begun;
    }
    ~ending() {
      (void)begun();
      thread.abandon(x);
    }
  } end{*self, x};

  self->start(x);
  boost::system::error_code stopped;
  co_await x->done->async_receive(asio::redirect_error(asio::use_awaitable, stopped));
  // An exchange that has not begun by now does not begin later.
  const bool begun = end.begun();
  if (stopped) {
    co_return sso::error{errc::cancelled, begun ? outcome::maybe_executed : outcome::not_sent};
  }
  co_return std::move(*x->got);
}
