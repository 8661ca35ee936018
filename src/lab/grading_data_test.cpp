// The grader against other graders' test cases and real traces, where the shared data is at hand.
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
#include "lab/grading/normalize.h"
#include "lab/grading/repetition.h"
#include "lab/grading/value.h"
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

// A data set's gold as one number; nothing if it is of another kind (letters, lists, relations) or
// has more than one term, as 1 + √2.
std::optional<Problem> NumericProblem(const std::string& gold) {
  if (gold.find_first_of("=<>!_") != std::string::npos) return std::nullopt;
  const std::optional<Quantity> value = ReadValue(NormalizeAnswer(gold), Thousands::kJoined);
  if (!value || value->terms().size() > 1) return std::nullopt;
  ExactValue exact;
  for (const auto& [basis, coefficient] : value->terms()) {
    const Integer above = boost::multiprecision::numerator(coefficient);
    const Integer below = boost::multiprecision::denominator(coefficient);
    if (basis.second < 0 || basis.second > 1 || abs(above) > INT64_MAX || below > INT64_MAX) {
      return std::nullopt;
    }
    exact = {static_cast<int64_t>(above), static_cast<int64_t>(below), basis.first,
             basis.second == 1};
  }
  Problem problem;
  problem.answer = NumberAnswer(exact);
  return problem;
}

// Bare answers are graded as if boxed, longer texts as a model's output.
bool GradedCorrect(const Problem& problem, const std::string& prediction) {
  const bool prose = prediction.size() > 60 || prediction.find("\\boxed") != std::string::npos ||
                     prediction.find("answer") != std::string::npos;
  const std::string text = prose ? prediction : "\\boxed{" + prediction + "}";
  return Grade(problem, text, "", false).verdict == Verdict::kCorrect;
}

struct Agreement {
  int compared = 0;
  std::set<std::string> disagreeing;  // ids
};

Agreement Compare(const std::string& name) {
  Agreement agreement;
  for (const nlohmann::json& row : ReadRows(name)) {
    if (!row.contains("gold") || !row.at("gold").is_string() || row.at("expected").is_null() ||
        !row.at("prediction").is_string()) {
      continue;
    }
    const std::optional<Problem> problem = NumericProblem(row.at("gold"));
    if (!problem) continue;
    ++agreement.compared;
    if (GradedCorrect(*problem, row.at("prediction")) != (row.at("expected") == 1)) {
      agreement.disagreeing.insert(row.at("id").get<std::string>());
    }
  }
  return agreement;
}

TEST(GradingData, AgreesOnRewrittenAnswersOfMath500) {
  const Agreement agreement = Compare("data/graders/math500_pairs.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_GE(agreement.compared, 2100);
  // The gold is 0 and the prediction an equation whose right side is 0.
  const std::set<std::string> expected = {"m5-06190"};
  EXPECT_EQ(agreement.disagreeing, expected);
}

TEST(GradingData, DiffersFromMathVerifysCasesOnlyByPolicy) {
  const Agreement agreement = Compare("data/graders/mathverify_cases.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_GE(agreement.compared, 105);
  const std::set<std::string> expected = {
      // A decimal comma: "1000,99".
      "mv-006", "mv-008", "mv-018",
      // Prose with two numbers, as if boxed.
      "mv-014", "mv-015", "mv-016", "mv-017",
      // Formulas over several lines and a literal tab, which Math-Verify does not read.
      "mv-032", "mv-033", "mv-191",
      // Rounded decimals for exact values: 0.333 for 1/3.
      "mv-127", "mv-189", "mv-277", "mv-278", "mv-280",
      // Prose without box or phrase, in which a formula stands before the last number.
      "mv-143",
      // An intermediate result in a box, the last one in a phrase.
      "mv-173"};
  EXPECT_EQ(agreement.disagreeing, expected);
}

TEST(GradingData, DiffersFromOtherGradersCasesOnlyByPolicy) {
  const Agreement agreement = Compare("data/graders/grader_cases_other.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_GE(agreement.compared, 40);
  const std::set<std::string> expected = {
      "oth-042", "oth-043",  // French prose
      "oth-058",             // 0.0833333333333333 for 1/12
      "oth-080",             // a polynomial, of which a number is read
  };
  EXPECT_EQ(agreement.disagreeing, expected);
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
  EXPECT_GE(compared, 625);
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
