#include "lab/bench/served_driver.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace retort {
namespace {

// Of a stream that runs by itself, before a prompt arrives beside it.
constexpr size_t kUndisturbed = 8;

// The next event of a request that goes on or ends as it should.
TokenEvent Expect(RequestHandle& handle) {
  std::optional<TokenEvent> event = handle.Next();
  RETORT_CHECK(event.has_value());
  if (event->finish == FinishReason::kError) {
    Fail(ErrorCode::kInternal, "a step of the benchmark failed: {}", event->error);
  }
  return *std::move(event);
}

// When the last token of a request came.
double EndOf(RequestHandle& handle) {
  while (true) {
    const TokenEvent event = Expect(handle);
    if (event.finish != FinishReason::kNone) return event.seconds;
  }
}

void Drain(RequestHandle& handle) {
  handle.Cancel();
  while (handle.Next()) {
  }
}

}  // namespace

void ServedDriver::CheckFits(const BenchTest& test) const {
  const KvGeometry kv = model_.kv_geometry();
  const int64_t needed = CacheTokens({test}, kv.block_size);
  const int64_t tokens = int64_t{kv.num_blocks} * kv.block_size;
  if (needed > tokens) {
    Fail(ErrorCode::kResourceExhausted,
         "{} needs a cache of {} tokens and it holds {}; raise --kv-tokens or measure less",
         test.name, needed, tokens);
  }
  int64_t length = int64_t{test.depth} + test.tokens + 1;
  if (test.kind == BenchKind::kStall) {
    length = std::max<int64_t>(length, kStalledPrompt + kStalledGenerated);
  }
  if (length > model_.max_positions()) {
    Fail(ErrorCode::kResourceExhausted,
         "{} has sequences of {} tokens, and the model's context is {}; leave out --clients",
         test.name, length, model_.max_positions());
  }
}

ServedFigures ServedDriver::Measure(const BenchTest& test) {
  // Prompts that are random have nothing in common.
  Engine engine(model_, {.prefix_cache = false});
  switch (test.kind) {
    case BenchKind::kServed:
      return MeasureClients(engine, test);
    case BenchKind::kFirstToken:
      return MeasureFirstToken(engine, test);
    default:
      return MeasureStall(engine, test);
  }
}

Request ServedDriver::MakeRequest(int32_t prompt, int32_t tokens) {
  Request request{.sampling = {.temperature = 0.6, .top_p = 0.95, .seed = rng_.Bits()},
                  .max_tokens = tokens};
  for (int32_t i = 0; i < prompt; ++i) {
    request.prompt.push_back(static_cast<int32_t>(rng_.Int(0, model_.vocab_size() - 1)));
  }
  return request;
}

ServedFigures ServedDriver::MeasureClients(Engine& engine, const BenchTest& test) {
  const double start = SteadyClock().Seconds();
  std::vector<std::shared_ptr<RequestHandle>> handles;
  for (int32_t client = 0; client < test.sequences; ++client) {
    handles.push_back(engine.Submit(MakeRequest(test.depth, test.tokens)));
  }
  double end = start;
  for (const auto& handle : handles) end = std::max(end, EndOf(*handle));
  return {.seconds = end - start};
}

ServedFigures ServedDriver::MeasureFirstToken(Engine& engine, const BenchTest& test) {
  const double start = SteadyClock().Seconds();
  const auto handle = engine.Submit(MakeRequest(test.tokens, 1));
  const double seconds = EndOf(*handle) - start;
  return {.seconds = seconds, .wait_s = seconds};
}

ServedFigures ServedDriver::MeasureStall(Engine& engine, const BenchTest& test) {
  double start = 0;
  const Request long_prompt = MakeRequest(test.tokens, 1);
  std::shared_ptr<RequestHandle> prompt;
  Request running = MakeRequest(kStalledPrompt, kStalledGenerated);
  // In the engine's thread, so that it arrives at the same token however fast the stream is.
  running.on_token = [&](std::span<const int32_t> generated) -> Steering {
    if (generated.size() == kUndisturbed) {
      start = SteadyClock().Seconds();
      prompt = engine.Submit(long_prompt);
    }
    return {};
  };
  const auto stream = engine.Submit(std::move(running));
  double last = 0;
  for (size_t token = 0; token < kUndisturbed; ++token) last = Expect(*stream).seconds;
  const double end = EndOf(*prompt);
  // The stream's tokens have queued up meanwhile, with their times. The one that ends after the
  // prompt's last step closes the last gap.
  double longest = 0;
  while (last < end) {
    const TokenEvent event = Expect(*stream);
    longest = std::max(longest, event.seconds - std::exchange(last, event.seconds));
    if (event.finish != FinishReason::kNone) break;
  }
  Drain(*stream);
  return {.seconds = end - start, .wait_s = longest};
}

}  // namespace retort
