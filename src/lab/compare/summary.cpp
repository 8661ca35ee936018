#include "lab/compare/summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>

#include "lab/compare/figure_rows.h"

namespace retort {
namespace {

constexpr double kSignificance = 0.05;

// right[model][problem], for the problems that every model with answers has answered.
struct Grades {
  std::vector<int> problems;
  std::vector<std::map<int, const AnswerRecord*>> answers;
};

Grades CommonGrades(const Comparison& comparison) {
  Grades grades;
  grades.answers.resize(comparison.models.size());
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    // Of a model that ended early only its shortest answers are there. With two models they are all
    // there is; with more they would only take problems away from the others.
    if (comparison.models[i].failure && comparison.models.size() > 2) continue;
    for (const AnswerRecord& record : comparison.models[i].answers)
      grades.answers[i].emplace(record.problem, &record);
  }
  for (int problem = 0; problem < static_cast<int>(comparison.problems.size()); ++problem) {
    bool any = false, all = true;
    for (const auto& answers : grades.answers) {
      if (answers.empty()) continue;
      any = true;
      all = all && answers.contains(problem);
    }
    if (any && all) grades.problems.push_back(problem);
  }
  return grades;
}

bool IsRight(const AnswerRecord& record) { return record.graded.verdict == Verdict::kCorrect; }

PairedCounts CountPair(const Grades& grades, const std::vector<int>& problems, size_t first,
                       size_t second) {
  PairedCounts counts;
  if (grades.answers[first].empty() || grades.answers[second].empty()) return counts;
  for (const int problem : problems) {
    const bool a = IsRight(*grades.answers[first].at(problem));
    const bool b = IsRight(*grades.answers[second].at(problem));
    ++(a ? (b ? counts.both : counts.only_first) : (b ? counts.only_second : counts.neither));
  }
  return counts;
}

Share ShareOf(const std::map<int, const AnswerRecord*>& answers, const std::vector<int>& problems,
              const std::function<bool(const AnswerRecord&)>& counts) {
  Share share;
  if (!answers.empty()) {
    for (const int problem : problems) share.count += counts(*answers.at(problem)) ? 1 : 0;
    share.total = static_cast<int64_t>(problems.size());
  }
  share.interval = WilsonInterval(share.count, share.total);
  return share;
}

AccuracyGroup GroupOf(const Grades& grades, std::string by, std::string label,
                      const std::vector<int>& problems) {
  AccuracyGroup group{
      std::move(by), std::move(label), static_cast<int64_t>(problems.size()), {}, {}, -1};
  size_t best = 0;
  for (size_t i = 0; i < grades.answers.size(); ++i) {
    group.right.push_back(ShareOf(grades.answers[i], problems, IsRight));
    group.truncated.push_back(ShareOf(grades.answers[i], problems, [](const AnswerRecord& record) {
      return record.finish != "stop";
    }));
    if (group.right[i].value() > group.right[best].value()) best = i;
  }
  bool wins = true;
  for (size_t i = 0; i < grades.answers.size(); ++i) {
    if (i == best || group.right[i].total == 0) continue;
    const PairedCounts counts = CountPair(grades, problems, best, i);
    wins = wins && McNemarExact(counts.only_first, counts.only_second) < kSignificance;
  }
  if (wins) group.winner = static_cast<int>(best);
  return group;
}

// A function and not a table, so that each word stands beside its `say`.
std::string TypeWord(ProblemType type, const Wording& say) {
  switch (type) {
    case ProblemType::kAlgebra:
      return say("algebra");
    case ProblemType::kGeometry:
      return say("geometry");
    case ProblemType::kWord:
      return say("word problems");
  }
  return ProblemTypeName(type);
}

std::vector<AccuracyGroup> AccuracyGroups(const Comparison& comparison, const Grades& grades,
                                          const Wording& say) {
  std::vector<AccuracyGroup> groups;
  if (grades.problems.empty()) return groups;
  groups.push_back(GroupOf(grades, "all", say("all problems"), grades.problems));
  const auto add = [&](const char* by, std::string label,
                       const std::function<bool(const Problem&)>& belongs) {
    std::vector<int> problems;
    std::copy_if(
        grades.problems.begin(), grades.problems.end(), std::back_inserter(problems),
        [&](int index) { return belongs(comparison.problems[static_cast<size_t>(index)]); });
    if (!problems.empty() && problems.size() < grades.problems.size())
      groups.push_back(GroupOf(grades, by, std::move(label), problems));
  };
  constexpr ProblemType kTypes[] = {ProblemType::kAlgebra, ProblemType::kGeometry,
                                    ProblemType::kWord};
  for (const ProblemType type : kTypes)
    add("type", TypeWord(type, say), [&](const Problem& p) { return p.type == type; });
  for (int level = kMinLevel; level <= kMaxLevel; ++level)
    add("level", say("level {}", level), [&](const Problem& p) { return p.level == level; });
  for (const ProblemType type : kTypes) {
    for (int level = kMinLevel; level <= kMaxLevel; ++level)
      add(ProblemTypeName(type), say("level {}", level),
          [&](const Problem& p) { return p.type == type && p.level == level; });
  }
  add("language", say("English"),
      [](const Problem& p) { return p.language == Language::kEnglish; });
  add("language", say("Chinese"),
      [](const Problem& p) { return p.language == Language::kChinese; });
  return groups;
}

PairComparison ComparePair(const Comparison& comparison, const Grades& grades, size_t first,
                           size_t second) {
  const ModelRun& a = comparison.models[first];
  const ModelRun& b = comparison.models[second];
  PairComparison pair;
  pair.first = static_cast<int>(first);
  pair.second = static_cast<int>(second);
  pair.counts = CountPair(grades, grades.problems, first, second);
  pair.accuracy = PairedDifference(pair.counts);
  pair.p = McNemarExact(pair.counts.only_first, pair.counts.only_second);
  const auto ratio = [&](double (*field)(const SpeedSample&)) {
    return RatioOf(PositiveOf(a.prompts, "", field), PositiveOf(b.prompts, "", field));
  };
  pair.speed_ratio = ratio(TokensPerSecond);
  pair.first_token_ratio = ratio(FirstTokenMs);
  pair.speed_differs = Differs(pair.speed_ratio);
  if (a.memory && b.memory && b.memory->after_load > 0)
    pair.memory_ratio =
        static_cast<double>(a.memory->after_load) / static_cast<double>(b.memory->after_load);
  return pair;
}

// Holm (1979): the smallest of m p-values times m, the next times m - 1, ..., never decreasing.
void AdjustForManyPairs(std::vector<PairComparison>& pairs) {
  std::vector<size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return pairs[a].p < pairs[b].p; });
  double greatest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    PairComparison& pair = pairs[order[rank]];
    greatest = std::max(greatest, std::min(1.0, pair.p * static_cast<double>(pairs.size() - rank)));
    pair.adjusted_p = greatest;
    pair.accuracy_differs = greatest < kSignificance;
  }
}

}  // namespace

Summary Summarize(const Comparison& comparison, const Wording& say) {
  const Grades grades = CommonGrades(comparison);
  Summary summary;
  summary.speed = SpeedRows(comparison, say);
  summary.memory = MemoryRows(comparison, say);
  summary.accuracy = AccuracyGroups(comparison, grades, say);
  summary.answers = AnswerRows(comparison, say);
  for (const ModelRun& run : comparison.models) {
    VerdictCounts& counts = summary.verdicts.emplace_back();
    for (const AnswerRecord& record : run.answers)
      ++counts.counts[static_cast<int>(record.graded.verdict)];
  }
  for (size_t first = 0; first < comparison.models.size(); ++first) {
    for (size_t second = first + 1; second < comparison.models.size(); ++second)
      summary.pairs.push_back(ComparePair(comparison, grades, first, second));
  }
  AdjustForManyPairs(summary.pairs);
  return summary;
}

const FigureRow* FindRow(const std::vector<FigureRow>& rows, const std::string& id) {
  const auto at =
      std::find_if(rows.begin(), rows.end(), [&](const FigureRow& row) { return row.id == id; });
  return at == rows.end() ? nullptr : &*at;
}

}  // namespace retort
