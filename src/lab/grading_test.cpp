#include "lab/grading.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

ExactValue ValueFrom(const nlohmann::json& json) {
  ExactValue value =
      Fraction(json.at(0).get<int64_t>(), json.size() > 1 ? json.at(1).get<int64_t>() : 1);
  if (json.size() > 2) value.radicand = json.at(2).get<int64_t>();
  if (json.size() > 3) value.times_pi = json.at(3).get<bool>();
  return value;
}

std::vector<ExactValue> ValuesFrom(const nlohmann::json& json) {
  std::vector<ExactValue> values;
  for (const nlohmann::json& value : json) values.push_back(ValueFrom(value));
  return values;
}

// {"number": [3, 4]}, {"named": [["x", [4]]]}, {"set": [[-2], [5]]}, {"point": ...},
// {"rounded": [[2, 3], 2]}; a value is [numerator, denominator, radicand, times pi].
Answer AnswerFrom(const nlohmann::json& json) {
  if (json.contains("number")) return NumberAnswer(ValueFrom(json.at("number")));
  if (json.contains("set")) return SetAnswer(ValuesFrom(json.at("set")));
  if (json.contains("point")) return PointAnswer(ValuesFrom(json.at("point")));
  if (json.contains("rounded")) {
    return RoundedAnswer(ValueFrom(json.at("rounded").at(0)), json.at("rounded").at(1));
  }
  std::vector<AnswerPart> parts;
  for (const nlohmann::json& part : json.at("named")) {
    parts.push_back({part.at(0), ValueFrom(part.at(1))});
  }
  return NamedAnswer(parts);
}

Problem ProblemWith(const Answer& answer) {
  Problem problem;
  problem.answer = answer;
  return problem;
}

TEST(Grading, GradesTheCommittedCases) {
  std::ifstream file(TestData("grading/cases.jsonl"));
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const Graded graded =
        Grade(ProblemWith(AnswerFrom(row.at("answer"))), row.at("text").get<std::string>(),
              row.value("reasoning", ""), row.value("truncated", false));
    EXPECT_EQ(VerdictName(graded.verdict), row.at("expected").get<std::string>())
        << line.substr(0, 300) << "\nextracted: " << graded.extracted << " by " << graded.path;
    if (row.contains("path")) {
      EXPECT_EQ(graded.path, row.at("path").get<std::string>()) << line;
    }
  }
  EXPECT_GE(cases, 300);
}

// What the right answer looks like when a model copies it from our own formatting.
TEST(Grading, AcceptsEveryGeneratedAnswerAsFormatted) {
  ProblemSpec spec;
  spec.count = 1500;
  for (const Problem& problem : GenerateProblems(spec)) {
    const std::string text = "Therefore \\boxed{" + problem.answer_text + "}.";
    EXPECT_EQ(Grade(problem, text, "", false).verdict, Verdict::kCorrect)
        << problem.question << "\n"
        << problem.answer_text;
  }
}

// Answers of other problems are wrong unless they are equal.
TEST(Grading, RefusesTheAnswersOfOtherProblems) {
  ProblemSpec spec;
  spec.count = 600;
  const std::vector<Problem> problems = GenerateProblems(spec);
  for (size_t i = 0; i < problems.size(); ++i) {
    const Problem& other = problems[(i + 31) % problems.size()];
    const std::string text = "\\boxed{" + other.answer_text + "}";
    const bool same = other.answer.parts.size() == problems[i].answer.parts.size() &&
                      other.answer.parts[0].value == problems[i].answer.parts[0].value;
    if (same) continue;
    EXPECT_EQ(Grade(problems[i], text, "", false).verdict, Verdict::kWrong)
        << problems[i].answer_text << " and " << other.answer_text;
  }
}

TEST(Grading, SurvivesAnyBytes) {
  const std::vector<std::string> pieces = {
      "\\boxed{",  "}",       "{",    "(",        ")",
      "\\frac",    "\\sqrt",  "^",    "1",        "27",
      ".",         ",",       "-",    "+",        "*",
      "/",         "=",       "x",    "y",        " ",
      "π",         "\\pi",    "$",    "\\(",      "\n",
      "答案是",    "，",      "\xff", "\xe7\xad", std::string(1, '\0'),
      "answer is", "\\text{", "%",    "\\pm",     "99999999999999999999"};
  const std::vector<Answer> answers = {NumberAnswer({12}), NamedAnswer({{"x", {4}}, {"y", {7}}}),
                                       SetAnswer({{1}, {2}}), PointAnswer({{1}, {2}}),
                                       RoundedAnswer({1, 3}, 2)};
  Rng rng(11);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int64_t length = rng.Int(0, 30); length > 0; --length) {
      text +=
          rng.Int(0, 9) == 0
              ? std::string(1, static_cast<char>(rng.Int(0, 255)))
              : pieces[static_cast<size_t>(rng.Int(0, static_cast<int64_t>(pieces.size()) - 1))];
    }
    for (const Answer& answer : answers) {
      const Graded graded = Grade(ProblemWith(answer), text, text, rng.Int(0, 1) == 1);
      EXPECT_LE(graded.extracted.size(), 200u);
    }
  }
}

TEST(Grading, HandlesHugeTexts) {
  const Problem problem = ProblemWith(NumberAnswer({12}));
  const auto repeat = [](const std::string& unit, size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += unit;
    return text;
  };
  constexpr size_t kMegabyte = 1 << 20;
  for (const std::string unit : {"\\boxed{", "{", "}", "(", "$", "9", "\\frac{", "x = ",
                                 "answer is ", "1+", "答案是", "\\boxed{1}", "\\sqrt", "2^", " "}) {
    const std::string text = repeat(unit, kMegabyte);
    EXPECT_NE(Grade(problem, text, text, true).verdict, Verdict::kCorrect) << unit;
    EXPECT_EQ(Grade(problem, text + "\\boxed{12}", "", false).verdict, Verdict::kCorrect) << unit;
  }
}

}  // namespace
}  // namespace retort
