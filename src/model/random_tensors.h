// Which tensors a random checkpoint has, with their types and the spread of their numbers.
//
//   for (const RandomTensor& tensor : PlanRandomTensors(config, types, names)) ...
//
// Deviations keep what goes through a product at the size that it had; the head's make some tokens
// clearly likelier than others.
// Errors: kInvalidArgument naming the type and the tensor whose rows its blocks do not divide.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/random_checkpoint.h"
#include "model/weights.h"

namespace retort {

struct RandomTensor {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  float mean = 0, deviation = 0;
  std::vector<float> values = {};  // instead of random ones
  uint64_t offset = 0;             // in the file
};

// In the order of GGUF files, offsets not yet set.
std::vector<RandomTensor> PlanRandomTensors(const ModelConfig& config, const WeightTypes& types,
                                            const TensorNames& names);

}  // namespace retort
