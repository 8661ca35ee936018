// What the HTTP server carries on this machine: server-sent events of the size of a chat's chunk,
// to one client process' worth of connections over loopback.
//
//   net_bench [STREAMS=100] [RATE=50] [SECONDS=5] [THREADS=1]
//
//   steps      each stream gets RATE events a second, all streams' at the same moment, as an
//              engine's step gives them: the delay from Write to the client
//   spread     the same rate, the streams one after the other in between
//   single     as many events as go through when each goes out in a write of its own
//   coalesced  as many as go through when an engine is ahead of the network
//
// The engine's thread, the net threads and the client's thread share the machine: what is printed
// is for all three of them together.
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "bench/event_reader.h"
#include "net/http_server.h"
#include "net/sse_stream.h"

namespace retort::net {
namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
  size_t streams = 100;
  double rate = 50;
  double seconds = 5;
  int threads = 1;
};

// An event of about 200 bytes that carries the time at which it was written.
std::string Event() {
  return fmt::format(
      "{{\"t\":{:020},\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\","
      "\"model\":\"deepseek-r1-distill\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":"
      "\" token\"}},\"finish_reason\":null}}]}}",
      NowNanoseconds());
}

// Each event's delay, from the time that it carries.
class Delays {
 public:
  void Note(std::string_view event, int64_t now_ns) {
    const size_t at = event.find("\"t\":");
    if (at == std::string_view::npos) return;
    int64_t written = 0;
    std::from_chars(event.data() + at + 4, event.data() + at + 24, written);
    const std::lock_guard lock(mutex_);
    delays_.push_back(static_cast<double>(now_ns - written) * 1e-6);
  }

  // In milliseconds, since the last call, sorted.
  std::vector<double> Take() {
    const std::lock_guard lock(mutex_);
    std::vector<double> delays = std::exchange(delays_, {});
    std::ranges::sort(delays);
    return delays;
  }

 private:
  std::mutex mutex_;
  std::vector<double> delays_;
};

double CpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Bench {
 public:
  explicit Bench(const Settings& settings)
      : settings_(settings),
        server_({.threads = settings.threads, .limits = {.unsent_bytes = 64 << 20}},
                [this](Request, std::shared_ptr<Responder> responder) {
                  auto stream = std::make_unique<SseStream>(std::move(responder));
                  const std::lock_guard lock(mutex_);
                  streams_.push_back(std::move(stream));
                }) {
    server_.Start();
    reader_ = std::make_unique<EventReader>(
        server_.port(), settings.streams,
        [](size_t) { return "GET / HTTP/1.1\r\nHost: bench\r\n\r\n"; },
        [this](size_t, std::string_view event, int64_t now_ns) { delays_.Note(event, now_ns); });
    for (size_t open = 0; open < settings.streams;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      const std::lock_guard lock(mutex_);
      open = streams_.size();
    }
  }

  void Run() {
    fmt::print("{} streams, {} net thread(s), {} cores; delays in ms\n", settings_.streams,
               settings_.threads, std::thread::hardware_concurrency());
    fmt::print("{:<10} {:>10} {:>12} {:>8} {:>8} {:>8} {:>8} {:>10}\n", "", "events/s",
               "us CPU/event", "p50", "p90", "p99", "p99.9", "max");
    Measure("steps", [this] { Paced(false); });
    Measure("spread", [this] { Paced(true); });
    Measure("single", [this] { Greedy(0, 1); });
    Measure("coalesced", [this] { Greedy(32 << 10, 16); });
  }

 private:
  template <class Work>
  void Measure(const char* name, Work work) {
    delays_.Take();
    const auto start = Clock::now();
    const double cpu = CpuSeconds();
    work();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double cpu_used = CpuSeconds() - cpu;
    const std::vector<double> first = delays_.Take();
    if (first.empty()) return;
    const auto quantile = [&](double q) {
      return first[static_cast<size_t>(q * static_cast<double>(first.size() - 1))];
    };
    const auto count = static_cast<double>(first.size());
    fmt::print("{:<10} {:>10.0f} {:>12.2f} {:>8.3f} {:>8.3f} {:>8.3f} {:>8.3f} {:>10.3f}\n", name,
               count / seconds, cpu_used / count * 1e6, quantile(0.5), quantile(0.9),
               quantile(0.99), quantile(0.999), first.back());
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // what is under way arrives
  }

  void Paced(bool spread) {
    const auto period = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(1 / settings_.rate));
    const auto steps = static_cast<int>(settings_.seconds * settings_.rate);
    const auto start = Clock::now();
    for (int step = 0; step < steps; ++step) {
      for (size_t i = 0; i < streams_.size(); ++i) {
        auto due = start + period * step;
        if (spread) due += period * static_cast<int>(i) / static_cast<int>(streams_.size());
        std::this_thread::sleep_until(due);
        streams_[i]->Send(Event());
      }
    }
    std::this_thread::sleep_until(start + period * steps);
  }

  // To each stream that has no more than so many bytes unsent, so many events at a time.
  void Greedy(size_t unsent, int events) {
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(settings_.seconds));
    while (Clock::now() < end) {
      bool written = false;
      for (const auto& stream : streams_) {
        if (stream->responder().pending_bytes() > unsent) continue;
        for (int i = 0; i < events; ++i) stream->Send(Event());
        written = true;
      }
      if (!written) std::this_thread::yield();
    }
  }

  const Settings settings_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SseStream>> streams_;
  HttpServer server_;
  Delays delays_;
  std::unique_ptr<EventReader> reader_;
};

}  // namespace
}  // namespace retort::net

int main(int argc, char** argv) {
  retort::net::Settings settings;
  if (argc > 1) settings.streams = static_cast<size_t>(std::max(1, std::atoi(argv[1])));
  if (argc > 2) settings.rate = std::max(1, std::atoi(argv[2]));
  if (argc > 3) settings.seconds = std::max(1, std::atoi(argv[3]));
  if (argc > 4) settings.threads = std::max(1, std::atoi(argv[4]));
  retort::net::Bench(settings).Run();
}
