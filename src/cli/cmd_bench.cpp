// retort bench MODEL...: prompt and generation speed, cold start and memory of models, each speed
// beside the limit that the machine sets.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/bench_run.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/hub_settings.h"
#include "cli/store_flags.h"
#include "lab/bench/start.h"

namespace retort {
namespace {

constexpr const char* kBenchExamples =
    "Examples:\n"
    "  retort bench a.gguf                                  what can this machine do with a?\n"
    "  retort bench a.gguf b.gguf --markdown                two models, measured in turns\n"
    "  retort bench a.gguf --prompts 512 --depths none --batches none --json\n"
    "                                                       prompt speed alone, for scripts\n"
    "  retort bench a.gguf --prompts none --depths none --batches none --clients 8\n"
    "                                                       what eight clients get\n"
    "  retort bench --resume                                go on with what was interrupted\n"
    "A test's name says what it is: pp512 computes a prompt of 512 tokens, tg128 generates 128,\n"
    "tg64@2048 generates 64 after 2,048 of context, batch16 generates in 16 streams at once.\n"
    "served8, first1024 and stall1024 ask the engine as clients do; their wait is the time to the\n"
    "first token, and the longest gap of a running stream while a long prompt arrives.";

struct BenchCommandFlags : BenchFlags {
  bool first_token = false;  // we are the child that shows a cold start
  bool resume = false;
  StoreFlags store;
};

void ShowFirstToken(const BenchFlags& flags) {
  const FirstToken first(flags.files.front(), flags.load);
  std::puts(first.Answer().c_str());
  std::fflush(stdout);
  // The parent reads our memory while we wait for it to end us.
  while (std::getchar() != EOF) {
  }
}

void RunBench(BenchCommandFlags& flags) {
  if (flags.first_token) return ShowFirstToken(flags);
  const std::unique_ptr<RunStore> store = OpenStore(flags.store);
  if (flags.resume) {
    if (store == nullptr)
      Fail(ErrorCode::kInvalidArgument, "--resume needs the run store; leave out --no-store");
    return ResumeBench(flags, *store);
  }
  ResolveModelPaths(flags.files);
  if (flags.files.empty())
    Fail(ErrorCode::kInvalidArgument, "bench needs a model file; try: retort bench A.gguf");
  RunNewBench(flags, store.get());
}

}  // namespace

void AddBenchCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("bench", "Speed, memory and cold start of models, and how near the limit");
  const auto flags = std::make_shared<BenchCommandFlags>();
  BenchSpec& spec = flags->spec;
  command->add_option("MODEL", flags->files,
                      "Files, folders or names of models; several take turns");
  CLI::Option* resume = command->add_flag(
      "--resume", flags->resume, "Go on with the run named, or with the last left unfinished");
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
  command
      ->add_option("--clients", spec.clients,
                   "Clients at once through the engine (servedN), first tokens (firstN), and how "
                   "long a prompt stalls a stream (stallN); 0 leaves them out")
      ->capture_default_str();
  command->add_option("--repeat", spec.repeat, "Measurements of each test; the median counts")
      ->capture_default_str();
  command->add_option("--seed", spec.seed, "Of the random tokens")->capture_default_str();
  command->add_flag("--no-start", flags->no_start, "Leave out cold start and memory");
  command->add_flag("--markdown", flags->markdown, "Tables in Markdown");
  command->add_flag("--json", flags->json, "One object a line for each model and test")
      ->excludes("--markdown");
  command->add_flag("--first-token", flags->first_token)->group("");
  AddModelFlags(*command, flags->load);
  // A resumed run has the settings that it began with.
  for (const char* other :
       {"--prompts", "--gen", "--depths", "--batches", "--clients", "--repeat", "--seed",
        "--no-start", "--backend", "--threads", "--kv-type", "--kv-tokens", "--kv-memory"})
    resume->excludes(command->get_option(other));
  AddStoreFlags(*command, flags->store, /*optional=*/true);
  command->footer(kBenchExamples);
  command->callback([flags] { RunBench(*flags); });
}

}  // namespace retort
