// retort runs list|show|rm|export: what compare and bench have kept.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/bench_output.h"
#include "cli/commands.h"
#include "cli/compare_output.h"
#include "cli/confirm.h"
#include "cli/runs_text.h"
#include "cli/show_text.h"
#include "cli/store_flags.h"
#include "lab/runs/bench_store.h"
#include "lab/runs/comparison_store.h"

namespace retort {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  retort runs list --kind compare --model qwen --last 5\n"
    "  retort runs show k3                       ids may be cut short while one run fits\n"
    "  retort runs export k3 --html report.html  the report again\n"
    "  retort runs export k3 --jsonl | jq -r 'select(.verdict == \"wrong\") | .problem'\n"
    "  retort runs rm k3 7b --yes";

struct RunsFlags {
  StoreFlags store;
  RunFilter filter;
  std::string id;
  std::vector<std::string> ids;
  bool json = false, jsonl = false, yes = false;
  std::string html;
};

void List(const RunsFlags& flags) {
  const std::vector<RunSummary> runs = OpenStore(flags.store)->List(flags.filter);
  if (flags.json)
    std::puts(RunsJson(runs).dump(2).c_str());
  else
    std::fputs(RunTable(runs).c_str(), stdout);
}

// A comparison's table or document, a benchmark's tables or lines.
void PrintFigures(RunStore& store, const RunRow& run, bool json) {
  if (run.kind != kBenchKind) return PrintComparison(LoadComparison(store, run), json);
  const BenchReport report = LoadBench(store, run);
  if (!json) return PrintBenchTables(report, TableForm::kAligned);
  for (const BenchResult& result : report.results) PrintBenchLine(report, result);
}

void Show(const RunsFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  const RunRow run = store->Find(flags.id);
  if (!flags.json) std::puts(RunFacts(*store, run).c_str());
  PrintFigures(*store, run, flags.json);
}

void Export(const RunsFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  const RunRow run = store->Find(flags.id);
  if (!flags.html.empty()) {
    CheckWritable(flags.html);
    WriteReport(LoadComparison(*store, run), flags.html);
    std::printf("Report: %s\n", flags.html.c_str());
  } else if (flags.jsonl) {
    std::fputs(SampleLines(*store, run).c_str(), stdout);
  } else {
    PrintFigures(*store, run, /*json=*/true);
  }
}

void Remove(const RunsFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  std::vector<RunRow> runs;  // all are found before one is removed
  for (const std::string& id : flags.ids) runs.push_back(store->Find(id));
  if (!flags.yes) {
    if (!CanAsk())
      Fail(ErrorCode::kInvalidArgument,
           "runs rm asks before it removes; give --yes without a "
           "terminal");
    for (const RunRow& run : runs)
      std::fprintf(stderr, "%s  %s  %s\n", run.id.c_str(), run.started_at.c_str(),
                   run.command.c_str());
    if (!Confirm("Remove for good?", false)) return;
  }
  for (const RunRow& run : runs) {
    const RemovedRun removed = store->Remove(run);
    std::printf("Removed run %s: %lld answers, %lld timings, %s\n", run.id.c_str(),
                static_cast<long long>(removed.samples), static_cast<long long>(removed.timings),
                FormatBytes(removed.freed_bytes).c_str());
  }
}

CLI::App* AddVerb(CLI::App& runs, const std::shared_ptr<RunsFlags>& flags, const char* name,
                  const char* what, void (*run)(const RunsFlags&)) {
  CLI::App* verb = runs.add_subcommand(name, what);
  AddStoreFlags(*verb, flags->store, /*optional=*/false);
  verb->callback([flags, run] { run(*flags); });
  return verb;
}

}  // namespace

void AddRunsCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("runs", "Stored runs of compare and bench: list, show, export, remove");
  command->footer(kExamples);
  command->require_subcommand(1);
  const auto flags = std::make_shared<RunsFlags>();

  CLI::App* list = AddVerb(*command, flags, "list", "The newest first", List);
  list->add_option("--kind", flags->filter.kind, "Only these")
      ->check(CLI::IsMember({"compare", "bench"}));
  list->add_option("--model", flags->filter.model,
                   "Only those with a model whose name, path or digest holds this");
  list->add_option("--last", flags->filter.last, "So many at most")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  list->add_flag("--json", flags->json, "One JSON array");

  CLI::App* show = AddVerb(*command, flags, "show", "A run's facts and figures", Show);
  show->add_option("ID", flags->id, "The run, or the beginning of its id")->required();
  show->add_flag("--json", flags->json, "As export does");

  CLI::App* exporting =
      AddVerb(*command, flags, "export", "A run as JSON, JSON lines or HTML", Export);
  exporting->add_option("ID", flags->id, "The run, or the beginning of its id")->required();
  CLI::Option* json = exporting->add_flag(
      "--json", flags->json, "One document (a bench: a line for each result); this is the default");
  CLI::Option* jsonl =
      exporting->add_flag("--jsonl", flags->jsonl, "A line for each answer")->excludes(json);
  exporting->add_option("--html", flags->html, "The report of a comparison, into this file")
      ->excludes(json)
      ->excludes(jsonl);

  CLI::App* remove =
      AddVerb(*command, flags, "rm", "Remove runs and all that they measured", Remove);
  remove->add_option("ID", flags->ids, "Runs, or the beginnings of their ids")->required();
  remove->add_flag("--yes", flags->yes, "Do not ask");
}

}  // namespace retort
