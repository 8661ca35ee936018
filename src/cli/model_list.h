// What `retort list` prints: the models in the cache, and those of the catalogue that are not.
//
//   std::fputs(CacheTable(models, cache.root(), style).c_str(), stdout);
//
// Names from outside are escaped. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "hub/cached_models.h"
#include "hub/catalogue.h"

namespace retort {

std::string CacheTable(const std::vector<CachedModel>& models, const std::string& folder,
                       const Style& style);
// The catalogue's models of which nothing is in the cache.
std::string AbsentTable(const Catalogue& catalogue, const std::vector<CachedModel>& models,
                        const Style& style);
// One model of the catalogue, for `retort show`.
std::string CatalogueText(const CatalogueModel& model, const Style& style);

nlohmann::ordered_json CachedModelJson(const CachedModel& model);
nlohmann::ordered_json CatalogueModelJson(const CatalogueModel& model);

}  // namespace retort
