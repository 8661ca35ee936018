// retort show MODEL: what a model is, without loading it: its file, and what the catalogue says.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/model_list.h"
#include "cli/show_text.h"
#include "cli/terminal.h"
#include "hub/model_place.h"
#include "runtime/model_facts.h"

namespace retort {
namespace {

struct ShowFlags {
  std::string model;
  bool json = false;
  bool tensors = false;
  bool verbose = false;
};

// What the cache and the catalogue know of a model that was named rather than pointed at.
struct KnownModel {
  std::optional<CachedModel> cached;
  std::optional<CatalogueModel> entry;
};

nlohmann::ordered_json KnownJson(const KnownModel& known) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  if (known.entry) out["catalogue"] = CatalogueModelJson(*known.entry);
  if (known.cached) out["cached"] = CachedModelJson(*known.cached);
  return out;
}

void PrintLine(const nlohmann::ordered_json& out) {
  // Text in files need not be UTF-8; JSON has to be.
  std::puts(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void PrintJson(const ShowFlags& flags, const Checkpoint& checkpoint, const ModelFacts& facts,
               const KnownModel& known) {
  nlohmann::ordered_json out = ShowJson(facts);
  out.update(KnownJson(known));
  if (flags.tensors) out["tensors"] = TensorsJson(checkpoint.tensors());
  if (flags.verbose) out["metadata"] = MetadataJson(checkpoint.metadata());
  PrintLine(out);
}

void PrintText(const ShowFlags& flags, const Checkpoint& checkpoint, const ModelFacts& facts,
               const KnownModel& known) {
  const Style style = StyleFor(STDOUT_FILENO);
  std::string text;
  if (known.entry) text += CatalogueText(*known.entry, style) + "\n";
  if (flags.verbose) text += MetadataTable(checkpoint.metadata(), style) + "\n";
  if (flags.tensors) text += TensorTable(checkpoint.tensors(), style) + "\n";
  text += ShowText(facts, style);  // last, so that it is in view
  std::fputs(text.c_str(), stdout);
}

void ShowFile(const ShowFlags& flags, const std::string& path, const KnownModel& known) {
  const std::unique_ptr<Checkpoint> checkpoint = OpenCheckpoint(path);
  const ModelFacts facts = GatherFacts(*checkpoint, KvTypes{});
  flags.json ? PrintJson(flags, *checkpoint, facts, known)
             : PrintText(flags, *checkpoint, facts, known);
}

void ShowNamed(const ShowFlags& flags) {
  const HubSettings settings = SettingsFromEnvironment();
  const ModelReference reference = ParseReference(flags.model, settings.endpoint);
  const Catalogue catalogue = BuiltInCatalogue();
  KnownModel known;
  if (reference.kind == ModelReference::Kind::kCatalogue) {
    known.entry = *FindInCatalogue(reference, catalogue).model;
  }
  try {
    known.cached = ResolveModel(reference, HubCache(settings.cache), catalogue);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound || !known.entry) throw;
  }
  if (known.cached) {
    if (known.cached->entry != nullptr) known.entry = *known.cached->entry;
    return ShowFile(flags, known.cached->path, known);
  }
  if (flags.json) return PrintLine(KnownJson(known));
  std::fputs(CatalogueText(*known.entry, StyleFor(STDOUT_FILENO)).c_str(), stdout);
  std::printf("\nNot here yet: retort pull %s\n", known.entry->name.c_str());
}

void RunShow(const ShowFlags& flags) {
  if (IsPath(flags.model)) {
    ShowFile(flags, flags.model, {});
  } else {
    ShowNamed(flags);
  }
}

}  // namespace

void AddShowCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "show", "What a model is: size, weights, shape, tokenizer, template, memory");
  command->footer(
      "Examples:\n"
      "  retort show model.gguf\n"
      "  retort show r1-distill-qwen-1.5b\n"
      "  retort show model.gguf --tensors | less\n"
      "  retort show model.gguf --json | jq .kv_bytes_per_token");
  const auto flags = std::make_shared<ShowFlags>();
  command->add_option("MODEL", flags->model, "File, folder, or name of a model")->required();
  command->add_flag("--json", flags->json, "One JSON object");
  command->add_flag("--tensors", flags->tensors, "List the tensors too");
  command->add_flag("--verbose,-v", flags->verbose, "List all metadata too");
  command->callback([flags] { RunShow(*flags); });
}

}  // namespace retort
