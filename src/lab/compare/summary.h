// The statistics of a comparison: every figure of the table and the report with its interval, and
// the models against each other in pairs.
//
//   Summary summary = Summarize(comparison);
//   summary.pairs[0].accuracy.estimate   // share right of the first minus that of the second
//
// Medians with bootstrap intervals for times and speeds, Wilson intervals for shares, Newcombe's
// interval and McNemar's exact test for paired differences, Holm's correction when there are more
// than two models. Deterministic. No errors: what was not measured is absent. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/compare/comparison.h"
#include "lab/statistics.h"
#include "lab/wording/wording.h"

namespace retort {

struct Figure {
  double value = 0;
  std::optional<Interval> interval;  // absent: a single reading
  int n = 0;
};

enum class Better { kHigher, kLower, kNeither };

struct FigureRow {
  std::string id;     // "tokens_per_s.prompts", stable, for scripts
  std::string label;  // "speed, 128 in, 256 out"
  std::string unit;   // "ms", "MB", "%", ""
  Better better = Better::kNeither;
  std::vector<std::optional<Figure>> figures;  // one per model
  std::vector<std::vector<double>> samples;    // what each figure is the median of
  std::string detail;                          // the label below a title: "128 in, 256 out"
  int winner = -1;                             // its index where the lead is beyond chance, else -1
};

struct Share {
  int64_t count = 0;
  int64_t total = 0;
  Interval interval;  // Wilson
  double value() const {
    return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
  }
};

// Accuracy over some of the problems, of all models.
struct AccuracyGroup {
  std::string by;  // "all", "type", "level", "language"; "algebra", "geometry", "word": its levels
  std::string label;  // "algebra", "level 3", "English"
  int64_t problems = 0;
  std::vector<Share> right;  // total 0: a model without answers
  std::vector<Share> truncated;
  int winner = -1;
};

// How many answers of each verdict a model gave, in the order of the enum.
struct VerdictCounts {
  int64_t counts[5] = {};
  int64_t operator[](Verdict verdict) const { return counts[static_cast<int>(verdict)]; }
};

struct PairComparison {
  int first = 0, second = 0;  // models
  PairedCounts counts;
  Difference accuracy;                        // first - second
  double p = 1;                               // McNemar, exact
  double adjusted_p = 1;                      // Holm over all pairs
  bool accuracy_differs = false;              // adjusted_p < 0.05
  std::optional<Estimate> speed_ratio;        // tokens/s of first over second, three prompts
  std::optional<Estimate> first_token_ratio;  // likewise, seconds
  std::optional<double> memory_ratio;         // resident after load
  bool speed_differs = false;                 // the interval leaves out 1
};

struct Summary {
  std::vector<FigureRow> speed;         // tokens/s, first token, cold starts
  std::vector<FigureRow> memory;        // and idle CPU
  std::vector<AccuracyGroup> accuracy;  // "all" first; empty if nothing was graded
  std::vector<VerdictCounts> verdicts;  // per model
  std::vector<FigureRow> answers;       // tokens and seconds per answer, parallel tokens/s
  std::vector<PairComparison> pairs;    // (0,1), (0,2), ..., (1,2), ...
};

// Labels are in the language of `say`.
Summary Summarize(const Comparison& comparison, const Wording& say = Wording());

// The row of this id, or nullptr.
const FigureRow* FindRow(const std::vector<FigureRow>& rows, const std::string& id);

}  // namespace retort
