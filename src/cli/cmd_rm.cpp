// retort rm MODEL...: removes pulled models from the cache.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/show_text.h"
#include "cli/terminal.h"
#include "hub/model_place.h"

namespace retort {
namespace {

struct RmFlags {
  std::vector<std::string> models;
  bool yes = false;
  bool json = false;
};

// What is to go.
struct Removal {
  std::vector<std::string> lines;                         // to ask about
  std::map<std::string, std::vector<std::string>> files;  // by repository
};

void Ask(const Removal& removal) {
  if (!IsTerminal(STDIN_FILENO)) {
    Fail(ErrorCode::kInvalidArgument, "nobody is there to ask whether to remove; add --yes");
  }
  for (const std::string& line : removal.lines) std::printf("  %s\n", Printable(line).c_str());
  std::printf("Remove? [y/N] ");
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "Y" && answer != "yes") {
    Fail(ErrorCode::kCancelled, "nothing was removed");
  }
}

// All files of a repository, the remains of downloads with them.
void AddRepository(const CachedRepository& repository, Removal* removal) {
  std::vector<std::string>& files = removal->files[repository.name];
  for (const CachedSnapshot& snapshot : repository.snapshots) {
    for (const CachedFile& file : snapshot.files) files.push_back(file.path);
  }
  removal->lines.push_back("everything of " + repository.name);
}

// Whether a reference names a repository as a whole.
bool MeansAll(const ModelReference& reference) {
  return reference.kind == ModelReference::Kind::kUrl ||
         (reference.kind == ModelReference::Kind::kRepository && reference.file.empty());
}

void AddMeant(const ModelReference& reference, const HubCache& cache, Removal* removal) {
  const Catalogue catalogue = BuiltInCatalogue();
  const std::vector<CachedModel> meant = ModelsMeant(reference, cache, catalogue);
  std::optional<CachedRepository> whole;
  if (MeansAll(reference)) whole = cache.Find(PlaceOf(reference, catalogue).repository);
  if (meant.empty() && !whole) {
    Fail(ErrorCode::kNotFound, "{} is not in the cache {}; `retort list` shows what is",
         Quoted(reference.text), Quoted(cache.root(), 300));
  }
  if (whole) return AddRepository(*whole, removal);
  for (const CachedModel& model : meant) {
    for (const CachedFile& file : model.files)
      removal->files[model.repository].push_back(file.path);
    removal->lines.push_back(model.path + "  " + FormatBytes(model.bytes));
  }
}

void RunRm(const RmFlags& flags) {
  const HubSettings settings = SettingsFromEnvironment();
  const HubCache cache(settings.cache);
  Removal removal;
  for (const std::string& text : flags.models) {
    AddMeant(ParseReference(text, settings.endpoint), cache, &removal);
  }
  if (!flags.yes) Ask(removal);
  int64_t freed = 0;
  for (const auto& [repository, paths] : removal.files) freed += cache.Remove(repository, paths);
  if (flags.json) {
    std::puts(nlohmann::ordered_json{{"freed_bytes", freed}}.dump().c_str());
  } else {
    std::printf("Freed %s.\n", FormatBytes(freed).c_str());
  }
}

}  // namespace

void AddRmCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("rm", "Remove pulled models from the cache");
  command->footer(
      "Removes a model's files in every revision, and what only they needed; the cache is shared "
      "with\nHugging Face's tools.\n\n"
      "Examples:\n"
      "  retort rm r1-distill-qwen-1.5b:q8_0        one precision; without it: all of them\n"
      "  retort rm hf:ORG/REPO --yes                everything of a repository");
  const auto flags = std::make_shared<RmFlags>();
  command->add_option("MODEL", flags->models, "Name, hf:ORG/REPO[:FILE], or address")->required();
  command->add_flag("--yes,-y", flags->yes, "Do not ask");
  command->add_flag("--json", flags->json, "The bytes freed, as JSON");
  command->callback([flags] { RunRm(*flags); });
}

}  // namespace retort
