// The end of a server: what runs is finished, what is idle is closed, nothing new comes in.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

struct Streams {
  std::mutex mutex;
  std::vector<std::shared_ptr<Responder>> all;

  size_t size() {
    const std::lock_guard lock(mutex);
    return all.size();
  }
};

Handler StartAndKeep(Streams* streams) {
  return [streams](Request request, std::shared_ptr<Responder> responder) {
    if (request.path == "/now") {
      responder->Send({.body = "now"});
      return;
    }
    responder->Start(200, {});
    const std::lock_guard lock(streams->mutex);
    streams->all.push_back(std::move(responder));
  };
}

TEST(HttpDrain, LetsStreamsFinishAndClosesWhatIsIdle) {
  Streams streams;
  HttpServer server({.threads = 2}, StartAndKeep(&streams));
  server.Start();
  constexpr size_t kStreams = 20;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (size_t i = 0; i < kStreams; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->Send(Get("/stream"));
  }
  RawClient idle(server.port()), half(server.port());
  idle.Send(Get("/now"));
  EXPECT_EQ(idle.ReadResponse().headers.Find("Connection"), nullptr);
  const std::string first_line = "GET /now HTTP/1.1\r\n";
  half.Send(first_line);
  const uint64_t sent = kStreams * Get("/stream").size() + Get("/now").size() + first_line.size();
  ASSERT_TRUE(Eventually(
      [&] { return streams.size() == kStreams && server.counters().bytes_received == sent; }));

  auto drained = std::async(std::launch::async, [&] { return server.Drain(10); });
  EXPECT_EQ(idle.ReadAll(), "") << "closed at once";
  idle.Close();
  EXPECT_TRUE(Eventually([&] { return !RawClient(server.port()).connected(); }));
  half.Send("Host: x\r\n\r\n");
  const Response last = half.ReadResponse();
  EXPECT_EQ(last.body, "now") << "a request that had begun is still answered";
  EXPECT_EQ(last.headers.Get("Connection"), "close");
  half.Close();
  EXPECT_EQ(drained.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  for (const auto& responder : streams.all) {
    EXPECT_TRUE(responder->Write("end"));
    EXPECT_TRUE(responder->End());
  }
  for (const auto& client : clients) {
    EXPECT_EQ(client->ReadResponse().body, "end");
    EXPECT_EQ(client->ReadAll(), "");
    client->Close();
  }
  EXPECT_EQ(drained.get(), 0u);
}

TEST(HttpDrain, GivesUpAtTheDeadlineAndStopCutsTheRest) {
  Streams streams;
  HttpServer server({}, StartAndKeep(&streams));
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/stream"));
  ASSERT_TRUE(Eventually([&] { return streams.size() == 1; }));
  std::atomic<int> closed = 0;
  streams.all[0]->OnClosed([&] { ++closed; });
  EXPECT_EQ(server.Drain(0.05), 1u);
  EXPECT_EQ(closed, 0);
  server.Stop();
  EXPECT_EQ(closed, 1);
  EXPECT_FALSE(streams.all[0]->Write("late")) << "a responder outlives its server";
  EXPECT_EQ(client.ReadAll().find("0\r\n\r\n"), std::string::npos);
  server.Stop();
}

TEST(HttpDrain, StopsAtOnceWhateverIsOpen) {
  Streams streams;
  auto server = std::make_unique<HttpServer>(ServerOptions{.threads = 2}, StartAndKeep(&streams));
  server->Start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    if (i % 3 == 0) clients.back()->Send(Get("/stream"));
    if (i % 3 == 1) clients.back()->Send("GET / HT");
  }
  const auto start = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(SecondsSince(start), 5) << "no time-out was waited for";
  streams.all.clear();
}

TEST(HttpDrain, EnginesMayWriteWhileTheServerStops) {
  Streams streams;
  for (int round = 0; round < 20; ++round) {
    HttpServer server({}, StartAndKeep(&streams));
    server.Start();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port()));
      clients.back()->Send(Get("/stream"));
    }
    ASSERT_TRUE(Eventually([&] { return streams.size() == 8; }));
    std::thread writer([&] {
      for (size_t open = 8; open > 0;) {
        open = 0;
        for (const auto& responder : streams.all) open += responder->Write("token") ? 1 : 0;
        std::this_thread::yield();
      }
    });
    server.Stop();
    writer.join();
    streams.all.clear();
  }
}

}  // namespace
}  // namespace retort::net
