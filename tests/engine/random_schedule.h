// One random life of an engine: requests arrive, run together and are cancelled at random moments,
// and the model may fail. Checked after every step: the books of blocks and sequences. Checked at
// the end: every choice got what it gets alone, bit for bit (one that was cut short a beginning of
// it), all blocks are free, and one request can have them all.
//
//   RandomSchedule schedule(model, options, requests, alone, seed);
//   schedule.Run();
//   EXPECT_GT(schedule.stats().preemptions, 0);
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "engine/engine_core.h"
#include "tests/engine/random_requests.h"

namespace retort {

// Hands on to a model, and fails one call in `calls_per_failure`; 0: never. A step takes a time of
// its own on a clock that it moves, so that an engine cuts prompts as it has never been told.
class FlakyModel : public LanguageModel {
 public:
  static constexpr const char* kError = "the device is gone";

  FlakyModel(LanguageModel& model, int64_t calls_per_failure, uint64_t seed)
      : model_(model), calls_per_failure_(calls_per_failure), rng_(seed) {}
  const Clock& clock() const { return clock_; }
  int64_t vocab_size() const override { return model_.vocab_size(); }
  int64_t max_positions() const override { return model_.max_positions(); }
  KvGeometry kv_geometry() const override { return model_.kv_geometry(); }
  int32_t max_rows() const override { return model_.max_rows(); }
  std::span<const float> Forward(const Batch& batch) override {
    const std::span<const float> logits = model_.Forward(batch);
    clock_.Advance(rng_.Uniform() * 0.01 * static_cast<double>(batch.tokens.size()));
    // After the call: whatever it wrote to the cache must not be taken for computed.
    if (calls_per_failure_ > 0 && rng_.Int(1, calls_per_failure_) == 1) {
      throw std::runtime_error(kError);
    }
    return logits;
  }

 private:
  LanguageModel& model_;
  int64_t calls_per_failure_;
  Rng rng_;
  FakeClock clock_;
};

class RandomSchedule {
 public:
  // alone[i]: the answers that requests[i] gets by itself. Model and vectors must outlive this.
  RandomSchedule(FlakyModel& model, const EngineOptions& options,
                 const std::vector<Request>& requests,
                 const std::vector<std::vector<Answer>>& alone, uint64_t seed)
      : core_(model, options, model.clock()), rng_(seed), requests_(requests), alone_(alone) {
    for (const Request& request : requests) {
      answers_.emplace_back(static_cast<size_t>(request.num_choices));
    }
  }

  void Run() {
    size_t submitted = 0;
    while (submitted < requests_.size() || core_.HasWork()) {
      while (submitted < requests_.size() && rng_.Int(0, 2) == 0) {
        core_.Add(static_cast<int64_t>(submitted), requests_[submitted]);
        ++submitted;
      }
      if (submitted > 0 && rng_.Int(0, 40) == 0) {
        const int64_t id = rng_.Int(0, static_cast<int64_t>(submitted) - 1);
        for (const CoreEvent& event : core_.Cancel(id)) Take(event);
      }
      Step();
      ASSERT_LT(++steps_, 100000) << "no progress";
    }
    for (size_t i = 0; i < requests_.size(); ++i) CheckAnswers(i);
    CheckAllFree();
    TakeWholeCache();
  }

  EngineStats stats() const { return core_.Stats(); }
  int64_t num_failed() const { return num_failed_; }
  int64_t num_cancelled() const { return num_cancelled_; }
  int64_t num_forced() const { return num_forced_; }

 private:
  void Step() {
    for (const CoreEvent& event : core_.Step()) Take(event);
    core_.scheduler().CheckIntegrity();
  }

  void Take(const CoreEvent& event) {
    if (event.id >= std::ssize(requests_)) return;  // TakeWholeCache's
    Answer& answer =
        answers_[static_cast<size_t>(event.id)][static_cast<size_t>(event.event.choice)];
    ASSERT_EQ(answer.finish, FinishReason::kNone) << "an event after the end";
    answer.Append(event.event);
    num_forced_ += event.event.forced ? 1 : 0;
  }

  void CheckAnswers(size_t request) {
    for (size_t choice = 0; choice < answers_[request].size(); ++choice) {
      SCOPED_TRACE("request " + std::to_string(request) + " choice " + std::to_string(choice));
      const Answer& got = answers_[request][choice];
      Answer expected = alone_[request][choice];
      const bool failed = got.error == FlakyModel::kError;
      const bool cancelled = got.finish == FinishReason::kCancelled;
      num_failed_ += failed ? 1 : 0;
      num_cancelled_ += cancelled ? 1 : 0;
      if (failed || cancelled) {
        ASSERT_LE(got.tokens.size(), expected.tokens.size());
        expected.tokens.resize(got.tokens.size());
        expected.logprobs.resize(got.logprobs.size());
      } else {
        ASSERT_EQ(got.finish, expected.finish);
        ASSERT_EQ(got.error, expected.error);
      }
      ASSERT_EQ(got.tokens, expected.tokens);
      ASSERT_TRUE(got.logprobs == expected.logprobs) << "logits differ";
    }
  }

  void CheckAllFree() const {
    const EngineStats stats = core_.Stats();
    ASSERT_EQ(stats.free_blocks, stats.total_blocks);
    ASSERT_EQ(stats.running + stats.waiting, 0);
  }

  // What is cached gives way to whoever needs it.
  void TakeWholeCache() {
    const int64_t tokens = core_.max_sequence_tokens() - 1;
    Request request{.prompt = std::vector<int32_t>(static_cast<size_t>(tokens), 0),
                    .max_tokens = 1};
    core_.Add(std::ssize(requests_), request);
    while (core_.HasWork()) Step();
    CheckAllFree();
  }

  EngineCore core_;
  Rng rng_;
  const std::vector<Request>& requests_;
  const std::vector<std::vector<Answer>>& alone_;
  std::vector<std::vector<Answer>> answers_;
  int64_t steps_ = 0, num_failed_ = 0, num_cancelled_ = 0, num_forced_ = 0;
};

}  // namespace retort
