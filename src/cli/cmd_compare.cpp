// retort compare A B [C...]: which model is the better choice on this machine, and why.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/compare_table.h"
#include "cli/terminal.h"
#include "lab/compare/comparison_json.h"
#include "lab/compare/run_comparison.h"
#include "lab/report/html_report.h"

namespace retort {
namespace {

struct CompareFlags {
  std::vector<std::string> files;
  LoadOptions load;
  bool quick = false, json = false, skip_cold_cache = false;
  std::optional<int> samples, max_tokens, think_budget, runs, parallel;
  std::optional<uint64_t> seed;
  std::vector<std::string> languages;
  std::string html;
};

CompareSettings SettingsFrom(const CompareFlags& flags) {
  CompareSettings settings = flags.quick ? QuickSettings() : CompareSettings();
  settings.backend = flags.load.backend;
  settings.num_threads = flags.load.num_threads;
  settings.cpu_level = flags.load.cpu_level;
  settings.kv_tokens = flags.load.kv_tokens;
  settings.skip_cold_cache = flags.skip_cold_cache;
  settings.samples = flags.samples.value_or(settings.samples);
  settings.max_tokens = flags.max_tokens.value_or(settings.max_tokens);
  settings.think_budget = flags.think_budget;
  settings.runs = flags.runs.value_or(settings.runs);
  settings.parallel = flags.parallel.value_or(settings.parallel);
  settings.seed = flags.seed.value_or(settings.seed);
  if (flags.languages.empty()) return settings;
  settings.languages.clear();
  for (const std::string& name : flags.languages)
    settings.languages.push_back(name == "zh" ? Language::kChinese : Language::kEnglish);
  return settings;
}

// The arguments as typed, quoted for a shell where they need it.
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

std::string DefaultHtmlPath(const std::vector<std::string>& files) {
  constexpr size_t kLongest = 150;
  std::string name = "retort-compare";
  for (const std::string& file : ShortNames(files)) {
    name += name == "retort-compare" ? "-" : "-vs-";
    for (const char c : file) {
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
      name += plain ? c : '_';
    }
  }
  return name.substr(0, kLongest) + ".html";
}

std::string Nonce() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

// Whole or not at all.
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

// Before minutes of measuring, not after.
void CheckWritable(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (::access(folder.c_str(), W_OK) != 0)
    Fail(ErrorCode::kInvalidArgument,
         "cannot write the report to {}: no such folder, or not writable; use --html", path);
}

// One line rewritten in place on a terminal, else a line per phase.
class BarProgress : public CompareProgress {
 public:
  void Begin(const std::string& phase, int64_t total, const std::string& unit) override {
    bar_.reset();
    if (!IsTerminal(STDERR_FILENO))
      std::fprintf(stderr, "%s, %lld %s\n", phase.c_str(), static_cast<long long>(total),
                   unit.c_str());
    bar_.emplace(phase, total, unit);
    bar_->Update(0);
  }
  void Update(int64_t done, const std::string& note) override { bar_->Update(done, note); }
  void Finish() { bar_.reset(); }

 private:
  std::optional<ProgressBar> bar_;
};

Comparison Measure(const CompareFlags& flags) {
  const InterruptSignals interrupts;
  BarProgress progress;
  try {
    return RunComparison(SettingsFrom(flags), flags.files,
                         {.worker_command = {"/proc/self/exe", "worker"},
                          .command = CommandLine(),
                          .progress = &progress,
                          .interrupts = &interrupts});
  } catch (const Error& error) {
    progress.Finish();
    if (error.code() != ErrorCode::kCancelled) throw;
    Fail(ErrorCode::kCancelled, "interrupted; the models are stopped and no report was written");
  }
}

void RunCompare(const CompareFlags& flags) {
  const std::string html = flags.html.empty() ? DefaultHtmlPath(flags.files) : flags.html;
  CheckWritable(html);
  const Comparison comparison = Measure(flags);
  const Summary summary = Summarize(comparison);
  const VerdictText verdict = DescribeVerdict(comparison, summary);
  WriteFile(html, HtmlReport(comparison, summary, verdict, Nonce()));
  if (flags.json) {
    const auto document = ComparisonJson(comparison, summary, verdict);
    std::puts(
        document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
    std::fprintf(stderr, "Report: %s\n", html.c_str());
  } else {
    const Style style = StyleFor(STDOUT_FILENO);
    const int width = std::min(TerminalWidth(STDOUT_FILENO), 100);
    std::fputs(CompareTable(comparison, summary, verdict, style, width).c_str(), stdout);
    std::printf("\nReport: %s\n", html.c_str());
    if (flags.quick)
      std::puts("Next: open it, then the same command without --quick for firmer figures.");
    else
      std::puts("Next: open it and leaf through the answers, or try one: retort run FILE");
  }
  for (const ModelRun& run : comparison.models) {
    if (run.failure)
      Fail(ErrorCode::kUnavailable, "{}; the figures up to then are in the report", *run.failure);
  }
}

}  // namespace

void AddCompareCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare", "Which of two or more models is the better choice on this machine, and why");
  command->footer(
      "Examples:\n"
      "  retort compare a.gguf b.gguf --quick\n"
      "  retort compare a.gguf b.gguf c.gguf --samples 600 --html report.html\n"
      "  retort compare a.gguf b.gguf --json | jq .verdict.headline");
  const auto flags = std::make_shared<CompareFlags>();
  command->add_option("FILE", flags->files, "Model files (GGUF), two or more")->required();
  command->add_flag("--quick", flags->quick, "Minutes instead of an hour: fewer runs and problems");
  command->add_option("--samples", flags->samples, "Problems, 0 for speed alone (300; quick 60)");
  command->add_option("--max-tokens", flags->max_tokens, "Limit of an answer (2048; quick 384)");
  command->add_option("--think-budget", flags->think_budget,
                      "Close thinking after so many of an answer's tokens; 0: none at all");
  command->add_option("--runs", flags->runs, "Runs of each speed prompt (10; quick 3)");
  command->add_option("--parallel", flags->parallel, "Problems answered at once (16)");
  command->add_option("--seed", flags->seed, "Of problems and sampling (1)");
  command->add_option("--languages", flags->languages, "Of the problems: en, zh, or both")
      ->delimiter(',')
      ->check(CLI::IsMember({"en", "zh"}));
  command->add_flag("--skip-cold-cache", flags->skip_cold_cache,
                    "Do not drop the files from the page cache for cold starts");
  command->add_flag("--json", flags->json, "One JSON document instead of the table");
  command->add_option("--html", flags->html, "Where the report goes (./retort-compare-....html)");
  AddModelFlags(*command, flags->load);
  command->callback([flags] { RunCompare(*flags); });
}

}  // namespace retort
