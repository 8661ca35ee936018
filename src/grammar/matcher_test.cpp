#include "grammar/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"
#include "grammar/test_texts.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

// Grammars that between them have everything that masks could get wrong.
const std::vector<std::string> kGrammars = {
    "root ::= \"ab\" | \"abc\" | \"b\"+",
    "root ::= \"a\" root \"b\" | \"\"",
    "root ::= item (\",\" item)*\nitem ::= [ab]+ | \"(\" root \")\"",
    "root ::= word (\",\" word){0,3} \")\"?\nword ::= [a-c]+",
    "root ::= \"(\" list \")\"\nlist ::= [ab] list | \"c\"",
    "root ::= x | y\nx ::= \"a\" x \"b\" | \"c\"\ny ::= \"a\" y \"c\" | \"b\"",
    "root ::= a a\na ::= b* \",\"?\nb ::= [a-c] (\"(\" a \")\")?",
    "root ::= [é-ü思a]{1,4} \"b\"?",
    "root ::= \"a\"* \"b\"* \"a\"{2,5}",
};

class MatcherTest : public testing::TestWithParam<std::string> {
 protected:
  static std::vector<std::string> Tokens() {
    std::vector<std::string> tokens = {"",      "<end>", "ab", "bc", "abc", "aab", "aaa",
                                       ",a",    "a,",    "),", "))", "(a",  "((",  "a)",
                                       "a),(b", "c)",    "é",  "思", ",,"};
    for (const char* byte :
         {"a", "b", "c", ",", "(", ")", "\xc3", "\xa9", "\xbc", "\xe6", "\x80", "\x9d",
          "\x9d"
          "a",
          "\xa9\xc3", "a\xc3"}) {
      tokens.push_back(byte);
    }
    return tokens;
  }
  static constexpr int32_t kEnd = 1;

  MatcherTest() : tree_(ParseGbnf(GetParam(), "test.gbnf")) {
    grammar_ = CompileGrammar(
        tree_, std::make_shared<const GrammarVocabulary>(tokens_, std::vector<int32_t>{kEnd}));
  }

  std::vector<int32_t> Allowed(GrammarMatcher& matcher) const {
    std::vector<uint64_t> bits(matcher.num_words(), ~uint64_t{0});
    matcher.Mask(bits);
    std::vector<int32_t> allowed;
    for (int32_t t = 0; t < std::ssize(tokens_); ++t) {
      if ((bits[static_cast<size_t>(t) / 64] >> (t % 64)) & 1) allowed.push_back(t);
    }
    return allowed;
  }

  // By the plain matcher alone.
  std::vector<int32_t> Wanted(const std::string& text) const {
    PlainMatcher plain(tree_);
    std::vector<int32_t> wanted;
    for (int32_t t = 0; t < std::ssize(tokens_); ++t) {
      const std::string& token = tokens_[static_cast<size_t>(t)];
      const bool allowed = t == kEnd ? plain.Read(text) == Reading::kWhole
                                     : !token.empty() && plain.Read(text + token) != Reading::kNo;
      if (allowed) wanted.push_back(t);
    }
    return wanted;
  }

  std::vector<std::string> tokens_ = Tokens();
  GrammarTree tree_;
  std::shared_ptr<const CompiledGrammar> grammar_;
};

TEST_P(MatcherTest, AllowsExactlyWhatBeginsATextOfTheGrammar) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed);
    GrammarMatcher matcher(grammar_);
    std::string text;
    while (text.size() < 14) {
      const std::vector<int32_t> allowed = Allowed(matcher);
      ASSERT_EQ(allowed, Wanted(text)) << "after '" << text << "'";
      for (int32_t t = 0; t < std::ssize(tokens_); ++t) {
        ASSERT_EQ(matcher.Allows(t), std::binary_search(allowed.begin(), allowed.end(), t));
      }
      ASSERT_EQ(matcher.CanEnd(), PlainMatcher(tree_).Read(text) == Reading::kWhole) << text;
      if (allowed.empty()) break;
      const int32_t token = allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))];
      matcher.Accept(token);
      if (token == kEnd) {
        EXPECT_TRUE(matcher.complete());
        EXPECT_TRUE(Allowed(matcher).empty());
        break;
      }
      text += tokens_[static_cast<size_t>(token)];
    }
  }
}

TEST_P(MatcherTest, CopiesAreIndependent) {
  Rng rng(7);
  GrammarMatcher matcher(grammar_);
  std::string text;
  for (int i = 0; i < 6; ++i) {
    const std::vector<int32_t> allowed = Allowed(matcher);
    GrammarMatcher copy = matcher;
    EXPECT_EQ(Allowed(copy), allowed);
    for (const int32_t token : allowed) {
      if (token == kEnd) continue;
      GrammarMatcher ahead = copy;
      ahead.Accept(token);
      EXPECT_EQ(Allowed(ahead), Wanted(text + tokens_[static_cast<size_t>(token)]));
    }
    EXPECT_EQ(Allowed(copy), allowed) << "what copies of it did is no matter";
    const int32_t token = allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))];
    if (token == kEnd) break;
    matcher.Accept(token);
    text += tokens_[static_cast<size_t>(token)];
  }
}

INSTANTIATE_TEST_SUITE_P(Grammars, MatcherTest, testing::ValuesIn(kGrammars));

std::shared_ptr<const CompiledGrammar> CompileGbnf(const std::string& gbnf,
                                                   std::vector<std::string> tokens,
                                                   std::vector<int32_t> ends = {}) {
  return CompileGrammar(ParseGbnf(gbnf, "test.gbnf"), std::make_shared<const GrammarVocabulary>(
                                                          std::move(tokens), std::move(ends)));
}

TEST(Matcher, IsCompleteWhenNothingCanFollow) {
  GrammarMatcher matcher(CompileGbnf("root ::= \"ab\" | \"abc\"", {"a", "b", "c"}));
  matcher.Accept(0);
  EXPECT_FALSE(matcher.CanEnd());
  matcher.Accept(1);
  EXPECT_TRUE(matcher.CanEnd());
  EXPECT_FALSE(matcher.complete()) << "c may follow";
  matcher.Accept(2);
  EXPECT_TRUE(matcher.complete());
}

TEST(Matcher, RefusesWhatDoesNotFitAndStandsWhereItDid) {
  GrammarMatcher matcher(CompileGbnf("root ::= \"ab\"", {"a", "b", "", "end"}, {3}));
  for (const int32_t token : {1, 2, 3, -1, 4}) {
    ExpectError(ErrorCode::kInvalidArgument, {"token " + std::to_string(token)},
                [&] { matcher.Accept(token); });
  }
  EXPECT_FALSE(matcher.AcceptBytes("b"));
  EXPECT_TRUE(matcher.AcceptBytes("a"));
  matcher.Accept(1);
  matcher.Accept(3);
  EXPECT_TRUE(matcher.complete());
}

TEST(Matcher, DeepNestingIsMaskedAsItIsAccepted) {
  GrammarMatcher matcher(CompileGbnf("root ::= \"[\" root \"]\" | \"x\"",
                                     {"[", "]", "x", "[[[[", "]]]]", "x]", "[x]"}));
  std::vector<uint64_t> bits(1);
  for (int depth = 0;; ++depth) {
    matcher.Mask(bits);
    for (int32_t t = 0; t < 7; ++t) {
      ASSERT_EQ(matcher.Allows(t), ((bits[0] >> t) & 1) != 0) << "token " << t << " at " << depth;
    }
    if (!matcher.Allows(0)) break;
    matcher.Accept(0);
    ASSERT_LE(depth, static_cast<int>(kMaxStackDepth));
  }
  matcher.Accept(2);
  for (uint32_t i = 0; i < kMaxStackDepth; ++i) matcher.Accept(1);
  EXPECT_TRUE(matcher.complete());
}

TEST(Matcher, LongTextsForgetWhatTheyHaveSeen) {
  GrammarMatcher matcher(CompileGbnf("root ::= (\"(\" root \")\" | [a-z]{1,3} \";\")*",
                                     {"(", ")", "a", ";", "b;", "(a"}));
  Rng rng(3);
  std::vector<uint64_t> bits(1);
  for (int i = 0; i < 20'000; ++i) {
    matcher.Mask(bits);
    std::vector<int32_t> allowed;
    for (int32_t t = 0; t < 6; ++t) {
      if ((bits[0] >> t) & 1) allowed.push_back(t);
    }
    ASSERT_FALSE(allowed.empty());
    matcher.Accept(allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))]);
  }
}

TEST(Matcher, AmbiguityBeyondBoundsIsRefused) {
  GrammarMatcher matcher(CompileGbnf(
      "root ::= x | y\nx ::= \"a\" root \"b\" | \"a\"\ny ::= \"a\" root \"c\" | \"a\"", {"a"}));
  ExpectError(ErrorCode::kResourceExhausted, {"ways"}, [&] {
    for (int i = 0; i < 30; ++i) matcher.Accept(0);
  });
}

TEST(Matcher, MasksOfAllGrammarsKeepToTheBudget) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 40'000; ++i) tokens.push_back("t" + std::to_string(i));
  const auto vocabulary = std::make_shared<const GrammarVocabulary>(tokens, std::vector<int32_t>{});
  const auto compile = [&](const char* text) {
    return CompileGrammar(ParseGbnf(text, "test.gbnf"), vocabulary);
  };
  std::shared_ptr<const CompiledGrammar> first = compile("root ::= [a-z0-9]{8000}");
  const std::shared_ptr<const CompiledGrammar> second = compile("root ::= [a-z0-9]{9000}");
  const auto walk = [&](const std::shared_ptr<const CompiledGrammar>& grammar) {
    GrammarMatcher matcher(grammar);
    std::vector<uint64_t> bits(matcher.num_words());
    for (int i = 0; i < 700; ++i) {
      matcher.Mask(bits);
      ASSERT_EQ(bits[0], ~uint64_t{0});
      matcher.Accept(0);
      ASSERT_LE(*vocabulary->budget(), kMaskBudget);
    }
  };
  *vocabulary->budget() += kMaskBudget - 1'000'000;  // as if others had taken it
  walk(first);
  walk(second);
  *vocabulary->budget() -= kMaskBudget - 1'000'000;
  EXPECT_GT(*vocabulary->budget(), 0u);
  first.reset();
  EXPECT_LT(*vocabulary->budget(), 1'000'000u);
}

}  // namespace
}  // namespace retort
