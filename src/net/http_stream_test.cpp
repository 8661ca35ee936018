// Answers that come piece by piece: from other threads, to clients that go away or do not read.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "net/sse_stream.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Keeps the responders of all requests for the test to answer.
class Kept {
 public:
  Handler handler() {
    return [this](Request, std::shared_ptr<Responder> responder) {
      const std::lock_guard lock(mutex_);
      kept_.push_back(std::move(responder));
    };
  }
  std::vector<std::shared_ptr<Responder>> Take(size_t count) {
    EXPECT_TRUE(Eventually([&] {
      const std::lock_guard lock(mutex_);
      return kept_.size() >= count;
    }));
    const std::lock_guard lock(mutex_);
    return std::exchange(kept_, {});
  }
  std::shared_ptr<Responder> TakeOne() { return Take(1).front(); }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<Responder>> kept_;
};

TEST(HttpStream, SendsPiecesAsTheyCome) {
  Kept kept;
  HttpServer server({}, kept.handler());
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  EXPECT_TRUE(responder->Start(200, {{"Content-Type", "text/plain"}}));
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(responder->Write("one"));
  EXPECT_EQ(client.ReadUntil("one\r\n"), "3\r\none\r\n");
  EXPECT_TRUE(responder->Write("two"));
  EXPECT_EQ(client.ReadUntil("two\r\n"), "3\r\ntwo\r\n");
  EXPECT_TRUE(responder->End());
  EXPECT_EQ(client.ReadUntil("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_FALSE(responder->Write("late"));
  client.Send(Get("/"));
  kept.TakeOne()->Send({.body = "next"});
  EXPECT_EQ(client.ReadResponse().body, "next");
}

// How long it takes until a client that leaves a silent stream is noticed.
double SecondsUntilGone(bool reset, bool started) {
  Kept kept;
  HttpServer server({}, kept.handler());
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  if (started) responder->Start(200, {});
  std::atomic<int> calls = 0;
  responder->OnClosed([&] { ++calls; });
  const auto start = steady_clock::now();
  reset ? client.Reset() : client.Close();
  EXPECT_TRUE(Eventually([&] { return calls > 0; }));
  const double seconds = SecondsSince(start);
  EXPECT_TRUE(responder->closed());
  EXPECT_FALSE(responder->Write("x"));
  EXPECT_FALSE(responder->Send({}));
  EXPECT_FALSE(responder->End());
  responder->OnClosed([&] { ++calls; });
  EXPECT_EQ(calls, 2) << "told at once that it is too late";
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(server.counters().clients_gone, 1u);
  EXPECT_EQ(server.counters().requests_running, 0u);
  return seconds;
}

TEST(HttpStream, TellsAtOnceThatASilentStreamsClientIsGone) {
  for (const bool reset : {false, true}) {
    for (const bool started : {false, true}) {
      double best = 10;  // of some tries: the machine may be busy with something else
      for (int i = 0; i < 5 && best > 0.1; ++i) {
        best = std::min(best, SecondsUntilGone(reset, started));
      }
      EXPECT_LT(best, 0.1);
    }
  }
}

TEST(HttpStream, DoesNotCallBackAfterTheAnswerHasEnded) {
  Kept kept;
  HttpServer server({}, kept.handler());
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  const auto held = std::make_shared<int>(0);
  responder->OnClosed([held] { ++*held; });
  EXPECT_EQ(held.use_count(), 2);
  responder->Send({});
  EXPECT_EQ(held.use_count(), 1) << "what the callback held is let go";
  EXPECT_EQ(client.ReadResponse().status, 200);
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(*held, 0);
  EXPECT_EQ(server.counters().clients_gone, 0u);
}

TEST(HttpStream, ACallbackThatThrowsHarmsNobody) {
  Kept kept;
  std::atomic<int> failures = 0;
  ServerOptions options;
  options.on_failure = [&](const std::string&, const std::string&) { ++failures; };
  HttpServer server(options, kept.handler());
  server.Start();
  RawClient client(server.port()), other(server.port());
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  responder->OnClosed([] { throw std::runtime_error("broken"); });
  client.Close();
  EXPECT_TRUE(Eventually([&] { return failures == 1; }));
  other.Send(Get("/"));
  kept.TakeOne()->Send({});
  EXPECT_EQ(other.ReadResponse().status, 200);
}

TEST(HttpStream, AbortCutsBehindWhatWasWritten) {
  Kept kept;
  HttpServer server({}, kept.handler());
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  responder->Start(200, {});
  responder->Write("half");
  EXPECT_TRUE(responder->Abort());
  EXPECT_FALSE(responder->Write("more"));
  EXPECT_TRUE(client.ReadAll().ends_with("\r\n\r\n4\r\nhalf\r\n"));
}

TEST(HttpStream, ClosesAReaderThatFallsBehind) {
  Kept kept;
  HttpServer server({.limits = {.unsent_bytes = 100'000}}, kept.handler());
  server.Start();
  RawClient client(server.port(), 4096);
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  std::atomic<bool> closed = false;
  responder->OnClosed([&] { closed = true; });
  responder->Start(200, {});
  const std::string piece(10'000, 'a');
  size_t most = 0;
  int written = 0;
  // The system's own buffers hold some megabytes before anything is unsent here.
  while (written < 100'000 && responder->Write(piece)) {
    ++written;
    most = std::max(most, responder->pending_bytes());
    if (most > 50'000) std::this_thread::sleep_for(milliseconds(1));
    if (written % 4 == 0) std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(written, 100'000) << "memory without bounds";
  EXPECT_LE(most, 100'000 + 2 * piece.size());
  EXPECT_TRUE(Eventually([&] { return closed.load(); }));
  EXPECT_EQ(server.counters().slow_readers_closed, 1u);
  EXPECT_EQ(responder->pending_bytes(), 0u);
}

TEST(HttpStream, ClosesAReaderThatTakesNothing) {
  Kept kept;
  HttpServer server({.limits = {.write_stall_seconds = 0.2, .unsent_bytes = 100 << 20}},
                    kept.handler());
  server.Start();
  RawClient client(server.port(), 4096);
  client.Send(Get("/"));
  const auto responder = kept.TakeOne();
  responder->Send({.body = std::string(32 << 20, 'a')});
  EXPECT_GT(responder->pending_bytes(), 1u << 20);
  EXPECT_TRUE(Eventually([&] { return server.counters().slow_readers_closed == 1; }));
  EXPECT_TRUE(responder->closed());
}

TEST(HttpStream, AReaderThatIsSlowButReadsGetsEverything) {
  Kept kept;
  HttpServer server({.limits = {.write_stall_seconds = 2}}, kept.handler());
  server.Start();
  RawClient client(server.port(), 4096);
  client.Send(Get("/"));
  kept.TakeOne()->Send({.body = std::string(8 << 20, 'a')});
  std::thread nap([] { std::this_thread::sleep_for(milliseconds(200)); });
  nap.join();
  EXPECT_EQ(client.ReadResponse().body.size(), 8u << 20);
  EXPECT_EQ(server.counters().slow_readers_closed, 0u);
}

TEST(HttpStream, BeatsWhileTheStreamIsSilentAndNotInsideAnEvent) {
  Kept kept;
  HttpServer server({}, kept.handler());
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  SseStream stream(kept.TakeOne(), {.ping_seconds = 0.05});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(client.ReadUntil(": ping\n\n\r\n").ends_with("8\r\n: ping\n\n\r\n"));
  }
  stream.Send("last");
  stream.End();
  EXPECT_TRUE(client.ReadUntil("0\r\n\r\n").ends_with("c\r\ndata: last\n\n\r\n0\r\n\r\n"));
}

TEST(HttpStream, EachOfTwoHundredStreamsGetsItsOwnMessagesInOrder) {
  constexpr size_t kStreams = 200;
  constexpr int kMessages = 20;
  Kept kept;
  HttpServer server({.threads = 2}, [&, handler = kept.handler()](
                                        Request request, std::shared_ptr<Responder> responder) {
    responder->Start(200, {{"X-Name", request.path}});
    handler(std::move(request), std::move(responder));
  });
  server.Start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (size_t i = 0; i < kStreams; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->Send(Get("/" + std::to_string(i)));
  }
  auto responders = kept.Take(kStreams);
  ASSERT_EQ(responders.size(), kStreams);
  // Two threads write, as steps of an engine do: a message to each stream in turn.
  std::vector<std::thread> writers;
  for (size_t half = 0; half < 2; ++half) {
    writers.emplace_back([&, half] {
      for (int message = 0; message < kMessages; ++message) {
        for (size_t i = half; i < kStreams; i += 2) {
          responders[i]->Write(std::to_string(i) + ":" + std::to_string(message) + ";");
        }
      }
      for (size_t i = half; i < kStreams; i += 2) responders[i]->End();
    });
  }
  for (std::thread& writer : writers) writer.join();
  std::vector<bool> seen(kStreams);
  for (const auto& client : clients) {
    const Response response = client->ReadResponse();
    ASSERT_EQ(response.status, 200);
    const std::string name = response.body.substr(0, response.body.find(':'));
    std::string expected;
    for (int i = 0; i < kMessages; ++i) expected += name + ":" + std::to_string(i) + ";";
    EXPECT_EQ(response.body, expected);
    seen[std::stoul(name)] = true;
  }
  EXPECT_EQ(std::ranges::count(seen, true), static_cast<ptrdiff_t>(kStreams));
  EXPECT_TRUE(Eventually([&] { return server.counters().requests_running == 0; }));
}

TEST(HttpStream, ClientsThatLeaveAtAnyTimeLeaveNothingBehind) {
  Kept kept;
  std::atomic<int> closed = 0;
  HttpServer server({}, [&](Request, std::shared_ptr<Responder> responder) {
    responder->OnClosed([&] { ++closed; });
    std::thread([responder] {
      responder->Start(200, {});
      while (responder->Write("token "))
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }).detach();
  });
  server.Start();
  for (int i = 0; i < 100; ++i) {
    RawClient client(server.port());
    client.Send(Get("/"));
    if (i % 3 > 0) client.ReadUntil("token");
    i % 2 == 0 ? client.Reset() : client.Close();
  }
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(server.counters().requests_running, 0u);
  EXPECT_EQ(static_cast<uint64_t>(closed), server.counters().clients_gone);
  server.Stop();
}

}  // namespace
}  // namespace retort::net
