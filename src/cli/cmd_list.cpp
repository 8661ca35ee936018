// retort list: the models in the cache, and those of the catalogue.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/model_list.h"
#include "cli/terminal.h"

namespace retort {
namespace {

void PrintJson(const HubCache& cache, const Catalogue& catalogue,
               const std::vector<CachedModel>& models) {
  nlohmann::ordered_json out = {{"cache", cache.root()},
                                {"models", nlohmann::ordered_json::array()},
                                {"catalogue", nlohmann::ordered_json::array()}};
  for (const CachedModel& model : models) out["models"].push_back(CachedModelJson(model));
  for (const CatalogueModel& model : catalogue.models()) {
    out["catalogue"].push_back(CatalogueModelJson(model));
  }
  std::puts(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void RunList(bool json) {
  const HubCache cache(SettingsFromEnvironment().cache);
  const Catalogue catalogue = BuiltInCatalogue();
  const std::vector<CachedModel> models = ListModels(cache, catalogue);
  if (json) return PrintJson(cache, catalogue, models);
  const Style style = StyleFor(STDOUT_FILENO);
  const std::string absent = AbsentTable(catalogue, models, style);
  std::fputs(CacheTable(models, cache.root(), style).c_str(), stdout);
  if (!absent.empty()) std::printf("\n%s", absent.c_str());
}

}  // namespace

void AddListCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("list", "The models that are here, and the catalogue");
  command->footer(
      "Shows what lies in the cache of Hugging Face's tools, whoever put it there.\n\n"
      "Examples:\n"
      "  retort list\n"
      "  retort list --json | jq -r '.models[] | select(.complete) | .path'");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->callback([json] { RunList(*json); });
}

}  // namespace retort
