// retort worker FILE: one model of a comparison, spoken to in JSON lines; see
// lab/compare/worker_protocol.h. Started by `retort compare`, not by people.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/common_flags.h"
#include "lab/compare/worker.h"

namespace retort {
namespace {

struct WorkerFlags {
  std::string file;
  LoadOptions load;
  int parallel = 1;
  bool speculate = false;
};

void RunWorker(const WorkerFlags& flags) {
  const std::unique_ptr<LoadedModel> model = LoadModel(flags.file, flags.load);
  Worker worker(*model, flags.parallel, flags.speculate);
  ServeWorker(worker, std::cin, std::cout);
}

}  // namespace

void AddWorkerCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("worker", "One model of a comparison, in JSON lines");
  command->group("");  // not in the help
  const auto flags = std::make_shared<WorkerFlags>();
  command->add_option("FILE", flags->file, "Model file")->required();
  AddModelFlags(*command, flags->load);
  AddSpeculateFlag(*command, flags->speculate);
  command->add_option("--parallel", flags->parallel, "Sequences computed together")
      ->check(CLI::Range(1, 256));
  command->callback([flags] { RunWorker(*flags); });
}

}  // namespace retort
