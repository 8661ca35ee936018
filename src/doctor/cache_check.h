// Whether the folder of pulled models is the one that its owner thinks it is, can be written, has
// room, and is whole; and what of a model that is not in it.
//
//   const CacheFacts facts = GatherCache({.folder = cache, .chosen_by = "HF_HOME"});
//   CheckCache(facts);
//   CheckAbsentModel({.name = "r1-distill-qwen-7b", .bytes = 4'680'000'000}, facts);
//
// Errors: none; what cannot be read is not there. Thread-safe as the file system is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/findings.h"
#include "doctor/other_caches.h"

namespace retort::doctor {

struct CacheSetting {
  std::string folder = {};
  std::string chosen_by = {};  // the variable that named it: "HF_HUB_CACHE"; empty: none did
  bool offline = false;        // HF_HUB_OFFLINE
};

struct PartialDownload {
  std::string repository = {};  // "ORG/REPO"
  int64_t bytes = 0;            // that have come
};

struct CacheFacts {
  CacheSetting setting = {};
  bool exists = false;
  bool writable = false;   // or can be made
  int64_t free_bytes = 0;  // of its disk
  std::vector<PartialDownload> partial = {};
  std::vector<ModelElsewhere> elsewhere = {};
};

// Without `elsewhere`.
CacheFacts GatherCache(const CacheSetting& setting);

// Checks "cache", "disk", "downloads", "other caches", "offline".
Findings CheckCache(const CacheFacts& facts);

struct AbsentModel {
  std::string name = {};                       // as `retort pull` takes it
  int64_t bytes = 0;                           // that it will take; 0: not known
  bool partly = false;                         // some of its files are here
  std::vector<ModelElsewhere> elsewhere = {};  // alike
};

// One finding, "model".
Findings CheckAbsentModel(const AbsentModel& model, const CacheFacts& cache);

}  // namespace retort::doctor
