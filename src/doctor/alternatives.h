// Other models of the catalogue, and how large they will be, where the one asked for does not fit.
//
//   const CatalogueModel* entry = EntryOf(catalogue, "DeepSeek-R1-Distill-Qwen-7B-Q8_0");
//   OtherFiles(*entry, 7'616'000'000);    // of the same model, the largest first
//   SmallerModels(catalogue, "distill", 7'616'000'000);
//
// Publishers' sizes are used where the catalogue states them; else parameters times the bits that a
// precision takes, a few per cent off. Errors: none. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/catalogue.h"

namespace retort::doctor {

struct Alternative {
  std::string name = {};  // "r1-distill-qwen-7b:q4_k_m", as `retort pull` takes it
  int64_t weight_bytes = 0;
  int64_t kv_bytes_per_token = 0;  // at 16 bits; 0: not known
};

// The entry whose title a file's name begins with; nullptr: none.
const CatalogueModel* EntryOf(const Catalogue& catalogue, std::string_view model_name);

// By the shape, where it is known, else by the name ("-1.5b"); 0: neither says.
int64_t ParametersOf(const CatalogueModel& model);

// Bits that a parameter takes in "q4_k_m", "bf16", "fp8"; 0 for names that are none.
double BitsPerWeight(std::string_view precision);

Alternative AlternativeOf(const CatalogueModel& model, const CatalogueFile& file,
                          int64_t parameters);
std::vector<Alternative> OtherFiles(const CatalogueModel& model, int64_t parameters);
// Of the same kind, in their default precision, the largest first; those that Retort runs.
std::vector<Alternative> SmallerModels(const Catalogue& catalogue, std::string_view kind,
                                       int64_t below_parameters);

}  // namespace retort::doctor
