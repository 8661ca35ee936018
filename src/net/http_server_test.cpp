// The life of well-formed requests over real sockets; net/http_limits_test.cpp has the others.
#include "net/http_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.h"
#include "net/test_sockets.h"
#include "tests/support/expect_error.h"

namespace retort::net {
namespace {

// Answers with what it was asked: "POST /path body".
void EchoRequest(Request request, std::shared_ptr<Responder> responder) {
  responder->Send({.status = 200,
                   .headers = {{"Content-Type", "text/plain"}},
                   .body = request.method + " " + request.path + " " + request.body});
}

TEST(HttpServer, AnswersAndKeepsTheConnection) {
  HttpServer server({}, EchoRequest);
  server.Start();
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Post("/a", std::to_string(i)));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "POST /a " + std::to_string(i));
    EXPECT_EQ(response.headers.Get("Content-Type"), "text/plain");
    EXPECT_EQ(response.headers.Find("Connection"), nullptr);
    EXPECT_EQ(response.headers.Get("Date").size(), 29u);
  }
  EXPECT_EQ(server.counters().connections_accepted, 1u);
  EXPECT_EQ(server.counters().requests, 3u);
  EXPECT_EQ(server.counters().responses[2], 3u);
}

TEST(HttpServer, TellsTheHandlerWhoAsks) {
  std::string address, id;
  bool tls = true;
  HttpServer server({}, [&](Request request, std::shared_ptr<Responder> responder) {
    address = request.remote_address;
    id = request.id;
    tls = request.tls;
    responder->Send({});
  });
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse().headers.Get("X-Request-Id"), id);
  EXPECT_EQ(address, "127.0.0.1");
  EXPECT_FALSE(tls);
  EXPECT_EQ(id.size(), 20u);
}

TEST(HttpServer, UnderstandsARequestHoweverItIsCut) {
  HttpServer server({}, EchoRequest);
  server.Start();
  const std::string chunked =
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  for (size_t cut = 1; cut < chunked.size(); ++cut) {
    RawClient client(server.port());
    client.Send(chunked.substr(0, cut));
    std::this_thread::yield();
    client.Send(chunked.substr(cut));
    EXPECT_EQ(client.ReadResponse().body, "POST /x abcde") << "cut at " << cut;
  }
  RawClient client(server.port());
  for (const char c : chunked) client.Send({&c, 1});
  EXPECT_EQ(client.ReadResponse().body, "POST /x abcde");
}

TEST(HttpServer, AnswersPipelinedRequestsInOrderThoughTheFirstTakesLongest) {
  std::vector<std::thread> workers;
  HttpServer server({}, [&](Request request, std::shared_ptr<Responder> responder) {
    workers.emplace_back([path = request.path, responder] {
      if (path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(50));
      responder->Send({.body = path});
    });
  });
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/slow") + Get("/b") + Post("/c", "x") + "\r\n" + Get("/d"));
  for (const char* path : {"/slow", "/b", "/c", "/d"}) {
    EXPECT_EQ(client.ReadResponse().body, path);
  }
  server.Stop();
  for (std::thread& worker : workers) worker.join();
}

TEST(HttpServer, ServesHttp10AndEndsItsStreamsByClosing) {
  HttpServer server({}, [](Request request, std::shared_ptr<Responder> responder) {
    if (request.path == "/whole") {
      responder->Send({.body = "whole"});
      return;
    }
    responder->Start(200, {});
    responder->Write("one,");
    responder->Write("two");
    responder->End();
  });
  server.Start();
  RawClient stream(server.port());
  stream.Send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string all = stream.ReadAll();
  EXPECT_EQ(all.find("chunked"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("\r\n\r\none,two")) << all;
  RawClient closing(server.port());
  closing.Send("GET /whole HTTP/1.0\r\n\r\n");
  EXPECT_NE(closing.ReadAll().find("Connection: close\r\n"), std::string::npos);
  RawClient staying(server.port());
  for (int i = 0; i < 2; ++i) {
    staying.Send("GET /whole HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(staying.ReadResponse().headers.Get("Connection"), "keep-alive");
  }
}

TEST(HttpServer, SendsNoBodyForHeadAnd204) {
  HttpServer server({}, [](Request request, std::shared_ptr<Responder> responder) {
    if (request.path == "/stream") {
      responder->Start(200, {});
      EXPECT_TRUE(responder->Write("hidden"));
      responder->End();
    } else {
      responder->Send({.status = request.path == "/none" ? 204 : 200, .body = "hidden"});
    }
  });
  server.Start();
  RawClient client(server.port());
  client.Send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.ReadResponse(true).headers.Get("Content-Length"), "6");
  client.Send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.ReadResponse(true).headers.Get("Transfer-Encoding"), "chunked");
  client.Send(Get("/none"));
  const Response none = client.ReadResponse();
  EXPECT_EQ(none.status, 204);
  EXPECT_EQ(none.headers.Find("Content-Length"), nullptr);
  client.Send(Get("/", "Connection: close\r\n"));
  EXPECT_TRUE(client.ReadAll().ends_with("\r\n\r\nhidden"));
}

TEST(HttpServer, HandsOptionsToTheHandler) {
  HttpServer server({}, EchoRequest);
  server.Start();
  RawClient client(server.port());
  client.Send(
      "OPTIONS /v1/models HTTP/1.1\r\nHost: x\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.ReadResponse().body, "OPTIONS /v1/models ");
  EXPECT_EQ(client.ReadResponse().body, "OPTIONS * ");
}

TEST(HttpServer, AsksForTheBodyOfWhoWaitsToBeAsked) {
  HttpServer server({}, EchoRequest);
  server.Start();
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_EQ(client.ReadResponse().body, "POST / ok");
}

TEST(HttpServer, AHandlerThatThrowsOrForgetsAnswers500WithTheRequestsId) {
  std::mutex mutex;
  std::vector<std::string> failures;
  ServerOptions options;
  options.on_failure = [&](const std::string& id, const std::string& what) {
    const std::lock_guard lock(mutex);
    failures.push_back(id + ": " + what);
  };
  HttpServer server(options, [](Request request, std::shared_ptr<Responder> responder) {
    if (request.path == "/throw") throw std::runtime_error("broken");
    if (request.path == "/odd") throw 42;
    if (request.path == "/late") {
      responder->Start(200, {});
      responder->Write("half");
      throw std::runtime_error("half way");
    }
  });
  server.Start();
  for (const char* path : {"/throw", "/odd", "/forget"}) {
    RawClient client(server.port());
    client.Send(Get(path));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 500) << path;
    EXPECT_NE(response.body.find(response.headers.Get("X-Request-Id")), std::string::npos);
    EXPECT_EQ(response.body.find("broken"), std::string::npos) << "what went wrong is not theirs";
    client.Send(Get(path));
    EXPECT_EQ(client.ReadResponse().status, 500) << "the connection lives on";
  }
  RawClient client(server.port());
  client.Send(Get("/late"));
  const std::string cut = client.ReadAll();
  EXPECT_NE(cut.find("half"), std::string::npos);
  EXPECT_EQ(cut.find("0\r\n\r\n"), std::string::npos) << "a cut answer must not look complete";
  const std::lock_guard lock(mutex);
  ASSERT_EQ(failures.size(), 5u);
  EXPECT_TRUE(failures[0].ends_with(": broken"));
}

TEST(HttpServer, TheFirstAnswerCounts) {
  std::atomic<int> taken = 0;
  HttpServer server({}, [&](Request, std::shared_ptr<Responder> responder) {
    EXPECT_FALSE(responder->Write("early"));
    EXPECT_FALSE(responder->End());
    taken += responder->Send({.body = "first"});
    taken += responder->Send({.body = "second"});
    taken += responder->Start(200, {});
    taken += responder->Write("x");
  });
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/", "Connection: close\r\n"));
  EXPECT_TRUE(client.ReadAll().ends_with("\r\n\r\nfirst"));
  EXPECT_EQ(taken, 1);
}

TEST(HttpServer, NoHeaderOfAHandlerBeginsAnother) {
  HttpServer server({}, [](Request, std::shared_ptr<Responder> responder) {
    responder->Send({.headers = {{"X-Name", "a\r\nX-Evil: b"}, {"Content-Length", "99"}}});
  });
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.headers.Get("X-Name"), "a  X-Evil: b");
  EXPECT_EQ(response.headers.Find("X-Evil"), nullptr);
  EXPECT_EQ(response.headers.Get("Content-Length"), "0");
}

TEST(HttpServer, SpreadsConnectionsOverItsThreads) {
  std::mutex mutex;
  std::vector<std::thread::id> seen;
  HttpServer server({.threads = 2}, [&](Request, std::shared_ptr<Responder> responder) {
    const std::lock_guard lock(mutex);
    if (std::ranges::find(seen, std::this_thread::get_id()) == seen.end()) {
      seen.push_back(std::this_thread::get_id());
    }
    responder->Send({});
  });
  server.Start();
  for (int i = 0; i < 4; ++i) {
    RawClient client(server.port());
    client.Send(Get("/"));
    EXPECT_EQ(client.ReadResponse().status, 200);
  }
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen.size(), 2u);
}

TEST(HttpServer, ReportsEachExchange) {
  std::mutex mutex;
  std::vector<ExchangeRecord> records;
  ServerOptions options;
  options.on_exchange = [&](const ExchangeRecord& record) {
    const std::lock_guard lock(mutex);
    records.push_back(record);
  };
  HttpServer server(options, EchoRequest);
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/a?b=c"));
  client.ReadResponse();
  ASSERT_TRUE(Eventually([&] {
    const std::lock_guard lock(mutex);
    return !records.empty();
  }));
  EXPECT_EQ(records[0].method, "GET");
  EXPECT_EQ(records[0].target, "/a?b=c");
  EXPECT_EQ(records[0].status, 200);
  EXPECT_TRUE(records[0].complete);
  EXPECT_GT(records[0].bytes, 80u);
}

TEST(HttpServer, NamesThePortThatIsTaken) {
  HttpServer first({}, EchoRequest);
  first.Start();
  HttpServer second({.port = first.port()}, EchoRequest);
  ExpectError(ErrorCode::kUnavailable,
              {"port " + std::to_string(first.port()), "127.0.0.1", "another program"},
              [&] { second.Start(); });
  HttpServer nowhere({.address = "example"}, EchoRequest);
  ExpectError(ErrorCode::kInvalidArgument, {"'example'", "127.0.0.1"}, [&] { nowhere.Start(); });
}

}  // namespace
}  // namespace retort::net
