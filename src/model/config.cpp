#include "model/config.h"

#include <cmath>

#include "base/error.h"

namespace retort {
namespace {

struct Range {
  const char* field;
  int64_t value, low, high;
};

}  // namespace

void ModelConfig::Validate(const std::string& source) const {
  // Far above every published dense decoder, and low enough that no product of them overflows.
  const Range ranges[] = {
      {"vocab_size", vocab_size, 1, int64_t{1} << 24},
      {"hidden_size", hidden_size, 1, int64_t{1} << 20},
      {"num_layers", num_layers, 1, 1024},
      {"num_heads", num_heads, 1, 1024},
      {"num_kv_heads", num_kv_heads, 1, num_heads},
      {"head_dim", head_dim, 2, 1024},
      {"intermediate_size", intermediate_size, 1, int64_t{1} << 22},
      {"max_position_embeddings", max_position_embeddings, 1, int64_t{1} << 24},
  };
  for (const Range& range : ranges) {
    if (range.value < range.low || range.value > range.high) {
      Fail(ErrorCode::kCorrupt, "{}: {} is {}, must be {} to {}; get the file anew", source,
           range.field, range.value, range.low, range.high);
    }
  }
  if (num_heads % num_kv_heads != 0) {
    Fail(ErrorCode::kCorrupt, "{}: num_heads is {}, not a multiple of num_kv_heads {}", source,
         num_heads, num_kv_heads);
  }
  if (head_dim % 2 != 0) {
    Fail(ErrorCode::kCorrupt, "{}: head_dim is {}, must be even for rotary positions", source,
         head_dim);
  }
  if (!(rms_norm_eps > 0 && rms_norm_eps < 1)) {
    Fail(ErrorCode::kCorrupt, "{}: rms_norm_eps is {}, must lie between 0 and 1", source,
         rms_norm_eps);
  }
  if (!(rope_theta >= 1 && std::isfinite(rope_theta))) {
    Fail(ErrorCode::kCorrupt, "{}: rope_theta is {}, must be a number from 1 up", source,
         rope_theta);
  }
  rope_scaling.Validate(source);
  if (rope_scaling.kind == RopeScaling::Kind::kYarn && rope_theta < 2) {
    Fail(ErrorCode::kCorrupt, "{}: rope_theta is {}, YaRN needs one from 2 up", source, rope_theta);
  }
}

int64_t ModelConfig::KvBytesPerToken(KvTypes types) const {
  const auto dim = static_cast<size_t>(head_dim);
  return num_layers * num_kv_heads *
         static_cast<int64_t>(RowBytes(types.k, dim) + RowBytes(types.v, dim));
}

}  // namespace retort
