// retort bench FILE...: prompt and generation speed, cold start and memory of models, each speed
// beside the limit that the machine sets.
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/machine.h"
#include "base/thread_pool.h"
#include "checkpoint/checkpoint.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/terminal.h"
#include "lab/bench/benchmark.h"
#include "lab/bench/report.h"
#include "lab/bench/start.h"
#include "lab/compare/run_comparison.h"
#include "ops/cpu/peak.h"

namespace retort {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  retort bench a.gguf                                  what can this machine do with a?\n"
    "  retort bench a.gguf b.gguf --markdown                two models, measured in turns\n"
    "  retort bench a.gguf --prompts 512 --depths none --batches none --json\n"
    "                                                       prompt speed alone, for scripts\n"
    "A test's name says what it is: pp512 computes a prompt of 512 tokens, tg128 generates 128,\n"
    "tg64@2048 generates 64 after 2,048 of context, batch16 generates in 16 streams at once.";

struct BenchFlags {
  std::vector<std::string> files;
  BenchSpec spec;
  LoadOptions load;
  bool json = false;
  bool markdown = false;
  bool no_start = false;
  bool first_token = false;  // we are the child that shows a cold start
};

// The arguments of a child that loads `file` as this process will, and shows its first token.
std::vector<std::string> ChildArguments(const BenchFlags& flags, const std::string& file) {
  std::vector<std::string> argv = {"/proc/self/exe", "bench", "--first-token"};
  argv.insert(argv.end(), {"--backend", flags.load.backend});
  argv.insert(argv.end(), {"--threads", std::to_string(flags.load.num_threads)});
  argv.insert(argv.end(), {"--kv-tokens", std::to_string(flags.load.kv_tokens)});
  if (!flags.load.cpu_level.empty()) {
    argv.insert(argv.end(), {"--cpu-level", flags.load.cpu_level});
  }
  argv.insert(argv.end(), {"--", file});
  return argv;
}

void ShowFirstToken(const BenchFlags& flags) {
  const FirstToken first(flags.files.front(), flags.load);
  std::puts(first.Answer().c_str());
  std::fflush(stdout);
  // The parent reads our memory while we wait for it to end us.
  while (std::getchar() != EOF) {
  }
}

class BenchCommand {
 public:
  explicit BenchCommand(const BenchFlags& flags)
      : flags_(flags), tests_(PlanTests(flags.spec)), names_(ShortNames(flags.files)) {
    for (const std::string& file : flags.files) OpenCheckpoint(file);  // bad files are said first
    report_.machine = DescribeMachine();
    report_.threads = flags.load.num_threads > 0 ? flags.load.num_threads : UsableCores();
  }

  void Run() {
    // Starts first: the children should not share the machine's memory with loaded models.
    for (size_t i = 0; i < flags_.files.size(); ++i) {
      report_.subjects.push_back({.model = names_[i], .path = flags_.files[i], .start = Starts(i)});
    }
    const MachinePeak peak = MeasurePeak(report_.threads, flags_.load.cpu_level);
    report_.limits = {.read_bytes_per_s = peak.read_bytes_per_s,
                      .flops_per_s = peak.flops_per_s,
                      .prompt_flops_per_s = peak.prompt_flops_per_s};
    try {
      Measure();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled) throw;
      PrintTables();  // what there is is worth having
      throw;
    }
    PrintTables();
  }

 private:
  StartFigures Starts(size_t index) {
    if (flags_.no_start) return {};
    const std::string& file = flags_.files[index];
    ProgressBar bar("cold start " + names_[index], 0, "starts");
    bar.Update(0);
    return MeasureStarts(ChildArguments(flags_, file), flags_.spec.repeat, clock_,
                         interrupts_.fd());
  }

  void Measure() {
    LoadOptions options = flags_.load;
    if (options.kv_tokens == 0) options.kv_tokens = CacheTokens(tests_, kLargestBlock);
    std::vector<std::unique_ptr<LoadedModel>> loaded;
    std::vector<BenchModel> models;
    for (size_t i = 0; i < flags_.files.size(); ++i) {
      loaded.push_back(LoadModel(flags_.files[i], options));
      models.push_back({.name = names_[i],
                        .model = &loaded.back()->language_model(),
                        .work = DescribeWork(*loaded.back())});
    }
    report_.backend = loaded.front()->backend().description();
    ProgressBar bar("bench", 0, "measurements");
    const BenchHooks hooks = {.on_progress =
                                  [&](int64_t done, int64_t total, std::string_view what) {
                                    bar.SetTotal(total);
                                    bar.Update(done, what);
                                  },
                              .on_result = [&](const BenchResult& result) { Collect(result, bar); },
                              .cancelled = [&] { return interrupts_.Wait(0); }};
    RunBenchmark(models, tests_, flags_.spec, report_.limits, clock_, hooks);
  }

  void Collect(const BenchResult& result, ProgressBar& bar) {
    report_.results.push_back(result);
    if (!flags_.json) return;
    bar.Finish();
    std::puts(FormatJsonLine(report_, result).c_str());
    std::fflush(stdout);
  }

  void PrintTables() const {
    if (flags_.json) return;
    const TableForm form = flags_.markdown ? TableForm::kMarkdown : TableForm::kAligned;
    std::fputs(FormatTables(report_, form).c_str(), stdout);
  }

  // Room for a cache whatever size its blocks have.
  static constexpr int32_t kLargestBlock = 256;

  const BenchFlags& flags_;
  std::vector<BenchTest> tests_;
  std::vector<std::string> names_;
  InterruptSignals interrupts_;
  SteadyClock clock_;
  BenchReport report_;
};

void RunBench(const BenchFlags& flags) {
  if (flags.first_token) {
    ShowFirstToken(flags);
  } else {
    BenchCommand(flags).Run();
  }
}

}  // namespace

void AddBenchCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("bench", "Speed, memory and cold start of models, and how near the limit");
  const auto flags = std::make_shared<BenchFlags>();
  BenchSpec& spec = flags->spec;
  command->add_option("FILE", flags->files, "GGUF files; several take turns")->required();
  const auto add_list = [&](const char* name, std::vector<int32_t>& list, const char* help) {
    command
        ->add_option_function<std::string>(
            name, [name, &list](const std::string& text) { list = ParseCounts(name, text); }, help)
        ->type_name("N,N...|none")
        ->default_str(fmt::format("{}", fmt::join(list, ",")));
  };
  add_list("--prompts", spec.prompts, "Prompt lengths (ppN)");
  command->add_option("--gen", spec.generated, "Tokens to generate (tgN); at a depth at most 64")
      ->capture_default_str();
  add_list("--depths", spec.depths, "Context before the generated tokens (tgN@D)");
  add_list("--batches", spec.batches, "Streams that generate together (batchN)");
  command->add_option("--repeat", spec.repeat, "Measurements of each test; the median counts")
      ->capture_default_str();
  command->add_option("--seed", spec.seed, "Of the random tokens")->capture_default_str();
  command->add_flag("--no-start", flags->no_start, "Leave out cold start and memory");
  command->add_flag("--markdown", flags->markdown, "Tables in Markdown");
  command->add_flag("--json", flags->json, "One object a line for each model and test")
      ->excludes("--markdown");
  command->add_flag("--first-token", flags->first_token)->group("");
  AddModelFlags(*command, flags->load);
  command->footer(kExamples);
  command->callback([flags] { RunBench(*flags); });
}

}  // namespace retort
