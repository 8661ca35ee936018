#include "hub/cached_models.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/quote.h"
#include "hub/model_place.h"
#include "hub/names.h"
#include "hub/origin.h"

namespace retort {
namespace {

// The files that a folder's index of weights names; empty if there is no index.
std::set<std::string> ShardsOfIndex(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  const nlohmann::json index = nlohmann::json::parse(in, nullptr, false);
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  std::set<std::string> shards;
  if (!index.is_object() || map == index.end() || !map->is_object()) return {"(a damaged index)"};
  for (const auto& [tensor, shard] : map->items()) {
    if (shard.is_string()) shards.insert(shard.get<std::string>());
  }
  return shards;
}

bool IsComplete(const CachedModel& model) {
  std::set<std::string> there;
  for (const CachedFile& file : model.files) there.insert(file.path);
  std::set<std::string> needed(model.model.files.begin(), model.model.files.end());
  if (model.model.folder) {
    needed = ShardsOfIndex(model.path + "/model.safetensors.index.json");
    needed.insert("config.json");
  }
  return std::includes(there.begin(), there.end(), needed.begin(), needed.end());
}

std::string NameOf(const CachedModel& model, const CatalogueFile* stated) {
  if (model.entry != nullptr) return model.entry->name + ":" + stated->precision;
  const std::string name = "hf:" + model.repository;
  return model.model.folder ? name : name + ":" + model.model.files.front();
}

std::vector<CachedModel> ModelsOf(const CachedRepository& repository, const HubCache& cache,
                                  const Catalogue& catalogue) {
  std::vector<CachedModel> models;
  for (const CachedSnapshot& snapshot : repository.snapshots) {
    std::vector<std::string> names;
    for (const CachedFile& file : snapshot.files) names.push_back(file.path);
    for (ModelFiles& files : ModelsAmong(names)) {
      CachedModel model{.name = "",
                        .repository = repository.name,
                        .commit = snapshot.commit,
                        .refs = snapshot.refs,
                        .model = std::move(files)};
      const std::string folder = cache.SnapshotFolder(repository.name, snapshot.commit);
      model.path = model.model.folder ? folder : folder + "/" + model.model.files.front();
      for (const CachedFile& file : snapshot.files) {
        const auto& wanted = model.model.files;
        if (std::find(wanted.begin(), wanted.end(), file.path) == wanted.end()) continue;
        model.files.push_back(file);
        model.bytes += file.bytes;
      }
      model.complete = IsComplete(model);
      const auto match = catalogue.FindFile(repository.name, model.model.precision);
      if (match) model.entry = match->model;
      model.name = NameOf(model, match ? match->file : nullptr);
      if (const auto origin = ReadOrigin(cache.OriginPath(repository.name))) {
        model.name = origin->url;
      }
      models.push_back(std::move(model));
    }
  }
  return models;
}

// The repositories and files that a reference may mean, the likeliest first.
std::vector<ModelPlace> PlacesOf(const ModelReference& reference, const Catalogue& catalogue) {
  if (reference.kind != ModelReference::Kind::kCatalogue) return {PlaceOf(reference, catalogue)};
  const CatalogueMatch match = FindInCatalogue(reference, catalogue);
  if (match.names_precision) return {PlaceOf(reference, catalogue)};
  std::vector<ModelPlace> places;
  for (const CatalogueFile& file : match.model->files) {
    places.push_back({file.repository, file.file.empty() ? file.precision : file.file, &file});
  }
  return places;
}

bool Matches(const CachedModel& model, const std::string& wish) {
  if (wish.empty()) return true;
  const std::string wanted = LowerCase(wish);
  if (model.model.folder) return wanted == "bf16" || wanted == "fp8";
  const std::vector<std::string>& files = model.model.files;
  return model.model.precision == wanted || LowerCase(BaseName(files.front())) == wanted ||
         std::find(files.begin(), files.end(), wish) != files.end();
}

// Of several models of a repository, none asked for by name: as ChooseFiles would have chosen.
CachedModel Choose(const std::string& repository, std::vector<CachedModel> models) {
  if (models.size() == 1) return models.front();
  std::vector<std::string> files;
  for (const CachedModel& model : models) {
    files.insert(files.end(), model.model.files.begin(), model.model.files.end());
  }
  const ModelFiles chosen = ChooseFiles(repository, files, "");
  return *std::find_if(models.begin(), models.end(),
                       [&](const auto& model) { return model.model.files == chosen.files; });
}

// The models of the revision that a reference means.
std::vector<CachedModel> CurrentModels(const ModelReference& reference, const ModelPlace& place,
                                       const HubCache& cache, const Catalogue& catalogue) {
  const std::optional<CachedRepository> repository = cache.Find(place.repository);
  if (!repository) return {};
  const std::string revision = reference.revision.empty() ? "main" : reference.revision;
  std::optional<std::string> commit = cache.Commit(place.repository, revision);
  if (!commit && reference.revision.empty() && repository->snapshots.size() == 1) {
    commit = repository->snapshots.front().commit;  // pulled with --revision
  }
  std::vector<CachedModel> models = ModelsOf(*repository, cache, catalogue);
  std::erase_if(models, [&](const CachedModel& model) {
    return model.commit != commit || !Matches(model, place.wish);
  });
  return models;
}

}  // namespace

std::vector<CachedModel> ListModels(const HubCache& cache, const Catalogue& catalogue) {
  std::vector<CachedModel> models;
  for (const CachedRepository& repository : cache.Scan()) {
    std::vector<CachedModel> some = ModelsOf(repository, cache, catalogue);
    std::move(some.begin(), some.end(), std::back_inserter(models));
  }
  return models;
}

CachedModel ResolveModel(const ModelReference& reference, const HubCache& cache,
                         const Catalogue& catalogue) {
  bool begun = false;
  for (const ModelPlace& place : PlacesOf(reference, catalogue)) {
    std::vector<CachedModel> models = CurrentModels(reference, place, cache, catalogue);
    begun = begun || !models.empty();
    std::erase_if(models, [](const CachedModel& model) { return !model.complete; });
    if (!models.empty()) return Choose(place.repository, std::move(models));
  }
  Fail(ErrorCode::kNotFound, "{} is {} here; `retort pull {}` {}", Quoted(reference.text),
       begun ? "only partly" : "not", Printable(reference.text), begun ? "goes on" : "brings it");
}

std::vector<CachedModel> ModelsMeant(const ModelReference& reference, const HubCache& cache,
                                     const Catalogue& catalogue) {
  std::vector<CachedModel> meant;
  std::set<std::string> seen;
  for (const ModelPlace& place : PlacesOf(reference, catalogue)) {
    const std::optional<CachedRepository> repository = cache.Find(place.repository);
    if (!repository) continue;
    for (CachedModel& model : ModelsOf(*repository, cache, catalogue)) {
      if (Matches(model, place.wish) && seen.insert(model.path).second) {
        meant.push_back(std::move(model));
      }
    }
  }
  return meant;
}

}  // namespace retort
