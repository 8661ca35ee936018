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
#include "cli/common_flags.h"
#include "cli/compare_output.h"
#include "cli/confirm.h"
#include "cli/runs_text.h"
#include "cli/show_text.h"
#include "cli/store_flags.h"
#include "lab/runs/bench_store.h"
#include "lab/runs/comparison_store.h"

namespace retort {
namespace {

constexpr const char* kRunsExamples =
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
  std::string html, lang;
};

void List(const RunsFlags& flags) {
  const std::vector<RunSummary> runs = OpenStore(flags.store)->List(flags.filter);
  if (flags.json)
    std::puts(RunsJson(runs).dump(2).c_str());
  else
    std::fputs(RunTable(runs).c_str(), stdout);
}

// A comparison's table or document, a benchmark's tables or lines.
void PrintFigures(RunStore& store, const RunRow& run, bool json, const Wording& say = Wording()) {
  if (run.kind != kBenchKind) {
    const Comparison comparison = LoadComparison(store, run);
    return json ? PrintComparisonJson(comparison) : PrintComparison(comparison, say);
  }
  const BenchReport report = LoadBench(store, run);
  if (!json) return PrintBenchTables(report, TableForm::kAligned);
  for (const BenchResult& result : report.results) PrintBenchLine(report, result);
}

void Show(const RunsFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  const RunRow run = store->Find(flags.id);
  if (!flags.json) std::puts(RunFacts(*store, run).c_str());
  PrintFigures(*store, run, flags.json, WordingOf(flags.lang));
}

void Export(const RunsFlags& flags) {
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  const RunRow run = store->Find(flags.id);
  if (!flags.html.empty()) {
    CheckWritable(flags.html);
    WriteReport(LoadComparison(*store, run), flags.html, WordingOf(flags.lang));
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

// A verb has flags of its own: RETORT_STORE is read for all verbs, and would overwrite a --store
// that they shared.
struct Verb {
  CLI::App* app;
  std::shared_ptr<RunsFlags> flags;
};

Verb AddVerb(CLI::App& runs, const char* name, const char* what, void (*run)(const RunsFlags&)) {
  const Verb verb{runs.add_subcommand(name, what), std::make_shared<RunsFlags>()};
  AddStoreFlags(*verb.app, verb.flags->store, /*optional=*/false);
  verb.app->callback([flags = verb.flags, run] { run(*flags); });
  return verb;
}

}  // namespace

void AddRunsCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("runs", "Stored runs of compare and bench: list, show, export, remove");
  command->footer(kRunsExamples);
  command->require_subcommand(1);

  const Verb list = AddVerb(*command, "list", "The newest first", List);
  list.app->add_option("--kind", list.flags->filter.kind, "Only these")
      ->check(CLI::IsMember({"compare", "bench"}));
  list.app->add_option("--model", list.flags->filter.model,
                       "Only those with a model whose name, path or digest holds this");
  list.app->add_option("--last", list.flags->filter.last, "So many at most")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  list.app->add_flag("--json", list.flags->json, "One JSON array");

  const Verb show = AddVerb(*command, "show", "A run's facts and figures", Show);
  show.app->add_option("ID", show.flags->id, "The run, or the beginning of its id")->required();
  show.app->add_flag("--json", show.flags->json, "As export does");
  AddLanguageFlag(*show.app, show.flags->lang);

  const Verb exporting = AddVerb(*command, "export", "A run as JSON, JSON lines or HTML", Export);
  exporting.app->add_option("ID", exporting.flags->id, "The run, or the beginning of its id")
      ->required();
  CLI::Option* json = exporting.app->add_flag(
      "--json", exporting.flags->json,
      "One document (a bench: a line for each result); this is the default");
  CLI::Option* jsonl =
      exporting.app->add_flag("--jsonl", exporting.flags->jsonl, "A line for each answer")
          ->excludes(json);
  exporting.app
      ->add_option("--html", exporting.flags->html, "The report of a comparison, into this file")
      ->excludes(json)
      ->excludes(jsonl);
  AddLanguageFlag(*exporting.app, exporting.flags->lang);

  const Verb remove = AddVerb(*command, "rm", "Remove runs and all that they measured", Remove);
  remove.app->add_option("ID", remove.flags->ids, "Runs, or the beginnings of their ids")
      ->required();
  remove.app->add_flag("--yes", remove.flags->yes, "Do not ask");
}

}  // namespace retort
