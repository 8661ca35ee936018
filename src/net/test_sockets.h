// For tests of net: a client that sends bytes as they are written here, and a handler.
//
//   RawClient client(server.port());
//   client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
//   EXPECT_EQ(client.ReadResponse().status, 200);
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "net/http_message.h"
#include "net/responder.h"

namespace retort::net {

inline double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Waits until `condition` holds; false after so many seconds.
template <class Condition>
bool Eventually(Condition condition, double seconds = 60) {
  const auto start = std::chrono::steady_clock::now();
  while (!condition()) {
    if (SecondsSince(start) > seconds) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

class RawClient {
 public:
  explicit RawClient(uint16_t port, int receive_buffer = 0) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const int one = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  ~RawClient() { Close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // Appends what comes to rest_; false at the end of the stream or after so many seconds.
  bool Receive(double seconds = 60) {
    pollfd waiting = {.fd = fd_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, static_cast<int>(seconds * 1000)) <= 0) {
      timed_out_ = true;
      return false;
    }
    char bytes[16 << 10];
    const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    rest_.append(bytes, static_cast<size_t>(got));
    return true;
  }

  // Everything until the server closes; fails the test if it does not.
  std::string ReadAll() {
    timed_out_ = false;
    while (Receive()) {
    }
    EXPECT_FALSE(timed_out_) << "the server keeps the connection open";
    return std::exchange(rest_, {});
  }

  // Bytes up to and with `end`; what came until the stream's end if it never comes.
  std::string ReadUntil(std::string_view end) {
    size_t at = 0;
    while ((at = rest_.find(end)) == std::string::npos) {
      if (!Receive()) return std::exchange(rest_, {});
    }
    return Cut(at + end.size());
  }

  // One response with its headers; the body by Content-Length or chunks, none if `head`. Status 0
  // when the stream ends before it does.
  Response ReadResponse(bool head = false) {
    Response response = {.status = 0};
    const std::string text = ReadUntil("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || !text.ends_with("\r\n\r\n")) return response;
    int status = 0;
    std::from_chars(text.data() + 9, text.data() + 12, status);
    for (size_t at = text.find("\r\n") + 2; at + 2 < text.size();) {
      const size_t end = text.find("\r\n", at), colon = text.find(": ", at);
      response.headers.Add(text.substr(at, colon - at), text.substr(colon + 2, end - colon - 2));
      at = end + 2;
    }
    const bool complete = head || status == 204 || status == 304 || ReadBody(&response);
    if (complete) response.status = status;
    return response;
  }

  void ShutdownSend() { shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  // The other side sees a reset.
  void Reset() {
    const linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    Close();
  }
  int fd() const { return fd_; }
  bool timed_out() const { return timed_out_; }

 private:
  std::string Cut(size_t bytes) {
    std::string cut = rest_.substr(0, bytes);
    rest_.erase(0, bytes);
    return cut;
  }

  bool ReadBytes(size_t count, std::string* out) {
    while (rest_.size() < count) {
      if (!Receive()) return false;
    }
    *out += Cut(count);
    return true;
  }

  bool ReadBody(Response* response) {
    if (response->headers.Find("Content-Length")) {
      return ReadBytes(std::stoul(std::string(response->headers.Get("Content-Length"))),
                       &response->body);
    }
    if (!response->headers.Find("Transfer-Encoding")) {
      response->body = ReadAll();
      return true;
    }
    for (;;) {
      const std::string line = ReadUntil("\r\n");
      if (!line.ends_with("\r\n")) return false;
      const size_t size = std::stoul(line, nullptr, 16);
      std::string end;
      if (!ReadBytes(size, &response->body) || !ReadBytes(2, &end) || end != "\r\n") return false;
      if (size == 0) return true;
    }
  }

  int fd_ = -1;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string rest_;
};

// The status of the answer to these bytes, which must be the last thing on the connection.
inline void ExpectRefused(uint16_t port, const std::string& bytes, int status,
                          const std::string& code) {
  RawClient client(port);
  client.Send(bytes);
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.status, status) << bytes.substr(0, 200);
  EXPECT_EQ(response.headers.Get("Connection"), "close");
  EXPECT_EQ(response.headers.Get("Content-Type"), "application/json");
  EXPECT_NE(response.body.find("{\"error\":{\"message\":\""), std::string::npos);
  EXPECT_NE(response.body.find("\"code\":\"" + code + "\""), std::string::npos) << response.body;
  EXPECT_EQ(client.ReadAll(), "");
}

// Answers with the body that it was given.
inline void Echo(Request request, std::shared_ptr<Responder> responder) {
  responder->Send({.body = request.body});
}

inline constexpr char kPostHead[] = "POST / HTTP/1.1\r\nHost: x\r\n";  // more headers may follow

inline std::string Get(std::string_view path, std::string_view headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

inline std::string Post(std::string_view path, std::string_view body,
                        std::string_view headers = "") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace retort::net
