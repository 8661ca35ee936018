// The grader of problems against real traces, where the shared data is at hand.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lab/grading.h"
#include "lab/grading/repetition.h"
#include "math/value.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

// The rows of a shared JSON lines file, plain or gzipped; none where it is absent.
std::vector<nlohmann::json> ReadRows(const std::string& name) {
  std::vector<nlohmann::json> rows;
  const std::string path = SharedData(name);
  if (path.empty()) return rows;
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
  std::string text;
  char buffer[1 << 16];
  for (int got; (got = gzread(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

// A data set's gold as a problem; nothing if it is no integer or fraction of integers.
std::optional<Problem> NumericProblem(const std::string& gold) {
  Algebra algebra;
  const Value value = ReadValue(gold, Commas::kThousands, algebra);
  const std::optional<Rational> number =
      value.kind == Value::Kind::kExpression ? value.form.AsRational() : std::nullopt;
  if (!number || BitsOf(*number) > 60) return std::nullopt;
  Problem problem;
  problem.answer = NumberAnswer(Fraction(static_cast<int64_t>(numerator(*number)),
                                         static_cast<int64_t>(denominator(*number))));
  return problem;
}

// Real reasoning traces with Math-Verify's verdicts.
TEST(GradingData, AgreesWithMathVerifyOnRealTraces) {
  int compared = 0;
  std::set<std::string> disagreeing;
  for (const nlohmann::json& row : ReadRows("data/traces/r1_distill_32b_traces.jsonl.gz")) {
    if (!row.contains("mathverify") || row.at("mathverify").is_null()) continue;
    const nlohmann::json& gold = row.at("gold");
    const std::optional<Problem> problem =
        NumericProblem(gold.is_string() ? gold.get<std::string>() : gold.dump());
    if (!problem) continue;
    ++compared;
    const std::string response = row.at("response");
    const size_t end = response.rfind("</think>");
    const Graded graded = end == std::string::npos ? Grade(*problem, "", response, true)
                                                   : Grade(*problem, response.substr(end),
                                                           response.substr(0, end), false);
    if ((graded.verdict == Verdict::kCorrect) != (row.at("mathverify") == 1)) {
      disagreeing.insert(row.at("id").get<std::string>());
    }
  }
  if (compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_GE(compared, 610);
  // "70\%" for 70: Math-Verify reads 0.7.
  const std::set<std::string> expected = {"dsq32b-gsm8k-normal-101", "dsq32b-gsm8k-normal-178",
                                          "dsq32b-gsm8k-normal-260", "dsq32b-gsm8k-normal-443",
                                          "dsq32b-gsm8k-normal-552"};
  EXPECT_EQ(disagreeing, expected);
}

// Thoughts that never ended are loops, the others hardly ever.
TEST(GradingData, TellsLoopsFromLongThoughts) {
  int unfinished = 0;
  int caught = 0;
  int finished = 0;
  int flagged = 0;
  for (const nlohmann::json& row : ReadRows("data/traces/r1_distill_32b_traces.jsonl.gz")) {
    const std::string response = row.at("response");
    const bool looped = LooksLooped(response);
    if (response.find("</think>") == std::string::npos) {
      ++unfinished;
      caught += looped ? 1 : 0;
    } else {
      ++finished;
      flagged += looped ? 1 : 0;
    }
  }
  if (finished == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_EQ(caught, unfinished);
  EXPECT_GE(unfinished, 18);
  // Two of them do loop for thousands of words before they end.
  EXPECT_LE(flagged, 4);
}

}  // namespace
}  // namespace retort
