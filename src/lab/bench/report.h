// The figures of a benchmark as an aligned table, as Markdown, and as JSON lines.
//
//   BenchReport report{.machine = DescribeMachine(), ...};
//   std::fputs(FormatTables(report, TableForm::kAligned).c_str(), stdout);
//   std::puts(FormatJsonLine(report, report.results[0]).c_str());
//
// A speed is the median of its repetitions, its spread half of their interquartile range.
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/machine.h"
#include "lab/bench/benchmark.h"
#include "lab/bench/limits.h"
#include "lab/bench/start.h"

namespace retort {

struct BenchSubject {
  std::string model = {};  // as in the results
  std::string path = {};
  StartFigures start = {};  // no seconds: starts were not measured
};

struct BenchReport {
  Machine machine = {};
  std::string backend = {};  // Backend::description()
  int threads = 0;
  MachineLimits limits = {};
  std::vector<BenchSubject> subjects = {};
  std::vector<BenchResult> results = {};
};

enum class TableForm { kAligned, kMarkdown };

// What it was measured on, speeds (the fastest model of a test is marked), starts and memory.
std::string FormatTables(const BenchReport& report, TableForm form);

// One object: model, test, tokens_per_s, spread, n, limit_share, limit, wait_s and its spread where
// the test has them, and what it was measured on. Without newline.
std::string FormatJsonLine(const BenchReport& report, const BenchResult& result);

}  // namespace retort
