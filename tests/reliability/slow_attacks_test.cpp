// Clients that hold their connections by being slow, a hundred at a time: with headers, with a
// body, with reading. The limits must shut them out, and others must be served meanwhile.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

using std::chrono::steady_clock;

constexpr size_t kAttackers = 100;
constexpr double kLimitSeconds = 1;
constexpr double kPatience = 30;  // far more than the limits, for machines that are busy

class SlowAttack : public testing::Test {
 protected:
  SlowAttack()
      : server_({.limits = {.header_seconds = kLimitSeconds,
                            .body_stall_seconds = kLimitSeconds,
                            .body_seconds = 2 * kLimitSeconds,
                            .write_stall_seconds = kLimitSeconds}},
                [](Request request, std::shared_ptr<Responder> responder) {
                  const size_t bytes = request.path == "/much" ? 6 << 20 : 4;
                  responder->Send({.body = std::string(bytes, 'a')});
                }) {
    server_.Start();
  }

  // What each of the attackers sends first, and what it does in each round, some 50 of a second.
  void Attack(const std::string& opening, const std::function<void(RawClient*)>& step) {
    for (size_t i = 0; i < kAttackers; ++i) {
      attackers_.push_back(std::make_unique<RawClient>(server_.port(), 4096));
      attackers_.back()->Send(opening);
      fcntl(attackers_.back()->fd(), F_SETFL, O_NONBLOCK);
    }
    ASSERT_TRUE(Eventually([&] { return server_.counters().connections_accepted == kAttackers; }));
    const auto start = steady_clock::now();
    while (server_.counters().connections_open > 0 && SecondsSince(start) < kPatience) {
      for (const auto& attacker : attackers_) step(attacker.get());
      BeServed();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(server_.counters().connections_open, 0u) << "they hold out";
    std::ranges::sort(waits_);
    EXPECT_LT(waits_[waits_.size() / 2], kLimitSeconds / 2) << "others wait for them";
  }

  HttpServer server_;

 private:
  void BeServed() {
    const auto start = steady_clock::now();
    RawClient client(server_.port());
    client.Send(Get("/", "Connection: close\r\n"));
    EXPECT_EQ(client.ReadResponse().status, 200);
    waits_.push_back(SecondsSince(start));
  }

  std::vector<std::unique_ptr<RawClient>> attackers_;
  std::vector<double> waits_;
};

void SendByte(RawClient* attacker) { attacker->Send("a"); }

TEST_F(SlowAttack, WithHeaders) {
  Attack("GET / HTTP/1.1\r\nHost: x\r\nX-Name: ", SendByte);
  EXPECT_EQ(server_.counters().requests_refused, kAttackers);
}

TEST_F(SlowAttack, WithABody) {
  Attack("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", SendByte);
  EXPECT_EQ(server_.counters().requests_refused, kAttackers);
}

TEST_F(SlowAttack, WithABodyThatNeverBegins) {
  Attack("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
         [](RawClient*) {});
  EXPECT_EQ(server_.counters().requests_refused, kAttackers);
}

TEST_F(SlowAttack, WithReadingByteByByte) {
  Attack(Get("/much"), [](RawClient* attacker) {
    char byte = 0;
    recv(attacker->fd(), &byte, 1, 0);
  });
  EXPECT_EQ(server_.counters().slow_readers_closed, kAttackers);
}

TEST_F(SlowAttack, WithConnectionsThatSayNothing) {
  Attack("", [](RawClient*) {});
  EXPECT_EQ(server_.counters().requests_refused, 0u);
}

}  // namespace
}  // namespace retort::net
