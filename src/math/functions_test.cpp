#include "math/functions.h"

#include <gtest/gtest.h>

#include "math/expression.h"

namespace retort {
namespace {

TEST(Functions, AreFoundAsTheyAreWritten) {
  EXPECT_EQ(FindFunctionCommand("dfrac"), FindFunction("frac"));
  EXPECT_EQ(FindFunctionCommand("bar"), FindFunction("overline"));
  EXPECT_EQ(FindFunctionWord("exp"), FindFunction("exp"));
  EXPECT_EQ(FindGluedFunction("sinx"), FindFunction("sin"));
  for (const char* name : {"", "abs", "mod", "frac12", "foo"}) {
    EXPECT_EQ(FindFunctionCommand(name), nullptr) << name;
  }
  for (const char* name : {"", "max", "bar", "sinx"}) {
    EXPECT_EQ(FindFunctionWord(name), nullptr) << name;
  }
  // Words that only begin like a function.
  for (const char* name : {"sinking", "cosine", "max"}) {
    EXPECT_EQ(FindGluedFunction(name), nullptr) << name;
  }
}

TEST(Functions, HaveInversesByTheirName) {
  EXPECT_EQ(KindOf("arctan"), FunctionKind::kInverse);
  EXPECT_EQ(KindOf("arcsinh"), FunctionKind::kInverse);
  EXPECT_EQ(KindOf("tanh"), FunctionKind::kHyperbolic);
  EXPECT_EQ(KindOf("f"), FunctionKind::kOther);
}

// Each command of the table is read with what it takes; this failed for \sech, read as \sec h.
TEST(Functions, AreReadByTheParser) {
  Algebra algebra;
  for (const char* text : {"\\cfrac{1}{2}", "\\sqrt[3]{x}", "\\tbinom{5}{2}", "\\bar z", "\\dot{x}",
                           "\\sech x", "\\csch 2x", "\\operatorname{sgn}(x)", "\\lcm(4, 6)",
                           "\\max(1, x, y)", "\\tanh^{-1} x", "cot x", "\\lg 100", "exp(2)"}) {
    const std::vector<Token> tokens = Tokenize(text);
    const std::optional<ParsedExpression> parsed =
        ParseExpression(tokens, PlusMinus::kPlus, algebra);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->end, tokens.size()) << text;
    EXPECT_EQ(tokens.front().kind, LatexTokenKind::kFunction) << text;
  }
}

}  // namespace
}  // namespace retort
