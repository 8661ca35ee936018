#include "engine/loop_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/rng.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

// How many tokens it takes until the guard tells a loop; nullopt if it never does.
std::optional<size_t> TellsAfter(const Tokens& tokens) {
  LoopGuard guard;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (guard.Push(tokens[i])) return i + 1;
  }
  return std::nullopt;
}

// Tokens without any structure.
Tokens Noise(Rng& rng, size_t count) {
  Tokens tokens(count);
  for (int32_t& token : tokens) token = static_cast<int32_t>(rng.Int(0, 150000));
  return tokens;
}

// Copies of `unit` in which each token is replaced or dropped with a chance.
Tokens Copies(Rng& rng, const Tokens& unit, size_t copies, double change) {
  Tokens tokens;
  for (size_t copy = 0; copy < copies; ++copy) {
    for (const int32_t token : unit) {
      const double draw = rng.Uniform();
      if (draw < change / 2) continue;
      tokens.push_back(draw < change ? static_cast<int32_t>(rng.Int(0, 150000)) : token);
    }
  }
  return tokens;
}

void Append(Tokens& tokens, const Tokens& more) {
  tokens.insert(tokens.end(), more.begin(), more.end());
}

TEST(LoopGuard, TellsLoopsOfManyPeriodsSoonAfterTheThirdCopy) {
  Rng rng(1);
  for (const double change : {0.0, 0.01, 0.02}) {
    for (size_t period = 5; period <= 400; period += 1 + period / 6) {
      Tokens tokens = Noise(rng, static_cast<size_t>(rng.Int(0, 3000)));
      const size_t begin = tokens.size();
      Append(tokens, Copies(rng, Noise(rng, period), 4 + 600 / period, change));
      const std::optional<size_t> told = TellsAfter(tokens);
      ASSERT_TRUE(told.has_value()) << "period " << period << ", change " << change;
      EXPECT_GT(*told, begin + 2 * period);
      EXPECT_LE(*told, begin + 3 * period + 512) << "period " << period << ", change " << change;
    }
  }
}

TEST(LoopGuard, TellsLoopsOfLongPeriodsToo) {
  Rng rng(2);
  for (const size_t period : {800, 1500, 2000, 3500}) {
    const Tokens tokens = Copies(rng, Noise(rng, period), 5, 0.01);
    EXPECT_LE(TellsAfter(tokens).value_or(tokens.size() + 1), 4 * period) << "period " << period;
  }
}

// One word in fifteen changes, so that few runs of 16 stay whole.
TEST(LoopGuard, TellsLoopsThatVaryTheirWordsOverThousandsOfTokens) {
  Rng rng(3);
  const Tokens tokens = Copies(rng, Noise(rng, 150), 60, 0.07);
  const size_t told = TellsAfter(tokens).value_or(0);
  EXPECT_GT(told, 2000u);
  EXPECT_LT(told, 8000u);
}

TEST(LoopGuard, ASecondTellingIsNoLoop) {
  Rng rng(4);
  for (size_t period = 100; period < 4000; period += 1 + period / 5) {
    Tokens tokens = Copies(rng, Noise(rng, period), 2, 0);
    Append(tokens, Noise(rng, 3000));
    EXPECT_EQ(TellsAfter(tokens), std::nullopt) << "period " << period;
  }
}

TEST(LoopGuard, NoiseAndEmptyInputsAreNone) {
  Rng rng(5);
  EXPECT_EQ(TellsAfter({}), std::nullopt);
  EXPECT_EQ(TellsAfter(Noise(rng, 20000)), std::nullopt);
  Tokens few;  // of few words, as small vocabularies write: runs of 4 repeat, runs of 16 do not
  for (int i = 0; i < 20000; ++i) few.push_back(static_cast<int32_t>(rng.Int(0, 6)));
  EXPECT_EQ(TellsAfter(few), std::nullopt);
}

TEST(LoopGuard, StaysTold) {
  LoopGuard guard;
  for (int i = 0; i < 1000; ++i) guard.Push(7);
  EXPECT_TRUE(guard.looping());
  Rng rng(6);
  for (const int32_t token : Noise(rng, 20000)) EXPECT_TRUE(guard.Push(token));
}

// The distances by definition: look back until the run stands there.
int32_t SlowDistance(const Tokens& tokens, size_t end, size_t length, size_t reach) {
  if (end + 1 < length) return 0;
  const auto run = tokens.begin() + static_cast<std::ptrdiff_t>(end + 1 - length);
  for (size_t distance = 1; distance <= reach && distance + length <= end + 1; ++distance) {
    if (std::equal(run, run + static_cast<std::ptrdiff_t>(length),
                   run - static_cast<std::ptrdiff_t>(distance))) {
      return static_cast<int32_t>(distance);
    }
  }
  return 0;
}

TEST(RunDistances, AreThoseOfTheDefinition) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const auto length = static_cast<size_t>(rng.Int(1, 6));
    const auto reach = static_cast<size_t>(rng.Int(1, 60));
    const int64_t words = rng.Int(1, 4);
    Tokens tokens;
    RunDistances distances(length, reach);
    for (size_t i = 0; i < 400; ++i) {
      // Now and then a stretch from before, so that long runs repeat as well.
      tokens.push_back(i > 50 && i % 100 < 40 ? tokens[i - 41]
                                              : static_cast<int32_t>(rng.Int(0, words)));
      ASSERT_EQ(distances.Push(tokens.back()), SlowDistance(tokens, i, length, reach)) << i;
    }
  }
}

}  // namespace
}  // namespace retort
