#include "model/decoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

// Logits of this many rows are computed at a time: a vocabulary of 150,000 makes that 38 MiB, and
// every sequence of a step that decodes fits in one slice.
constexpr int64_t kLogitSlice = 64;

}  // namespace

int64_t WorkspaceBytes(const ModelConfig& config, int32_t max_rows) {
  const int64_t q_size = config.num_heads * config.head_dim;
  const int64_t kv_size = config.num_kv_heads * config.head_dim;
  const int64_t row =
      3 * config.hidden_size + 2 * q_size + 2 * kv_size + 2 * config.intermediate_size;
  return 4 * (max_rows * row + std::min<int64_t>(kLogitSlice, max_rows) * config.vocab_size);
}

DecoderModel::DecoderModel(ModelConfig config, ModelWeights weights, Backend& backend,
                           const DecoderOptions& options)
    : config_(std::move(config)),
      weights_(std::move(weights)),
      backend_(backend),
      max_rows_(options.max_rows),
      kv_cache_(config_, options.kv, backend) {
  RETORT_CHECK(max_rows_ > 0);
  const auto buffer = [&](int64_t width) {
    return backend_.NewTensor(DType::kF32, Shape{max_rows_, width});
  };
  x_ = buffer(config_.hidden_size);
  normed_ = buffer(config_.hidden_size);
  q_ = buffer(config_.num_heads * config_.head_dim);
  attended_ = buffer(config_.num_heads * config_.head_dim);
  k_ = buffer(config_.num_kv_heads * config_.head_dim);
  v_ = buffer(config_.num_kv_heads * config_.head_dim);
  gate_ = buffer(config_.intermediate_size);
  up_ = buffer(config_.intermediate_size);
  logit_x_ = buffer(config_.hidden_size);
  const int64_t slice = std::min<int64_t>(kLogitSlice, max_rows_);
  logits_ = backend_.NewTensor(DType::kF32, Shape{slice, config_.vocab_size});
}

std::span<const float> DecoderModel::Forward(const Batch& batch) {
  const StepView step = batch.view();
  RETORT_CHECK(step.num_rows() >= 1 && step.num_rows() <= max_rows_);
  Rows rows{.x = x_.view().Rows(step.num_rows()), .roles = step.roles};
  backend_.BeginStep(step);
  backend_.Embed({.table = weights_.embedding.get(), .tokens = step.tokens, .out = rows.x});
  for (int64_t layer = 0; layer < config_.num_layers; ++layer) {
    Attention(layer, step, rows);
    // Once the last keys and values are stored, only rows whose logits are wanted matter.
    if (layer + 1 == config_.num_layers) rows = GatherLogitRows(batch, rows);
    if (rows.roles.empty()) return {};
    FeedForward(weights_.layers[static_cast<size_t>(layer)], rows);
  }
  return Logits(rows);
}

// x += Attention(RMSNorm(x))
void DecoderModel::Attention(int64_t layer, const StepView& step, const Rows& rows) {
  const LayerWeights& weights = weights_.layers[static_cast<size_t>(layer)];
  const int64_t count = step.num_rows();
  const TensorView normed = normed_.view().Rows(count);
  const TensorView q = q_.view().Rows(count);
  const TensorView k = k_.view().Rows(count);
  const TensorView v = v_.view().Rows(count);
  const TensorView attended = attended_.view().Rows(count);
  const KvView kv = kv_cache_.layer(layer);
  const auto head_dim = static_cast<int>(config_.head_dim);

  backend_.RmsNorm({.x = rows.x,
                    .weight = weights.attn_norm.view(),
                    .eps = config_.rms_norm_eps,
                    .out = normed});
  const MatMulTarget qkv[] = {{.weight = weights.q.get(), .bias = weights.q_bias.view(), .out = q},
                              {.weight = weights.k.get(), .bias = weights.k_bias.view(), .out = k},
                              {.weight = weights.v.get(), .bias = weights.v_bias.view(), .out = v}};
  backend_.MatMul({.x = normed, .roles = rows.roles, .targets = qkv, .precise = true});
  if (config_.qk_norm) {
    NormalizeHeads(weights.q_norm, q);
    NormalizeHeads(weights.k_norm, k);
  }
  backend_.RopeAndStoreKv({.step = &step,
                           .q = q,
                           .k = k,
                           .v = v,
                           .inv_freq = weights_.inv_freq.view(),
                           .rope_scale = static_cast<float>(config_.rope_scaling.attention_factor),
                           .layout = config_.rope_layout,
                           .head_dim = head_dim,
                           .kv = kv});
  backend_.Attention({.step = &step,
                      .q = q,
                      .kv = kv,
                      .num_heads = static_cast<int>(config_.num_heads),
                      .num_kv_heads = static_cast<int>(config_.num_kv_heads),
                      .head_dim = head_dim,
                      .scale = 1.0f / std::sqrt(static_cast<float>(head_dim)),
                      .out = attended});
  const MatMulTarget output[] = {{.weight = weights.o.get(), .out = rows.x, .accumulate = true}};
  backend_.MatMul({.x = attended, .roles = rows.roles, .targets = output});
}

// Each head of each row [T, H * Dh] by itself: rows [T * H, Dh].
void DecoderModel::NormalizeHeads(const Tensor& weight, const TensorView& rows) {
  const Shape heads{rows.shape.size() / config_.head_dim, config_.head_dim};
  const TensorView x{.data = rows.data, .dtype = rows.dtype, .shape = heads};
  backend_.RmsNorm({.x = x, .weight = weight.view(), .eps = config_.rms_norm_eps, .out = x});
}

// x += Down(SwiGLU(Gate(RMSNorm(x)), Up(RMSNorm(x))))
void DecoderModel::FeedForward(const LayerWeights& weights, const Rows& rows) {
  const auto count = static_cast<int64_t>(rows.roles.size());
  const TensorView normed = normed_.view().Rows(count);
  const TensorView gate = gate_.view().Rows(count);
  const TensorView up = up_.view().Rows(count);

  backend_.RmsNorm(
      {.x = rows.x, .weight = weights.ffn_norm.view(), .eps = config_.rms_norm_eps, .out = normed});
  const MatMulTarget gate_up[] = {{.weight = weights.gate.get(), .out = gate},
                                  {.weight = weights.up.get(), .out = up}};
  backend_.MatMul({.x = normed, .roles = rows.roles, .targets = gate_up});
  backend_.SwiGlu({.gate = gate, .up = up, .out = gate});
  const MatMulTarget down[] = {{.weight = weights.down.get(), .out = rows.x, .accumulate = true}};
  backend_.MatMul({.x = gate, .roles = rows.roles, .targets = down});
}

DecoderModel::Rows DecoderModel::GatherLogitRows(const Batch& batch, const Rows& rows) {
  logit_roles_.clear();
  for (int32_t row : batch.logit_rows) {
    RETORT_CHECK(row >= 0 && static_cast<size_t>(row) < rows.roles.size());
    logit_roles_.push_back(rows.roles[static_cast<size_t>(row)]);
  }
  const Rows gathered{.x = logit_x_.view().Rows(static_cast<int64_t>(logit_roles_.size())),
                      .roles = logit_roles_};
  if (!logit_roles_.empty()) {
    backend_.GatherRows({.x = rows.x, .rows = batch.logit_rows, .out = gathered.x});
  }
  return gathered;
}

// Head(RMSNorm(x)): one slice stays where the backend put it, several are collected.
std::span<const float> DecoderModel::Logits(const Rows& rows) {
  const auto count = static_cast<int64_t>(rows.roles.size());
  const TensorView normed = normed_.view().Rows(count);
  backend_.RmsNorm({.x = rows.x,
                    .weight = weights_.output_norm.view(),
                    .eps = config_.rms_norm_eps,
                    .out = normed});
  const int64_t slice_rows = logits_.shape()[0];
  host_logits_.clear();
  for (int64_t first = 0; first < count; first += slice_rows) {
    const int64_t size = std::min(slice_rows, count - first);
    const TensorView x{.data = normed.data + static_cast<size_t>(first) * normed.row_bytes(),
                       .dtype = normed.dtype,
                       .shape = Shape{size, config_.hidden_size}};
    const TensorView logits = logits_.view().Rows(size);
    const MatMulTarget head[] = {{.weight = &weights_.head_or_embedding(), .out = logits}};
    backend_.MatMul(
        {.x = x,
         .roles = rows.roles.subspan(static_cast<size_t>(first), static_cast<size_t>(size)),
         .targets = head});
    const std::span<const float> host = backend_.Host(logits);
    if (size == count) return host;
    host_logits_.insert(host_logits_.end(), host.begin(), host.end());
  }
  return host_logits_;
}

int64_t DecoderModel::max_positions() const {
  const KvGeometry geometry = kv_cache_.geometry();
  return std::min<int64_t>(config_.max_position_embeddings,
                           int64_t{geometry.block_size} * geometry.num_blocks);
}

int64_t DecoderModel::workspace_bytes() const {
  size_t total = 0;
  for (const Tensor* tensor :
       {&x_, &normed_, &q_, &attended_, &k_, &v_, &gate_, &up_, &logit_x_, &logits_}) {
    total += tensor->bytes();
  }
  return static_cast<int64_t>(total);
}

}  // namespace retort
