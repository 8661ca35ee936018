// What the server adds to an engine: 100 streams of chats over loopback, with a model that computes
// nothing.
//
//   serve_bench [STREAMS=100] [RATE=50] [SECONDS=5] [WORKERS=2]
//
//   paced   the model steps RATE times a second for all streams together: the delay from the end of
//           a step to the client having the token's event
//   greedy  the model steps as often as it is asked to: tokens a second that reach the clients
//
// Engine, workers, net thread and the one client's thread share the machine: what is printed is for
// all of them together.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
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
#include "serve/service.h"
#include "tests/support/byte_tokenizer.h"

namespace retort::serve {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLetters = 26;

struct Settings {
  size_t streams = 100;
  double rate = 50;  // 0: as fast as it goes
  double seconds = 5;
  int workers = 2;
};

// Every sequence's next token is the letter of the step, so that a client can tell when it was
// made.
class LetterModel : public LanguageModel {
 public:
  explicit LetterModel(double rate) : rate_(rate) {}

  int64_t vocab_size() const override { return kByteVocabulary; }
  int64_t max_positions() const override { return 1 << 20; }
  KvGeometry kv_geometry() const override { return {.block_size = 32, .num_blocks = 1 << 16}; }
  int32_t max_rows() const override { return 512; }

  std::span<const float> Forward(const Batch& batch) override {
    if (rate_ > 0) {
      next_ = std::max(next_ + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(1 / rate_)),
                       Clock::now());
      std::this_thread::sleep_until(next_);
    }
    const int letter = step_++ % kLetters;
    const auto rows = batch.logit_rows.size();
    logits_.assign(rows * kByteVocabulary, 0.0f);
    for (size_t row = 0; row < rows; ++row) {
      logits_[row * kByteVocabulary + static_cast<size_t>('a' + letter)] = 50;
    }
    made_ns_[letter] = NowNanoseconds();
    return logits_;
  }

  int64_t MadeAt(char letter) const { return made_ns_[letter - 'a']; }

 private:
  const double rate_;
  int step_ = 0;
  Clock::time_point next_ = Clock::now();
  std::vector<float> logits_;
  std::atomic<int64_t> made_ns_[kLetters] = {};
};

class Bench {
 public:
  explicit Bench(const Settings& settings)
      : settings_(settings),
        tokenizer_(MakeByteTokenizer()),
        template_("{{ messages[0].content }}", "bench"),
        model_(settings.rate),
        service_(OptionsFor(settings), {Source()}) {
    service_.Start();
    reader_ = std::make_unique<EventReader>(
        service_.port(), settings.streams, [&](size_t) { return ChatRequest(); },
        [this](size_t, std::string_view event, int64_t now_ns) { Note(event, now_ns); });
    while (service_.models().Status("bench").engine.running <
           static_cast<int32_t>(settings.streams)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  void Run(const char* name) {
    Take();
    const auto start = Clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double>(settings_.seconds));
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const std::vector<double> delays = Take();
    if (delays.empty()) return;
    const auto quantile = [&](double q) {
      return delays[static_cast<size_t>(q * static_cast<double>(delays.size() - 1))];
    };
    fmt::print("{:<8} {:>4} streams {:>9.0f} tokens/s", name, settings_.streams,
               static_cast<double>(delays.size()) / seconds);
    if (settings_.rate > 0) {
      fmt::print("   delay, ms: p50 {:.3f}  p90 {:.3f}  p99 {:.3f}  max {:.3f}", quantile(0.5),
                 quantile(0.9), quantile(0.99), delays.back());
    }
    fmt::print("\n");
  }

 private:
  static ServiceOptions OptionsFor(const Settings& settings) {
    ServiceOptions options;
    options.http.port = 0;
    options.http.limits.unsent_bytes = 64 << 20;
    options.worker_threads = settings.workers;
    options.admission.running = static_cast<int32_t>(settings.streams);
    options.defaults.temperature = 0;
    options.defaults.loop_guard = false;
    return options;
  }

  ModelSource Source() {
    ModelSource source{.name = "bench"};
    source.load = [this] {
      const EngineOptions options{.max_running = static_cast<int32_t>(settings_.streams),
                                  .max_draft_tokens = 0};
      return std::make_unique<ServedModel>(
          "bench",
          ModelParts{
              .language_model = model_, .tokenizer = tokenizer_, .chat_template = &template_},
          options);
    };
    return source;
  }

  static std::string ChatRequest() {
    const std::string body =
        R"({"messages":[{"role":"user","content":"go"}],"stream":true,"ignore_eos":true})";
    return fmt::format(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}",
        body.size(), body);
  }

  void Note(std::string_view event, int64_t now_ns) {
    constexpr std::string_view kContent = "\"content\":\"";
    const size_t at = event.find(kContent);
    if (at == std::string_view::npos) return;
    const std::string_view text = event.substr(at + kContent.size());
    const std::lock_guard lock(mutex_);
    for (const char letter : text.substr(0, text.find('"'))) {
      if (letter < 'a' || letter > 'z') continue;
      delays_.push_back(static_cast<double>(now_ns - model_.MadeAt(letter)) * 1e-6);
    }
  }

  std::vector<double> Take() {
    const std::lock_guard lock(mutex_);
    std::vector<double> delays = std::exchange(delays_, {});
    std::ranges::sort(delays);
    return delays;
  }

  const Settings settings_;
  const Tokenizer tokenizer_;
  const ChatTemplate template_;
  LetterModel model_;
  std::mutex mutex_;
  std::vector<double> delays_;
  Service service_;
  std::unique_ptr<EventReader> reader_;
};

}  // namespace
}  // namespace retort::serve

int main(int argc, char** argv) {
  retort::serve::Settings settings;
  if (argc > 1) settings.streams = static_cast<size_t>(std::max(1, std::atoi(argv[1])));
  if (argc > 2) settings.rate = std::max(1, std::atoi(argv[2]));
  if (argc > 3) settings.seconds = std::max(1, std::atoi(argv[3]));
  if (argc > 4) settings.workers = std::max(1, std::atoi(argv[4]));
  retort::serve::Bench(settings).Run("paced");
  settings.rate = 0;
  retort::serve::Bench(settings).Run("greedy");
}
