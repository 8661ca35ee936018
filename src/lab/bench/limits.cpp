#include "lab/bench/limits.h"

#include "checkpoint/checkpoint.h"
#include "model/arch/registry.h"

namespace retort {
namespace {

double AsDouble(int64_t value) { return static_cast<double>(value); }

// Bytes read and floating-point operations of a whole test.
struct Cost {
  double bytes = 0;
  double flops = 0;
};

Cost PromptCost(const BenchTest& test, const ModelWork& work, int32_t max_rows) {
  const int64_t steps = (int64_t{test.tokens} + max_rows - 1) / max_rows * test.sequences;
  const int64_t multiplications =
      work.layer_params * test.timed_tokens() + work.head_params * test.sequences;
  return {.bytes = AsDouble(work.weight_bytes * steps), .flops = 2 * AsDouble(multiplications)};
}

Cost GenerateCost(const BenchTest& test, const ModelWork& work) {
  const double mean_context = test.depth + (test.tokens + 1) / 2.0;
  const double kv_bytes =
      AsDouble(test.timed_tokens()) * mean_context * AsDouble(work.kv_bytes_per_token);
  const int64_t multiplications = (work.layer_params + work.head_params) * test.timed_tokens();
  return {.bytes = AsDouble(work.weight_bytes * test.tokens) + kv_bytes,
          .flops = 2 * AsDouble(multiplications)};
}

}  // namespace

ModelWork DescribeWork(LoadedModel& model) {
  const ModelConfig& config = model.config();
  const int64_t attention =
      2 * config.hidden_size * (config.num_heads + config.num_kv_heads) * config.head_dim;
  const int64_t feed_forward = 3 * config.hidden_size * config.intermediate_size;
  ModelWork work;
  work.layer_params = config.num_layers * (attention + feed_forward);
  work.head_params = config.vocab_size * config.hidden_size;
  work.kv_bytes_per_token = config.KvBytesPerToken(model.backend().kv_types());
  const auto checkpoint = OpenCheckpoint(model.path());
  for (const NamedTensor& tensor : checkpoint->tensors()) {
    // An embedding table that is not also the head gives one row per token: next to nothing.
    if (tensor.name == DenseNames(checkpoint->dialect()).embedding && !config.tie_word_embeddings)
      continue;
    work.weight_bytes += static_cast<int64_t>(tensor.view.bytes());
  }
  return work;
}

TimeFloor FloorOf(const BenchTest& test, const ModelWork& work, const MachineLimits& limits,
                  int32_t max_rows) {
  Cost prompt, generate;
  if (test.kind == BenchKind::kServed) {
    BenchTest prompts = test;
    prompts.tokens = test.depth;
    prompt = PromptCost(prompts, work, max_rows);
  } else if (test.kind != BenchKind::kGenerate) {
    prompt = PromptCost(test, work, max_rows);
  }
  if (test.kind == BenchKind::kServed || test.kind == BenchKind::kGenerate) {
    generate = GenerateCost(test, work);
  }
  const double reading = (prompt.bytes + generate.bytes) / limits.read_bytes_per_s;
  const double computing =
      prompt.flops / limits.prompt_flops_per_s + generate.flops / limits.flops_per_s;
  return computing > reading ? TimeFloor{computing, true} : TimeFloor{reading, false};
}

}  // namespace retort
