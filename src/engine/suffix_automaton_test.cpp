#include "engine/suffix_automaton.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/rng.h"

namespace retort {
namespace {

using Match = SuffixAutomaton::Match;

constexpr size_t kTokens = 1 << 15;  // of a long text

// The longest suffix that ends somewhere before, and the latest of those places.
Match PlainMatch(const std::vector<int32_t>& text) {
  const auto size = static_cast<int32_t>(text.size());
  Match best;
  for (int32_t end = 1; end < size; ++end) {
    int32_t length = 0;
    while (length < end && text[static_cast<size_t>(end - 1 - length)] ==
                               text[static_cast<size_t>(size - 1 - length)]) {
      ++length;
    }
    if (length > 0 && length >= best.length) best = {.length = length, .end = end};
  }
  return best;
}

TEST(SuffixAutomaton, KnowsWhatFollowedTheLastOccurrence) {
  SuffixAutomaton text;
  for (const int32_t token : {7, 8, 9, 7, 8, 5, 7, 8}) text.Push(token);
  EXPECT_EQ(text.match().length, 2);
  EXPECT_EQ(text.match().end, 5);
  EXPECT_EQ(text.tokens()[5], 5);
  text.Push(6);
  EXPECT_EQ(text.match().length, 0);
}

TEST(SuffixAutomaton, AMatchMayOverlapTheSuffix) {
  SuffixAutomaton text;
  for (int i = 0; i < 5; ++i) text.Push(3);
  EXPECT_EQ(text.match().length, 4);
  EXPECT_EQ(text.match().end, 4);
}

TEST(SuffixAutomaton, FindsWhatPlainSearchFinds) {
  for (uint64_t seed = 0; seed < 600; ++seed) {
    Rng rng(seed);
    const int64_t alphabet = rng.Int(1, 5);
    SuffixAutomaton automaton;
    std::vector<int32_t> text;
    for (int64_t size = rng.Int(1, 120); size > 0; --size) {
      // Now and then a piece again, so that long matches come, too.
      const bool again = !text.empty() && rng.Int(0, 15) == 0;
      const int64_t from = again ? rng.Int(0, std::ssize(text) - 1) : 0;
      const int64_t pieces = again ? std::min<int64_t>(12, std::ssize(text) - from) : 1;
      for (int64_t i = 0; i < pieces; ++i) {
        const auto token = again ? text[static_cast<size_t>(from + i)]
                                 : static_cast<int32_t>(rng.Int(0, alphabet - 1));
        text.push_back(token);
        automaton.Push(token);
        const Match expected = PlainMatch(text);
        ASSERT_EQ(automaton.match().length, expected.length) << "seed " << seed;
        if (expected.length == 0) continue;
        ASSERT_EQ(automaton.match().end, expected.end) << "seed " << seed;
      }
    }
  }
}

TEST(SuffixAutomaton, TakesLessThan200BytesForEachToken) {
  for (const int64_t alphabet : {1, 2, 3, 50, 1000, 1000000}) {
    Rng rng(static_cast<uint64_t>(alphabet));
    SuffixAutomaton text;
    for (size_t i = 0; i < kTokens; ++i) text.Push(static_cast<int32_t>(rng.Int(0, alphabet - 1)));
    EXPECT_LT(text.memory_bytes(), 200 * kTokens) << "alphabet " << alphabet;
  }
}

}  // namespace
}  // namespace retort
