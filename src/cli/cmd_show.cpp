// retort show FILE: what a model file is, without loading it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "checkpoint/checkpoint.h"
#include "cli/commands.h"
#include "cli/model_facts.h"
#include "cli/show_text.h"
#include "cli/terminal.h"
#include "runtime/backend_factory.h"

namespace retort {
namespace {

struct ShowFlags {
  std::string file;
  bool json = false;
  bool tensors = false;
  bool verbose = false;
};

void PrintJson(const ShowFlags& flags, const Checkpoint& checkpoint, const ModelFacts& facts) {
  nlohmann::ordered_json out = ShowJson(facts);
  if (flags.tensors) out["tensors"] = TensorsJson(checkpoint.tensors());
  if (flags.verbose) out["metadata"] = MetadataJson(checkpoint.metadata());
  // Text in files need not be UTF-8; JSON has to be.
  std::puts(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void PrintText(const ShowFlags& flags, const Checkpoint& checkpoint, const ModelFacts& facts) {
  const Style style = StyleFor(STDOUT_FILENO);
  std::string text;
  if (flags.verbose) text += MetadataTable(checkpoint.metadata(), style) + "\n";
  if (flags.tensors) text += TensorTable(checkpoint.tensors(), style) + "\n";
  text += ShowText(facts, style);  // last, so that it is in view
  std::fputs(text.c_str(), stdout);
}

void RunShow(const ShowFlags& flags) {
  const std::unique_ptr<Checkpoint> checkpoint = OpenCheckpoint(flags.file);
  const DType kv_dtype =
      CreateBackend({.name = "cpu", .num_threads = 1, .cpu_level = ""})->kv_dtype();
  const ModelFacts facts = GatherFacts(*checkpoint, kv_dtype);
  flags.json ? PrintJson(flags, *checkpoint, facts) : PrintText(flags, *checkpoint, facts);
}

}  // namespace

void AddShowCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "show", "What a model file is: size, weights, shape, tokenizer, template, memory");
  command->footer(
      "Examples:\n"
      "  retort show model.gguf\n"
      "  retort show model.gguf --tensors | less\n"
      "  retort show model.gguf --json | jq .kv_bytes_per_token");
  const auto flags = std::make_shared<ShowFlags>();
  command->add_option("FILE", flags->file, "Model file (GGUF)")->required();
  command->add_flag("--json", flags->json, "One JSON object");
  command->add_flag("--tensors", flags->tensors, "List the tensors too");
  command->add_flag("--verbose,-v", flags->verbose, "List all metadata too");
  command->callback([flags] { RunShow(*flags); });
}

}  // namespace retort
