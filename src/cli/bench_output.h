// The figures of a benchmark on standard output.
//
//   PrintBenchTables(report, TableForm::kAligned);
//   for (const BenchResult& result : report.results) PrintBenchLine(report, result);
//
// Errors: none. One thread.
#pragma once

#include "lab/bench/report.h"

namespace retort {

void PrintBenchTables(const BenchReport& report, TableForm form);
// One JSON object, flushed so that a script sees it at once.
void PrintBenchLine(const BenchReport& report, const BenchResult& result);

}  // namespace retort
