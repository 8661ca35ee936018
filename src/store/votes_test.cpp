#include "store/votes.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class VotesTest : public testing::Test {
 protected:
  TempDir dir_;
  RunStore store_{dir_.File("runs.db")};
};

TEST_F(VotesTest, AreKeptAsTheyWereGiven) {
  AddVote(store_, {.voted_at = "2026-01-02T03:04:05Z",
                   .prompt = "1+1?",
                   .best = 1,
                   .answers = {{"a", "3", "hm"}, {"b", "2", ""}}});
  AddVote(store_, {.prompt = "why?", .answers = {{"a", "x", ""}, {"c", "y", ""}, {"b", "z", ""}}});
  RunStore again(store_.path());
  const std::vector<VoteRow> votes = Votes(again, {});
  ASSERT_EQ(votes.size(), 2u);
  EXPECT_EQ(votes[0].prompt, "why?") << "the newest first";
  EXPECT_EQ(votes[0].best, std::nullopt);
  EXPECT_EQ(votes[0].answers.size(), 3u);
  EXPECT_FALSE(votes[0].voted_at.empty());
  EXPECT_EQ(votes[1].voted_at, "2026-01-02T03:04:05Z");
  EXPECT_EQ(votes[1].best, 1);
  EXPECT_EQ(votes[1].answers[0].reasoning, "hm");
  EXPECT_EQ(Votes(store_, {.model = "c"}).size(), 1u);
  EXPECT_EQ(Votes(store_, {.last = 1})[0].prompt, "why?");
}

TEST_F(VotesTest, AreCountedByPairs) {
  for (int i = 0; i < 3; ++i) {
    AddVote(store_, {.best = 0, .answers = {{"b", "", ""}, {"a", "", ""}}});
  }
  AddVote(store_, {.best = 0, .answers = {{"a", "", ""}, {"b", "", ""}}});
  AddVote(store_, {.answers = {{"a", "", ""}, {"b", "", ""}}});
  AddVote(store_, {.best = 2, .answers = {{"a", "", ""}, {"b", "", ""}, {"c", "", ""}}});
  const std::vector<VotePair> pairs = VoteTally(store_);
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].a, "a");
  EXPECT_EQ(pairs[0].b, "b");
  EXPECT_EQ(pairs[0].a_best, 1);
  EXPECT_EQ(pairs[0].b_best, 3);
  EXPECT_EQ(pairs[0].alike, 1) << "where a third was best, neither of these was";
  EXPECT_EQ(pairs[1].b_best, 1);
}

TEST_F(VotesTest, RefuseWhatIsNone) {
  const auto add = [&](VoteRow vote) { return [this, vote] { AddVote(store_, vote); }; };
  ExpectError(ErrorCode::kInvalidArgument, {"1 answers"}, add({.answers = {{"a", "", ""}}}));
  ExpectError(ErrorCode::kInvalidArgument, {"best is 2"},
              add({.best = 2, .answers = {{"a", "", ""}, {"b", "", ""}}}));
  ExpectError(ErrorCode::kInvalidArgument, {"names no model"},
              add({.answers = {{"a", "", ""}, {"", "", ""}}}));
}

}  // namespace
}  // namespace retort
