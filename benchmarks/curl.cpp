// SPDX-License-Identifier: BSL-1.0
// libcurl: one reused easy handle for sequential calls, the multi interface over epoll for concurrent calls.
#include "nlohmann_decode.hpp"
#include "workload.hpp"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <memory>
#include <stdexcept>

namespace {

void require(CURLcode code) {
  if (code != CURLE_OK) throw std::runtime_error{curl_easy_strerror(code)};
}

void require(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error{curl_multi_strerror(code)};
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  require(curl_easy_setopt(handle, option, value));
}

/// An easy handle, for one call at a time.
class easy {
public:
  explicit easy(const bench::plan& plan) : operation_{plan.operation} {
    handle_.reset(curl_easy_init());
    if (!handle_) throw std::runtime_error{"no easy handle"};
    add_header("Authorization: Bearer " + plan.token);
    add_header("Accept: application/json");
    auto* const handle = handle_.get();
    set(handle, CURLOPT_URL,
        (plan.url() + "/organizations/" + bench::organization + "/sso-connection").c_str());
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_CAINFO, plan.ca_file.c_str());
    set(handle, CURLOPT_USERAGENT, "curl-benchmark/1.0");
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_TIMEOUT_MS, 30'000L);
    set(handle, CURLOPT_WRITEFUNCTION, &easy::write);
    set(handle, CURLOPT_WRITEDATA, &body_);
    set(handle, CURLOPT_PRIVATE, this);
    if (operation_ == bench::operation::update) {
      add_header("Content-Type: application/json");
      set(handle, CURLOPT_CUSTOMREQUEST, "PATCH");
    }
    set(handle, CURLOPT_HTTPHEADER, headers_.get());
  }

  [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }

  /// Call before each call.
  void begin() {
    started_ = bench::now();
    body_.clear();
    if (operation_ == bench::operation::update) {
      const auto body = nlohmann_json::update_body();
      set(handle(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      set(handle(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
  }

  /// Call after each call.
  void end(CURLcode code, bench::batch& batch) {
    require(code);
    long status = 0;
    require(curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status));
    if (status != 200) throw std::runtime_error{"HTTP status " + std::to_string(status)};
    bench::check(nlohmann_json::decode(body_).identifier);
    batch.record(bench::now() - started_);
  }

private:
  struct free_handle {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };
  struct free_list {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  static std::size_t write(const char* data, std::size_t, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(data, size);
    return size;
  }

  void add_header(const std::string& header) {
    auto* const longer = curl_slist_append(headers_.get(), header.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  }

  bench::operation operation_;
  std::unique_ptr<curl_slist, free_list> headers_;
  std::unique_ptr<CURL, free_handle> handle_;
  std::string body_;
  long long started_ = 0;
};

/// Runs easy handles concurrently, over epoll.
class multi {
public:
  explicit multi(std::size_t connections) : handle_{curl_multi_init()}, epoll_{epoll_create1(EPOLL_CLOEXEC)} {
    if (handle_ == nullptr || epoll_ < 0) throw std::runtime_error{"no multi handle"};
    require(curl_multi_setopt(handle_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(connections)));
    require(curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, &multi::on_socket));
    require(curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, this));
    require(curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, &multi::on_timer));
    require(curl_multi_setopt(handle_, CURLMOPT_TIMERDATA, this));
  }
  multi(const multi&) = delete;
  multi& operator=(const multi&) = delete;
  ~multi() {
    curl_multi_cleanup(handle_);
    close(epoll_);
  }

  void perform(std::deque<easy>& handles, bench::batch& batch) {
    for (auto& handle : handles) {
      if (batch.take()) start(handle);
    }
    while (running_ != 0) {
      wait();
      int left = 0;
      while (const auto* const message = curl_multi_info_read(handle_, &left)) {
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result, batch);
      }
    }
  }

private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
    auto& me = *static_cast<multi*>(self);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(me.epoll_, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{};
    event.events =
        ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    event.data.fd = socket;
    epoll_ctl(me.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
    curl_multi_assign(me.handle_, socket, &me);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<multi*>(self)->due_ = milliseconds < 0 ? -1 : bench::now() + milliseconds * 1'000'000LL;
    return 0;
  }

  void start(easy& handle) {
    handle.begin();
    ++running_;
    require(curl_multi_add_handle(handle_, handle.handle()));
  }

  void wait() {
    int timeout = -1;
    if (due_ >= 0) {
      timeout = static_cast<int>(std::max(0LL, (due_ - bench::now() + 999'999) / 1'000'000));
    }
    std::array<epoll_event, 64> events{};
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout);
    int transfers = 0;
    for (int i = 0; i < ready; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const int what = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                       ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                       ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      require(curl_multi_socket_action(handle_, event.data.fd, what, &transfers));
    }
    if (due_ >= 0 && due_ <= bench::now()) {
      due_ = -1;
      require(curl_multi_socket_action(handle_, CURL_SOCKET_TIMEOUT, 0, &transfers));
    }
  }

  void finish(CURL* handle, CURLcode code, bench::batch& batch) {
    easy* done = nullptr;
    require(curl_easy_getinfo(handle, CURLINFO_PRIVATE, &done));
    require(curl_multi_remove_handle(handle_, handle));
    --running_;
    done->end(code, batch);
    if (batch.take()) start(*done);
  }

  CURLM* handle_;
  int epoll_;
  long long due_ = -1;
  std::size_t running_ = 0;
};

struct program {
  explicit program(const bench::plan& plan) : together{plan.connections} {
    for (std::size_t i = 0; i != plan.in_flight; ++i) handles.emplace_back(plan);
  }

  void perform(bench::batch& batch) {
    if (handles.size() > 1) {
      together.perform(handles, batch);
      return;
    }
    auto& handle = handles.front();
    while (batch.take()) {
      handle.begin();
      handle.end(curl_easy_perform(handle.handle()), batch);
    }
  }

  multi together;
  std::deque<easy> handles;
};

}  // namespace

int main(int argc, char* argv[]) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return bench::run(argc, argv, "curl", [](const bench::plan& plan) {
    return [p = std::make_shared<program>(plan)](bench::batch& batch) { p->perform(batch); };
  });
}
