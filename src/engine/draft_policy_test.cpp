#include "engine/draft_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/rng.h"
#include "engine/test_step_seconds.h"

namespace retort {
namespace {

using Chances = std::vector<std::vector<double>>;
using Counts = std::vector<int32_t>;

// Decoding on a machine whose steps take what `seconds_of` says, by rows.
struct Machine {
  std::function<double(int32_t rows)> seconds_of;
  int32_t rows = 1;
  DraftPolicy policy = {};
  Rng rng = Rng(1);
  double spent = 0, tokens = 0;
  int64_t drafted = 0, draft_steps = 0;

  // Steps in which each of four drafts is right with probability `truth` and taken for `believed`.
  void Run(int steps, double truth, double believed) {
    for (int step = 0; step < steps; ++step) {
      std::vector<double> chances;
      for (int i = 1; i <= 4; ++i) chances.push_back(std::pow(believed, i));
      const Counts counts = policy.Choose(rows, Chances(static_cast<size_t>(rows), chances));
      int32_t drafts = 0, accepted = 0;
      for (const int32_t count : counts) {
        drafts += count;
        for (int32_t i = 0; i < count && rng.Uniform() < truth; ++i) ++accepted;
      }
      const double seconds = seconds_of(rows + drafts) * (0.97 + 0.06 * rng.Uniform());
      policy.Learn({.rows = rows, .drafts = drafts, .accepted = accepted, .seconds = seconds});
      spent += seconds;
      tokens += rows + accepted;
      drafted += drafts;
      draft_steps += drafts > 0 ? 1 : 0;
    }
  }

  // Time spent over the time that as many tokens take without drafts.
  double Overhead() const { return spent / (tokens / rows * seconds_of(rows)); }
};

TEST(DraftPolicy, DraftsAsFarAsItPays) {
  DraftPolicy policy;
  policy.Learn({.rows = 1, .seconds = 0.030});
  policy.Learn({.rows = 2, .seconds = 0.038});
  EXPECT_EQ(policy.Choose(1, Chances{{}}), Counts({0}));
  EXPECT_EQ(policy.Choose(1, Chances{{0.9, 0.8, 0.7, 0.1, 0.05}}), Counts({3}));
  EXPECT_EQ(policy.Choose(1, Chances{{0.2, 0.1}}), Counts({0}));
  EXPECT_EQ(policy.Choose(2, Chances{{0.95, 0.9}, {0.1}}), Counts({2, 0}));
}

// A kernel that takes four rows at once reads the weights again for a fifth. The best size lies
// before the jump, and steps far beyond are hardly ever tried.
TEST(DraftPolicy, FindsTheSizeBeforeCostsJump) {
  const auto tiles = [](int32_t rows) { return 0.060 * ((rows + 3) / 4) + 0.012 * rows; };
  Machine machine{.seconds_of = tiles};
  machine.Run(100, 0.95, 0.95);
  const Machine before = machine;
  machine.Run(400, 0.95, 0.95);
  const auto drafts = static_cast<double>(machine.drafted - before.drafted);
  EXPECT_NEAR(drafts / static_cast<double>(machine.draft_steps - before.draft_steps), 3, 0.1);
}

TEST(DraftPolicy, GoesAtMostTwiceAsFarAsWasMeasured) {
  DraftPolicy policy;
  const Chances sure = {std::vector<double>(8, 0.99)};
  policy.Learn({.rows = 1, .seconds = 0.030});
  EXPECT_EQ(policy.Choose(1, sure), Counts({1}));
  policy.Learn({.rows = 1, .drafts = 1, .accepted = 1, .seconds = 0.031});
  EXPECT_EQ(policy.Choose(1, sure), Counts({3}));
  // What is forced costs no more than it brings.
  EXPECT_EQ(policy.Choose(1, Chances{std::vector<double>(8, 1.0)}), Counts({8}));
}

TEST(DraftPolicy, CheapRowsAndARepeatingTextGiveManyTokensAStep) {
  Machine machine{.seconds_of = FlatSeconds};
  machine.Run(500, 0.97, 0.97);
  EXPECT_GT(machine.tokens / 500, 4);
  EXPECT_LT(machine.Overhead(), 0.3);
}

TEST(DraftPolicy, StopsWhereRowsCostWhatTheyBring) {
  for (const double truth : {0.0, 0.5, 0.9}) {
    Machine machine{.seconds_of = ProportionalSeconds};
    machine.Run(2000, truth, truth == 0 ? 0.9 : truth);
    EXPECT_LT(machine.Overhead(), 1.03) << truth;
    EXPECT_LT(machine.draft_steps, 40) << truth;
  }
}

// In a full batch a row costs its share of the step, and it is known from smaller batches.
TEST(DraftPolicy, CountsTheRowsThatRunAlready) {
  const auto bend = [](int32_t rows) { return rows <= 4 ? 0.030 : 0.030 + 0.0075 * (rows - 4); };
  Machine alone{.seconds_of = bend};
  alone.Run(1000, 0.8, 0.8);
  EXPECT_LT(alone.Overhead(), 0.6);
  Machine batch{.seconds_of = bend, .rows = 8};
  batch.Run(1000, 0.8, 0.8);
  EXPECT_LT(batch.Overhead(), 1.03);
}

// The account holds whatever the estimates say.
TEST(DraftPolicy, BeliefThatIsWrongCostsLittle) {
  for (const auto& seconds_of : {FlatSeconds, ProportionalSeconds}) {
    Machine machine{.seconds_of = seconds_of};
    machine.Run(1000, 0.0, 0.95);
    EXPECT_LT(machine.Overhead(), 1.03);
  }
}

TEST(DraftPolicy, ATerribleTrialIsPaidOffBeforeTheNext) {
  Machine machine{.seconds_of = [](int32_t rows) { return rows == 1 ? 0.01 : 0.08; }};
  machine.Run(5000, 0.9, 0.9);
  EXPECT_LE(machine.draft_steps, 10);
  EXPECT_LT(machine.Overhead(), 1.03);
}

TEST(DraftPolicy, ComesBackWhenRowsBecomeCheap) {
  Machine machine{.seconds_of = ProportionalSeconds};
  machine.Run(1000, 0.95, 0.95);
  machine.seconds_of = FlatSeconds;
  machine.Run(3000, 0.95, 0.95);
  const int64_t before = machine.drafted;
  machine.Run(500, 0.95, 0.95);
  EXPECT_GT(machine.drafted - before, 1000);
}

TEST(DraftPolicy, NothingIsDraftedWithoutAMeasure) {
  Machine machine{.seconds_of = [](int32_t) { return 0.0; }};
  machine.Run(200, 0.9, 0.9);
  EXPECT_EQ(machine.drafted, 0);
}

}  // namespace
}  // namespace retort
