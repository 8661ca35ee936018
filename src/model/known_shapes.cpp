#include "model/known_shapes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

struct ShapeRow {
  std::string_view name;
  std::string_view architecture;
  int64_t layers, hidden, heads, kv_heads, head_dim, ffn, vocab;
  float theta, eps;
  int64_t context;
};

// The last one is for tests: every dimension is a multiple of all formats' blocks.
constexpr auto kShapes = std::to_array<ShapeRow>({
    {"r1-distill-qwen-1.5b", "qwen2", 28, 1536, 12, 2, 128, 8960, 151936, 1e4f, 1e-6f, 131072},
    {"r1-distill-qwen-7b", "qwen2", 28, 3584, 28, 4, 128, 18944, 152064, 1e4f, 1e-6f, 131072},
    {"r1-distill-qwen-14b", "qwen2", 48, 5120, 40, 8, 128, 13824, 152064, 1e6f, 1e-5f, 131072},
    {"r1-distill-qwen-32b", "qwen2", 64, 5120, 40, 8, 128, 27648, 152064, 1e6f, 1e-5f, 131072},
    {"r1-distill-llama-8b", "llama", 32, 4096, 32, 8, 128, 14336, 128256, 5e5f, 1e-5f, 131072},
    {"r1-distill-llama-70b", "llama", 80, 8192, 64, 8, 128, 28672, 128256, 5e5f, 1e-5f, 131072},
    {"tiny-qwen", "qwen2", 2, 256, 4, 2, 64, 512, 320, 1e4f, 1e-6f, 2048},
    {"tiny-llama", "llama", 2, 256, 4, 2, 64, 512, 320, 5e5f, 1e-5f, 2048},
});

}  // namespace

ModelConfig KnownShape(std::string_view name) {
  const auto row = std::ranges::find(kShapes, name, &ShapeRow::name);
  if (row == kShapes.end()) {
    Fail(ErrorCode::kInvalidArgument, "no shape {}; there are {}", Quoted(name),
         fmt::join(KnownShapeNames(), ", "));
  }
  ModelConfig config;
  config.architecture = row->architecture;
  config.name = row->name;
  config.vocab_size = row->vocab;
  config.hidden_size = row->hidden;
  config.num_layers = row->layers;
  config.num_heads = row->heads;
  config.num_kv_heads = row->kv_heads;
  config.head_dim = row->head_dim;
  config.intermediate_size = row->ffn;
  config.max_position_embeddings = row->context;
  config.rms_norm_eps = row->eps;
  config.rope_theta = row->theta;
  config.qkv_bias = row->architecture == "qwen2";
  if (row->architecture == "llama") {  // as Llama 3.1
    config.rope_scaling = {
        .kind = RopeScaling::Kind::kLlama3, .factor = 8, .original_context = 8192};
  }
  return config;
}

std::vector<std::string_view> KnownShapeNames() {
  std::vector<std::string_view> names;
  std::ranges::transform(kShapes, std::back_inserter(names), &ShapeRow::name);
  return names;
}

}  // namespace retort
