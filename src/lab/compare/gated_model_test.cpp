#include "lab/compare/gated_model.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace retort {
namespace {

class StepCountingModel : public LanguageModel {
 public:
  int64_t vocab_size() const override { return 7; }
  int64_t max_positions() const override { return 64; }
  KvGeometry kv_geometry() const override { return {.block_size = 4, .num_blocks = 8}; }
  int32_t max_rows() const override { return 5; }
  std::span<const float> Forward(const Batch&) override {
    if (fail) throw std::runtime_error("step failed");
    ++steps;
    return {};
  }
  std::atomic<int> steps{0};
  bool fail = false;
};

TEST(GatedModelTest, StandsForTheModelBehindIt) {
  StepCountingModel model;
  const GatedModel gated(model);
  EXPECT_EQ(gated.vocab_size(), 7);
  EXPECT_EQ(gated.max_positions(), 64);
  EXPECT_EQ(gated.kv_geometry().num_blocks, 8);
  EXPECT_EQ(gated.max_rows(), 5);
}

TEST(GatedModelTest, StepsOnlyWhileOpen) {
  StepCountingModel model;
  GatedModel gated(model);
  std::atomic<bool> stop{false};
  std::thread stepper([&] {
    while (!stop) gated.Forward({});
  });
  EXPECT_EQ(model.steps, 0);
  gated.Open();
  while (model.steps < 100) std::this_thread::yield();
  gated.Close();
  const int after_close = model.steps;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(model.steps, after_close);
  stop = true;
  gated.Open();
  stepper.join();
}

TEST(GatedModelTest, AStepThatThrowsIsOver) {
  StepCountingModel model;
  model.fail = true;
  GatedModel gated(model);
  gated.Open();
  EXPECT_THROW(gated.Forward({}), std::runtime_error);
  gated.Close();  // would wait for ever if the step still counted as running
}

}  // namespace
}  // namespace retort
