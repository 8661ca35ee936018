#include "cli/bench_output.h"

#include <cstdio>

namespace retort {

void PrintBenchTables(const BenchReport& report, TableForm form) {
  std::fputs(FormatTables(report, form).c_str(), stdout);
}

void PrintBenchLine(const BenchReport& report, const BenchResult& result) {
  std::puts(FormatJsonLine(report, result).c_str());
  std::fflush(stdout);
}

}  // namespace retort
