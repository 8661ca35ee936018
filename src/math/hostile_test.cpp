// Texts made to cost time: each is graded within the budget of steps, by counting and not by a
// clock.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "math/extraction.h"
#include "math/grade.h"
#include "math/numeric.h"

namespace retort {
namespace {

std::string Repeated(const std::string& unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

// "item0,item1,...": # in the item is its number.
std::string Listed(const std::string& item, int count, const std::string& separator = ",") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += i == 0 ? "" : separator;
    for (const char c : item) text += c == '#' ? std::to_string(i + 1) : std::string(1, c);
  }
  return text;
}

// Judges the text as a prediction, against itself in a box and against a number.
void JudgeAll(const std::string& text) {
  EXPECT_LE(GradeMath("x + \\sqrt{2}", text).steps, Budget::kSteps) << text.substr(0, 40);
  const MathGrade itself = GradeMath(text, "\\boxed{" + text + "}");
  EXPECT_LE(itself.steps, Budget::kSteps) << text.substr(0, 40);
  EXPECT_LE(GradeMath("Thus " + text, "so\nit is 1 + " + text).steps, Budget::kSteps);
  const MathGrade number = GradeMath("12345", "\\boxed{" + text + "}");
  EXPECT_LE(number.steps, Budget::kSteps) << text.substr(0, 40);
  EXPECT_FALSE(number.correct) << text.substr(0, 40);
}

TEST(Hostile, LargeNumbersStayWithinTheBudget) {
  for (const std::string& text :
       std::vector<std::string>{"10^{10^{10}}",
                                "9^9^9^9^9",
                                "1000000!",
                                "((500!)!)!",
                                "\\binom{100000}{50000}",
                                "(1+\\sqrt{2}+\\sqrt{3}+\\sqrt{5}+\\sqrt{7}+\\sqrt{11})^{60}",
                                "(x+y+z+w)^{60}",
                                "e^{e^{e^{e^{e^{x}}}}}",
                                "1e999999999999",
                                std::string(990, '9') + "^{12}",
                                "0." + std::string(990, '3'),
                                Repeated("\\frac{1}{1+", 60) + "x" + std::string(60, '}'),
                                std::string(10'000, '{') + "1" + std::string(10'000, '}'),
                                "9^{9^{9}}",
                                "(10^{1000})!",
                                "\\frac{500!}{499!}",
                                "\\binom{500}{250}^{3}",
                                std::string(10'000, '7'),
                                "1/" + std::string(900, '7'),
                                "10^{-1000}",
                                "((1/3)^{1000})^{1000}",
                                "\\sqrt{" + std::string(300, '9') + "}",
                                "\\sqrt[3]{99999999999999999}",
                                "\\ln 999999999999999989",
                                "e^{100000}",
                                "i^{999999999}",
                                "2^{999999/1000000}",
                                "(\\pi+1)^{-999999}",
                                Repeated("\\binom{400}{200}", 60),
                                Repeated("500! ", 800),
                                Repeated("9^{99999}*", 400),
                                Repeated("2^{99} ", 600),
                                Repeated("1e-999*", 150) + "1",
                                "5" + Repeated("!", 400),
                                "\\binom{1/3}{400}",
                                "\\sum_{k=1}^{1000000} k"}) {
    JudgeAll(text);
  }
}

TEST(Hostile, RepeatedMarksStayWithinTheBudget) {
  for (const char* unit : {"{",
                           "(",
                           "\\frac{",
                           "\\boxed{",
                           "$",
                           "|",
                           "\\pm ",
                           "1\\pm ",
                           "x_",
                           "-",
                           "1\\frac",
                           "\\sin ",
                           "1,",
                           "1:",
                           "(1+2*(3 ",
                           "\\boxed{1} ",
                           "答案是",
                           "answer is ",
                           "\\begin{pmatrix}",
                           "[0,1)\\cup ",
                           "x>",
                           "\\sqrt{2+",
                           "\\(",
                           "\\[",
                           "\\$",
                           "$a",
                           "\\text{",
                           "\\frac",
                           "<think>",
                           "1."}) {
    JudgeAll(Repeated(unit, 900));
    JudgeAll(Repeated(unit, 30));
  }
}

TEST(Hostile, LongSumsAndListsStayWithinTheBudget) {
  for (const std::string& text :
       std::vector<std::string>{"(" + Listed("#", 300) + ")",
                                "\\{" + Listed("#", 240) + "\\}",
                                "\\{" + Listed("\\sin{#}", 45) + "\\}",
                                "\\{" + Listed("\\ln(x+#)", 70) + "\\}",
                                "\\lcm(" + Listed("#", 150) + ")",
                                Listed("x^#", 200, "+"),
                                Listed("\\sqrt{#}", 70, "+"),
                                Listed("\\sin{#}", 80, "+"),
                                Listed("\\frac{1}{x+#}", 60, "+"),
                                Listed("\\frac{1}{#}", 80, "+"),
                                Listed("(x+#)", 60, ""),
                                Listed("#!", 150, "*"),
                                Listed("#", 100, "="),
                                Listed("#", 100, "<"),
                                Listed("\\sqrt{#}", 60, ":"),
                                Listed("[\\sqrt{#},\\pi)", 50, "\\cup "),
                                Listed("x_{#}=#", 100),
                                Listed("#", 60, "\\pm "),
                                Repeated("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", 20),
                                Repeated("\\frac{1}{2}+", 3000) + "1"}) {
    JudgeAll(text);
  }
}

TEST(Hostile, DeepNestingStaysWithinTheBudget) {
  for (const char* opens : {"(1+", "\\frac{1}{x+", "\\sqrt{x+", "\\sin(x+", "\\ln(2+", "e^{x+",
                            "x^{", "2^{", "|x+", "\\binom{x}{"}) {
    const char last = std::string(opens).find('{') != std::string::npos ? '}'
                      : opens[0] == '|'                                 ? '|'
                                                                        : ')';
    for (const int depth : {20, 60}) {
      JudgeAll(Repeated(opens, depth) + "1" + std::string(static_cast<size_t>(depth), last));
    }
  }
}

// Nothing is computed on credit: what is left to decide stays undecided.
TEST(Hostile, NothingIsDoneOnceTheBudgetIsSpent) {
  Algebra algebra;
  const Form root = *algebra.SquareRoot(Form(Rational(2)));
  EXPECT_FALSE(algebra.Spend(Budget::kSteps + 1));
  EXPECT_FALSE(algebra.Spend(0));
  EXPECT_EQ(algebra.budget().spent(), Budget::kSteps);
  EXPECT_FALSE(algebra.Add(root, root));
  EXPECT_FALSE(algebra.Power(root, Form(Rational(1, 2))));
  EXPECT_FALSE(algebra.Function("factorial", {Form(Rational(5))}));
  EXPECT_FALSE(Approximate(root, algebra));
  EXPECT_EQ(CompareForms(root, root, algebra), Equality::kUndecided);
  EXPECT_FALSE(LastNumber("it is 5", algebra));
  EXPECT_EQ(ReadValue("5", Commas::kThousands, algebra).kind, Value::Kind::kText);
}

}  // namespace
}  // namespace retort
