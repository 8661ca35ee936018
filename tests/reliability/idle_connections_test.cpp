// Ten thousand clients that keep their connections and ask for nothing: what each costs, and that
// others are served meanwhile. The clients are a process of their own, so that each of the two
// needs ten thousand file descriptors only and the memory measured is the server's.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // what memory costs then says nothing
#else
constexpr bool kSanitized = false;
#endif
constexpr size_t kClients = kSanitized ? 1000 : 10'000;
constexpr size_t kMostBytesEach = 16 << 10;

// Raises the limit of file descriptors; false when the system does not allow so many.
bool AllowFileDescriptors(size_t count) {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  limit.rlim_cur = count;
  limit.rlim_max = std::max<rlim_t>(limit.rlim_max, count);
  return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  void Put(uint32_t value) {
    EXPECT_EQ(write(ends[1], &value, sizeof value), ssize_t{sizeof value});
  }
  uint32_t Get() {
    uint32_t value = 0;
    EXPECT_EQ(read(ends[0], &value, sizeof value), ssize_t{sizeof value});
    return value;
  }

  int ends[2] = {};
};

// The other process: opens the connections, says how many were answered, then how many were closed.
void BeClients(Pipe* from_test, Pipe* to_test) {
  const auto port = static_cast<uint16_t>(from_test->Get());
  std::vector<std::unique_ptr<RawClient>> clients;
  uint32_t answered = 0, closed = 0;
  for (size_t i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<RawClient>(port));
    clients.back()->Send(Get("/"));
    if (clients.back()->ReadResponse().status == 200) ++answered;
  }
  to_test->Put(answered);
  for (const auto& client : clients) {
    if (!client->Receive(60) && !client->timed_out()) ++closed;
  }
  to_test->Put(closed);
}

TEST(IdleConnections, CostLittleAndKeepNobodyWaiting) {
  if (!AllowFileDescriptors(kClients + 200)) {
    GTEST_SKIP() << "needs " << kClients + 200
                 << " file descriptors, more than the hard limit (ulimit -Hn); raise it";
  }
  Pipe to_clients, from_clients;
  const pid_t clients = fork();
  ASSERT_GE(clients, 0);
  if (clients == 0) {
    BeClients(&to_clients, &from_clients);
    _exit(0);
  }
  HttpServer server(
      {.limits = {.connections = kClients + 100}},
      [](Request, std::shared_ptr<Responder> responder) { responder->Send({.body = "here"}); });
  server.Start();
  const size_t before = ResidentBytes();
  to_clients.Put(server.port());
  EXPECT_EQ(from_clients.Get(), kClients);
  const size_t each = (ResidentBytes() - before) / kClients;
  EXPECT_EQ(server.counters().connections_open, kClients);
  RecordProperty("bytes_each", std::to_string(each));
  EXPECT_TRUE(kSanitized || each <= kMostBytesEach) << each;

  double best = 60;  // of some tries: the machine may be busy with something else
  for (int i = 0; i < 20; ++i) {
    const auto start = std::chrono::steady_clock::now();
    RawClient client(server.port());
    client.Send(Get("/"));
    EXPECT_EQ(client.ReadResponse().status, 200);
    best = std::min(best, SecondsSince(start));
  }
  EXPECT_LT(best, 0.02) << "who asks waits for those who do not";

  EXPECT_EQ(server.Drain(30), 0u);
  EXPECT_EQ(from_clients.Get(), kClients) << "closed";
  waitpid(clients, nullptr, 0);
}

}  // namespace
}  // namespace retort::net
