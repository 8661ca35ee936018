// The models in the cache, under the names that a user types for them.
//
//   for (const CachedModel& model : ListModels(cache, catalogue)) model.name;
//   const CachedModel model = ResolveModel(ParseReference("r1-distill-qwen-1.5b"), cache,
//   catalogue); LoadModel(model.path, ...);
//
// Errors: kNotFound, saying which `retort pull` brings it. Thread-safe as the file system is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hub/cache.h"
#include "hub/catalogue.h"
#include "hub/file_choice.h"
#include "hub/reference.h"

namespace retort {

struct CachedModel {
  std::string name = {};  // "r1-distill-qwen-1.5b:q4_k_m", "hf:ORG/REPO:FILE"
  std::string repository = {}, commit = {};
  std::vector<std::string> refs = {};  // "main"; empty: an older state
  ModelFiles model = {};
  std::vector<CachedFile> files = {};  // those of the model that are there
  std::string path = {};               // the GGUF file (its first part), or the folder
  int64_t bytes = 0;
  bool complete = false;  // every part is there
  const CatalogueModel* entry = nullptr;
};

std::vector<CachedModel> ListModels(const HubCache& cache, const Catalogue& catalogue);

// The one that a reference means: of the revision pulled last, in the default precision or else in
// the first that is there.
CachedModel ResolveModel(const ModelReference& reference, const HubCache& cache,
                         const Catalogue& catalogue);

// All that a reference may mean, in every state: what `retort rm` removes. Empty if there is none.
std::vector<CachedModel> ModelsMeant(const ModelReference& reference, const HubCache& cache,
                                     const Catalogue& catalogue);

}  // namespace retort
