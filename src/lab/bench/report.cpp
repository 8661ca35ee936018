#include "lab/bench/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "lab/bench/table.h"
#include "lab/statistics.h"

namespace retort {
namespace {

constexpr double kMega = 1e6;
constexpr double kGiga = 1e9;
constexpr int kWaitColumn = 3;  // behind the speed, where there are waits

double Spread(const std::vector<double>& sample) {
  return (Quantile(sample, 0.75) - Quantile(sample, 0.25)) / 2;
}

// Three significant digits of the median, and as many decimals of the spread.
std::string WithSpread(const std::vector<double>& sample) {
  const double median = Median(sample);
  const int decimals = median < 10 ? 2 : median < 100 ? 1 : 0;
  return fmt::format("{:.{}f} ± {:.{}f}", median, decimals, Spread(sample), decimals);
}

std::string Megabytes(int64_t bytes) {
  return fmt::format("{:.0f}", static_cast<double>(bytes) / kMega);
}

bool IsFastest(const BenchReport& report, const BenchResult& result) {
  return std::none_of(report.results.begin(), report.results.end(), [&](const BenchResult& other) {
    return other.test == result.test && Median(other.tokens_per_s) > Median(result.tokens_per_s);
  });
}

// "1.25 ± 0.02", or nothing where it was not measured.
std::string Wait(const BenchResult& result) {
  return result.wait_s.empty() ? std::string() : WithSpread(result.wait_s);
}

Table SpeedTable(const BenchReport& report) {
  Table table{
      .columns = {{"test"}, {"model"}, {"tokens/s", true}, {"of limit, %", true}, {"limited by"}}};
  const bool several = report.subjects.size() > 1;
  const bool waits = std::any_of(report.results.begin(), report.results.end(),
                                 [](const BenchResult& result) { return !result.wait_s.empty(); });
  if (waits) table.columns.insert(table.columns.begin() + kWaitColumn, {"wait, s", true});
  for (const BenchResult& result : report.results) {
    const char* mark = several && IsFastest(report, result) ? "* " : "";
    auto& row = table.rows.emplace_back();
    row = {result.test, result.model, mark + WithSpread(result.tokens_per_s),
           fmt::format("{:.0f}", 100 * result.limit_share),
           result.limited_by_arithmetic ? "arithmetic" : "bandwidth"};
    if (waits) row.insert(row.begin() + kWaitColumn, Wait(result));
  }
  return table;
}

Table StartTable(const BenchReport& report) {
  Table table{.columns = {{"model"},
                          {"cold start, s", true},
                          {"resident, MB", true},
                          {"weights, MB", true},
                          {"KV cache, MB", true},
                          {"work space, MB", true}}};
  for (const BenchSubject& subject : report.subjects) {
    const StartFigures& start = subject.start;
    if (start.seconds.empty()) continue;
    table.rows.push_back({subject.model, WithSpread(start.seconds), Megabytes(start.resident_bytes),
                          Megabytes(start.memory.weights), Megabytes(start.memory.kv_cache),
                          Megabytes(start.memory.workspace)});
  }
  return table;
}

std::string MachineLine(const BenchReport& report) {
  return fmt::format("{}; {}; reads {:.1f} GB/s, computes {:.0f} GFLOP/s, prompts {:.0f}",
                     report.machine.cpu, report.backend, report.limits.read_bytes_per_s / kGiga,
                     report.limits.flops_per_s / kGiga, report.limits.prompt_flops_per_s / kGiga);
}

}  // namespace

std::string FormatTables(const BenchReport& report, TableForm form) {
  const bool markdown = form == TableForm::kMarkdown;
  const auto format = [&](const Table& table) {
    return markdown ? FormatMarkdown(table) : FormatAligned(table);
  };
  std::string text = MachineLine(report) + "\n";
  const Table speeds = SpeedTable(report);
  if (!speeds.rows.empty()) {
    text += '\n';
    text += format(speeds);
    if (report.subjects.size() > 1) {
      text += fmt::format("{}{} the fastest of its test\n", markdown ? "\n" : "",
                          markdown ? "\\*" : "*");
    }
  }
  const Table starts = StartTable(report);
  if (!starts.rows.empty()) {
    text += '\n';
    text += format(starts);
  }
  return text;
}

std::string FormatJsonLine(const BenchReport& report, const BenchResult& result) {
  const auto [least, most] =
      std::minmax_element(result.tokens_per_s.begin(), result.tokens_per_s.end());
  nlohmann::ordered_json line = {
      {"model", result.model},
      {"test", result.test},
      {"tokens_per_s", Median(result.tokens_per_s)},
      {"spread", Spread(result.tokens_per_s)},
      {"min", *least},
      {"max", *most},
      {"n", result.tokens_per_s.size()},
      {"limit_share", result.limit_share},
      {"limit", result.limited_by_arithmetic ? "arithmetic" : "bandwidth"},
      {"read_bytes_per_s", report.limits.read_bytes_per_s},
      {"flops_per_s", report.limits.flops_per_s},
      {"prompt_flops_per_s", report.limits.prompt_flops_per_s},
      {"cpu", report.machine.cpu},
      {"threads", report.threads},
      {"backend", report.backend},
  };
  if (!result.wait_s.empty()) {
    line["wait_s"] = Median(result.wait_s);
    line["wait_spread"] = Spread(result.wait_s);
  }
  const auto subject =
      std::find_if(report.subjects.begin(), report.subjects.end(),
                   [&](const BenchSubject& other) { return other.model == result.model; });
  RETORT_CHECK(subject != report.subjects.end());
  line["file"] = subject->path;
  if (const StartFigures& start = subject->start; !start.seconds.empty()) {
    line["cold_start_s"] = Median(start.seconds);
    line["resident_bytes"] = start.resident_bytes;
    line["peak_resident_bytes"] = start.peak_resident_bytes;
    line["weights_bytes"] = start.memory.weights;
    line["kv_cache_bytes"] = start.memory.kv_cache;
    line["workspace_bytes"] = start.memory.workspace;
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace retort
