// One random life of an engine: requests arrive, run together and are cancelled at random moments.
// Checked after every step: the books of blocks and sequences. Checked at the end: every request
// got the tokens that it gets alone (a cancelled one a beginning of them), and all blocks are free.
//
//   RandomSchedule schedule(model, options, requests, alone, seed);
//   schedule.Run();
//   EXPECT_GT(schedule.preemptions(), 0);
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "engine/engine_core.h"

namespace retort {

class RandomSchedule {
 public:
  // alone[i]: the tokens that requests[i] gets by itself.
  RandomSchedule(LanguageModel& model, const EngineOptions& options,
                 const std::vector<Request>& requests,
                 const std::vector<std::vector<int32_t>>& alone, uint64_t seed)
      : core_(model, options, clock_), rng_(seed), requests_(requests), alone_(alone) {
    tokens_.resize(requests.size());
    finish_.resize(requests.size(), FinishReason::kNone);
  }

  void Run() {
    size_t submitted = 0;
    while (submitted < requests_.size() || core_.HasWork()) {
      while (submitted < requests_.size() && rng_.Int(0, 2) == 0) {
        core_.Add(static_cast<int64_t>(submitted), requests_[submitted]);
        ++submitted;
      }
      if (submitted > 0 && rng_.Int(0, 40) == 0) {
        if (const auto event = core_.Cancel(rng_.Int(0, static_cast<int64_t>(submitted) - 1))) {
          Take(*event);
        }
      }
      for (const CoreEvent& event : core_.Step()) Take(event);
      core_.scheduler().CheckIntegrity();
      ASSERT_LT(++steps_, 100000) << "no progress";
    }
    CheckEnd();
  }

  int64_t steps() const { return steps_; }
  int64_t preemptions() const { return core_.Stats().preemptions; }

 private:
  void Take(const CoreEvent& event) {
    const auto index = static_cast<size_t>(event.id);
    ASSERT_EQ(finish_[index], FinishReason::kNone) << "an event after the end";
    const std::vector<int32_t>& tokens = event.event.tokens;
    tokens_[index].insert(tokens_[index].end(), tokens.begin(), tokens.end());
    finish_[index] = event.event.finish;
  }

  void CheckEnd() const {
    for (size_t i = 0; i < requests_.size(); ++i) {
      ASSERT_NE(finish_[i], FinishReason::kNone);
      ASSERT_NE(finish_[i], FinishReason::kError);
      std::vector<int32_t> expected = alone_[i];
      if (finish_[i] == FinishReason::kCancelled) {
        ASSERT_LE(tokens_[i].size(), expected.size());
        expected.resize(tokens_[i].size());
      }
      ASSERT_EQ(tokens_[i], expected) << "request " << i << " among neighbours";
    }
    const EngineStats stats = core_.Stats();
    ASSERT_EQ(stats.free_blocks, stats.total_blocks);
    ASSERT_EQ(stats.running + stats.waiting, 0);
  }

  FakeClock clock_;
  EngineCore core_;
  Rng rng_;
  const std::vector<Request>& requests_;
  const std::vector<std::vector<int32_t>>& alone_;
  std::vector<std::vector<int32_t>> tokens_;
  std::vector<FinishReason> finish_;
  int64_t steps_ = 0;
};

}  // namespace retort
