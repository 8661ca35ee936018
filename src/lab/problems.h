// Generated mathematics problems with exact answers: algebra, geometry and word problems in English
// and Chinese, in five levels from one operation to contest-like.
//
//   ProblemSpec spec;
//   spec.count = 300;
//   for (const Problem& problem : GenerateProblems(spec)) Ask(problem.question);
//
// Deterministic: the same spec gives the same list on every machine, and a longer list of the same
// seed begins with the shorter one. All questions of a list are distinct. Every prefix is as
// balanced over types, levels and languages as its length allows. Each problem is built from its
// solution and can be solved by hand.
// Errors: kInvalidArgument when the spec is empty, out of range, or asks for more distinct
// questions than there are. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lab/answer.h"

namespace retort {

enum class ProblemType { kAlgebra, kGeometry, kWord };
enum class Language { kEnglish, kChinese };

constexpr int kMinLevel = 1;  // one operation
constexpr int kMaxLevel = 5;  // contest-like

const char* ProblemTypeName(ProblemType type);  // "algebra", "geometry", "word"
const char* LanguageName(Language language);    // "en", "zh"

struct Problem {
  std::string id;  // "algebra/en/3/1-17": type/language/level/seed-index
  ProblemType type = ProblemType::kAlgebra;
  Language language = Language::kEnglish;
  int level = kMinLevel;
  std::string kind;      // "linear system", "third angle", ...
  std::string question;  // the whole user turn: the task, then how to answer
  Answer answer;
  std::string answer_text;  // FormatAnswer(answer)
};

struct ProblemSpec {
  uint64_t seed = 1;
  int count = 300;
  std::vector<ProblemType> types = {ProblemType::kAlgebra, ProblemType::kGeometry,
                                    ProblemType::kWord};
  std::vector<Language> languages = {Language::kEnglish, Language::kChinese};
  std::vector<int> levels = {1, 2, 3, 4, 5};
};

std::vector<Problem> GenerateProblems(const ProblemSpec& spec);

}  // namespace retort
