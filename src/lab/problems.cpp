#include "lab/problems.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_set>

#include "base/error.h"
#include "base/rng.h"
#include "lab/problems/draw.h"

namespace retort {
namespace {

constexpr int kMaxCount = 100000;
constexpr int kMaxAttempts = 10000;

struct TypeAtLevel {
  ProblemType type;
  Language language;
  int level;
  int used = 0;
};

template <typename T>
void CheckDistinct(const std::vector<T>& values, const char* what) {
  std::vector<T> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty() || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    Fail(ErrorCode::kInvalidArgument,
         "problem set: {} {} given; name at least one and none of them twice", sorted.size(), what);
  }
}

void CheckSpec(const ProblemSpec& spec) {
  CheckDistinct(spec.types, "types");
  CheckDistinct(spec.languages, "languages");
  CheckDistinct(spec.levels, "levels");
  for (const int level : spec.levels) {
    if (level < kMinLevel || level > kMaxLevel) {
      Fail(ErrorCode::kInvalidArgument, "problem set: level {} is not one of {} to {}", level,
           kMinLevel, kMaxLevel);
    }
  }
  if (spec.count < 1 || spec.count > kMaxCount) {
    Fail(ErrorCode::kInvalidArgument, "problem set: {} problems asked for; 1 to {} are possible",
         spec.count, kMaxCount);
  }
}

std::vector<TypeAtLevel> AllCells(const ProblemSpec& spec) {
  std::vector<TypeAtLevel> cells;
  for (const int level : spec.levels) {
    for (const Language language : spec.languages) {
      for (const ProblemType type : spec.types) cells.push_back({type, language, level});
    }
  }
  return cells;
}

// The next cell to draw from: the least used one, then the one whose type, level and language
// (pairs of them first) have been used least. So every prefix is about as balanced as it can be.
TypeAtLevel& NextCell(std::vector<TypeAtLevel>& cells) {
  const auto crowding = [&cells](const TypeAtLevel& cell) {
    int pairs = 0;
    int singles = 0;
    for (const TypeAtLevel& other : cells) {
      const int same = (other.type == cell.type) + (other.level == cell.level) +
                       (other.language == cell.language);
      if (same >= 2) pairs += other.used;
      if (same >= 1) singles += same * other.used;
    }
    return std::tuple(cell.used, singles, pairs);
  };
  return *std::min_element(
      cells.begin(), cells.end(),
      [&](const TypeAtLevel& a, const TypeAtLevel& b) { return crowding(a) < crowding(b); });
}

std::span<const ProblemGenerator> GeneratorsOf(ProblemType type, int level) {
  switch (type) {
    case ProblemType::kAlgebra:
      return AlgebraGenerators(level);
    case ProblemType::kGeometry:
      return GeometryGenerators(level);
    case ProblemType::kWord:
      return WordGenerators(level);
  }
  return {};
}

// One operation needs no steps: asked for some, the smallest models invent them and lose what they
// know.
const char* HowToAnswer(Language language, int level) {
  if (language == Language::kEnglish) {
    return level == kMinLevel
               ? "\nPut your final answer within \\boxed{}."
               : "\nReason step by step, and put your final answer within \\boxed{}.";
  }
  return level == kMinLevel ? "\n请把最终答案写在 \\boxed{} 里。"
                            : "\n请一步一步推理，并把最终答案写在 \\boxed{} 里。";
}

Draft DrawDistinct(const TypeAtLevel& cell, uint64_t seed, std::unordered_set<std::string>& seen) {
  const std::span<const ProblemGenerator> generators = GeneratorsOf(cell.type, cell.level);
  const auto index = static_cast<uint64_t>(cell.used);
  uint64_t stream = Mix64(seed);
  for (const auto part : {static_cast<uint64_t>(cell.type), static_cast<uint64_t>(cell.language),
                          static_cast<uint64_t>(cell.level), index}) {
    stream = Mix64(stream ^ part);
  }
  for (uint64_t attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Draw draw(RandomBits(stream, attempt), cell.language);
    // A kind that runs dry leaves its turn to the next ones.
    const uint64_t turn = index + attempt / 100;
    Draft draft = generators[turn % generators.size()](draw);
    if (seen.insert(draft.question).second) return draft;
  }
  Fail(ErrorCode::kInvalidArgument,
       "problem set: no further distinct problem of type {}, language {}, level {} after {}; ask "
       "for fewer problems or for more types, languages or levels",
       ProblemTypeName(cell.type), LanguageName(cell.language), cell.level, cell.used);
}

}  // namespace

const char* ProblemTypeName(ProblemType type) {
  constexpr std::array kNames = {"algebra", "geometry", "word"};
  return kNames[static_cast<size_t>(type)];
}

const char* LanguageName(Language language) { return language == Language::kEnglish ? "en" : "zh"; }

std::vector<Problem> GenerateProblems(const ProblemSpec& spec) {
  CheckSpec(spec);
  std::vector<TypeAtLevel> cells = AllCells(spec);
  std::unordered_set<std::string> seen;
  std::vector<Problem> problems;
  while (problems.size() < static_cast<size_t>(spec.count)) {
    TypeAtLevel& cell = NextCell(cells);
    Draft draft = DrawDistinct(cell, spec.seed, seen);
    Problem problem;
    problem.id = fmt::format("{}/{}/{}/{}-{}", ProblemTypeName(cell.type),
                             LanguageName(cell.language), cell.level, spec.seed, cell.used);
    problem.type = cell.type;
    problem.language = cell.language;
    problem.level = cell.level;
    problem.kind = std::move(draft.kind);
    problem.question = draft.question + HowToAnswer(cell.language, cell.level);
    problem.answer = std::move(draft.answer);
    problem.answer_text = FormatAnswer(problem.answer);
    problems.push_back(std::move(problem));
    ++cell.used;
  }
  return problems;
}

}  // namespace retort
