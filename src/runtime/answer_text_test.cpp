#include "runtime/answer_text.h"

#include <gtest/gtest.h>

#include "tests/support/byte_tokenizer.h"

namespace retort {
namespace {

constexpr const char* kOpen = "<|assistant|><think>\n";
constexpr const char* kPlain = "<|assistant|>";

class AnswerTextTest : public testing::Test {
 protected:
  // Every token by itself, so that tags and stops are cut everywhere.
  ThinkDelta Read(const char* prompt, const std::string& text, const AnswerTextOptions& options) {
    AnswerText reader(tokenizer_, prompt, options);
    ThinkDelta all;
    const auto add = [&](const ThinkDelta& delta) {
      all.reasoning += delta.reasoning;
      all.answer += delta.answer;
    };
    for (const int32_t token : tokenizer_.Encode(text)) add(reader.Push(token));
    stopped_ = reader.stopped();
    stop_string_ = reader.stop_string();
    add(reader.Finish());
    return all;
  }

  // Tags as bytes, so that they come in pieces.
  Tokenizer tokenizer_ = MakeByteTokenizer(TokenKind::kNormal);
  bool stopped_ = false;
  std::string stop_string_;
};

TEST_F(AnswerTextTest, StopsInTheAnswerAlone) {
  const ThinkDelta all = Read(kOpen, "a STOP b</think>c STOP d", {.stops = {"STOP"}});
  EXPECT_EQ(all.reasoning, "a STOP b");
  EXPECT_EQ(all.answer, "c ");
  EXPECT_TRUE(stopped_);
  EXPECT_EQ(stop_string_, "STOP");
}

TEST_F(AnswerTextTest, LineEndsBehindTheThoughtAreNotTheAnswers) {
  EXPECT_EQ(Read(kOpen, "a</think>\n\nb\n\nc", {.stops = {"\n\n"}}).answer, "\n\nb");
  EXPECT_EQ(Read(kPlain, "\n\nb", {.stops = {"\n\n"}}).answer, "") << "nothing was thought";
}

TEST_F(AnswerTextTest, AModelThatOpensItsThoughtItself) {
  const ThinkDelta all =
      Read(kPlain, "<think>STOP</think>\n\nyes STOP", {.stops = {"STOP", "\n\n"}});
  EXPECT_EQ(all.reasoning, "STOP");
  EXPECT_EQ(all.answer, "\n\nyes ");
}

TEST_F(AnswerTextTest, StopsEverywhereIfAskedTo) {
  const ThinkDelta all =
      Read(kOpen, "a STOP b</think>c", {.stops = {"STOP"}, .stop_in_thinking = true});
  EXPECT_EQ(all.reasoning, "a ");
  EXPECT_EQ(all.answer, "");
  EXPECT_EQ(stop_string_, "STOP");
}

TEST_F(AnswerTextTest, RawTextIsWholeAndStopsInTheAnswer) {
  const AnswerTextOptions raw{.stops = {"STOP", "<th"}, .raw = true};
  EXPECT_EQ(Read(kOpen, "a STOP</think>\nb STOP", raw).answer, "<think>\na STOP</think>\nb ");
  EXPECT_EQ(Read(kPlain, "b STOP", raw).answer, "b ");
  EXPECT_EQ(Read(kPlain, "no stop", raw).answer, "no stop");
  EXPECT_FALSE(stopped_);
}

TEST_F(AnswerTextTest, WhatIsHeldBackIsShownInTheEnd) {
  EXPECT_EQ(Read(kOpen, "a</thi", {}).reasoning, "a</thi");
  EXPECT_EQ(Read(kOpen, "a</think>b ST", {.stops = {"STOP"}}).answer, "b ST");
  EXPECT_EQ(Read(kOpen, "a</think>\n", {.stops = {"STOP"}}).answer, "\n");
}

}  // namespace
}  // namespace retort
