#include "engine/flat_top_p.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/rng.h"
#include "engine/plain_sampler.h"
#include "engine/sampler.h"

namespace retort {
namespace {

// What a draw gives that walks the exact probabilities by id; -1 where rounding may decide.
int32_t DrawUnlessClose(const PlainDistribution& exact, double uniform) {
  constexpr double kTooClose = 1e-6;
  if (exact.margin < kTooClose) return -1;
  double below = 0;
  for (size_t token = 0; token < exact.probabilities.size(); ++token) {
    const double end = below + exact.probabilities[token];
    if (std::abs(uniform - end) < kTooClose) return -1;
    if (uniform < end) return static_cast<int32_t>(token);
    below = end;
  }
  return -1;
}

struct Shape {
  std::string name;
  std::vector<float> logits;
};

// From nothing known to a few likely tokens above many: what is hard about each is in its name.
std::vector<Shape> Shapes() {
  std::vector<Shape> shapes;
  const auto add = [&](const std::string& name, size_t size, auto logit_of) {
    Rng rng(shapes.size() + 1);
    std::vector<float> logits(size);
    for (size_t i = 0; i < size; ++i) logits[i] = static_cast<float>(logit_of(i, rng));
    shapes.push_back({name, std::move(logits)});
  };
  const auto normal = [](Rng& rng) {
    return std::sqrt(-2 * std::log(1 - rng.Uniform())) * std::cos(6.283185307 * rng.Uniform());
  };
  for (const double spread : {0.05, 0.6, 1.5}) {
    add("a bell", 20000, [&](size_t, Rng& rng) { return spread * normal(rng); });
  }
  add("a last block of one", 128 * 50 + 1, [&](size_t, Rng& rng) { return normal(rng); });
  add("one block", 100, [&](size_t, Rng& rng) { return normal(rng); });
  add("equal logits", 3000, [](size_t, Rng&) { return 1.25; });
  add("few different logits", 9000,
      [&](size_t, Rng& rng) { return std::round(3 * normal(rng)) / 4; });
  add("impossible tokens", 9000, [&](size_t i, Rng& rng) {
    return i % 3 == 0 ? -std::numeric_limits<double>::infinity() : normal(rng);
  });
  add("sorted by id, so samples mislead", 9000,
      [](size_t i, Rng&) { return -0.0005 * static_cast<double>(i); });
  // Where the sample takes its second token of each block, and only there.
  add("likely tokens where samples are taken", 128 * 64,
      [&](size_t i, Rng& rng) { return normal(rng) + (i % 128 == (i / 128 * 37) % 128 ? 4 : 0); });
  add("likely tokens where none are", 128 * 64, [&](size_t i, Rng& rng) {
    return normal(rng) + (i % 128 == (i / 128 * 37 + 5) % 128 ? 6 : 0);
  });
  return shapes;
}

TEST(FlatTopP, DrawsWhatThePlainWayDraws) {
  for (const Shape& shape : Shapes()) {
    int compared = 0;
    for (const double top_p : {0.001, 0.3, 0.8, 0.95, 0.9999}) {
      const SamplingParams params{.temperature = 0.9, .top_p = top_p, .seed = 5};
      const PlainDistribution exact = PlainProbabilities(shape.logits, params, {});
      Sampler sampler;
      for (uint64_t index = 0; index < 40; ++index) {
        const int32_t expected = DrawUnlessClose(exact, RandomUniform(params.seed, index));
        const int32_t token = sampler.Sample(shape.logits, params, {}, index);
        ASSERT_TRUE(std::isfinite(shape.logits[static_cast<size_t>(token)])) << shape.name;
        if (expected < 0) continue;
        ++compared;
        ASSERT_EQ(token, expected) << shape.name << ", top_p " << top_p << ", draw " << index;
      }
    }
    // Of equal logits, which one is last may hang on rounding.
    if (shape.name == "a bell") {
      EXPECT_GT(compared, 80);
    }
  }
}

TEST(FlatTopP, AGuessIsNarrowAndNearlyAlwaysRight) {
  constexpr size_t kSize = 100'000, kOneIn = 50;
  int right = 0;
  size_t in_range = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<float> logits = RandomLogits(kSize, seed, 1.0);
    std::vector<SampledLogit> sample;
    double total = 0;
    for (size_t i = 0; i < kSize; ++i) {
      const auto weight = std::exp(logits[i] - 12);
      total += static_cast<double>(weight);
      if (i % kOneIn == seed) {
        sample.push_back(
            {.logit = logits[i], .mass = kOneIn * weight, .deviation = kOneIn * weight});
      }
    }
    const double mass = 0.05 * total;
    const LogitRange range = GuessWhereMassEnds(sample, mass);
    double below = 0, below_end = 0;
    for (const float logit : logits) {
      const auto weight = static_cast<double>(std::exp(logit - 12));
      if (logit < range.least) below += weight;
      if (logit <= range.most) below_end += weight;
      if (logit >= range.least && logit <= range.most) ++in_range;
    }
    if (below <= mass && mass <= below_end) ++right;
  }
  EXPECT_GE(right, 34);
  EXPECT_LT(in_range / 40, kSize / 8);
}

}  // namespace
}  // namespace retort
