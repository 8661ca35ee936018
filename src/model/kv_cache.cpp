#include "model/kv_cache.h"

#include "base/error.h"

namespace retort {

KvCache::KvCache(const ModelConfig& config, const KvGeometry& geometry, Backend& backend)
    : geometry_(geometry) {
  RETORT_CHECK(geometry.block_size > 0 && geometry.num_blocks > 0);
  const Shape shape{geometry.num_blocks, config.num_kv_heads, geometry.block_size, config.head_dim};
  const KvTypes types = backend.kv_types();
  try {
    for (int64_t i = 0; i < config.num_layers; ++i) {
      layers_.push_back({backend.NewTensor(types.k, shape), backend.NewTensor(types.v, shape)});
    }
  } catch (const Error& error) {
    const int64_t tokens = int64_t{geometry.num_blocks} * geometry.block_size;
    const int64_t per_token = config.KvBytesPerToken(types);
    // In floating point: a size that cannot be allocated may not fit an integer either.
    const double mebibytes =
        static_cast<double>(tokens) * static_cast<double>(per_token) / (1 << 20);
    Fail(ErrorCode::kResourceExhausted,
         "{}: a key/value cache for {} tokens needs {:.0f} MiB ({} bytes a token); ask for fewer "
         "({})",
         config.name, tokens, mebibytes, per_token, error.what());
  }
}

KvView KvCache::layer(int64_t index) {
  Layer& layer = layers_[static_cast<size_t>(index)];
  return {.k = layer.k.view(), .v = layer.v.view()};
}

int64_t KvCache::bytes() const {
  size_t total = 0;
  for (const Layer& layer : layers_) total += layer.k.bytes() + layer.v.bytes();
  return static_cast<int64_t>(total);
}

}  // namespace retort
