#include "engine/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "base/rng.h"

namespace retort {
namespace {

// Prompts that begin with different tokens share nothing.
std::vector<int32_t> Prompt(int32_t size, int32_t first = 0) {
  std::vector<int32_t> tokens(static_cast<size_t>(size));
  std::iota(tokens.begin(), tokens.end(), first);
  return tokens;
}

// "1:0+4s 2:7+1": sequence 1 computes 4 rows from 0 and samples, sequence 2 one row from 7.
std::string Text(const Plan& plan) {
  std::string text;
  for (const PlanItem& item : plan.items) {
    if (!text.empty()) text += ' ';
    text += std::to_string(item.sequence->id) + ":" + std::to_string(item.start) + "+" +
            std::to_string(item.count) + (item.samples ? "s" : "");
  }
  return text;
}

std::string Step(Scheduler& scheduler, int32_t prompt_rows = 1000) {
  const Plan plan = scheduler.Next(prompt_rows);
  const std::string text = Text(plan);
  for (const PlanItem& item : plan.items) {
    if (item.samples) scheduler.Append(item.sequence->id, 7);
  }
  scheduler.Commit(plan);
  scheduler.CheckIntegrity();
  return text;
}

TEST(Scheduler, PutsDecodingRowsFirstAndCutsPromptsAtTheBudget) {
  Scheduler scheduler({.block_size = 4, .num_blocks = 100, .max_rows = 8, .max_running = 4});
  scheduler.Add(1, Prompt(3));
  EXPECT_EQ(Step(scheduler), "1:0+3s");
  scheduler.Add(2, Prompt(20, 100));
  scheduler.Add(3, Prompt(2, 200));
  EXPECT_EQ(Step(scheduler), "1:3+1s 2:0+7");
  EXPECT_EQ(Step(scheduler), "1:4+1s 2:7+7");
  EXPECT_EQ(Step(scheduler), "1:5+1s 2:14+6s 3:0+1");
  EXPECT_EQ(Step(scheduler), "1:6+1s 2:20+1s 3:1+1s");
}

TEST(Scheduler, CutsPromptsShorterWhenToldTo) {
  Scheduler scheduler({.block_size = 4, .num_blocks = 100, .max_rows = 8, .max_running = 4});
  scheduler.Add(1, Prompt(3));
  EXPECT_EQ(Step(scheduler, 3), "1:0+3s");
  scheduler.Add(2, Prompt(9, 100));
  scheduler.Add(3, Prompt(5, 200));
  EXPECT_EQ(scheduler.num_decoding(), 1);
  EXPECT_EQ(Step(scheduler, 3), "1:3+1s 2:0+3");
  EXPECT_EQ(Step(scheduler, 1), "1:4+1s 2:3+1");
  EXPECT_EQ(Step(scheduler, 6), "1:5+1s 2:4+5s 3:0+1");
  EXPECT_EQ(scheduler.num_decoding(), 2);
  EXPECT_EQ(Step(scheduler, 7), "1:6+1s 2:9+1s 3:1+4s");
}

TEST(Scheduler, AdmitsInOrderOfSubmissionOnly) {
  Scheduler scheduler({.block_size = 4, .num_blocks = 10, .max_rows = 64, .max_running = 8});
  scheduler.Add(1, Prompt(20));
  scheduler.Add(2, Prompt(32, 100));  // 8 blocks: does not fit beside the first
  scheduler.Add(3, Prompt(1));        // would fit, but must not overtake
  EXPECT_EQ(Step(scheduler), "1:0+20s");
  EXPECT_EQ(Step(scheduler), "1:20+1s");
  EXPECT_EQ(scheduler.num_waiting(), 2);
  scheduler.Remove(1);
  EXPECT_EQ(Step(scheduler), "2:0+32s 3:0+1s");
}

TEST(Scheduler, RunsNoMoreThanAllowed) {
  Scheduler scheduler({.block_size = 4, .num_blocks = 100, .max_rows = 2, .max_running = 2});
  for (int64_t id = 1; id <= 3; ++id) scheduler.Add(id, Prompt(1));
  EXPECT_EQ(Step(scheduler), "1:0+1s 2:0+1s");
  EXPECT_EQ(scheduler.num_waiting(), 1);
}

TEST(Scheduler, PreemptsTheYoungestAndRecomputesItLater) {
  Scheduler scheduler(
      {.block_size = 2, .num_blocks = 5, .max_rows = 16, .max_running = 4, .prefix_cache = false});
  scheduler.Add(1, Prompt(2));
  scheduler.Add(2, Prompt(2, 100));
  EXPECT_EQ(Step(scheduler), "1:0+2s 2:0+2s");  // one block each, one spare left after growth
  EXPECT_EQ(Step(scheduler), "1:2+1s 2:2+1s");
  EXPECT_EQ(Step(scheduler), "1:3+1s 2:3+1s");
  // Token 5 of both needs a third block and one is free: the second gives its two back.
  EXPECT_EQ(Step(scheduler), "1:4+1s");
  EXPECT_EQ(scheduler.num_preemptions(), 1);
  EXPECT_EQ(scheduler.Find(2)->num_tokens(), 5);
  scheduler.Remove(1);
  EXPECT_EQ(Step(scheduler), "2:0+5s");
}

// 2 sequences of 3 tokens in blocks of 2, 8 blocks: 4 are in use, 4 free, 2 of those kept spare.
class SchedulerDrafts : public testing::Test {
 protected:
  SchedulerDrafts() {
    scheduler_.Add(1, Prompt(3));
    scheduler_.Add(2, Prompt(3, 100));
    Step(scheduler_);
  }

  Scheduler scheduler_{{.block_size = 2, .num_blocks = 8, .max_rows = 9, .max_running = 2}};
};

TEST_F(SchedulerDrafts, AreCutToRowsAndSpareBlocks) {
  Plan plan = scheduler_.Next();
  EXPECT_EQ(Text(plan), "1:3+1s 2:3+1s");
  // Two blocks more: positions 4 to 7. The second has none left, and its last block is full.
  scheduler_.AddDrafts(plan, {{1, 2, 3, 4, 5, 6}, {1, 2}});
  EXPECT_EQ(plan.items[0].drafts, std::vector<int32_t>({1, 2, 3, 4}));
  EXPECT_TRUE(plan.items[1].drafts.empty());
  EXPECT_EQ(plan.num_rows, 6);
  EXPECT_EQ(scheduler_.pool().num_free(), 2);
}

TEST_F(SchedulerDrafts, OnlyAcceptedOnesAreComputedAndFound) {
  Plan plan = scheduler_.Next();
  scheduler_.AddDrafts(plan, {{1, 2, 3, 4}, {}});
  for (const int32_t token : {1, 2, 9}) scheduler_.Append(1, token);
  scheduler_.Append(2, 9);
  scheduler_.Commit(plan);
  scheduler_.CheckIntegrity();
  // Tokens 0 1 2 7 | 1 2 9: six are computed, the ninth position's block is given back.
  EXPECT_EQ(scheduler_.Find(1)->computed, 6);
  EXPECT_EQ(scheduler_.Find(1)->blocks.size(), 4u);
  EXPECT_EQ(scheduler_.Find(2)->computed, 4);
  EXPECT_EQ(scheduler_.index().size(), 5);
  EXPECT_EQ(Step(scheduler_), "1:6+1s 2:4+1s");
}

TEST(Scheduler, RemovesFromWaitingAndFromRunning) {
  Scheduler scheduler({.block_size = 2, .num_blocks = 4, .max_rows = 16, .max_running = 1});
  scheduler.Add(1, Prompt(2));
  scheduler.Add(2, Prompt(2, 100));
  Step(scheduler);
  scheduler.Remove(2);
  scheduler.Remove(1);
  scheduler.CheckIntegrity();
  EXPECT_EQ(scheduler.pool().num_free(), 4);
  EXPECT_TRUE(scheduler.Next().items.empty());
}

// A random load until all is done, with the promises checked at every step.
class RandomLoad {
 public:
  explicit RandomLoad(uint64_t seed) : rng_(seed), scheduler_(RandomOptions()) {}

  void Run() {
    const int64_t requests = rng_.Int(1, 12);
    while (next_id_ <= requests || !want_.empty()) {
      if (next_id_ <= requests && rng_.Int(0, 3) == 0) AddOne();
      if (!want_.empty() && rng_.Int(0, 30) == 0) CancelOne();
      StepOnce();
      ASSERT_LT(++steps_, 20000) << "no progress";
    }
    EXPECT_EQ(scheduler_.pool().num_free(), scheduler_.pool().num_blocks());
  }

  int64_t steps() const { return steps_; }
  int64_t preemptions() const { return scheduler_.num_preemptions(); }
  int64_t reused_tokens() const { return scheduler_.num_reused_tokens(); }
  int64_t accepted() const { return accepted_; }

 private:
  int32_t Int(int64_t low, int64_t high) { return static_cast<int32_t>(rng_.Int(low, high)); }

  SchedulerOptions RandomOptions() {
    const int32_t max_running = Int(1, 6);
    return {.block_size = Int(1, 5),
            .num_blocks = Int(2, 40),
            .max_rows = max_running + Int(0, 10),
            .max_running = max_running,
            .prefix_cache = Int(0, 2) > 0};
  }

  void AddOne() {
    const int32_t room = scheduler_.options().num_blocks * scheduler_.options().block_size;
    const int32_t prompt = Int(1, std::min(room, 40));
    const int32_t generate = Int(1, std::min(room - prompt + 1, 30));
    want_[next_id_] = generate;
    scheduler_.Add(next_id_++, Prompt(prompt, Int(0, 2)));
  }

  void CancelOne() {
    const auto any = std::next(want_.begin(), rng_.Int(0, std::ssize(want_) - 1));
    scheduler_.Remove(any->first);
    want_.erase(any);
  }

  void StepOnce() {
    const int32_t limit = Int(1, 12);
    Plan plan = scheduler_.Next(limit);
    scheduler_.CheckIntegrity();
    EXPECT_LE(plan.prompt_rows, limit);
    CheckPlan(plan);
    AddDrafts(plan);
    std::vector<int64_t> ids;
    for (const PlanItem& item : plan.items) {
      if (!item.samples) continue;
      ids.push_back(item.sequence->id);
      AppendTo(item);
    }
    scheduler_.Commit(plan);
    for (int64_t id : ids) {
      if (scheduler_.Find(id)->num_generated() < want_.at(id)) continue;
      scheduler_.Remove(id);
      want_.erase(id);
    }
    scheduler_.CheckIntegrity();
  }

  // Drafts of any length, whether or not there is room.
  void AddDrafts(Plan& plan) {
    const int32_t free_before = scheduler_.pool().num_free();
    std::vector<std::vector<int32_t>> drafts(plan.items.size());
    for (size_t i = 0; i < drafts.size(); ++i) {
      if (!plan.items[i].samples) continue;
      for (int32_t n = std::max(0, Int(-5, 7)); n > 0; --n) drafts[i].push_back(Int(0, 1));
    }
    scheduler_.AddDrafts(plan, std::move(drafts));
    EXPECT_LE(plan.num_rows, scheduler_.options().max_rows);
    EXPECT_GE(scheduler_.pool().num_free(), std::min(free_before, scheduler_.num_running()));
  }

  void AppendTo(const PlanItem& item) {
    const int64_t id = item.sequence->id;
    for (size_t draft = 0;; ++draft) {
      const int32_t token = Int(0, 1);
      scheduler_.Append(id, token);
      if (item.sequence->num_generated() == want_.at(id)) return;
      if (draft == item.drafts.size() || token != item.drafts[draft]) return;
      ++accepted_;
    }
  }

  void CheckPlan(const Plan& plan) {
    ASSERT_EQ(plan.items.empty(), want_.empty()) << "a step without work though some waits";
    if (want_.empty()) return;
    // The oldest always gets on: nobody starves.
    EXPECT_EQ(plan.items.front().sequence->id, want_.begin()->first);
    int32_t rows = 0;
    std::map<int64_t, int32_t> planned;
    for (const PlanItem& item : plan.items) {
      EXPECT_GE(item.count, 1);
      EXPECT_EQ(item.start, item.sequence->computed);
      EXPECT_EQ(item.samples, item.start + item.count == item.sequence->num_tokens());
      EXPECT_TRUE(planned.emplace(item.sequence->id, item.count).second);
      rows += item.count;
    }
    EXPECT_EQ(rows, plan.num_rows);
    EXPECT_LE(rows, scheduler_.options().max_rows);
    // Whoever holds blocks and decodes is in every step.
    for (const auto& [id, unused] : want_) {
      const Sequence* sequence = scheduler_.Find(id);
      if (sequence->blocks.empty() || !sequence->decoding()) continue;
      EXPECT_EQ(planned[id], 1);
    }
  }

  Rng rng_;
  Scheduler scheduler_;
  std::map<int64_t, int32_t> want_;  // tokens to generate, by id of what is alive
  int64_t next_id_ = 1;
  int64_t steps_ = 0;
  int64_t accepted_ = 0;
};

TEST(Scheduler, KeepsItsPromisesUnderThousandsOfRandomLoads) {
  int64_t steps = 0;
  int64_t preemptions = 0;
  int64_t reused_tokens = 0;
  int64_t accepted = 0;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomLoad load(seed);
    load.Run();
    if (testing::Test::HasFatalFailure()) return;
    steps += load.steps();
    preemptions += load.preemptions();
    reused_tokens += load.reused_tokens();
    accepted += load.accepted();
  }
  EXPECT_GT(preemptions, 1000) << "the loads no longer reach preemption";
  EXPECT_GT(reused_tokens, 10000) << "the loads no longer share prefixes";
  EXPECT_GT(accepted, 10000) << "the loads no longer accept drafts";
  RecordProperty("steps", static_cast<int>(steps));
  RecordProperty("preemptions", static_cast<int>(preemptions));
}

}  // namespace
}  // namespace retort
