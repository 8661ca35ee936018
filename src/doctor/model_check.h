// One model, looked at from all sides without loading its weights: whether it can be read and run,
// whether it fits into memory, whether its template is right, whether its answers will be cut.
//
//   Append(findings, CheckModelFile("r1.gguf", options));
//   Append(findings, CheckCatalogueModel(match, options));    // before it is here
//
// Errors: none; whatever a file refuses is a finding. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "doctor/findings.h"
#include "doctor/free_memory.h"
#include "hub/catalogue.h"
#include "runtime/loaded_model.h"
#include "store/run_records.h"

namespace retort::doctor {

struct ModelCheckOptions {
  LoadOptions load = {};  // backend cpu: kv_tokens, kv_type, cpu_level
  int64_t max_tokens = 2048;
  FreeMemory free = {};
  const Catalogue* catalogue = nullptr;  // of what may be taken instead
  // The stored answers of a model, by its path (without links) and name.
  std::function<std::vector<AnswerLength>(const std::string& path, const std::string& name)>
      answers = {};
};

// Checks "model", "memory", those of template_check.h, and "answer length".
Findings CheckModelFile(const std::string& path, const ModelCheckOptions& options);

// Checks "memory", where the catalogue says enough.
Findings CheckCatalogueModel(const CatalogueMatch& match, const ModelCheckOptions& options);

}  // namespace retort::doctor
