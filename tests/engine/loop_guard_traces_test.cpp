// The loop guard on recorded thinking of a reasoning model, tokenized as that model does: loops
// spliced from it, the runaways among it, and what must not be taken for a loop. docs/thinking.md
// has the table that this test prints the figures of.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "engine/loop_guard.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"
#include "text/test_data.h"
#include "text/tokenizer.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

struct Trace {
  std::string id;
  Tokens thinking, answer;
  bool finished = false;  // the model closed its thinking
  int64_t words = 0;      // of the thinking
};

std::optional<int64_t> TellsAfter(const Tokens& tokens) {
  LoopGuard guard;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (guard.Push(tokens[i])) return static_cast<int64_t>(i) + 1;
  }
  return std::nullopt;
}

int64_t CountWords(const std::string& text) {
  int64_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    words += !blank && !in_word ? 1 : 0;
    in_word = !blank;
  }
  return words;
}

// Loaded once: tokenizing all traces takes seconds.
class LoopGuardOnTraces : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string vocabulary = SharedData("data/tokenizers/r1-distill-qwen/tokenizer.json.gz");
    const std::string path = SharedData("data/traces/r1_distill_32b_traces.jsonl.gz");
    if (vocabulary.empty() || path.empty()) return;
    const Tokenizer tokenizer(ReadTokenizerJson(ReadGz(vocabulary), vocabulary));
    traces_ = new std::vector<Trace>();
    for (const std::string& line : SplitLines(ReadGz(path))) {
      const auto record = nlohmann::json::parse(line);
      const auto response = record.at("response").get<std::string>();
      const size_t tag = response.find("</think>");
      Trace& trace = traces_->emplace_back();
      trace.id = record.at("id");
      trace.finished = tag != std::string::npos;
      const std::string thinking = response.substr(0, tag);
      trace.words = CountWords(thinking);
      trace.thinking = tokenizer.Encode(thinking);
      if (trace.finished) trace.answer = tokenizer.Encode(response.substr(tag + 8));
    }
  }
  static void TearDownTestSuite() {
    delete traces_;
    traces_ = nullptr;
  }
  void SetUp() override {
    if (traces_ == nullptr) GTEST_SKIP() << kNoSharedData;
    ASSERT_EQ(traces_->size(), 736u);
  }

  static std::vector<Trace>* traces_;
};

std::vector<Trace>* LoopGuardOnTraces::traces_ = nullptr;

struct Splice {
  size_t begin = 0;      // of the first copy
  size_t third_end = 0;  // of the third
  Tokens tokens;
};

// A thought up to somewhere, then `period` tokens of it over and over. In each copy but the first,
// a token is replaced by one of the same thought or dropped with a chance of `change`.
Splice MakeSplice(Rng& rng, const Tokens& thought, size_t period, double change) {
  const auto size = static_cast<int64_t>(thought.size());
  const auto draw = [&](int64_t low, int64_t high) {
    return static_cast<size_t>(rng.Int(low, high));
  };
  Splice splice;
  splice.begin = draw(0, std::min<int64_t>(4000, size - static_cast<int64_t>(period)));
  splice.tokens.assign(thought.begin(),
                       thought.begin() + static_cast<std::ptrdiff_t>(splice.begin));
  for (size_t copy = 0; copy < 4 + 600 / period; ++copy) {
    for (size_t i = 0; i < period; ++i) {
      const double chance = copy == 0 ? 1 : rng.Uniform();
      if (chance < change / 2) continue;
      splice.tokens.push_back(chance < change ? thought[draw(0, size - 1)]
                                              : thought[splice.begin + i]);
    }
    if (copy == 2) splice.third_end = splice.tokens.size();
  }
  return splice;
}

TEST_F(LoopGuardOnTraces, SplicedLoopsAreToldWithin512TokensOfTheThirdCopy) {
  std::vector<const Tokens*> thoughts;
  for (const Trace& trace : *traces_) {
    if (trace.finished && trace.thinking.size() > 1500) thoughts.push_back(&trace.thinking);
  }
  Rng rng(7);
  for (const double change : {0.0, 0.01, 0.02, 0.05}) {
    int told_in_time = 0;
    std::vector<int64_t> delays;
    for (int i = 0; i < 100; ++i) {
      const auto period = static_cast<size_t>(5 + 395 * i / 99);
      const auto pick = static_cast<size_t>(rng.Int(0, std::ssize(thoughts) - 1));
      const Splice splice = MakeSplice(rng, *thoughts[pick], period, change);
      const std::optional<int64_t> told = TellsAfter(splice.tokens);
      const auto third_end = static_cast<int64_t>(splice.third_end);
      if (told) delays.push_back(*told - third_end);
      told_in_time += told && *told <= third_end + 512 ? 1 : 0;
      EXPECT_FALSE(told && *told < static_cast<int64_t>(splice.begin + period))
          << "told before anything repeated";
    }
    std::sort(delays.begin(), delays.end());
    fmt::print(
        "changed {:.0f} %: {} of 100 in time, after the third copy's end: median {}, last {}\n",
        100 * change, told_in_time, delays.empty() ? 0 : delays[delays.size() / 2],
        delays.empty() ? 0 : delays.back());
    // Where every twentieth token changes, hardly a run of 16 stays whole; only reported.
    if (change <= 0.02) {
      EXPECT_GE(told_in_time, 95) << "change " << change;
    }
  }
}

// Where a runaway begins to loop, in hindsight: from there on, at least six of ten tokens in every
// stretch of 512 end a run of four that the 8,192 tokens before it hold.
int64_t Onset(const Tokens& tokens) {
  constexpr size_t kStretch = 512;
  RunDistances distances(4, 8192);
  std::vector<int32_t> repeated = {0};  // prefix sums
  for (const int32_t token : tokens) {
    repeated.push_back(repeated.back() + (distances.Push(token) > 0 ? 1 : 0));
  }
  size_t onset = tokens.size();
  for (size_t begin = tokens.size() - kStretch;; --begin) {
    if (repeated[begin + kStretch] - repeated[begin] < 0.6 * kStretch) break;
    onset = begin;
    if (begin == 0) break;
  }
  return static_cast<int64_t>(onset);
}

TEST_F(LoopGuardOnTraces, RunawaysAreAllTold) {
  std::vector<int64_t> delays, told_at;
  for (const Trace& trace : *traces_) {
    if (trace.finished) continue;
    const std::optional<int64_t> told = TellsAfter(trace.thinking);
    ASSERT_TRUE(told.has_value()) << trace.id;
    const int64_t onset = Onset(trace.thinking);
    fmt::print("{}: {} tokens, loops from {}, told at {}\n", trace.id, trace.thinking.size(), onset,
               *told);
    delays.push_back(*told - onset);
    told_at.push_back(*told);
  }
  ASSERT_EQ(delays.size(), 18u);
  std::sort(delays.begin(), delays.end());
  std::sort(told_at.begin(), told_at.end());
  fmt::print("18 runaways: delay median {}, most {}; told at median {} of 32768\n", delays[9],
             delays.back(), told_at[9]);
  EXPECT_LE(told_at[9], 8192);
}

TEST_F(LoopGuardOnTraces, FinishedThoughtsAreStoppedInLessThanOneOfAHundred) {
  int finished = 0, long_ones = 0, stopped = 0, stopped_long = 0, answers = 0;
  for (const Trace& trace : *traces_) {
    if (!trace.finished) continue;
    ++finished;
    long_ones += trace.words > 1000 ? 1 : 0;
    if (const std::optional<int64_t> told = TellsAfter(trace.thinking)) {
      ++stopped;
      stopped_long += trace.words > 1000 ? 1 : 0;
      fmt::print("{}: thinking of {} tokens stopped at {}\n", trace.id, trace.thinking.size(),
                 *told);
    }
    if (const std::optional<int64_t> told = TellsAfter(trace.answer)) {
      ++answers;
      fmt::print("{}: answer of {} tokens stopped at {}\n", trace.id, trace.answer.size(), *told);
    }
  }
  fmt::print("{} of {} finished thoughts stopped, of those over 1,000 words {} of {}; {} answers\n",
             stopped, finished, stopped_long, long_ones, answers);
  EXPECT_EQ(finished, 718);
  EXPECT_LT(stopped, finished / 100.0);
  // Two of them are 16 and 25 thousand words of looping, the third circles around two answers.
  EXPECT_LE(answers, 3);
}

}  // namespace
}  // namespace retort
