// The grader against other graders' test cases and real answers, where the shared data is at hand.
// docs/grading.md has the table.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "math/characters.h"
#include "math/expression.h"
#include "math/grade.h"
#include "math/numeric.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

using Json = nlohmann::json;

// The rows of a shared JSON lines file, plain or gzipped; none where it is absent.
std::vector<Json> ReadRows(const std::string& name) {
  std::vector<Json> rows;
  const std::string path = SharedData(name);
  if (path.empty()) return rows;
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
  std::string text;
  char buffer[1 << 16];
  for (int got; (got = gzread(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
  return rows;
}

GradeOptions OptionsOf(const Json& row) {
  GradeOptions options;
  options.precision = row.value("precision", options.precision);
  options.strict = row.value("strict", options.strict);
  options.allow_set_relation_comp =
      row.value("allow_set_relation_comp", options.allow_set_relation_comp);
  options.boxed_match_priority = row.value("boxed_match_priority", options.boxed_match_priority);
  if (row.contains("match_types")) {
    const std::set<std::string> types = row.at("match_types");
    options.latex = types.contains("latex");
    options.expr = types.contains("expr");
  }
  return options;
}

struct Agreement {
  int compared = 0;
  std::set<std::string> disagreeing;  // ids
};

// Undisputed pairs with an expected verdict.
Agreement AgreementOn(const std::string& name) {
  Agreement agreement;
  for (const Json& row : ReadRows(name)) {
    if (!row.contains("gold") || !row.at("gold").is_string() || row.at("expected").is_null() ||
        !row.at("prediction").is_string() || row.contains("disputed")) {
      continue;
    }
    ++agreement.compared;
    const MathGrade grade = GradeMath(row.at("gold").get<std::string>(),
                                      row.at("prediction").get<std::string>(), OptionsOf(row));
    if (grade.correct != (row.at("expected") == 1)) {
      agreement.disagreeing.insert(row.at("id").get<std::string>());
    }
  }
  return agreement;
}

TEST(GradeData, AgreesWithMathVerifysCases) {
  const Agreement agreement = AgreementOn("data/graders/mathverify_cases.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_EQ(agreement.compared, 272);
  const std::set<std::string> expected = {// A last brace is missing.
                                          "mv-219",
                                          // Lists that name one item twice.
                                          "mv-195", "mv-214"};
  EXPECT_EQ(agreement.disagreeing, expected);
}

TEST(GradeData, AgreesOnRewrittenAnswersOfMath500) {
  const Agreement agreement = AgreementOn("data/graders/math500_pairs.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_EQ(agreement.compared, 2386);
  const std::set<std::string> expected = {};
  EXPECT_EQ(agreement.disagreeing, expected);
}

TEST(GradeData, DiffersFromOtherGradersCasesOnlyByPolicy) {
  const Agreement agreement = AgreementOn("data/graders/grader_cases_other.jsonl");
  if (agreement.compared == 0) GTEST_SKIP() << kNoSharedData;
  const std::set<std::string> expected = {
      // Lists in another order, which is_equiv compares as strings.
      "oth-002", "oth-009",
      // A gold of prose with a choice in it.
      "oth-024", "oth-025", "oth-026", "oth-027",
      // French prose.
      "oth-043",
      // 0.0833333333333333 for 1/12.
      "oth-058"};
  EXPECT_EQ(agreement.disagreeing, expected);
}

// Real reasoning traces with Math-Verify's verdicts.
TEST(GradeData, AgreesWithMathVerifyOnRealTraces) {
  int compared = 0;
  std::set<std::string> disagreeing;
  for (const Json& row : ReadRows("data/traces/r1_distill_32b_traces.jsonl.gz")) {
    if (!row.contains("mathverify") || row.at("mathverify").is_null()) continue;
    const Json& gold = row.at("gold");
    const MathGrade grade = GradeMath(gold.is_string() ? gold.get<std::string>() : gold.dump(),
                                      row.at("response").get<std::string>());
    ++compared;
    if (grade.correct != (row.at("mathverify") == 1)) disagreeing.insert(row.at("id"));
  }
  if (compared == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_EQ(compared, 634);
  const std::set<std::string> expected = {// "70\\%" for 70: Math-Verify reads 0.7.
                                          "dsq32b-gsm8k-normal-101", "dsq32b-gsm8k-normal-178",
                                          "dsq32b-gsm8k-normal-260", "dsq32b-gsm8k-normal-443",
                                          "dsq32b-gsm8k-normal-552"};
  EXPECT_EQ(disagreeing, expected);
}

// latex2sympy's names: "x_{ij}" is our "x_ij".
std::string NameOf(std::string name) {
  std::erase_if(name, [](char c) { return c == '{' || c == '}'; });
  return name;
}

// LaTeX whose value at rational points latex2sympy has computed.
TEST(GradeData, ReadsLatexAsLatex2sympyDoes) {
  int valued = 0, read = 0;
  std::set<std::string> different;
  for (const Json& row : ReadRows("data/graders/latex2sympy_cases.jsonl")) {
    if (!row.contains("re") || row.at("im") != "0") continue;
    ++valued;
    VariableValues variables;
    if (row.contains("at")) {
      for (const auto& [name, value] : row.at("at").items()) {
        const std::string text = value;
        variables[NameOf(name)] = Rational(Integer(text.substr(0, text.find('/'))),
                                           Integer(text.substr(text.find('/') + 1)));
      }
    }
    Algebra algebra;
    const std::vector<Token> tokens = Tokenize(ToLatex(row.at("latex").get<std::string>()));
    const std::optional<ParsedExpression> parsed =
        ParseExpression(tokens, PlusMinus::kPlus, algebra);
    if (!parsed || parsed->end != tokens.size()) continue;
    const std::optional<Rational> ours = Approximate(parsed->form, algebra, variables);
    const std::string theirs = row.at("re");
    if (!ours || theirs.find_first_not_of("0123456789.-+eE") != std::string::npos) continue;
    ++read;
    const double value = std::stod(theirs);
    const double error = std::abs(static_cast<double>(*ours) - value);
    if (error > 1e-9 * std::max(1.0, std::abs(value))) different.insert(row.at("id"));
  }
  if (valued == 0) GTEST_SKIP() << kNoSharedData;
  EXPECT_GE(read, 680);
  const std::set<std::string> expected = {
      // "100\\%" is 1 there; here a percentage is a number with a sign.
      "l2s-0308", "l2s-0309", "l2s-0310",
      // The least common multiple with a negative number is negative there.
      "l2s-0825", "l2s-0826", "l2s-0829", "l2s-0830", "l2s-0831", "l2s-0832", "l2s-0833",
      "l2s-0836", "l2s-0837", "l2s-0838", "l2s-0843", "l2s-0846", "l2s-0848", "l2s-0854",
      "l2s-0857", "l2s-0859", "l2s-0875", "l2s-0880",
      // A decimal taken as a binary fraction.
      "l2s-1076"};
  EXPECT_EQ(different, expected);
}

}  // namespace
}  // namespace retort
