// Keys and values of every layer, in numbered blocks of B tokens. Storage only: which sequence owns
// which block is the engine's business, and only the backend reads or writes the contents.
// Errors: kResourceExhausted with figures when the memory cannot be had. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "model/config.h"
#include "model/language_model.h"
#include "ops/backend.h"
#include "tensor/tensor.h"

namespace retort {

class KvCache {
 public:
  KvCache(const ModelConfig& config, const KvGeometry& geometry, Backend& backend);

  KvView layer(int64_t index);
  const KvGeometry& geometry() const { return geometry_; }
  int64_t bytes() const;

 private:
  struct Layer {
    Tensor k;  // [blocks, Hkv, B, Dh]
    Tensor v;  // [blocks, Hkv, B, Dh]
  };
  KvGeometry geometry_;
  std::vector<Layer> layers_;
};

}  // namespace retort
