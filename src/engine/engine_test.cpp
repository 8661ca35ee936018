#include "engine/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/rng.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

TokenEvent Drain(RequestHandle& handle) {
  TokenEvent all;
  while (const auto event = handle.Next()) {
    all.tokens.insert(all.tokens.end(), event->tokens.begin(), event->tokens.end());
    all.finish = event->finish;
    all.error = event->error;
  }
  return all;
}

Request MakeRequest(uint64_t seed, int32_t max_tokens) {
  Rng rng(seed);
  Request request{.max_tokens = max_tokens};
  request.sampling = {.temperature = 0.8, .top_p = 0.9, .seed = seed};
  for (int64_t i = rng.Int(1, 30); i > 0; --i) {
    request.prompt.push_back(static_cast<int32_t>(rng.Int(0, 49)));
  }
  return request;
}

TEST(Engine, ManyThreadsGetTheTokensTheyWouldGetAlone) {
  constexpr uint64_t kThreads = 4;
  constexpr uint64_t kRequestsEach = 12;
  std::vector<std::vector<int32_t>> alone;
  for (uint64_t seed = 0; seed < kThreads * kRequestsEach; ++seed) {
    HashModel model({});
    Engine engine(model, {});
    alone.push_back(Drain(*engine.Submit(MakeRequest(seed, 20))).tokens);
  }
  HashModel model({.kv = {.block_size = 4, .num_blocks = 30}});
  Engine engine(model, {.max_batch_tokens = 16, .max_running = 8});
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kRequestsEach; ++i) {
        const uint64_t seed = t * kRequestsEach + i;
        const TokenEvent all = Drain(*engine.Submit(MakeRequest(seed, 20)));
        EXPECT_EQ(all.tokens, alone[seed]);
        EXPECT_EQ(all.finish, FinishReason::kLength);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const EngineStats stats = engine.Stats();
  EXPECT_EQ(stats.running, 0);
  EXPECT_EQ(stats.waiting, 0);
  EXPECT_EQ(stats.free_blocks, stats.total_blocks);
  EXPECT_GE(stats.generated_tokens, static_cast<int64_t>(kThreads * kRequestsEach) * 20);
}

TEST(Engine, CancelFromAnotherThreadEndsTheStreamAndFreesItsBlocks) {
  HashModel model({.max_positions = 1 << 20, .kv = {.block_size = 64, .num_blocks = 20000}});
  Engine engine(model, {});
  const auto handle = engine.Submit({.prompt = {1, 2}, .max_tokens = 1 << 19});
  ASSERT_TRUE(handle->Next().has_value());
  std::thread canceller([&] { handle->Cancel(); });
  EXPECT_EQ(Drain(*handle).finish, FinishReason::kCancelled);
  canceller.join();
  handle->Cancel();  // again, after the end: nothing happens
  EXPECT_EQ(engine.Stats().free_blocks, 20000);
}

TEST(Engine, DestructionCancelsWhatRuns) {
  HashModel model({.max_positions = 1 << 20, .kv = {.block_size = 64, .num_blocks = 20000}});
  std::vector<std::shared_ptr<RequestHandle>> handles;
  {
    Engine engine(model, {.max_running = 2});
    for (int i = 0; i < 5; ++i) {
      handles.push_back(engine.Submit({.prompt = {1, 2}, .max_tokens = 1 << 17}));
    }
  }
  for (const auto& handle : handles) {
    EXPECT_EQ(Drain(*handle).finish, FinishReason::kCancelled);
    handle->Cancel();  // the engine is gone: harmless
  }
}

TEST(Engine, WaitingRequestsKnowTheirPlace) {
  HashModel model({.max_positions = 1 << 20, .kv = {.block_size = 64, .num_blocks = 20000}});
  std::vector<std::shared_ptr<RequestHandle>> handles;
  {
    Engine engine(model, {.max_running = 1});
    for (const int32_t num_choices : {1, 2, 1}) {
      handles.push_back(
          engine.Submit({.prompt = {1, 2}, .max_tokens = 1 << 17, .num_choices = num_choices}));
    }
    const auto places = [&] {
      std::vector<int32_t> all;
      for (const auto& handle : handles) all.push_back(handle->QueuePosition());
      return all;
    };
    const auto becomes = [&](const std::vector<int32_t>& expected) {
      for (int i = 0; i < 5000 && places() != expected; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      return places() == expected;
    };
    EXPECT_TRUE(becomes({0, 1, 2}));
    handles[0]->Cancel();
    EXPECT_TRUE(becomes({0, 1, 2}));  // of the second request, one choice runs and one waits
    handles[1]->Cancel();
    EXPECT_TRUE(becomes({0, 0, 0}));
    handles.push_back(engine.Submit({.prompt = {3}, .max_tokens = 1}));
    EXPECT_TRUE(becomes({0, 0, 0, 1}));
  }
  for (const auto& handle : handles) EXPECT_EQ(handle->QueuePosition(), 0);
}

TEST(Engine, DroppingTheHandleDoesNotCancel) {
  HashModel model({});
  Engine engine(model, {});
  engine.Submit({.prompt = {1, 2}, .max_tokens = 30});
  EXPECT_EQ(Drain(*engine.Submit({.prompt = {3}, .max_tokens = 30})).tokens.size(), 30u);
  EXPECT_EQ(engine.Stats().generated_tokens, 60);
}

TEST(Engine, SubmitRefusesInTheCallersThread) {
  HashModel model({.kv = {.block_size = 4, .num_blocks = 4}});
  Engine engine(model, {});
  EXPECT_THROW(engine.Submit({.prompt = {}, .max_tokens = 1}), Error);
  EXPECT_THROW(engine.Submit({.prompt = {1}, .max_tokens = 100}), Error);
  EXPECT_THROW(Engine(model, {.max_batch_tokens = 0}), Error);
  EXPECT_EQ(engine.MaxSequenceTokens(), 17);
}

TEST(Engine, StepsAreEventsOfTheirOwn) {
  HashModel model({});
  Engine engine(model, {});
  const auto handle = engine.Submit({.prompt = {1}, .max_tokens = 6});
  double last = 0;
  int events = 0;
  while (const auto event = handle->Next()) {
    EXPECT_EQ(event->tokens.size(), 1u);
    EXPECT_GE(event->seconds, last);
    last = event->seconds;
    ++events;
  }
  EXPECT_EQ(events, 6);
}

}  // namespace
}  // namespace retort
