// A client of many streams of server-sent events at once: one thread reads all connections and
// hands each event over with the time at which it was there.
//
//   EventReader reader(port, 100, [](size_t i) { return "GET / HTTP/1.1\r\nHost: x\r\n\r\n"; },
//                      [](size_t i, std::string_view event, int64_t now_ns) { ... });
//
// The callback runs on the reader's thread. Ends the program when a connection cannot be opened.
#pragma once

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace retort {

// Of the steady clock.
inline int64_t NowNanoseconds() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

class EventReader {
 public:
  using OnEvent = std::function<void(size_t connection, std::string_view event, int64_t now_ns)>;

  EventReader(uint16_t port, size_t connections,
              const std::function<std::string(size_t connection)>& request, OnEvent on_event)
      : epoll_(epoll_create1(0)), rest_(connections), on_event_(std::move(on_event)) {
    for (size_t i = 0; i < connections; ++i) Connect(port, i, request(i));
    thread_ = std::thread([this] { Run(); });
  }
  ~EventReader() {
    stop_ = true;
    thread_.join();
    for (const int fd : sockets_) close(fd);
    close(epoll_);
  }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  size_t closed() const { return closed_; }  // connections that the server has ended

 private:
  void Connect(uint16_t port, size_t index, std::string_view request) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        send(fd, request.data(), request.size(), 0) < 0) {
      fmt::print(stderr, "cannot open connection {}; see ulimit -n\n", index + 1);
      std::exit(1);
    }
    epoll_event event = {.events = EPOLLIN, .data = {.u64 = index}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    sockets_.push_back(fd);
  }

  void Run() {
    std::vector<char> buffer(256 << 10);
    epoll_event events[256];
    while (!stop_) {
      const int ready = epoll_wait(epoll_, events, 256, 50);
      for (int i = 0; i < ready; ++i) {
        const size_t index = events[i].data.u64;
        const ssize_t got = recv(sockets_[index], buffer.data(), buffer.size(), 0);
        if (got > 0) {
          Split(index, std::string_view(buffer.data(), static_cast<size_t>(got)));
        } else {
          epoll_ctl(epoll_, EPOLL_CTL_DEL, sockets_[index], nullptr);
          ++closed_;
        }
      }
    }
  }

  void Split(size_t index, std::string_view bytes) {
    const int64_t now = NowNanoseconds();
    std::string& rest = rest_[index];
    rest.append(bytes);
    std::string_view text = rest;
    for (size_t end = 0; (end = text.find("\n\n")) != std::string_view::npos;) {
      on_event_(index, text.substr(0, end), now);
      text.remove_prefix(end + 2);
    }
    rest.erase(0, rest.size() - text.size());
  }

  const int epoll_;
  std::vector<int> sockets_;
  std::vector<std::string> rest_;  // of each connection, an event that has not ended
  const OnEvent on_event_;
  std::atomic<bool> stop_{false};
  std::atomic<size_t> closed_{0};
  std::thread thread_;
};

}  // namespace retort
