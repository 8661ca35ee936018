#include "cli/grade_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

Json Grade(const std::string& line) {
  GradeTally tally;
  return GradeJson(Json::parse(line), {}, tally);
}

TEST(GradeJson, AnswersWithVerdictPathAndCause) {
  EXPECT_EQ(Grade(R"j({"id": 7, "gold": "1/2", "prediction": "so \\boxed{0.5}"})j").dump(),
            R"j({"id":7,"correct":true,"extracted":"0.5","path":"boxed","cause":""})j");
  EXPECT_EQ(Grade(R"j({"gold": 4, "prediction": "5"})j").dump(),
            R"j({"correct":false,"extracted":"5","path":"whole text","cause":"wrong"})j");
}

TEST(GradeJson, ObeysTheFieldsOfTheLine) {
  EXPECT_FALSE(Grade(R"j({"gold": "1/3", "prediction": "0.333"})j").at("correct"));
  EXPECT_TRUE(Grade(R"j({"gold": "1/3", "prediction": "0.333", "precision": 3})j").at("correct"));
  const std::string interval = R"j({"gold": "(2,\\infty)", "prediction": "x>2")j";
  EXPECT_TRUE(Grade(interval + "}").at("correct"));
  EXPECT_FALSE(Grade(interval + R"j(, "allow_set_relation_comp": false})j").at("correct"));
  const std::string set = R"j({"gold": "(1,2)", "prediction": "\\{1,2\\}")j";
  EXPECT_FALSE(Grade(set + "}").at("correct"));
  EXPECT_TRUE(Grade(set + R"j(, "strict": false})j").at("correct"));
  const std::string bare = R"j({"gold": "4", "prediction": "it is 4", "match_types": ["latex"]})j";
  EXPECT_EQ(Grade(bare).at("cause"), "no answer");
}

TEST(GradeJson, NamesTheFieldThatIsWrong) {
  const auto message = [](const std::string& line) -> std::string {
    try {
      Grade(line);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string four = R"j({"gold": "4", "prediction": "4", )j";
  const auto holds = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_TRUE(holds(message(R"j({"prediction": "4"})j"), "\"gold\""));
  EXPECT_TRUE(holds(message(R"j({"prediction": "4"})j"), "a line looks like"));
  EXPECT_TRUE(holds(message(R"j({"gold": "4", "prediction": null})j"), "\"prediction\" is null"));
  EXPECT_TRUE(holds(message(R"j({"gold": ["4"], "prediction": "4"})j"), "\"gold\" is array"));
  EXPECT_TRUE(holds(message(four + R"j("match_types": []})j"), "\"match_types\" is []"));
  EXPECT_TRUE(holds(message(four + R"j("precision": 99})j"), "from -1 to 40"));
  EXPECT_TRUE(holds(message(four + R"j("strict": 1})j"), "true or false"));
  EXPECT_TRUE(holds(message(four + R"j("match_types": ["tex"]})j"), "\"tex\""));
}

TEST(FormatTally, CountsCausesAndGivesTheInterval) {
  GradeTally tally;
  EXPECT_EQ(FormatTally(tally), "nothing graded");
  for (int i = 0; i < 9; ++i) GradeJson({{"gold", "1"}, {"prediction", "1"}}, {}, tally);
  for (int i = 0; i < 20; ++i) GradeJson({{"gold", "1"}, {"prediction", "2"}}, {}, tally);
  GradeJson({{"gold", "1"}, {"prediction", ""}}, {}, tally);
  EXPECT_EQ(FormatTally(tally), "9 of 30 correct: 30.0 % (16.7 to 47.9); 1 no answer, 20 wrong");
}

}  // namespace
}  // namespace retort
