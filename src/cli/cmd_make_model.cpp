// retort make-model: a file of a published model's shape with random weights, for tests and
// benchmarks of what cannot be downloaded.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/interrupt.h"
#include "base/thread_pool.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "model/known_shapes.h"
#include "model/random_checkpoint.h"
#include "runtime/tokenizer_metadata.h"

namespace retort {
namespace {

struct MakeModelFlags {
  std::string out;
  std::string shape;
  std::string type = "q4_k_m";
  std::string tokenizer;
  int64_t layers = 0;  // the shape's own
  uint64_t seed = 1;
  int threads = 0;  // all cores
};

MetadataMap TokenizerFor(const MakeModelFlags& flags, int64_t vocab_size) {
  MetadataMap tokenizer =
      flags.tokenizer.empty() ? ByteTokenizerMetadata() : TokenizerMetadataOf(flags.tokenizer);
  FitVocabulary(tokenizer, vocab_size);
  return tokenizer;
}

void RunMakeModel(const MakeModelFlags& flags) {
  const InterruptSignals interrupts;
  RandomCheckpoint plan{.config = KnownShape(flags.shape),
                        .types = ParseWeightTypes(flags.type),
                        .seed = flags.seed,
                        .metadata = {}};
  if (flags.layers > 0) plan.config.num_layers = flags.layers;
  plan.metadata = TokenizerFor(flags, plan.config.vocab_size);
  constexpr uint64_t kMegabyte = 1'000'000;
  ProgressBar bar("writing", 0, "MB");
  const auto keep_going = [&](uint64_t done, uint64_t total) {
    bar.SetTotal(static_cast<int64_t>(total / kMegabyte));
    bar.Update(static_cast<int64_t>(done / kMegabyte));
    return !interrupts.Wait(0);
  };
  const int threads = flags.threads > 0 ? flags.threads : UsableCores();
  WriteRandomCheckpoint(plan, flags.out, {.num_threads = threads, .keep_going = keep_going});
}

}  // namespace

void AddMakeModelCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("make-model", "A model file with random weights");
  command->group("");  // not in the help
  command->footer(
      "The weights take the place, the time and the arithmetic of real ones; the text is noise. "
      "The "
      "file is\nthe same for the same flags, whatever the machine.\n\n"
      "Examples:\n"
      "  retort make-model --shape r1-distill-qwen-1.5b 1.5b.gguf\n"
      "  retort make-model --shape r1-distill-qwen-7b --type q8_0 --layers 4 "
      "--tokenizer qwen.gguf 7b.gguf");
  const auto flags = std::make_shared<MakeModelFlags>();
  command->add_option("OUT", flags->out, "The file to write (GGUF)")->required();
  command
      ->add_option("--shape", flags->shape, fmt::format("{}", fmt::join(KnownShapeNames(), ", ")))
      ->required();
  command
      ->add_option("--type", flags->type,
                   "Of the matrices: q4_k_m, q5_k_m or a type's name, as iq4_xs")
      ->capture_default_str();
  command->add_option("--layers", flags->layers, "Instead of the shape's number")
      ->check(CLI::Range(1, 512));
  command->add_option("--seed", flags->seed, "Of the random numbers")->capture_default_str();
  command->add_option(
      "--tokenizer", flags->tokenizer,
      "GGUF file, model folder or tokenizer.json to take it from; single bytes without");
  command->add_option("--threads", flags->threads, "All cores without")->check(CLI::Range(1, 1024));
  command->callback([flags] { RunMakeModel(*flags); });
}

}  // namespace retort
