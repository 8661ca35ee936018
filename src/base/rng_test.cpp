#include "base/rng.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>

namespace retort {
namespace {

TEST(Rng, MixerIsSplitMix64) {
  // The first outputs of the published generator for seed 0, whose state steps by this constant.
  constexpr uint64_t kStep = 0x9E3779B97F4A7C15ull;
  EXPECT_EQ(Mix64(0), 0xE220A8397B1DCDAFull);
  EXPECT_EQ(Mix64(kStep), 0x6E789E6AA1B965F4ull);
  EXPECT_EQ(Mix64(2 * kStep), 0x06C45D188009454Full);
}

TEST(Rng, ADrawDependsOnSeedAndCounterOnly) {
  Rng first(42), second(42);
  second.Bits();
  first.Bits();
  EXPECT_EQ(first.Bits(), second.Bits());
  EXPECT_EQ(Rng(42).Bits(), RandomBits(42, 0));
  std::set<uint64_t> distinct;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (uint64_t counter = 0; counter < 100; ++counter) distinct.insert(RandomBits(seed, counter));
  }
  EXPECT_EQ(distinct.size(), 10000u);
}

TEST(Rng, UniformFillsTheUnitIntervalEvenly) {
  constexpr int kDraws = 100000;
  int buckets[10] = {};
  for (uint64_t i = 0; i < kDraws; ++i) {
    const double u = RandomUniform(7, i);
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ++buckets[static_cast<int>(u * 10)];
  }
  // Five standard deviations of a bucket's count: sqrt(n p (1 - p)) = 95.
  for (int count : buckets) EXPECT_NEAR(count, kDraws / 10, 475);
}

TEST(Rng, IntReachesBothEndsAndNothingBeyond) {
  Rng rng(1);
  std::set<int64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.Int(-2, 3));
  EXPECT_EQ(seen, (std::set<int64_t>{-2, -1, 0, 1, 2, 3}));
  EXPECT_EQ(rng.Int(5, 5), 5);
}

TEST(Rng, IntHandlesTheWidestRange) {
  Rng rng(1);
  bool negative = false, positive = false;
  for (int i = 0; i < 100; ++i) {
    const int64_t value =
        rng.Int(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
    (value < 0 ? negative : positive) = true;
  }
  EXPECT_TRUE(negative && positive);
}

}  // namespace
}  // namespace retort
