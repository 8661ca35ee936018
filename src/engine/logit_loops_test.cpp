#include "engine/logit_loops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/rng.h"
#include "engine/plain_sampler.h"
#include "engine/sampler.h"

namespace retort {
namespace {

// Shorter than a block, whole blocks, and every kind of rest; some tokens are impossible.
std::vector<std::vector<float>> Rows() {
  std::vector<std::vector<float>> rows;
  for (const size_t size : {1u, 15u, 16u, 17u, 127u, 128u, 129u, 500u, 4096u, 5001u}) {
    rows.push_back(RandomLogits(size, size, 4.0));
    for (size_t i = 5; i < size; i += 40) rows.back()[i] = i % 80 == 5 ? -kInfinity : -1e30f;
  }
  return rows;
}

// All that a level makes of a row, bit for bit.
std::vector<uint32_t> ResultsOf(const LogitLoops& loops, const std::vector<float>& row) {
  std::vector<uint32_t> results;
  std::vector<float> greatest(NumLogitBlocks(row.size()));
  results.push_back(loops.greatest(row.data(), row.size(), greatest.data()) ? 1 : 0);
  for (const float value : greatest) results.push_back(std::bit_cast<uint32_t>(value));
  const float origin = *std::max_element(greatest.begin(), greatest.end());
  std::array<float, kLogitBlock> weights;
  std::array<int, kLogitBlock> places;
  for (size_t begin = 0; begin < row.size(); begin += kLogitBlock) {
    const size_t size = std::min(kLogitBlock, row.size() - begin);
    const float sum = loops.weigh(row.data() + begin, size, origin, 1 / 0.6f, weights.data());
    results.push_back(std::bit_cast<uint32_t>(sum));
    for (size_t i = 0; i < size; ++i) results.push_back(std::bit_cast<uint32_t>(weights[i]));
    const size_t found = loops.find(row.data() + begin, size, -3, 1, places.data());
    for (size_t i = 0; i < found; ++i) results.push_back(static_cast<uint32_t>(places[i]));
    const LogitSplit split = loops.split(row.data() + begin, size, origin, 1 / 0.6f,
                                         {.least = -3, .most = 1}, weights.data(), places.data());
    results.push_back(std::bit_cast<uint32_t>(split.mass));
    results.push_back(std::bit_cast<uint32_t>(split.mass_above));
    for (size_t i = 0; i < split.found; ++i) results.push_back(static_cast<uint32_t>(places[i]));
  }
  return results;
}

TEST(LogitLoops, EveryLevelGivesTheSameBits) {
  for (const std::vector<float>& row : Rows()) {
    const std::vector<uint32_t> expected = ResultsOf(*UsableLogitLoops().front(), row);
    for (const LogitLoops* loops : UsableLogitLoops()) {
      EXPECT_EQ(ResultsOf(*loops, row), expected) << loops->name << ", " << row.size() << " logits";
    }
  }
}

TEST(LogitLoops, AgreeWithPlainLoops) {
  for (const std::vector<float>& row : Rows()) {
    std::vector<float> greatest(NumLogitBlocks(row.size()));
    EXPECT_TRUE(BestLogitLoops().greatest(row.data(), row.size(), greatest.data()));
    std::array<float, kLogitBlock> weights;
    std::array<int, kLogitBlock> places;
    for (size_t block = 0; block < greatest.size(); ++block) {
      const size_t begin = block * kLogitBlock;
      const size_t size = std::min(kLogitBlock, row.size() - begin);
      const float* const logits = row.data() + begin;
      EXPECT_EQ(greatest[block], *std::max_element(logits, logits + size));
      const float sum = BestLogitLoops().weigh(logits, size, greatest[block], 1, weights.data());
      double plain_sum = 0;
      std::vector<int> plain_places;
      for (size_t i = 0; i < size; ++i) {
        EXPECT_EQ(weights[i], FastExp2(std::max(logits[i] - greatest[block], -127.0f)));
        plain_sum += static_cast<double>(weights[i]);
        if (logits[i] >= -3 && logits[i] < 1) plain_places.push_back(static_cast<int>(i));
      }
      EXPECT_NEAR(sum, plain_sum, 1e-6 * plain_sum);
      const size_t found = BestLogitLoops().find(logits, size, -3, 1, places.data());
      EXPECT_EQ(std::vector<int>(places.begin(), places.begin() + static_cast<int>(found)),
                plain_places);
    }
  }
}

TEST(LogitLoops, SplitAsPlainLoopsDo) {
  const LogitRange range = {.least = -2, .most = 1.5f};
  for (const std::vector<float>& row : Rows()) {
    const float origin = *std::max_element(row.begin(), row.end());
    std::array<float, kLogitBlock> weights, weights_alone;
    std::array<int, kLogitBlock> places;
    for (size_t begin = 0; begin < row.size(); begin += kLogitBlock) {
      const size_t size = std::min(kLogitBlock, row.size() - begin);
      const float* const logits = row.data() + begin;
      const float mass = BestLogitLoops().weigh(logits, size, origin, 1, weights_alone.data());
      const LogitSplit split =
          BestLogitLoops().split(logits, size, origin, 1, range, weights.data(), places.data());
      EXPECT_EQ(split.mass, mass);
      double above = 0;
      std::vector<int> within;
      for (size_t i = 0; i < size; ++i) {
        EXPECT_EQ(weights[i], weights_alone[i]);
        if (logits[i] > range.most) above += static_cast<double>(weights[i]);
        if (logits[i] >= range.least && logits[i] <= range.most) {
          within.push_back(static_cast<int>(i));
        }
      }
      EXPECT_NEAR(split.mass_above, above, 1e-6 * above);
      std::sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(split.found));
      EXPECT_EQ(std::vector<int>(places.begin(), places.begin() + static_cast<int>(split.found)),
                within);
    }
  }
}

TEST(LogitLoops, SeeWhatIsNotANumber) {
  for (const LogitLoops* loops : UsableLogitLoops()) {
    for (const size_t size : {1u, 128u, 300u}) {
      for (size_t broken = 0; broken < size; broken += 7) {
        std::vector<float> row(size, 1.0f);
        row[broken] = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> greatest(NumLogitBlocks(size));
        EXPECT_FALSE(loops->greatest(row.data(), size, greatest.data())) << loops->name;
      }
    }
  }
}

TEST(LogitLoops, EveryLevelDrawsTheSameTokens) {
  const std::vector<SamplingParams> settings = {{.temperature = 1},
                                                {.temperature = 0.6, .top_p = 0.95},
                                                {.temperature = 1.5, .top_p = 0.999},
                                                {.temperature = 1, .top_k = 40, .top_p = 0.9},
                                                {.temperature = 1, .min_p = 0.01}};
  for (const SamplingParams& params : settings) {
    for (const std::vector<float>& row : Rows()) {
      for (uint64_t index = 0; index < 20; ++index) {
        Sampler plain(*UsableLogitLoops().front());
        const int32_t expected = plain.Sample(row, params, {}, index);
        for (const LogitLoops* loops : UsableLogitLoops()) {
          EXPECT_EQ(Sampler(*loops).Sample(row, params, {}, index), expected) << loops->name;
        }
      }
    }
  }
}

TEST(FastExp2, IsCloseToExp2) {
  EXPECT_EQ(FastExp2(0), 1.0f);
  double worst = 0;
  for (float x = 0; x > -126; x -= 0.00137f) {
    const double exact = std::exp2(static_cast<double>(x));
    worst = std::max(worst, std::abs(static_cast<double>(FastExp2(x)) - exact) / exact);
  }
  EXPECT_LT(worst, 3e-7);
  EXPECT_EQ(FastExp2(-126.6f), 0.0f);
  EXPECT_EQ(FastExp2(-127.0f), 0.0f);
}

// The sampler bounds a block's weights by that of its greatest logit and a millionth.
TEST(FastExp2, HardlyEverShrinksAsItsArgumentGrows) {
  float greatest = 0;
  for (float x = -127; x < 0; x += 0.000113f) {
    greatest = std::max(greatest, FastExp2(x));
    EXPECT_LE(greatest, FastExp2(x) * (1 + 1e-6f)) << x;
  }
}

}  // namespace
}  // namespace retort
