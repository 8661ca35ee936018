// Writes a model of given shape with random weights: what benchmarks and tests of a model need that
// cannot be downloaded. Its weights take the place, the time and the arithmetic of real ones and
// keep activations finite; its text is noise.
//
//   RandomCheckpoint plan{.config = KnownShape("r1-distill-qwen-7b"),
//                         .types = ParseWeightTypes("q4_k_m"), .seed = 1};
//   WriteRandomCheckpoint(plan, "model.gguf");
//
// The file is a function of the plan alone, whatever the number of threads; it appears whole or not
// at all (base/new_file.h).
// Errors: kInvalidArgument naming a type that does not fit the shape; those of NewFile; kCancelled.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "checkpoint/checkpoint.h"
#include "model/config.h"
#include "tensor/dtype.h"

namespace retort {

// The types of the matrices; vectors are F32.
struct WeightTypes {
  DType most = DType::kBF16;
  // llama.cpp's "_m" mixes: Q6_K for the head and for half of the layers' v and down products.
  bool mixed = false;
};

// "q4_k_m", "q5_k_m", or any type's name in small letters. kInvalidArgument names them all.
WeightTypes ParseWeightTypes(std::string_view name);

struct RandomCheckpoint {
  ModelConfig config;
  WeightTypes types;
  uint64_t seed = 1;
  // Written beside what the configuration says: a tokenizer.
  std::map<std::string, MetadataValue, std::less<>> metadata;
};

struct WriteOptions {
  int num_threads = 1;
  // Called now and then from the calling thread with the bytes written and those of the whole file;
  // kCancelled when it says false.
  std::function<bool(uint64_t done, uint64_t total)> keep_going;
};

void WriteRandomCheckpoint(const RandomCheckpoint& plan, const std::string& path,
                           const WriteOptions& options = {});

}  // namespace retort
