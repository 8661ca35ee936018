// retort compare A B [C...]: which model is the better choice on this machine, and why.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/compare_output.h"
#include "cli/compare_run.h"
#include "cli/hub_settings.h"
#include "cli/store_flags.h"
#include "lab/compare/run_comparison.h"
#include "lab/runs/comparison_store.h"
#include "lab/runs/merge.h"

namespace retort {
namespace {

struct CompareFlags {
  const CLI::App* command = nullptr;
  std::vector<std::string> subjects;  // files and ids of stored runs
  LoadOptions load;
  bool speculate = false;
  bool quick = false, json = false, skip_cold_cache = false, resume = false;
  std::optional<int> samples, max_tokens, think_budget, runs, parallel;
  std::optional<uint64_t> seed;
  std::vector<std::string> languages;
  std::string html, lang;
  StoreFlags store;
};

// `settings` with the flags that were given.
CompareSettings WithFlags(const CompareFlags& flags, CompareSettings settings) {
  const auto given = [&](const char* flag) { return flags.command->count(flag) > 0; };
  settings.quick = settings.quick || flags.quick;
  if (given("--backend")) settings.backend = flags.load.backend;
  if (given("--threads")) settings.num_threads = flags.load.num_threads;
  if (given("--cpu-level")) settings.cpu_level = flags.load.cpu_level;
  if (given("--kv-type")) settings.kv_type = flags.load.kv_type;
  if (given("--kv-tokens")) settings.kv_tokens = flags.load.kv_tokens;
  if (given("--kv-memory")) settings.kv_bytes = flags.load.kv_bytes;
  if (given("--speculate")) settings.speculate = flags.speculate;
  settings.skip_cold_cache = settings.skip_cold_cache || flags.skip_cold_cache;
  settings.samples = flags.samples.value_or(settings.samples);
  settings.max_tokens = flags.max_tokens.value_or(settings.max_tokens);
  if (flags.think_budget) settings.think_budget = flags.think_budget;
  settings.runs = flags.runs.value_or(settings.runs);
  settings.parallel = flags.parallel.value_or(settings.parallel);
  settings.seed = flags.seed.value_or(settings.seed);
  if (flags.languages.empty()) return settings;
  settings.languages.clear();
  for (const std::string& name : flags.languages)
    settings.languages.push_back(name == "zh" ? Language::kChinese : Language::kEnglish);
  return settings;
}

CompareSettings SettingsFrom(const CompareFlags& flags) {
  return WithFlags(flags, flags.quick ? QuickSettings() : CompareSettings());
}

// What the arguments name. A file goes before a run whose id it could be.
struct Subjects {
  std::vector<std::string> files;
  std::vector<RunRow> runs;
};

// A model's name that could be a run's id, too.
std::string PathOfModel(const std::string& name) {
  try {
    return ModelPath(name);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("{}; nor is {} the id of a stored run, see retort runs list",
                            error.what(), name));
  }
}

Subjects Resolve(const std::vector<std::string>& arguments, RunStore* store) {
  Subjects subjects;
  for (const std::string& argument : arguments) {
    if (std::filesystem::exists(argument) || store == nullptr || !LooksLikeRunId(argument)) {
      subjects.files.push_back(ModelPath(argument));
    } else if (store->Has(argument)) {
      subjects.runs.push_back(store->Find(argument));
    } else {
      subjects.files.push_back(PathOfModel(argument));
    }
  }
  return subjects;
}

Comparison Resume(const CompareFlags& flags, RunStore* store) {
  if (store == nullptr)
    Fail(ErrorCode::kInvalidArgument, "--resume needs the run store; leave out --no-store");
  const Subjects subjects = Resolve(flags.subjects, store);
  if (subjects.runs.size() > 1)
    Fail(ErrorCode::kInvalidArgument, "--resume takes one run, got {}", subjects.runs.size());
  const RunRow run = FindResumable(*store, subjects.runs.empty() ? "" : subjects.runs.front().id);
  return ResumeRun(*store, run, subjects.files, [&](const CompareSettings& stored) {
    return subjects.files.empty() ? WithFlags(flags, stored) : SettingsFrom(flags);
  });
}

// Stored runs side by side, and beside models that are measured now as the first of them was.
Comparison MergeWithStored(const CompareFlags& flags, const Subjects& subjects, RunStore& store) {
  std::vector<Comparison> runs;
  for (const RunRow& run : subjects.runs) runs.push_back(LoadComparison(store, run));
  if (!subjects.files.empty())
    runs.push_back(MeasureNew(&store, WithFlags(flags, runs.front().settings), subjects.files));
  return MergeRuns(runs, CommandLine());
}

Comparison Measure(const CompareFlags& flags, const Subjects& subjects, RunStore* store) {
  if (!subjects.runs.empty()) return MergeWithStored(flags, subjects, *store);
  if (subjects.files.size() < 2)
    Fail(
        ErrorCode::kInvalidArgument,
        "compare needs at least two model files or stored runs, got {}; try: retort compare A.gguf "
        "B.gguf",
        subjects.files.size());
  return MeasureNew(store, SettingsFrom(flags), subjects.files);
}

void PrintNext(const Comparison& comparison, const std::string& html, const CompareFlags& flags) {
  if (flags.json) {
    std::fprintf(stderr, "Report: %s\n", html.c_str());
    return;
  }
  std::printf("\nReport: %s\n", html.c_str());
  if (!comparison.id.empty())
    std::printf("Stored: run %s, again with: retort runs show %s\n", comparison.id.c_str(),
                comparison.id.c_str());
  if (comparison.settings.quick)
    std::puts("Next: open it, then the same command without --quick for firmer figures.");
  else
    std::puts("Next: open it and leaf through the answers, or try one: retort run FILE");
}

void RunCompare(const CompareFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  Comparison comparison;
  std::string html = flags.html;
  if (flags.resume) {
    if (!html.empty()) CheckWritable(html);
    comparison = Resume(flags, store.get());
  } else {
    const Subjects subjects = Resolve(flags.subjects, store.get());
    CheckWritable(html.empty() ? "." : html);
    comparison = Measure(flags, subjects, store.get());
  }
  if (html.empty()) {
    std::vector<std::string> names;
    for (const ModelRun& run : comparison.models) names.push_back(run.facts.name);
    html = DefaultReportPath(names);
  }
  const Wording say = WordingOf(flags.lang);
  WriteReport(comparison, html, say);
  if (flags.json)
    PrintComparisonJson(comparison);
  else
    PrintComparison(comparison, say);
  PrintNext(comparison, html, flags);
  for (const ModelRun& run : comparison.models) {
    if (!run.failure) continue;
    Fail(ErrorCode::kUnavailable, "{}; the figures up to then are in the report{}", *run.failure,
         comparison.id.empty()
             ? ""
             : fmt::format(", another attempt: retort compare --resume {}", comparison.id));
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
      "  retort compare a.gguf b.gguf --lang zh --html report.html\n"
      "  retort compare a.gguf b.gguf --json | jq .verdict.headline\n"
      "  retort compare --resume               go on with the run that was interrupted last\n"
      "  retort compare k3f9q2 7bd0xz          models of two stored runs (retort runs list)\n"
      "  retort compare k3f9q2 c.gguf          those of a stored run, and c measured as they were");
  const auto flags = std::make_shared<CompareFlags>();
  flags->command = command;
  command->add_option("MODEL", flags->subjects,
                      "Files, folders or names of models, or ids of stored runs");
  command->add_flag("--resume", flags->resume,
                    "Go on with the run named, or with the last that was left unfinished");
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
  AddLanguageFlag(*command, flags->lang);
  AddModelFlags(*command, flags->load);
  AddSpeculateFlag(*command, flags->speculate);
  AddStoreFlags(*command, flags->store, /*optional=*/true);
  command->callback([flags] { RunCompare(*flags); });
}

}  // namespace retort
