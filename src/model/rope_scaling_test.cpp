#include "model/rope_scaling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

using Kind = RopeScaling::Kind;

TEST(RopeScaling, PlainFrequenciesFallFromOneByTheta) {
  const std::vector<float> plain = RopeFrequencies(1e4, 6, {});
  ASSERT_EQ(plain.size(), 3u);
  EXPECT_FLOAT_EQ(plain[0], 1.0f);
  EXPECT_FLOAT_EQ(plain[2], std::pow(1e4f, -2.0f / 3));
}

TEST(RopeScaling, LinearDividesAll) {
  const std::vector<float> plain = RopeFrequencies(1e4, 64, {});
  const std::vector<float> scaled = RopeFrequencies(1e4, 64, {.kind = Kind::kLinear, .factor = 4});
  for (size_t i = 0; i < plain.size(); ++i) EXPECT_FLOAT_EQ(scaled[i], plain[i] / 4) << i;
}

// With Llama 3.1's own settings: wavelengths up to 8192 / 4 stay, from 8192 on they grow eightfold.
TEST(RopeScaling, Llama3KeepsFastPairsAndDividesSlowOnes) {
  const RopeScaling scaling{.kind = Kind::kLlama3, .factor = 8, .original_context = 8192};
  const std::vector<float> plain = RopeFrequencies(5e5, 128, {});
  const std::vector<float> scaled = RopeFrequencies(5e5, 128, scaling);
  int kept = 0, divided = 0, between = 0;
  for (size_t i = 0; i < plain.size(); ++i) {
    const double wavelength = 2 * M_PI / static_cast<double>(plain[i]);
    if (wavelength < 2048) {
      EXPECT_FLOAT_EQ(scaled[i], plain[i]);
      ++kept;
    } else if (wavelength > 8192) {
      EXPECT_FLOAT_EQ(scaled[i], plain[i] / 8);
      ++divided;
    } else {
      EXPECT_LT(scaled[i], plain[i]);
      EXPECT_GT(scaled[i], plain[i] / 8);
      ++between;
    }
  }
  EXPECT_EQ(kept, 29);
  EXPECT_EQ(divided, 29);
  EXPECT_EQ(between, 6);
}

// Qwen's: theta 1e6, 32,768 tokens. The ramp runs over whole pairs from floor to ceiling.
TEST(RopeScaling, YarnRampsOverPairs) {
  const RopeScaling scaling{.kind = Kind::kYarn, .factor = 4, .original_context = 32768};
  const std::vector<float> plain = RopeFrequencies(1e6, 128, {});
  const std::vector<float> scaled = RopeFrequencies(1e6, 128, scaling);
  const auto pair_of = [](double turns) {
    return 128 * std::log(32768 / (turns * 2 * M_PI)) / (2 * std::log(1e6));
  };
  const double first = std::floor(pair_of(32)), last = std::ceil(pair_of(1));
  EXPECT_EQ(first, 23);
  EXPECT_EQ(last, 40);
  for (size_t i = 0; i < plain.size(); ++i) {
    const double divided = std::clamp((static_cast<double>(i) - first) / (last - first), 0.0, 1.0);
    EXPECT_NEAR(scaled[i] / plain[i], 1 - divided + divided / 4, 1e-6) << i;
  }
}

TEST(RopeScaling, YarnsRampMayHaveNoWidth) {
  const RopeScaling scaling{.kind = Kind::kYarn, .factor = 4, .original_context = 1};
  for (const float frequency : RopeFrequencies(1e6, 8, scaling)) {
    EXPECT_TRUE(std::isfinite(frequency) && frequency > 0) << frequency;
  }
}

TEST(RopeScaling, YarnsAttentionFactor) {
  EXPECT_DOUBLE_EQ(YarnAttentionFactor(1), 1);
  EXPECT_DOUBLE_EQ(YarnAttentionFactor(4), 0.1 * std::log(4) + 1);
  EXPECT_DOUBLE_EQ(YarnAttentionFactor(40, 0.707), 0.0707 * std::log(40) + 1);
}

TEST(RopeScaling, FieldsOutOfRangeAreNamed) {
  const std::pair<RopeScaling, const char*> bad[] = {
      {{.kind = Kind::kLinear, .factor = 0.5}, "factor"},
      {{.kind = Kind::kLinear, .factor = std::nan("")}, "factor"},
      {{.kind = Kind::kYarn, .factor = 2, .original_context = 0}, "original_max_position"},
      {{.kind = Kind::kLlama3, .factor = 2, .original_context = 8, .low_freq_factor = 4},
       "high_freq_factor"},
      {{.kind = Kind::kYarn, .original_context = 8, .beta_slow = 0}, "beta_slow"},
      {{.kind = Kind::kYarn, .original_context = 8, .beta_slow = 33}, "beta_fast"},
      {{.kind = Kind::kYarn, .original_context = 8, .attention_factor = 0}, "attention_factor"},
  };
  for (const auto& [scaling, field] : bad) {
    try {
      scaling.Validate("m.gguf");
      ADD_FAILURE() << "accepted, expected to be refused for " << field;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
      EXPECT_NE(std::string(error.what()).find(field), std::string::npos) << error.what();
    }
  }
  EXPECT_NO_THROW(RopeScaling().Validate("m.gguf"));
}

}  // namespace
}  // namespace retort
