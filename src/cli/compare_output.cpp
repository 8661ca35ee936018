#include "cli/compare_output.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/error.h"
#include "cli/compare_table.h"
#include "cli/terminal.h"
#include "lab/compare/comparison_json.h"
#include "lab/report/html_report.h"

namespace retort {
namespace {

std::string Nonce() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

void WriteFile(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(part, path, error);
  if (file && !error) return;
  std::filesystem::remove(part, error);
  Fail(ErrorCode::kUnavailable, "cannot write {}; name a writable place with --html", path);
}

}  // namespace

std::string CommandLine() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string argument, line;
  while (std::getline(file, argument, '\0')) {
    if (line.empty()) argument = std::filesystem::path(argument).filename().string();
    const bool plain =
        !argument.empty() && argument.find_first_not_of(
                                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "-_=./,:+@%") == std::string::npos;
    if (!plain) {
      std::string quoted = "'";
      for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      argument = quoted + "'";
    }
    line += (line.empty() ? "" : " ") + argument;
  }
  return line;
}

std::string DefaultReportPath(const std::vector<std::string>& names) {
  constexpr size_t kLongest = 150;
  std::string name = "retort-compare";
  for (const std::string& each : names) {
    name += name == "retort-compare" ? "-" : "-vs-";
    for (const char c : each) {
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
      name += plain ? c : '_';
    }
  }
  return name.substr(0, kLongest) + ".html";
}

void CheckWritable(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (::access(folder.c_str(), W_OK) != 0)
    Fail(ErrorCode::kInvalidArgument,
         "cannot write the report to {}: no such folder, or not writable; use --html", path);
}

std::string ReportText(const Comparison& comparison, const Wording& say) {
  const Summary summary = Summarize(comparison, say);
  const VerdictText verdict = DescribeVerdict(comparison, summary, say);
  return HtmlReport({comparison, summary, say}, verdict, Nonce());
}

void WriteReport(const Comparison& comparison, const std::string& path, const Wording& say) {
  WriteFile(path, ReportText(comparison, say));
}

void PrintComparison(const Comparison& comparison, const Wording& say) {
  const Summary summary = Summarize(comparison, say);
  const VerdictText verdict = DescribeVerdict(comparison, summary, say);
  const Style style = StyleFor(STDOUT_FILENO);
  const int width = std::min(TerminalWidth(STDOUT_FILENO), 100);
  std::fputs(CompareTable(comparison, summary, verdict, style, width, say).c_str(), stdout);
}

void PrintComparisonJson(const Comparison& comparison) {
  const Summary summary = Summarize(comparison);
  const auto document = ComparisonJson(comparison, summary, DescribeVerdict(comparison, summary));
  std::puts(document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

}  // namespace retort
