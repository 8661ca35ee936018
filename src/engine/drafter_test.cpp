#include "engine/drafter.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

constexpr int32_t kMost = 64;  // tokens of a small index

TEST(Drafter, ProposesWhatFollowedTheLongestSuffixMostRecently) {
  Drafter drafter;
  Tokens text = {1, 2, 3, 4, 9, 2, 3, 5, 6, 7, 2, 3};
  drafter.Update(text, 0);
  EXPECT_EQ(drafter.Propose(3).tokens, Tokens({5, 6, 7}));
  text = {8, 1, 2, 3, 4, 9, 2, 3, 5, 6, 7, 1, 2, 3};
  Drafter other;
  other.Update(text, 0);
  EXPECT_EQ(other.Propose(2).tokens, Tokens({4, 9})) << "the longer match, though it is older";
}

TEST(Drafter, SaysNothingWithoutAMatchOfTwo) {
  Drafter drafter;
  EXPECT_TRUE(drafter.Propose(4).tokens.empty());
  drafter.Update(Tokens({1, 2, 3, 4, 2}), 0);
  EXPECT_TRUE(drafter.Propose(4).tokens.empty());
}

TEST(Drafter, GoesRoundInALoop) {
  Drafter drafter;
  drafter.Update(Tokens({9, 1, 2, 3, 1, 2, 3, 1}), 0);
  EXPECT_EQ(drafter.Propose(7).tokens, Tokens({2, 3, 1, 2, 3, 1, 2}));
}

TEST(Drafter, ChancesFallAlongADraftAndFollowTheText) {
  Drafter drafter;
  Tokens text;
  for (int i = 0; i < 300; ++i) text.push_back(i % 10);
  drafter.Update(text, 10);
  const double loop = drafter.Propose(4).chances.back();
  EXPECT_GT(loop, 0.95);
  // Pairs that always go on differently.
  for (int i = 0; i < 300; ++i) text.insert(text.end(), {50, 51, 100 + i});
  drafter.Update(text, 10);
  text.insert(text.end(), {50, 51});
  drafter.Update(text, 10);
  const Draft draft = drafter.Propose(3);
  ASSERT_EQ(draft.chances.size(), 3u);
  EXPECT_LT(draft.chances[0], 0.05);
  EXPECT_LT(draft.chances[1], draft.chances[0]);
}

TEST(Drafter, LearnsNothingFromThePrompt) {
  Tokens prompt;
  for (int i = 0; i < 300; ++i) prompt.push_back(i % 10);
  Drafter as_prompt, as_answer;
  as_prompt.Update(prompt, 300);
  as_answer.Update(prompt, 0);
  EXPECT_EQ(as_prompt.Propose(1).tokens, as_answer.Propose(1).tokens);
  EXPECT_LT(as_prompt.Propose(1).chances[0], as_answer.Propose(1).chances[0]);
}

// Where the index is full, it is as if the text began within it.
TEST(Drafter, AFullIndexKeepsTheNewerHalf) {
  Rng rng(1);
  Drafter bounded(kMost);
  Tokens text;
  for (int i = 0; i < 3000; ++i) {
    text.push_back(static_cast<int32_t>(rng.Int(0, 3)));
    bounded.Update(text, 0);
    if (i < kMost) continue;
    const int kept = kMost / 2 + 1 + (i - kMost) % (kMost / 2);
    Drafter fresh;
    fresh.Update(std::span(text).last(static_cast<size_t>(kept)), 0);
    ASSERT_EQ(bounded.Propose(5).tokens, fresh.Propose(5).tokens) << "token " << i;
  }
}

}  // namespace
}  // namespace retort
